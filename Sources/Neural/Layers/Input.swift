import Diagnostics
import Tensors

/// The shape of one sample, `input(784)` or `input(28, 28)`. It is no layer of its own: `net.layers[0]` is the first
/// one after it. Without it a network takes its shape from the first samples it sees.
public struct Input: Sendable {
    public let shape: [Int]

    public init(_ shape: [Int]) throws(Failure) {
        guard !shape.isEmpty else {
            throw Failure(.argument, "input needs the shape of one sample", help: "input(784) for rows of 784 numbers, input(28, 28) for images")
        }
        let text = "input(\(shape.map(String.init).joined(separator: ", ")))"
        guard shape.allSatisfy({ $0 > 0 }) else { throw Failure(.value, "the lengths of \(text) must be above 0") }
        guard shape.reduce(1.0, { $0 * Double($1) }) < 1e9 else {
            throw Failure(.value, "\(text) is too large: a sample has less than 10^9 numbers")
        }
        self.shape = shape
    }
}
