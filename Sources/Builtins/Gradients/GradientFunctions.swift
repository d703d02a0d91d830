import Diagnostics
import Language
import Tensors

/// Derivatives of functions of the language, by going back over the recorded steps (reverse mode).
///
/// Griewank, Walther: Evaluating Derivatives, 2nd ed., SIAM 2008, doi:10.1137/1.9780898717761.
enum GradientFunctions {
    static let builtins: [Builtin] = [grad, hessian, jacobian, valueAndGrad]

    private static let function = Builtin.Parameter(
        "f", "function", .required, .positional, "any function whose value is one number")
    private static let wrt = Builtin.Parameter(
        "wrt", "number, string, or several", .none, .positional,
        "with respect to which argument: its place from 0 or its name; several give a tuple in their order; the first without it")
    private static let source = "Griewank, Walther: Evaluating Derivatives, SIAM 2008, doi:10.1137/1.9780898717761"

    static let grad = Builtin(
        "grad", "the function that gives the gradient of f, in the form of the argument; `∇f` for short",
        [function, wrt], formula: "(∇f)ᵢ = ∂f/∂xᵢ", shapes: "x -> the same form as x", example: "grad(x -> x^2)(3)  # 6",
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

    private static func derivative(_ kind: DerivativeKind, _ call: borrowing Call) throws(Failure) -> Value {
        let function = try call.function(0)
        guard !call.isAbsent(1) else {
            return Value(native: Derivative(kind, function, [.position(0)], isTuple: false))
        }
        if let items = call[1].items {
            guard !items.isEmpty else { throw call.refused(1, "must name an argument or several") }
            var arguments: [Derivative.Argument] = []
            for item in items { arguments.append(try argument(item, kind, call)) }
            return Value(native: Derivative(kind, function, arguments, isTuple: true))
        }
        if let tensor = call[1].tensor, tensor.rank == 1, tensor.count > 0,
            tensor.numbers.allSatisfy({ $0 >= 0 && $0 < 100 && $0 == $0.rounded() })
        {
            let arguments = tensor.numbers.map { Derivative.Argument.position(Int($0)) }
            return Value(native: Derivative(kind, function, arguments, isTuple: true))
        }
        return Value(native: Derivative(kind, function, [try argument(call[1], kind, call)], isTuple: false))
    }

    private static func argument(
        _ value: Value, _ kind: DerivativeKind, _ call: borrowing Call
    ) throws(Failure) -> Derivative.Argument {
        if let name = value.string { return .name(name) }
        if let position = value.int, position >= 0, position < 1000 { return .position(position) }
        throw call.unexpected(
            1, "which argument is meant: its place from 0, or its name; the \(kind == .jacobian ? "jacobian" : "gradient") at x is \(kind.name)(f)(x)")
    }
}
