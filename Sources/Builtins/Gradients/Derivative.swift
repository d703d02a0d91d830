import Autodiff
import Diagnostics
import Language
import Tensors

/// What is asked of a function.
enum DerivativeKind: String {
    case gradient, valueAndGradient, jacobian, hessian

    /// The prelude's name of it.
    var name: String {
        switch self {
        case .gradient: "grad"
        case .valueAndGradient: "value_and_grad"
        case .jacobian: "jacobian"
        case .hessian: "hessian"
        }
    }
}

/// `grad(f)` and its kin: a function of the arguments of `f`.
final class Derivative: NativeObject {
    /// Which argument is differentiated by.
    enum Argument {
        case position(Int)
        case name(String)
    }

    let kind: DerivativeKind
    private let function: Held
    private let arguments: [Argument]
    /// Whether the result is a tuple, one a differentiated argument.
    private let isTuple: Bool

    init(_ kind: DerivativeKind, _ function: Value, _ arguments: [Argument], isTuple: Bool) {
        self.kind = kind
        self.function = Held(sharing: function)
        self.arguments = arguments
        self.isTuple = isTuple
    }

    override var typeName: String { "function" }
    override var isCallable: Bool { true }
    override var takesAnything: Bool { true }
    override var wrapped: Value? { function.value }
    override var description: String { "<function \(kind.name)>" }

    override func call(
        arguments given: UnsafeBufferPointer<Value>, names: [String], _ interpreter: Interpreter
    ) throws(Failure) -> Value {
        let places = try places(given.count - names.count, names, interpreter)
        return try Tracing.within(interpreter) { (tracing, isInner) throws(Failure) in
            var arguments = Array(given)
            var lifted: [Value] = []
            var inputs: [Variable] = []
            let lifting = Lifting(interpreter) { (_, original) throws(Failure) in
                inputs.append(try Derivative.input(original, tracing))
                return tracing.value(inputs[inputs.count - 1])
            }
            defer {
                lifting.restore()
                for value in lifted { value.release() }
            }
            var structures: [Structure] = []
            for place in places {
                try Derivative.check(given[place], place, kind)
                let (value, structure) = try lifting.lift(given[place])
                lifted.append(value)
                structures.append(structure)
                arguments[place] = value
            }
            let output = try interpreter.call(function.value, arguments, names: names)
            defer { output.release() }
            let outcome = TracedResult(tracing: tracing, isInner: isInner, inputs: inputs, interpreter: interpreter)
            // Of several arguments the second derivatives by each pair of them.
            let results = try structures.map { (structure) throws(Failure) in
                kind == .hessian && structures.count > 1
                    ? Value(tuple: try outcome.hessian(output, structure, structures))
                    : try outcome.derivative(kind, output, structure)
            }
            let derivative = isTuple ? Value(tuple: results) : results.first ?? .none
            guard kind == .valueAndGradient else { return derivative }
            return Value(tuple: [isInner ? output.retained : try output.untraced(), derivative])
        }
    }

    /// The variable that a number or tensor becomes.
    private static func input(_ value: Value, _ tracing: Tracing) throws(Failure) -> Variable {
        if value.isNumber { return try tracing.tape.leaf(value.number) }
        if value.isObject(.tensor) {
            let block = TensorBlock(value.object)
            return try block.dtype == .float64 ? tracing.tape.leaf(block) : tracing.tape.leaf(Tensor(sharing: block))
        }
        guard let variable = try tracing.variable(of: value) else { throw Failure(.internal, "no number to start from") }
        return try tracing.tape.alias(variable)
    }

    // MARK: arguments

    /// Where the differentiated arguments stand in the call.
    private func places(_ positional: Int, _ names: [String], _ interpreter: Interpreter) throws(Failure) -> [Int] {
        let known = interpreter.parameterNames(of: function.value)
        return try arguments.map { (argument) throws(Failure) in
            switch argument {
            case .position(let position):
                if position < positional { return position }
                let name = known.flatMap { position < $0.count ? $0[position] : nil }
                if let name, let index = names.firstIndex(of: name) { return positional + index }
                let what = name.map { "`\($0)`" } ?? "argument \(position)"
                if let known, position >= known.count {
                    throw Failure(
                        .argument, "`\(kind.name)(f, \(position))` asks for argument \(position), f takes \(known.count)",
                        help: "arguments are counted from 0; wrt=\"name\" names one")
                }
                throw Failure(
                    .argument, "the function of `\(kind.name)` needs a value for \(what), which it is differentiated by",
                    help: "\(kind.name)(f)(x) is the \(kind == .jacobian ? "jacobian" : "gradient") at x")
            case .name(let name):
                if let index = names.firstIndex(of: name) { return positional + index }
                guard let known else {
                    throw Failure(.argument, "the parameters of this function have no names", help: "grad(f, 0) counts them")
                }
                guard let position = known.firstIndex(of: name) else {
                    throw Failure(
                        .argument, "the function has no parameter `\(name)` to be differentiated by",
                        help: Nearest.match(name, in: known).map { "did you mean `\($0)`?" } ?? "it has \(known.joined(separator: ", "))")
                }
                if position < positional { return position }
                throw Failure(.argument, "`\(name)`, which it is differentiated by, needs a value in the call")
            }
        }
    }

    /// What cannot be differentiated by at all.
    private static func check(_ value: Value, _ place: Int, _ kind: DerivativeKind) throws(Failure) {
        if value.isBool {
            throw Failure(.type, "there is no gradient with respect to a bool", help: "it changes by jumps; a number can change a little", argument: place)
        }
        if value.isObject(.tensor) {
            let dtype = TensorBlock(value.object).dtype
            if dtype == .uint8 || dtype == .bool {
                throw Failure(
                    .type, "there is no gradient with respect to a tensor of \(dtype.name): it cannot change a little",
                    help: "x.astype(\"float64\") is one of real numbers", argument: place)
            }
            return
        }
        if kind == .hessian, !value.isNumber, !value.isTraced {
            throw Failure(
                .type, "`hessian` is with respect to a number or a tensor, not \(value.inWords)",
                help: "concat(...) makes one vector of several parts", argument: place)
        }
        if value.isNumber || value.isTraced || value.items != nil || value.map != nil || value.isObject(.instance) { return }
        if value.native is any Parametric || value.native is OwnModelObject { return }
        let isSequence = value.isObject(.range)
        throw Failure(
            .type, "there is no gradient with respect to \(value.inWords)",
            help: isSequence ? "tensor(...) makes a tensor of it" : "grad(f, 1) and grad(f, wrt=\"w\") say which argument is meant", argument: place)
    }
}
