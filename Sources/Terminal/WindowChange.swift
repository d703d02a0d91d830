import Synchronization

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// What may happen to the window while the prompt waits: another size, or coming back after Ctrl-Z.
enum WindowChange {
    case size, resumption

    static func install() {
        var action = sigaction()
        set(&action) { number in
            if number == SIGCONT { resumed.store(true, ordering: .relaxed) } else { resized.store(true, ordering: .relaxed) }
        }
        // Without SA_RESTART, so that the waiting prompt notices.
        sigaction(SIGWINCH, &action, nil)
        sigaction(SIGCONT, &action, nil)
    }

    static func take() -> WindowChange? {
        if resumed.exchange(false, ordering: .relaxed) { return .resumption }
        return resized.exchange(false, ordering: .relaxed) ? .size : nil
    }

    private static func set(_ action: inout sigaction, _ handler: @escaping @convention(c) (Int32) -> Void) {
        #if canImport(Darwin)
        action.__sigaction_u.__sa_handler = handler
        #else
        action.__sigaction_handler.sa_handler = handler
        #endif
    }
}

private let resized = Atomic<Bool>(false)
private let resumed = Atomic<Bool>(false)
