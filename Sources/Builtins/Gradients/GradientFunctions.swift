import Diagnostics
import Language
import Tensors

/// Derivatives of functions of the language, by going back over the recorded steps (reverse mode).
///
/// Griewank, Walther: Evaluating Derivatives, 2nd ed., SIAM 2008, doi:10.1137/1.9780898717761.
enum GradientFunctions {
    static let builtins: [Builtin] = [checkGrad, grad, hessian, jacobian, valueAndGrad]

    private static let function = Builtin.Parameter(
        "f", "function", .required, .positional, "any function whose value is one number")
    private static let wrt = Builtin.Parameter(
        "wrt", "number, string, or several", .none, .positional,
        "with respect to which argument: its place from 0 or its name; several give a tuple in their order; the first without it")
    private static let source = "Griewank, Walther: Evaluating Derivatives, SIAM 2008, doi:10.1137/1.9780898717761"

    static let grad = Builtin(
        "grad", "the function that gives the gradient of f, in the form of the argument; `∇f` for short",
        [function, wrt], formula:
            "(∇f)ᵢ = ∂f/∂xᵢ\nat a kink: abs 0; max(a, b) and min(a, b) that of b where they are equal, so max(x, 0) has 0 at 0; max(x), min(x) and sort(x) the first of equals; clip 0 at its bounds; floor, round, sign, comparisons and argmax 0 everywhere",
        shapes: "x -> the same form as x; a number in a field of an object is a setting and has none, as in fit: a parameter is a tensor, self.b = [0]",
        example: "grad(x -> x^2)(3)  # 6",
        source: source
    ) { call throws(Failure) in try derivative(.gradient, call) }

    static let valueAndGrad = Builtin(
        "value_and_grad", "the function that gives (f, ∇f) at once", [function, wrt], formula: "(f(x), ∇f(x))",
        shapes: "x -> (number, the same form as x)", example: "value_and_grad(x -> x^2)(3)  # (9, 6)", source: source
    ) { call throws(Failure) in try derivative(.valueAndGradient, call) }

    static let jacobian = Builtin(
        "jacobian", "the function that gives the derivatives of each element of f by each of x",
        [Builtin.Parameter("f", "function", .required, .positional, "any function whose value is a number or a tensor"), wrt],
        formula: "Jᵢⱼ = ∂fᵢ/∂xⱼ", shapes: "[d] -> f [m] -> [m, d]",
        example: "jacobian(x -> x^2)([1, 2])  # [2, 0; 0, 4]", source: source
    ) { call throws(Failure) in try derivative(.jacobian, call) }

    static let hessian = Builtin(
        "hessian", "the function that gives the second derivatives of f by each pair of elements of x",
        [function, wrt], formula: "Hᵢⱼ = ∂²f/∂xᵢ∂xⱼ", shapes: "[d] -> [d, d]",
        example: "hessian(x -> sum(x^3))([1, 2])  # [6, 0; 0, 12]", source: source
    ) { call throws(Failure) in try derivative(.hessian, call) }

    static let checkGrad = Builtin(
        "check_grad", "the gradient of f at x beside central differences, and the largest difference between the two",
        [
            function,
            Builtin.Parameter("x", "anything that a gradient is taken by", .required, .variadic, "the arguments of f"),
            Builtin.Parameter("wrt", "number, string, or several", .none, .keyword, "with respect to which of them; the first without it"),
        ],
        formula: "(f(x + h) - f(x - h)) / 2h, h = 6·10⁻⁶ max(1, |x|)",
        shapes: "fields gradient, differences, largest", example: "check_grad(x -> x^2, 3).largest < 1e-6  # true", source: source
    ) { call throws(Failure) in
        let function = try call.function(0)
        let arguments = Array(call.rest)
        let (wanted, isTuple) = try wrt(2, .gradient, call)
        let names = call.interpreter.parameterNames(of: function)
        let positions = try wanted.map { (argument) throws(Failure) in
            switch argument {
            case .position(let position):
                if position < arguments.count { return position }
            case .name(let name):
                if let position = names?.firstIndex(of: name), position < arguments.count { return position }
            }
            throw Failure(
                .argument, "`check_grad` needs a value for the argument that f is differentiated by",
                help: "check_grad(f, x): the arguments of f follow it")
        }
        return Value(native: try GradientCheck(function, arguments, positions, isTuple: isTuple, call.interpreter))
    }

    private static func derivative(_ kind: DerivativeKind, _ call: borrowing Call) throws(Failure) -> Value {
        let function = try call.function(0)
        let (arguments, isTuple) = try wrt(1, kind, call)
        return Value(native: Derivative(kind, function, arguments, isTuple: isTuple))
    }

    /// What `wrt=` says: which arguments, and whether there are several.
    private static func wrt(
        _ index: Int, _ kind: DerivativeKind, _ call: borrowing Call
    ) throws(Failure) -> (arguments: [Derivative.Argument], isTuple: Bool) {
        guard !call.isAbsent(index) else { return ([.position(0)], false) }
        if let items = call[index].items {
            guard !items.isEmpty else { throw call.refused(index, "must name an argument or several") }
            var arguments: [Derivative.Argument] = []
            for item in items { arguments.append(try argument(item, index, kind, call)) }
            return (arguments, true)
        }
        if let tensor = call[index].tensor, tensor.rank == 1, tensor.count > 0,
            tensor.numbers.allSatisfy({ $0 >= 0 && $0 < 100 && $0 == $0.rounded() })
        {
            return (tensor.numbers.map { Derivative.Argument.position(Int($0)) }, true)
        }
        return ([try argument(call[index], index, kind, call)], false)
    }

    private static func argument(
        _ value: Value, _ index: Int, _ kind: DerivativeKind, _ call: borrowing Call
    ) throws(Failure) -> Derivative.Argument {
        if let name = value.string { return .name(name) }
        if let position = value.int, position >= 0, position < 1000 { return .position(position) }
        throw Failure(
            .type,
            "`wrt` of `\(call.name)` says which argument is meant, by its place from 0 or its name; this is \(call[index].isNumber ? call.interpreter.text(call[index], .print) : call[index].inWords)",
            help: "the \(kind == .jacobian ? "jacobian" : kind == .hessian ? "hessian" : "gradient") at x is \(kind.name)(f)(x)", argument: index)
    }
}
