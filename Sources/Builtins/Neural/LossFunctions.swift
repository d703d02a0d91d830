import Autodiff
import Diagnostics
import Language
import Neural
import Tensors

/// The losses and metrics as functions of the prelude, one for each record of the engine: `mse(y, ŷ)` gives the number,
/// `loss=mse` names it, `huber(delta=2)` is one with another parameter.
enum LossFunctions {
    static let builtins: [Builtin] = {
        let known = Set(Loss.catalogue.map(\.name))
        return Loss.catalogue.map(builtin) + Metric.catalogue.filter { !known.contains($0.name) }.map(builtin)
    }()

    private static func builtin(_ loss: Loss) -> Builtin {
        var parameters: [Builtin.Parameter] = [
            .init("y", "tensor, list or number", .absent, .positional, "the targets; without them the loss itself is given"),
            .init("ŷ", "tensor, list or number", .absent, .positional, "the outputs"),
        ]
        if let name = loss.parameterName {
            parameters.append(.init(name, "number", .number(loss.parameter), .keyword, loss.parameterSummary))
        }
        parameters.append(.init("scale", "number", .number(1), .keyword, "what the whole is multiplied by, 0 or more"))
        let derivative = loss.derivative.isEmpty ? "" : "; derivative by ŷ: \(loss.derivative)"
        return Builtin(
            loss.name, loss.summary, parameters, formula: loss.formula + derivative,
            shapes: loss.takesDistribution
                ? "[m, k], [m, k] -> number, or [k], [k] -> number: one sample" : "[m, k], [m, k] -> number, or [m], [m] -> number",
            example: loss.takesDistribution ? "\(loss.name)([0, 1, 0], [0.1, 0.8, 0.1])" : loss.targets == .signs ? "\(loss.name)([-1, 1, 1], [-0.4, 1.5, 0.2])" : "\(loss.name)([0, 1, 1], [0.1, 0.8, 0.6])",
            tracing: .onTape { (tracing, call) throws(Failure) in
                let parameter = loss.parameterName == nil ? nil : try call.number(2)
                let own = try loss.with(parameter: parameter, weight: call.number(call.count - 1))
                return try traced(own, call, tracing)
            }
        ) { call throws(Failure) in
            let parameter = loss.parameterName == nil ? nil : try call.number(2)
            let own = try loss.with(parameter: parameter, weight: call.number(call.count - 1))
            if call.isAbsent(0), call.isAbsent(1) { return Value(native: LossObject(own)) }
            let (y, output) = try sample(own, row(call.tensorOrNumber(0)), row(call.tensorOrNumber(1)))
            return Value(canonical: try own.value(target: y, output: output))
        }
    }

    private static func builtin(_ metric: Metric) -> Builtin {
        Builtin(
            metric.name, metric.summary,
            [
                .init("y", "tensor, list or number", .required, .positional, "the targets"),
                .init("ŷ", "tensor, list or number", .required, .positional, "the outputs"),
            ],
            formula: metric.formula, shapes: "[m, k], [m, k] -> number, or [m], [m] -> number",
            example: "\(metric.name)([0, 1, 1], [0.1, 0.8, 0.6])",
            tracing: metric.name.contains("accuracy")
                ? .constant : .refused(help: "a metric is measured, a loss is differentiated: mse, crossentropy and their kin")
        ) { call throws(Failure) in
            let y = try row(try call.tensorOrNumber(0)), output = try row(try call.tensorOrNumber(1))
            return Value(canonical: try metric.value(target: y, output: output))
        }
    }

