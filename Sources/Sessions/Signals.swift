import Language

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// How Ctrl-C and a time limit reach running code: through the flag that it looks at. These are the process's signals;
/// only a front end that is a process of its own installs them.
public enum Signals {
    /// Lets Ctrl-C stop the running cell.
    ///
    /// - Parameter second: what another one does before the cell has stopped: end the process, or nothing more.
    public static func installInterrupt(second: SecondInterrupt) {
        Interruption.clear()
        switch second {
        case .endsProcess:
            install(SIGINT) { _ in
                if Interruption.isRequested { _exit(130) }
                Interruption.request(.user)
            }
        case .isIgnored:
            install(SIGINT) { _ in Interruption.request(.user) }
        }
    }

    public enum SecondInterrupt { case endsProcess, isIgnored }

    /// Stops the running cell after so many seconds; nil takes the limit off. Code that does not look at the flag for
    /// another ten seconds is ended with the process.
    public static func limit(seconds: Double?) {
        if seconds != nil {
            install(SIGALRM) { _ in
                if Interruption.isRequested {
                    let text: StaticString = "nnb: the time for this cell is over, and what it does did not stop within ten seconds\n"
                    _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
                    _exit(3)
                }
                Interruption.request(.timeout)
            }
        }
        let seconds = seconds.map { min(max($0, 1e-6), 1e9) } ?? 0
        var timer = itimerval()
        timer.it_value.tv_sec = time_t(seconds)
        timer.it_value.tv_usec = suseconds_t((seconds - seconds.rounded(.down)) * 1e6)
        timer.it_interval.tv_sec = 10
        #if canImport(Darwin)
        setitimer(ITIMER_REAL, &timer, nil)
        #else
        setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &timer, nil)
        #endif
    }

    /// Writing into a closed pipe gives an error instead of ending the process, for a run that still has a file to write.
    public static func ignoreClosedPipes() { signal(SIGPIPE, SIG_IGN) }

    private static func install(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
        var action = sigaction()
        #if canImport(Darwin)
        action.__sigaction_u.__sa_handler = handler
        #else
        action.__sigaction_handler.sa_handler = handler
        #endif
        // Without SA_RESTART, so that a prompt that waits for a key notices.
        sigaction(number, &action, nil)
        // Who started this process may have blocked it.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, number)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }
}
