import ArgumentParser
import Diagnostics
import Sessions

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The command line. Exit codes: 0 fine, 1 a cell failed, 2 usage or syntax of the notebook, 3 out of time,
/// 130 interrupted.
@main
enum Main {
    static func main() {
        // A file that is opened never takes the place of a closed standard output.
        for descriptor in 0...2 where fcntl(Int32(descriptor), F_GETFD) < 0 { _ = open("/dev/null", O_RDONLY) }
        do {
            var command = try Nnb.parseAsRoot()
            try command.run()
        } catch let code as ExitCode {
            exit(code.rawValue)
        } catch let failure as Failure {
            complain(failure)
            exit(2)
        } catch {
            // Help and version that were asked for are no mistake.
            let isFine = Nnb.exitCode(for: error).isSuccess
            // What is done without a subcommand has a name for the parser alone.
            let message = Nnb.fullMessage(for: error).replacing("nnb start", with: "nnb") + "\n"
            _ = Files.write(Array(message.utf8), to: isFine ? 1 : 2)
            exit(isFine ? 0 : 2)
        }
    }

    static func complain(_ failure: Failure) {
        Console().complain("nnb: \(failure.message)" + (failure.help.map { "\n  = help: \($0)" } ?? ""))
    }
}

struct Nnb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nnb",
        abstract: "A small notebook language for neural networks.",
        usage: """
            nnb                      a prompt, or a program from standard input
            nnb FILE [options]       the same as nnb run FILE
            nnb -e CODE              run this code and show its value
            """,
        version: Version.current,
        subcommands: [Start.self, RunCommand.self, FormatCommand.self, StripCommand.self],
        defaultSubcommand: Start.self)
}

/// What is done where no command is named.
struct Start: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "start", shouldDisplay: false)

    @Option(name: .short, parsing: .unconditional, help: ArgumentHelp("Run this code instead of a file.", valueName: "code"))
    var e: String?

    @OptionGroup var arguments: RunArguments

    mutating func run() throws {
        if let e {
            guard arguments.file == nil else { throw ValidationError("Give either a file or -e, not both.") }
            try arguments.start(code: e)
        } else if arguments.file == nil && isatty(STDIN_FILENO) == 1 {
            try Interactive.start(seed: arguments.seed ?? 0)
        } else {
            try arguments.start()
        }
    }
}
