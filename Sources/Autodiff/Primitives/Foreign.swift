import Diagnostics
import Tensors

/// A function that is computed elsewhere, as a layer of the engine is, with its first derivative.
///
/// It takes x and, all in one row, its parameters p (possibly none), and gives y of a fixed shape.
public protocol ForeignFunction: AnyObject {
    /// As messages call it: `conv2d 32`.
    var name: String { get }
    /// Of the result.
    var shape: [Int] { get }
    /// Fills y.
    func forward(_ x: UnsafePointer<Double>, _ p: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>) throws(Failure)
    /// Given x, p and the y that `forward` made of them, fills dx and dp from dy.
    func backward(
        _ x: UnsafePointer<Double>, _ p: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ dy: UnsafePointer<Double>,
        dx: UnsafeMutablePointer<Double>, dp: UnsafeMutablePointer<Double>
    ) throws(Failure)
}

/// y = f(x, p) of somebody else's;  the gradients of both come in one row out of `ForeignDerivative`.
enum Foreign: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        guard let function = arguments.foreign else { throw Failure(.internal, "there is no function to call") }
        return function.shape
    }

    static func forward(_ node: Node, _ tape: Tape) {
        let (x, p) = (tape.operand(node), tape.secondOperand(node))
        guard let function = tape.attribute(node).foreign else { return }
        tape.run { () throws(Failure) in try function.forward(x.data, p.data, node.data) }
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let tape = reverse.tape
        let (x, p) = (reverse.first(node), reverse.second(node))
        let both = try tape.record(
            .foreignDerivative, Arguments(node, upstream, list: [tape[x].count + tape[p].count]))
        let count = tape[x].count
        if reverse.wants(x) {
            try reverse.add(tape.reshape(tape.index(both, [.slice(start: 0, stop: count)]), tape.shape(x)), to: x)
        }
        if reverse.wants(p) {
            try reverse.add(tape.reshape(tape.index(both, [.slice(start: count)]), tape.shape(p)), to: p)
        }
    }
}

/// The gradients of a foreign function by x and p, one after the other. It has no derivative of its own.
enum ForeignDerivative: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] { arguments.list }

    static func forward(_ node: Node, _ tape: Tape) {
        let (y, dy) = (tape.operand(node), tape.secondOperand(node))
        let (x, p) = (tape.operand(y), tape.secondOperand(y))
        guard let function = tape.attribute(y).foreign else { return }
        tape.run { () throws(Failure) in
            try function.backward(x.data, p.data, y.data, dy.data, dx: node.data, dp: node.data + x.count)
        }
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let name = reverse.tape.attribute(reverse.tape.operand(reverse.tape[node])).foreign?.name ?? "this layer"
        throw Failure(
            .value, "the second derivative of \(name) is not known",
            help: "dense layers, activations and whatever is written in the language can be differentiated again")
    }
}
