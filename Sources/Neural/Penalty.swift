import Autodiff
import Diagnostics
import Tensors

/// What large weights cost, added to the loss: λ₁ Σ |w| + λ₂ Σ w², without the half that some books have. It is meant for
/// weights and not for biases; its derivative is λ₁ sign(w) + 2 λ₂ w, with sign(0) = 0.
public struct Penalty: Sendable, Equatable {
    public let l1: Double
    public let l2: Double

    public init(l1: Double = 0, l2: Double = 0) throws(Failure) {
        for (name, value) in [("l1", l1), ("l2", l2)] where !value.isFinite || value < 0 {
            throw Failure(.value, "the strength of \(name) must be 0 or more, not \(NumberText.plain(value))")
        }
        self.init(first: l1, second: l2)
    }

    private init(first: Double, second: Double) {
        l1 = first
        l2 = second
    }

    static let none = Penalty(first: 0, second: 0)
    var isNone: Bool { l1 == 0 && l2 == 0 }

    public static func + (a: Penalty, b: Penalty) -> Penalty { Penalty(first: a.l1 + b.l1, second: a.l2 + b.l2) }

    /// `l2(0.01)`, or `l1(0.1) + l2(0.01)`.
    public var text: String {
        var parts: [String] = []
        if l1 != 0 { parts.append("l1(\(NumberText.plain(l1)))") }
        if l2 != 0 || l1 == 0 { parts.append("l2(\(NumberText.plain(l2)))") }
        return parts.joined(separator: " + ")
    }

    public var formula: String {
        var parts: [String] = []
        if l1 != 0 { parts.append("\(NumberText.plain(l1)) Σ |w|") }
        if l2 != 0 || l1 == 0 { parts.append("\(NumberText.plain(l2)) Σ w^2") }
        return parts.joined(separator: " + ")
    }

    public func value(of w: Tensor) throws(Failure) -> Double {
        let heap = Heap.current
        let dtype = Conversion.arithmetic(w.dtype)
        let numbers = try Conversion.float(w.block, as: dtype, heap)
        defer { numbers.release(heap) }
        return Kernels(dtype).table.pointee.penalty(w.count, l1, l2, numbers.data, nil)
    }

    /// The same in operations of a tape.
    public func traced(_ w: Variable, on tape: Tape) throws(Failure) -> Variable {
        var total = try tape.leaf(0)
        if l1 != 0 { total = try tape.apply(.add, total, tape.apply(.multiply, tape.leaf(l1), tape.sum(tape.apply(.abs, w)))) }
        if l2 != 0 { total = try tape.apply(.add, total, tape.apply(.multiply, tape.leaf(l2), tape.sum(tape.apply(.square, w)))) }
        return total
    }
}

extension ParameterDescription {
    /// What it costs where a training has a penalty for all weights: those are what has two axes or more.
    func cost(_ common: Penalty?) -> Penalty {
        guard isTrained else { return .none }
        let own = penalty ?? .none
        guard let common, shape.count > 1 else { return own }
        return own + common
    }
}

extension Network {
    /// What the parameters cost as they are now, their layers' penalties and that of the last `fit` taken together.
    public var cost: Double {
        guard let storage else { return 0 }
        let table = Kernels(dtype).table
        var total = 0.0
        for built in layers {
            for (parameter, offset) in zip(built.parameters, built.offsets) {
                let cost = parameter.cost(penalty)
                guard !cost.isNone else { continue }
                total += table.pointee.penalty(
                    parameter.count, cost.l1, cost.l2, storage.bytes + offset * dtype.size, nil)
            }
        }
        return total
    }

    var hasCost: Bool { layers.contains { $0.parameters.contains { !$0.cost(penalty).isNone } } }
}
