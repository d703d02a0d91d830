#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Standard output or standard error, buffered a little: what stands in the buffer for longer than a twentieth of a
/// second, or makes it full, is written with the next text.
package final class StandardOutput {
    package let isTerminal: Bool
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var written = ContinuousClock.now
    /// Why something could not be written; 0 where all was.
    package private(set) var reason: Int32 = 0

    package init(descriptor: Int32) {
        self.descriptor = descriptor
        isTerminal = isatty(descriptor) == 1
    }

    deinit { flush() }

    package func write(_ text: String) {
        buffer += text.utf8
        if isTerminal || buffer.count > 1 << 14 || ContinuousClock.now - written > .milliseconds(50) { flush() }
    }

    package func flush() {
        guard !buffer.isEmpty else { return }
        if !Files.write(buffer, to: descriptor) { reason = errno }
        buffer.removeAll(keepingCapacity: true)
        written = .now
    }

    /// Colours are for a terminal that knows them, unless the environment has `NO_COLOR` (no-color.org).
    package var allowsColour: Bool {
        guard isTerminal, (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true) else { return false }
        return getenv("TERM").map { String(cString: $0) != "dumb" } ?? false
    }

    /// The width of the terminal, else what `COLUMNS` says, else 80.
    package var columns: Int {
        var size = winsize()
        if isTerminal, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        if let text = getenv("COLUMNS"), let columns = Int(String(cString: text)), columns > 0 { return min(columns, 1000) }
        return 80
    }
}
