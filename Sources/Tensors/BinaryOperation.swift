import CKernels

/// The operators that work element by element. The raw values are those of `tensor_loops.h`.
@frozen public enum BinaryOperation: UInt8, Sendable, CaseIterable {
    case add, subtract, multiply, divide, maximum, minimum
    /// Python's: rounded towards minus infinity, the remainder has the divisor's sign. By zero they are errors.
    case floorDivide, modulo
    case power
    case equal, notEqual, less, lessEqual, greater, greaterEqual
    /// Of two masks.
    case and, or

    /// How it is written.
    public var symbol: String {
        switch self {
        case .add: "+"
        case .subtract: "-"
        case .multiply: "*"
        case .divide: "/"
        case .maximum: "max"
        case .minimum: "min"
        case .floorDivide: "//"
        case .modulo: "%"
        case .power: "^"
        case .equal: "=="
        case .notEqual: "!="
        case .less: "<"
        case .lessEqual: "<="
        case .greater: ">"
        case .greaterEqual: ">="
        case .and: "&"
        case .or: "|"
        }
    }

    /// Gives a bool tensor.
    @inlinable public var isComparison: Bool { rawValue >= BinaryOperation.equal.rawValue }
    @inlinable public var isLogical: Bool { self == .and || self == .or }

    /// The operation on two numbers, exactly as on two elements: for accumulating into an element.
    public func callAsFunction(_ x: Double, _ y: Double) -> Double {
        switch self {
        case .add: return x + y
        case .subtract: return x - y
        case .multiply: return x * y
        case .divide: return x / y
        case .equal: return x == y ? 1 : 0
        case .notEqual: return x != y ? 1 : 0
        case .less: return x < y ? 1 : 0
        case .lessEqual: return x <= y ? 1 : 0
        case .greater: return x > y ? 1 : 0
        case .greaterEqual: return x >= y ? 1 : 0
        case .and: return x != 0 && y != 0 ? 1 : 0
        case .or: return x != 0 || y != 0 ? 1 : 0
        case .maximum, .minimum, .floorDivide, .modulo, .power:
            var (a, b, out) = (x, y, 0.0)
            nnb_binary_f64(Int32(rawValue), Int32(bitPattern: UInt32(NNB_BOTH_RUN)), 1, &a, &b, &out)
            return out
        }
    }
}
