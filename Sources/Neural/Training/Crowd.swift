import CKernels

/// Whether it is worth while to work together. On a machine that is busy with something else, threads mostly wait for
/// one that is not running; then one thread alone is faster, and the next attempts come at longer intervals. It only
/// chooses who computes what, never what is computed.
struct Crowd {
    private(set) var isAlone = false
    private var left = Crowd.trial
    private var pause = Crowd.trial
    private var sleeps = nnb_pool_sleeps()

    private static let trial = 32
    private static let longest = 1024

    /// Called after each step.
    mutating func count() {
        left -= 1
        guard left <= 0 else { return }
        let now = nnb_pool_sleeps()
        if isAlone {
            isAlone = false
            left = Crowd.trial
        } else if now &- sleeps > UInt32(Crowd.trial / 4) {
            isAlone = true
            pause = min(2 * pause, Crowd.longest)
            left = pause
        } else {
            pause = Crowd.trial
            left = Crowd.trial
        }
        sleeps = now
    }
}
