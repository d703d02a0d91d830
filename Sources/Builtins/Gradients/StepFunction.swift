import Diagnostics
import Language
import Neural
import Tensors

/// `step(θ, g, optimizer)`: one step of an optimizer in loops that are written out.
enum StepFunction {
    static let builtins: [Builtin] = [step]

    static let step = Builtin(
        "step",
        "one step of an optimizer along a gradient: gives the new θ, a network or an object is changed where it is; of one number or tensor the step of Heaviside, 0 or 1",
        [
            .init(
                "θ", "network, object, tensor, number, list, tuple or map", .required, .positional,
                "the parameters"),
            .init("g", "the same form", .absent, .positional, "their gradient, as `grad` gives it"),
            .init(
                "optimizer", "optimizer", .absent, .positional,
                "such as adam(0.001); it keeps its averages from step to step, so each θ needs one of its own"),
        ],
        formula: "formula(optimizer); step(z) = 0 if z < 0, else 1", shapes: "θ, the same form -> the same form",
        example: "w = [1, 2]; w = step(w, [1, 1], gd(0.5)); w  # [0.5, 1.5]",
        tracing: .onTape { (tracing, call) throws(Failure) in
            guard call.isAbsent(1), call.isAbsent(2) else {
                throw Failure(.type, "`step` of an optimizer has no derivative", help: "θ - η * g is differentiated")
            }
            return try ActivationFunctions.traced(.step, call, tracing)
        }
    ) { call throws(Failure) in
        if call.isAbsent(1), call.isAbsent(2) {
            if call[0].native is any Parametric || call[0].native is OwnModelObject || Instance(call[0]) != nil { throw call.unexpected(1, "the gradient") }
            return Value(reduced: try Activation.step.value(of: try call.tensorOrNumber(0)))
        }
        guard !call.isAbsent(1) else { throw call.unexpected(1, "the gradient") }
        guard let object = call[2].native as? OptimizerObject else {
            throw Failure(
                .type, "`optimizer` of `step` is an optimizer, not \(call[2].inWords)",
                help: "opt = adam(0.001) before the loop, step(θ, g, opt) in it", argument: 2)
        }
        guard object.optimizer.schedule?.unit != .epoch else {
            throw Failure(
                .value, "a loop that is written out does not say where an epoch begins, and the learning rate goes by epochs",
                help: "a schedule with per=\"step\" counts the calls of step", argument: 2)
        }
        if let parametric = call[0].native as? any Parametric {
            let network = try parametric.network(for: nil, call.interpreter)
            try object.step(on: parametric)
            try object.optimizer.step(network, gradients: gradients(of: network, call))
            return call[0].retained
        }
        if call.interpreter.dropsResult, isValue(call[0]) {
            throw Failure(
                .value, "the result of `step` is thrown away: \(call[0].inWords) is a value and stays as it was",
                help: "w = step(w, g, optimizer); a network or an object is changed where it is", argument: 0)
        }
        return try stepped(call, object)
    }

    /// Whether nothing in it can be changed for others who hold it.
    private static func isValue(_ value: Value) -> Bool {
        if let items = value.items { return items.allSatisfy(isValue) }
        if let map = value.map { return map.entries.allSatisfy { isValue($0.value) } }
        return value.isNumber || value.isObject(.tensor)
    }

    private static func gradients(of network: Network, _ call: borrowing Call) throws(Failure) -> [Tensor] {
        guard let items = call[1].items else {
            throw call.unexpected(1, "a list of tensors, as net.weights is: what grad(f)(net) gives")
        }
        return try items.map { (item) throws(Failure) in
            if let tensor = try Conversions.tensor(item) { return tensor }
            throw call.unexpected(1, "a list of tensors", given: "a list with \(item.inWords)")
        }
    }

    /// A step on whatever holds numbers and tensors.
    private static func stepped(_ call: borrowing Call, _ object: OptimizerObject) throws(Failure) -> Value {
        let parameters = try leaves(call[0], call), gradients = try leaves(call[1], call)
        guard !parameters.isEmpty else { throw call.refused(0, "must hold numbers or float tensors") }
        guard parameters.count == gradients.count else {
            throw Failure(
                .shape, "θ of `step` holds \(parameters.count) numbers and tensors, its gradient \(gradients.count)",
                help: "the gradient has the form of θ, as grad(f)(θ) gives it", argument: 1)
        }
        var count = 0
        for (parameter, gradient) in zip(parameters, gradients) {
            guard parameter.tensor.shape == gradient.tensor.shape else {
                throw Failure(
                    .shape,
                    "θ\(parameter.path) is \(Tensor.text(of: parameter.tensor.shape)), its gradient \(Tensor.text(of: gradient.tensor.shape))",
                    argument: 1)
            }
            count += parameter.tensor.count
        }
        let x = try Tensor(uninitialized: [count]), g = try Tensor(uninitialized: [count])
        var place = 0
        for (parameter, gradient) in zip(parameters, gradients) {
            for index in 0..<parameter.tensor.count {
                x.block.float64[place] = parameter.tensor.block.number(at: index)
                g.block.float64[place] = gradient.tensor.block.number(at: index)
                place += 1
            }
        }
        try object.optimizer.step(x.block.float64, gradient: g.block.float64, count: count, of: object)
        var results: [Tensor] = []
        place = 0
        for parameter in parameters {
            let result = try Tensor(uninitialized: parameter.tensor.shape)
            result.block.float64.update(from: x.block.float64 + place, count: result.count)
            place += result.count
            results.append(try result.float(as: parameter.tensor.dtype == .float32 ? .float32 : .float64))
        }
        let made = results
        let putting = Lifting(call.interpreter) { (number, _) in Value(reduced: made[number]) }
        let (value, _) = try putting.lift(call[0])
        try putting.keep(made)
        return value
    }

    private static func leaves(_ value: Value, _ call: borrowing Call) throws(Failure) -> [(tensor: Tensor, path: String)] {
        let look = Lifting(call.interpreter, keepsLeaves: true) { (_, original) in original.retained }
        let (lifted, _) = try look.lift(value)
        lifted.release()
        look.restore()
        return try look.leaves.map { (leaf) throws(Failure) in
            guard let tensor = try Conversions.tensor(leaf.original.value) else {
                throw Failure(.internal, "a leaf without numbers")
            }
            return (tensor, leaf.path)
        }
    }
}