    /// The loss of outputs or targets that are followed, on the tape.
    fileprivate static func traced(_ loss: Loss, _ call: borrowing Call, _ tracing: Tracing) throws(Failure) -> Variable {
        let tape = tracing.tape
        var output = try call.variable(1, tracing)
        let given = tape.shape(output)
        let shape = given.isEmpty ? [1] : isOneSample(loss, given) ? [1] + given : given
        if shape != given { output = try tape.reshape(output, shape) }
        guard call[0].holdsTraced else {
            let (y, _) = try sample(loss, row(call.tensorOrNumber(0)), Making.full(given, 0))
            let target = try loss.prepared(target: y, outputShape: shape)
            return try loss.traced(target: tape.leaf(target), output: output, on: tape)
        }
        var target = try call.variable(0, tracing)
        if tape.shape(target) != shape, tape.shape(target).reduce(1, *) == shape.reduce(1, *), tape.shape(target).count <= 1 {
            target = try tape.reshape(target, shape)
        }
        return try loss.traced(target: target, output: output, on: tape)
    }

    /// A vector of outputs is the distribution of one sample, where the loss is of distributions.
    private static func isOneSample(_ loss: Loss, _ shape: [Int]) -> Bool {
        loss.takesDistribution && shape.count == 1 && shape[0] > 1
    }

    /// As rows: targets beside the outputs of one sample are its distribution or its class.
    private static func sample(_ loss: Loss, _ y: Tensor, _ output: Tensor) throws(Failure) -> (Tensor, Tensor) {
        guard isOneSample(loss, output.shape) else { return (y, output) }
        let target = y.shape == output.shape ? try Shaping.expand(y, axis: 0) : y
        return (target, try Shaping.expand(output, axis: 0))
    }

    /// A number counts as one sample.
    private static func row(_ x: Tensor) throws(Failure) -> Tensor { x.rank == 0 ? try Shaping.reshape(x, [1]) : x }
}

/// A loss with its parameters as a value: `huber(delta=2)`. Called it measures.
final class LossObject: NativeObject {
    let loss: Loss
    /// Added to it where the weights are known.
    let penalty: Penalty?

    init(_ loss: Loss, _ penalty: Penalty? = nil) {
        self.loss = loss
        self.penalty = penalty
    }

    override var typeName: String { "loss" }
    override var description: String { loss.text + (penalty.map { " + \($0.text)" } ?? "") }
    override var isCallable: Bool { true }
    override var callParameters: [Builtin.Parameter] {
        [.init("y", "tensor, list or number"), .init("ŷ", "tensor, list or number")]
    }
    override func call(_ call: borrowing Call) throws(Failure) -> Value {
        if call[0].holdsTraced || call[1].holdsTraced {
            let tracing = try call.tracing
            return tracing.value(try LossFunctions.traced(loss, call, tracing))
        }
        let y = try call.tensorOrNumber(0), output = try call.tensorOrNumber(1)
        return Value(
            canonical: try loss.value(
                target: y.rank == 0 ? Shaping.reshape(y, [1]) : y,
                output: output.rank == 0 ? Shaping.reshape(output, [1]) : output))
    }
    override var fieldNames: [String] { ["name"] }
    override func field(_ name: String) throws(Failure) -> Value? { name == "name" ? Value(string: loss.name) : nil }
}

extension Call {
    /// What `loss=` takes.
    func loss(_ index: Int) throws(Failure) -> Loss {
        if let object = self[index].native as? LossObject { return object.loss }
        return try named(
            index, "loss", Loss.catalogue.map(\.name), Loss.named,
            own: "a loss of your own cannot be trained: its derivative is not known")
    }

    /// A record of the engine, given as the prelude's function of that name or as text.
    func named<Record>(
        _ index: Int, _ what: String, _ names: [String], _ find: (String) -> Record?, own: String
    ) throws(Failure) -> Record {
        let value = self[index]
        let name = value.string ?? value.builtinName
        if let name, let record = find(name) { return record }
        if let name {
            throw Failure(
                .value, "there is no \(what) `\(name)`",
                help: Nearest.match(name, in: names).map { "did you mean `\($0)`?" } ?? "there are " + names.joined(separator: ", "),
                argument: index)
        }
        if value.isCallable {
            throw Failure(.argument, own, help: "take one of " + names.joined(separator: ", "), argument: index)
        }
        throw unexpected(index, nil)
    }
}
