import CKernels
import Diagnostics
import Tensors

/// y = f(x) of each element;  ∂y/∂x = f'(x) by the table below.
enum Elementary: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] { tape.shape(arguments.first) }

    static func forward(_ node: Node, _ tape: Tape) {
        nnb_unary_f64(Int32(node.detail), node.count, tape.operand(node).data, node.data)
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let x = reverse.first(node), tape = reverse.tape
        guard reverse.wants(x), let function = UnaryFunction(rawValue: tape[node].detail) else { return }
        switch function {
        case .negate: try reverse.add(tape.apply(.negate, upstream), to: x)
        // Flat wherever they are smooth.
        case .sign, .floor, .ceil, .round: return
        default: try reverse.add(tape.apply(.multiply, upstream, slope(function, x, node, tape)), to: x)
        }
    }

    /// f'(x), where y = f(x).
    private static func slope(
        _ function: UnaryFunction, _ x: Variable, _ y: Variable, _ tape: Tape
    ) throws(Failure) -> Variable {
        func number(_ value: Double) throws(Failure) -> Variable { try tape.leaf(value) }
        func square(_ v: Variable) throws(Failure) -> Variable { try tape.apply(.square, v) }
        func over(_ a: Double, _ v: Variable) throws(Failure) -> Variable { try tape.apply(.divide, number(a), v) }
        func plus(_ a: Double, _ v: Variable) throws(Failure) -> Variable { try tape.apply(.add, number(a), v) }
        func minus(_ a: Double, _ v: Variable) throws(Failure) -> Variable { try tape.apply(.subtract, number(a), v) }
        func times(_ a: Double, _ v: Variable) throws(Failure) -> Variable { try tape.apply(.multiply, number(a), v) }
        return switch function {
        case .abs: try tape.apply(.subtract, tape.compare(.greater, x, number(0)), tape.compare(.less, x, number(0)))
        case .sqrt: try over(0.5, y)
        case .square: try times(2, x)
        case .exp: y
        case .expm1: try plus(1, y)
        case .log: try over(1, x)
        case .log2: try over(1.4426950408889634, x)
        case .log10: try over(0.4342944819032518, x)
        case .log1p: try over(1, plus(1, x))
        case .sin: try tape.apply(.cos, x)
        case .cos: try tape.apply(.negate, tape.apply(.sin, x))
        case .tan: try plus(1, square(y))
        case .asin: try over(1, tape.apply(.sqrt, minus(1, square(x))))
        case .acos: try over(-1, tape.apply(.sqrt, minus(1, square(x))))
        case .atan: try over(1, plus(1, square(x)))
        case .sinh: try tape.apply(.cosh, x)
        case .cosh: try tape.apply(.sinh, x)
        case .tanh: try minus(1, square(y))
        case .erf: try times(1.1283791670955126, tape.apply(.exp, tape.apply(.negate, square(x))))
        case .negate: try number(-1)
        case .sign, .floor, .ceil, .round: try number(0)
        }
    }
}
