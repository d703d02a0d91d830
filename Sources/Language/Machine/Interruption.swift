import Diagnostics
import Synchronization

/// Why running code is to stop; looked at on back edges, at calls and between batches. One flag for the process,
/// which a signal handler may set.
public enum Interruption {
    public enum Reason: UInt8, Sendable { case user = 1, timeout, memory }

    /// 0 while nobody asks.
    public static func request(_ reason: Reason = .user) { flag.store(reason.rawValue, ordering: .relaxed) }
    public static func clear() { flag.store(0, ordering: .relaxed) }

    @inline(__always)
    public static var isRequested: Bool { flag.load(ordering: .relaxed) != 0 }

    /// The failure that stops the code; the request stays until `clear`.
    public static var failure: Failure {
        switch Reason(rawValue: flag.load(ordering: .relaxed)) {
        case .timeout: Failure(.timeout, "the time for this cell is over")
        case .memory: Failure(.memory, "the memory for this run is used up")
        default: Failure(.interrupt, "stopped")
        }
    }

    /// Throws if somebody asks.
    public static func check() throws(Failure) {
        if isRequested { throw failure }
    }
}

private let flag = Atomic<UInt8>(0)
