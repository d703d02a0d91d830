import Autodiff
import Diagnostics
import Language
import Neural
import Tensors

/// An object with parameters of the engine: a network, or a layer, which is a network of one as soon as it is called.
protocol Parametric: NativeObject {
    /// Nil for a layer that has not been called.
    var numbers: Network? { get }
    /// The variables that stand for its parameters while a gradient by them is taken, in their order.
    var lifted: LiftedParameters? { get set }
    /// The network, made for samples of the shape of x if it is not yet.
    func network(for x: Tensor?, _ interpreter: Interpreter) throws(Failure) -> Network
}

/// Variables in the place of an object's parameters.
final class LiftedParameters {
    let tracing: Tracing
    let variables: [Variable]

    init(_ tracing: Tracing, _ variables: [Variable]) {
        self.tracing = tracing
        self.variables = variables
    }
}

extension Parametric {
    /// The parameter of this number as it is followed now; nil where no gradient by it is taken.
    func followed(_ number: Int) -> Value? {
        guard let lifted, lifted.variables.indices.contains(number) else { return nil }
        return lifted.tracing.value(lifted.variables[number])
    }

    /// Copies of its parameters in their order, each with one count; what stands for them where a gradient by them is taken.
    func parameterValues() throws(Failure) -> [Value] {
        try (numbers?.parameters() ?? []).enumerated().map { followed($0) ?? Value(tensor: $1) }
    }
}

/// What a pass through a model leaves behind, and what it goes by: there while `fit` runs the code of a model.
final class ModelPass {
    let mode: RecordingMode
    /// The networks and layers that were called, in order.
    private(set) var called: [any Parametric] = []

    /// What a layer gave, or a function or object of the user's.
    struct Step {
        let title: String
        /// Nil where it was no layer.
        weak var object: (any Parametric)?
        /// Its place in a network of several.
        let layer: Int?
        let output: Variable
    }

    private(set) var steps: [Step] = []

    /// Those that were called for the first time and drew their numbers.
    fileprivate(set) var made: [any Parametric] = []
    /// What takes over the parameters of those that are called, where the pass is one of training.
    let parameters: ModelParameters?

    init(_ mode: RecordingMode, _ parameters: ModelParameters? = nil) {
        self.mode = mode
        self.parameters = parameters
    }

    func note(_ object: any Parametric) {
        if !called.contains(where: { $0 === object }) { called.append(object) }
    }

    func note(_ output: Variable, of title: @autoclosure () -> String, _ object: (any Parametric)? = nil, layer: Int? = nil) {
        if parameters != nil { steps.append(Step(title: title(), object: object, layer: layer, output: output)) }
    }

    /// The pass that is being made.
    static func current(_ interpreter: Interpreter) -> ModelPass? { Holder.of(interpreter).current }

    func run<Result>(_ interpreter: Interpreter, _ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        let holder = Holder.of(interpreter)
        let outer = holder.current
        holder.current = self
        defer { holder.current = outer }
        return try body()
    }

    private final class Holder {
        var current: ModelPass?
        static func of(_ interpreter: Interpreter) -> Holder { interpreter.attachment { Holder() } }
    }
}

/// What networks and layers take when they are called.
enum Applying {
    static let training = Builtin.Parameter(
        "training", "bool", .bool(false), .keyword,
        "as in a step of fit: dropout drops, batchnorm goes by the batch and, when a gradient is taken, keeps its averages")

    /// How the layers behave in this call: as the pass around it has it, or as the call says.
    static func mode(_ call: borrowing Call) throws(Failure) -> RecordingMode? {
        if let pass = ModelPass.current(call.interpreter) { return pass.mode }
        return try call.bool(1) ? RecordingMode(isTraining: true, key: call.interpreter.generator.next()) : nil
    }
}

extension Parametric {
    /// `net(x)`: the outputs for samples `[n, …]`, or for one sample; recorded where something is followed.
    func applied(_ call: borrowing Call) throws(Failure) -> Value {
        let interpreter = call.interpreter
        let pass = ModelPass.current(interpreter)
        pass?.note(self)
        let mode = try Applying.mode(call)
        guard let tracing = Tracing.current(interpreter), lifted != nil || pass?.parameters != nil || call[0].holdsTraced
        else {
            guard let mode, mode.isTraining else {
                let x = try call.tensorOrNumber(0)
                return Value(reduced: try network(for: x, interpreter).predict(x))
            }
            return try Tracing.within(interpreter) { (tracing, _) throws(Failure) in
                let value = try recorded(call, tracing, mode)
                defer { value.release() }
                return try value.untraced()
            }
        }
        return try recorded(call, tracing, mode ?? RecordingMode())
    }

    /// The same on the tape.
    private func recorded(
        _ call: borrowing Call, _ tracing: Tracing, _ mode: RecordingMode
    ) throws(Failure) -> Value {
        let interpreter = call.interpreter, pass = ModelPass.current(interpreter)
        guard var x = try tracing.variable(of: call[0]) else { throw call.unexpected(0, "a tensor") }
        let tape = tracing.tape
        if numbers?.inputShape == nil { pass?.made.append(self) }
        let network = try network(for: tape.value(x), interpreter)
        try pass?.parameters?.adopt(self, network, tracing)
        let shape = tape.shape(x), inputShape = network.inputShape ?? []
        let isOne = shape == inputShape && !shape.isEmpty
        if isOne {
            x = try tape.reshape(x, [1] + shape)
        } else if shape.count == 1, inputShape == [1] {
            x = try tape.reshape(x, shape + [1])
        }
        let parameters: [Variable]
        if let lifted, lifted.tracing === tracing {
            parameters = lifted.variables
        } else {
            parameters = try network.parameters().map { (tensor) throws(Failure) in try tape.leaf(tensor) }
        }
        let isOneLayer = network.layers.count == 1
        let result = try network.record(x, parameters, on: tape, mode) { position, output in
            pass?.note(output, of: network.layers[position].layer.title, self, layer: isOneLayer ? nil : position)
        }
        return tracing.value(isOne ? try tape.reshape(result, Array(tape.shape(result).dropFirst())) : result)
    }
}
