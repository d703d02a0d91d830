import Diagnostics

/// Runs compiled code.
struct Machine {
    static var outOfMemory: Failure {
        Failure(.memory, "there is no more memory", help: "what the session holds is too large: set names that are no longer needed to none")
    }
}
