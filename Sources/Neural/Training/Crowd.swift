import CKernels

/// Whether it is worth while to work together. On a machine that is busy with something else, threads mostly wait for
/// one that is not running; then one thread alone is faster, and the next attempts come at longer intervals. It only
/// chooses who computes what, never what is computed.
struct Crowd {
    private(set) var isAlone = false
    private let threads: Double
    private var left = Crowd.trial
    private var pause = Crowd.trial
    private var times = nnb_pool_clock()

    /// The steps of an attempt.
    private static let trial = 16
    private static let longest = 2048

    init(threads: Int) { self.threads = Double(threads) }

    /// Called after each step.
    mutating func count() {
        left -= 1
        guard threads > 1, left <= 0 else { return }
        let before = times
        times = nnb_pool_clock()
        if !isAlone, isTooLong(times.waited &- before.waited, of: times.now &- before.now) {
            isAlone = true
            pause = min(2 * pause, Crowd.longest)
            left = pause
        } else {
            if !isAlone { pause = Crowd.trial }
            isAlone = false
            left = Crowd.trial
        }
    }

    /// n threads that share the work W of one evenly take W / n if none is held up. One that is held up until the time T
    /// lets the others wait for T - W / n each, and T > W if they wait for more than T (n - 1)² / n together.
    private func isTooLong(_ waited: UInt64, of time: UInt64) -> Bool {
        Double(waited) > Double(time) * (threads - 1) * (threads - 1) / threads
    }
}
