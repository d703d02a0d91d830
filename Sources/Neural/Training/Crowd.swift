import CKernels

/// Whether it is worth while to work together. On a machine that is busy with something else, threads mostly wait for
/// one that is not running; then one thread alone is faster, and the next attempts come at longer intervals. It only
/// chooses who computes what, never what is computed.
struct Crowd {
    private(set) var isAlone = false
    private var left = Crowd.trial
    private var pause = Crowd.trial
    private var sleeps = nnb_pool_sleeps()

    /// Steps after which an attempt has gone well.
    private static let trial = 32
    /// So many sleeps in it, and it has not.
    private static let most: UInt32 = 6
    private static let longest = 2048

    /// Called after each step.
    mutating func count() {
        left -= 1
        if isAlone {
            guard left <= 0 else { return }
            isAlone = false
            left = Crowd.trial
            sleeps = nnb_pool_sleeps()
            return
        }
        let now = nnb_pool_sleeps()
        if now &- sleeps >= Crowd.most {
            isAlone = true
            pause = min(2 * pause, Crowd.longest)
            left = pause
        } else if left <= 0 {
            pause = Crowd.trial
            left = Crowd.trial
            sleeps = now
        }
    }
}
