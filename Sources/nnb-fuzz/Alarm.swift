import Language

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Interrupts what runs too long, as `--timeout` does.
enum Alarm {
    static let milliseconds = 250

    static func start() {
        Interruption.clear()
        signal(SIGALRM) { _ in Interruption.request(.timeout) }
        set(milliseconds)
    }

    static func stop() {
        set(0)
        Interruption.clear()
    }

    private static func set(_ milliseconds: Int) {
        var timer = itimerval()
        timer.it_value.tv_sec = milliseconds / 1000
        timer.it_value.tv_usec = numericCast(milliseconds % 1000 * 1000)
        #if canImport(Darwin)
        setitimer(ITIMER_REAL, &timer, nil)
        #else
        setitimer(__itimer_which_t(0), &timer, nil)
        #endif
    }
}
