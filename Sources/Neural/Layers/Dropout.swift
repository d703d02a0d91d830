import CKernels
import Diagnostics
import Tensors

/// Leaves out each number with a probability in training, and makes the others larger so that their mean stays:
/// y = x / (1 - rate) or 0. When predicting and evaluating y = x. Input and output [batch, …].
///
/// - rate: the probability, 0 or more and below 1.
///
/// Srivastava et al. 2014, JMLR 15, 1929-1958.
public struct Dropout: Layer {
    public let rate: Double

    public init(_ rate: Double) throws(Failure) {
        guard rate >= 0, rate < 1 else {
            throw Failure(.value, "rate of dropout must be 0 or more and below 1, not \(NumberText.plain(rate))")
        }
        self.rate = rate
    }

    public var title: String { "dropout \(NumberText.plain(rate))" }
    public var code: String { "dropout(\(NumberText.plain(rate)))" }
    public func outputShape(for input: [Int]) -> [Int] { input }
    public func stage(_ context: StageContext) -> any Stage { DropoutStage(rate, context) }
}

/// Each draw is a function of the step, the stage, the row and the column alone, and is made anew on the way back.
final class DropoutStage: Stage {
    private let rate: Double
    private let number: UInt64
    private let width: Int
    private let size: Int
    private let loops: nnb_layers

    init(_ rate: Double, _ context: StageContext) {
        self.rate = rate
        number = UInt64(truncatingIfNeeded: context.number)
        width = product(of: context.input)
        size = context.dtype.size
        loops = context.loops
    }

    private func pass(_ part: Part, _ from: UnsafeRawPointer, _ to: UnsafeMutableRawPointer) {
        let start = part.rows.lowerBound * width * size
        if part.isTraining, rate > 0 {
            loops.dropout(
                part.rows.count, width, Int64(part.rows.lowerBound), part.key ^ (number &* 0x9e37_79b9_7f4a_7c15), rate, from + start,
                to + start)
        } else {
            (to + start).copyMemory(from: from + start, byteCount: part.rows.count * width * size)
        }
    }

    func forward(_ part: Part, x: UnsafeRawPointer, y: UnsafeMutableRawPointer) { pass(part, x, y) }

    func backward(
        _ part: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeMutableRawPointer, dx: UnsafeMutableRawPointer?
    ) {
        if let dx { pass(part, dy, dx) }
    }
}
