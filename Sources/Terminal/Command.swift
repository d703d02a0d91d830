import Diagnostics
import Sessions

/// Something that the prompt does behind a colon.
package struct Command: Sendable {
    package var name: String
    /// What stands behind it, as the help shows it.
    var argument: String
    var summary: String
    var action: @Sendable (Prompt, _ argument: String) -> Void

    package static let all: [Command] = [
        Command(name: "help", argument: "", summary: "this list", action: help),
        Command(name: "load", argument: "FILE", summary: "run the cells of a notebook or script here", action: load),
        Command(name: "quit", argument: "", summary: "leave, as Ctrl-D does") { prompt, _ in prompt.isOver = true },
        Command(name: "save", argument: "FILE", summary: "write what ran without an error as a notebook", action: save),
        Command(name: "time", argument: "CODE", summary: "run it and tell how long it took", action: time),
        Command(name: "vars", argument: "", summary: "the names made here, with their values", action: variables),
    ]

    /// Runs what stands behind the colon. A name may be shortened as long as it stays clear.
    static func run(_ text: Substring, _ prompt: Prompt) {
        let name = text.prefix { !$0.isWhitespace }
        let argument = String(text.dropFirst(name.count).drop(while: \.isWhitespace))
        let matches = name.isEmpty ? [] : all.filter { $0.name.hasPrefix(name) }
        guard let command = matches.first, matches.count == 1 else {
            let nearest = Nearest.match(String(name), in: all.map(\.name)).map { "did you mean :\($0)?" }
            return prompt.console.complain("there is no command :\(name); \(nearest ?? ":help lists them")")
        }
        guard argument.isEmpty == command.argument.isEmpty else {
            return prompt.console.complain("write :\(command.name)" + (command.argument.isEmpty ? "" : " \(command.argument)"))
        }
        command.action(prompt, argument)
    }

    /// Of a command's name, and of the file behind it; nil for what is none.
    package static func completion(of text: String) -> Completion? {
        guard text.hasPrefix(":") else { return nil }
        guard let space = text.firstIndex(of: " ") else {
            let matches = all.filter { (":" + $0.name).hasPrefix(text) }
            let isOnly = matches.count == 1
            return Completion(
                replaced: text.count, candidates: matches.map { ":" + $0.name + (isOnly && !$0.argument.isEmpty ? " " : "") })
        }
        guard all.first(where: { (":" + $0.name).hasPrefix(text[..<space]) })?.argument == "FILE" else { return nil }
        return Session.files(String(text[space...].drop { $0 == " " }))
    }

    /// The code of an entry: what stands behind `:time`, nothing behind other commands.
    package static func code(in entry: String) -> String {
        guard entry.hasPrefix(":") else { return entry }
        let name = entry.dropFirst().prefix { !$0.isWhitespace }
        guard name.count > 0, "time".hasPrefix(name) else { return "" }
        return String(entry.dropFirst(name.count + 1).drop(while: \.isWhitespace))
    }

    // MARK: - Actions

    @Sendable private static func help(_ prompt: Prompt, _ argument: String) {
        let width = all.map { $0.name.count + $0.argument.count }.max() ?? 0
        for command in all {
            let head = ":\(command.name) \(command.argument)"
            prompt.console.write("\(padded(head, to: width + 4))\(command.summary)\n")
        }
        prompt.console.write(
            """
            ?name     what a function does, its parameters, an example
            Tab       completes names and fields; \\alpha becomes α, y\\hat becomes ŷ
            Enter     opens a further line while a bracket is open; Alt-Enter always
            Ctrl-C    stops what runs, or clears the line
            Ctrl-R    searches backwards in the history

            A function reads a name of the notebook when it runs: it sees the newest
            value, not that of the moment when it was written.

            """)
    }

    @Sendable private static func variables(_ prompt: Prompt, _ argument: String) {
        let variables = prompt.session.variables
        let names = variables.map(\.name.count).max() ?? 0
        let types = variables.map(\.type.count).max() ?? 0
        for variable in variables {
            prompt.console.write(
                "\(padded(variable.name, to: names + 2))\(padded(variable.type, to: types + 2))\(variable.summary)\n")
        }
    }

    @Sendable private static func time(_ prompt: Prompt, _ code: String) {
        guard let duration = prompt.execute(code) else { return }
        prompt.accept(code)
        prompt.console.write("\(text(of: duration))\n")
    }

    @Sendable private static func load(_ prompt: Prompt, _ path: String) {
        do throws(Failure) {
            for cell in try prompt.notebooks.load(path) {
                guard prompt.execute(cell.code, name: cell.name) != nil else { return }
                prompt.accept(cell.code)
            }
        } catch {
            prompt.console.complain(text(of: error))
        }
    }

    @Sendable private static func save(_ prompt: Prompt, _ path: String) {
        do throws(Failure) {
            try prompt.notebooks.save(path, prompt.accepted)
            prompt.console.write("\(prompt.accepted.count) cells in \(path)\n")
        } catch {
            prompt.console.complain(text(of: error))
        }
    }

    // MARK: - Texts

    private static func text(of failure: Failure) -> String {
        failure.message + (failure.help.map { "\n  = help: \($0)" } ?? "")
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// Three digits with their unit.
    package static func text(of duration: Duration) -> String {
        let parts = duration.components
        var value = Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
        var unit = "s"
        for smaller in ["ms", "µs", "ns"] where value < 1 && value > 0 {
            value *= 1000
            unit = smaller
        }
        let decimals = value < 10 ? 100.0 : value < 100 ? 10.0 : 1.0
        let rounded = (value * decimals).rounded() / decimals
        return rounded == rounded.rounded() && rounded < 1e15 ? "\(Int(rounded)) \(unit)" : "\(rounded) \(unit)"
    }
}
