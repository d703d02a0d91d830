import Diagnostics

/// The words in which something is refused, with the help behind ` | `.
func message(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "nothing was refused"
    } catch let failure as Failure {
        return failure.message + (failure.help.map { " | " + $0 } ?? "")
    } catch {
        return "\(error)"
    }
}
