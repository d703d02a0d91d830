import Diagnostics
import Language
import Neural
import Tensors

/// The optimizers, one function of the prelude for each record of the engine: `adam(0.001)`.
enum OptimizerFunctions {
    static let builtins: [Builtin] = Optimizer.catalogue.map(builtin) + [formula]

    private static func builtin(_ record: OptimizerRecord) -> Builtin {
        var parameters = record.parameters.enumerated().map { position, parameter in
            // momentum(0.1, 0.9), as on the slides.
            Builtin.Parameter(
                parameter.name, position == 0 ? "number or schedule" : "number", .absent,
                position == 0 || position == 1 && parameter.name == "momentum" ? .positional : .keyword,
                "\(parameter.summary), by default \(defaults(parameter))")
        }
        if record.hasNesterov {
            parameters.append(.init("nesterov", "bool", .bool(false), .keyword, "take the gradient at the point looked ahead to"))
        }
        let own = parameters.count
        parameters += [
            .init("clip_value", "number", .none, .keyword, "each number of the gradient is kept between -clip_value and clip_value"),
            .init("clip_norm", "number", .none, .keyword, "a gradient longer than this, all parameters taken together, is shortened to it"),
            .init(
                "form", "string", .string("slides"), .keyword,
                "whose formula: " + record.forms.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")),
        ]
        let forms = record.forms.compactMap { form in
            (try? Optimizer(record, form: form)).map { "\(form.rawValue): \($0.formula)" }
        }
        return Builtin(
            record.name, record.summary, parameters, formula: forms.joined(separator: "\n"),
            example: "\(record.name)(\(NumberText.plain(record.parameters.first?.value ?? 0)))"
        ) { call throws(Failure) in
            let form = try call.form(own + 2, record)
            var extras = Optimizer.Extras(clipValue: try call.optionalNumber(own), clipNorm: try call.optionalNumber(own + 1))
            if record.hasNesterov { extras.nesterov = try call.bool(own - 1) }
            var values: [(name: String, value: Double)] = []
            for (index, parameter) in record.parameters.enumerated() where !call.isAbsent(index) {
                if index == 0, let object = call[0].native as? ScheduleObject {
                    extras.schedule = object.schedule
                } else {
                    values.append((parameter.name, try call.number(index)))
                }
            }
            return Value(native: OptimizerObject(try Optimizer(record, values, form: form, extras)))
        }
    }

    private static func defaults(_ parameter: OptimizerRecord.Parameter) -> String {
        let usual = NumberText.plain(parameter.value)
        let others = [OptimizerForm.keras, .torch].filter { parameter.value(in: $0) != parameter.value }
        return others.isEmpty
            ? usual : usual + others.map { ", \(NumberText.plain(parameter.value(in: $0))) in form \($0.rawValue)" }.joined()
    }

    private static let formula = Builtin(
        "formula", "The rule that an optimizer, a loss or an activation executes, as text.",
        [.init("of", "optimizer, loss or activation", .required, .positional, "what is asked about")],
        example: "formula(sgd(0.1))  # \"x = x - 0.1 g\""
    ) { call throws(Failure) in
        if let optimizer = call[0].native as? OptimizerObject { return Value(string: optimizer.optimizer.formula) }
        if let object = call[0].native as? ActivationObject {
            let record = object.activation.record
            return Value(string: "\(record.formula); derivative \(record.derivative)")
        }
        if let object = call[0].native as? LossObject { return Value(string: object.loss.formula) }
        if let object = call[0].native as? ScheduleObject { return Value(string: object.schedule.formula) }
        guard let name = call[0].string ?? call[0].builtinName else {
            throw call.unexpected(0, "an optimizer, a loss or an activation")
        }
        if let record = Optimizer.named(name) { return Value(string: try Optimizer(record).formula) }
        if let loss = Loss.named(name) { return Value(string: loss.formula) }
        if let record = Activation.named(name) { return Value(string: "\(record.formula); derivative \(record.derivative)") }
        if let metric = Metric.named(name) { return Value(string: metric.formula) }
        throw Failure(.value, "`\(name)` has no formula of its own", help: "help(\(name)) says what it does", argument: 0)
    }
}

/// An optimizer with its state, as a value.
final class OptimizerObject: NativeObject {
    let optimizer: Optimizer

    /// The networks that `step` took it to, the last first.
    private weak var last: NativeObject?
    private weak var before: NativeObject?

    init(_ optimizer: Optimizer) { self.optimizer = optimizer }

    /// Refuses to go back and forth between networks: its averages would begin anew each time.
    func step(on network: any Parametric) throws(Failure) {
        guard last !== network else { return }
        if before === network, optimizer.keepsAverages {
            throw Failure(
                .value, "this \(optimizer.name) goes back and forth between networks, and its averages begin anew each time",
                help: "make an optimizer for each network before the loop", argument: 2)
        }
        (before, last) = (last, network)
    }

    override var typeName: String { "optimizer" }
    override var description: String { optimizer.text }
    override var fieldNames: [String] { optimizer.record.parameters.map(\.name) + ["epochs", "name", "steps"] }

    override func field(_ name: String) throws(Failure) -> Value? {
        switch name {
        case "name": Value(string: optimizer.name)
        case "steps": Value(optimizer.steps)
        case "epochs": Value(optimizer.epochs)
        default: optimizer.value(of: name).map { Value($0) }
        }
    }

    override func setField(_ name: String, _ value: Value) throws(Failure) -> Bool {
        guard name == "learning_rate" else { return false }
        guard value.isNumber else { throw Failure(.type, "learning_rate is a number here, not \(value.inWords)") }
        try optimizer.setLearningRate(value.number)
        return true
    }
}

extension Call {
    /// What `optimizer=` takes: an optimizer, or the name of one with its defaults.
    func optimizer(_ index: Int) throws(Failure) -> Optimizer {
        if let object = self[index].native as? OptimizerObject { return object.optimizer }
        let record: OptimizerRecord = try named(
            index, "optimizer", Optimizer.catalogue.map(\.name), Optimizer.named,
            own: "an optimizer of your own cannot be used here")
        return try Optimizer(record)
    }

    fileprivate func form(_ index: Int, _ record: OptimizerRecord) throws(Failure) -> OptimizerForm {
        let name = try string(index)
        if let form = OptimizerForm(rawValue: name), record.forms.contains(form) { return form }
        throw refused(index, "must be one of " + record.forms.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))
    }
}
