import Diagnostics
import Language

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Shows what cells give on standard output, and what goes wrong and how far they are on standard error. The command line
/// and the prompt share it.
public final class Console: Sink {
    private let output = StandardOutput(descriptor: 1)
    private let errors = StandardOutput(descriptor: 2)
    private var hasProgress = false
    /// Whether what was written last ended its line.
    private var isAtLineStart = true

    public init() {}

    public var isInteractive: Bool { errors.isTerminal }
    public var columns: Int { output.columns }
    package var allowsColour: Bool { output.allowsColour }

    public func take(_ event: Event) {
        eraseProgress()
        switch event {
        case .text(let text):
            write(text)
        case .display(let display):
            endLine()
            write(line(text(of: display) ?? ""))
        case .result(let text, let display):
            endLine()
            write(line(display.flatMap { self.text(of: $0) } ?? text))
        case .diagnostic(let diagnostic):
            endLine()
            output.flush()
            errors.write(line(Renderer(colour: errors.allowsColour, columns: max(errors.columns, 60)).text(diagnostic)))
            errors.flush()
        }
    }

    public func progress(_ line: String?) {
        guard errors.isTerminal else {
            if let line { errors.write(line + "\n") }
            return
        }
        guard let line else {
            if hasProgress { errors.write("\n") }
            hasProgress = false
            return
        }
        endLine()
        output.flush()
        // A line that wraps could not be drawn over again.
        errors.write("\r\u{1B}[K" + line.prefix(max(errors.columns - 1, 1)))
        hasProgress = true
    }

    /// A text of the front end itself.
    public func write(_ text: String) {
        output.write(text)
        if let last = text.utf8.last { isAtLineStart = last == UInt8(ascii: "\n") }
    }

    /// A message of the front end itself on standard error, as a line.
    public func complain(_ text: String) {
        eraseProgress()
        endLine()
        output.flush()
        errors.write(line(text))
        errors.flush()
    }

    public func flush() {
        output.flush()
        errors.flush()
    }

    /// Writes what is left; refuses to be silent about what could not be written. A closed pipe has nobody to tell.
    package func finish() throws(Failure) {
        flush()
        guard output.reason != 0, output.reason != EPIPE else { return }
        throw Failure(.file, "standard output could not be written: \(String(cString: strerror(output.reason)))")
    }

    /// Puts what follows at the beginning of a line.
    public func endLine() {
        if !isAtLineStart { write("\n") }
    }

    private func eraseProgress() {
        if hasProgress { errors.write("\r\u{1B}[K") }
        hasProgress = false
    }

    private func text(of display: Display) -> String? {
        if let draw = display.terminal { return draw(columns, allowsColour) }
        return display.forms.first { $0.mime == "text/plain" }?.content
    }

    private func line(_ text: String) -> String {
        text.isEmpty || text.utf8.last == UInt8(ascii: "\n") ? text : text + "\n"
    }
}
