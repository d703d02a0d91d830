import Autodiff
import Diagnostics
import Language
import Neural
import Tensors

/// What `loss=` names: a loss of the engine, or a function (y, ŷ) of the user's that gives a number.
enum OwnLoss {
    case engine(Loss)
    /// The name is nil where it has none.
    case function(Held, name: String?)

    var name: String {
        switch self {
        case .engine(let loss): loss.name
        case .function(_, let name): name ?? "loss"
        }
    }

    /// As messages call it.
    var words: String {
        switch self {
        case .engine(let loss): "the loss `\(loss.name)`"
        case .function(_, let name): OwnLoss.words(name)
        }
    }

    /// Of plain targets and outputs.
    func value(_ y: Tensor, _ output: Tensor, _ interpreter: Interpreter) throws(Failure) -> Double {
        switch self {
        case .engine(let loss): return try loss.value(target: y, output: output)
        case .function(let function, let name):
            let target = Value(tensor: OwnLoss.fitted(y, output.shape)), given = Value(tensor: output)
            defer { target.release(); given.release() }
            let value = try interpreter.call(function.value, [target, given])
            defer { value.release() }
            guard value.isNumber else { throw OwnLoss.noNumber(OwnLoss.words(name), value.inWords) }
            return value.number
        }
    }

    /// Targets `[n]` are a column where the outputs are one.
    static func fitted(_ y: Tensor, _ output: [Int]) -> Tensor {
        guard y.rank == 1, output.count == 2, output[1] == 1, y.shape[0] == output[0] else { return y }
        return (try? Shaping.reshape(y, output)) ?? y
    }

    /// Where the loss is a number and its gradient is none.
    static func wildGradient(_ of: String, epoch: Int, batch: Int) -> Failure {
        Failure(
            .numerics, "the gradient of the loss \(of) became NaN or infinite in epoch \(epoch), batch \(batch), and the loss itself is finite",
            help: "sqrt, log, / and powers have no finite derivative at 0: sqrt(z + 1e-12); the weights are as before this batch")
    }

    static func words(_ name: String?) -> String { name.map { "the loss `\($0)`" } ?? "the loss" }

    static func noNumber(_ what: String, _ given: String) -> Failure {
        Failure(
            .type, "\(what) gives \(given), not one number",
            help: "mean(...) or sum(...) makes one of a tensor")
    }

    /// Takes over the value's count.
    static func number(_ value: Value, _ tracing: Tracing, _ what: String) throws(Failure) -> Variable {
        defer { value.release() }
        let variable = try value.isBool ? nil : tracing.variable(of: value)
        guard let variable, tracing.tape.shape(variable).isEmpty else {
            let words = variable.map { "a tensor of shape \(Tensor.text(of: tracing.tape.shape($0)))" } ?? value.inWords
            throw noNumber(what, words)
        }
        return variable
    }

    /// Refuses targets that are not as many as the samples.
    static func check(_ y: Tensor, samples: Int) throws(Failure) {
        guard y.shape.first == samples else {
            throw Failure(
                .shape, "there are \(samples) samples and \(y.shape.first ?? 1) targets: y is \(Tensor.text(of: y.shape))",
                help: y.rank == 2 && y.shape[1] == samples ? "y.T has one row a sample" : nil)
        }
    }
}

extension UnsafeMutableBufferPointer<Double> {
    /// Whether all are finite. An exponent of ones and 1 more reach the sign; nothing is decided on the way, so that several
    /// numbers are looked at together.
    var areFinite: Bool {
        var found: UInt64 = 0
        for number in self { found |= (number.bitPattern & 0x7ff0_0000_0000_0000) &+ 0x0010_0000_0000_0000 }
        return found >> 63 == 0
    }
}
