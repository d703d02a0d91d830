import Diagnostics
import Language
import Tensors

/// Parameters that many functions on tensors share.
enum TensorParameter {
    static let x = Builtin.Parameter("x", "tensor, list or number", .required, .positional, "the operand")
    static let shape = Builtin.Parameter(
        "shape", "numbers, or one list or tuple", .absent, .variadic, "the length of each axis; none for one number")
    static let axis = Builtin.Parameter(
        "axis", "number, tuple or none", .none, .keyword,
        "the axis or axes to run over, from 0, negative from the end; none for all")
    static let oneAxis = Builtin.Parameter(
        "axis", "number or none", .none, .keyword,
        "the axis to run over, from 0, negative from the end; none for the flat tensor")
    static let keepdims = Builtin.Parameter(
        "keepdims", "bool", .bool(false), .keyword, "leave the axes in the result with length 1")
    static let dtype = Builtin.Parameter(
        "dtype", "string", .string("float64"), .keyword, "`float64`, `float32`, `uint8` or `bool`")

    static func axis(_ default: Double, _ summary: String) -> Builtin.Parameter {
        Builtin.Parameter("axis", "number", .number(`default`), .keyword, summary)
    }
}

extension Call {
    /// What `axis=` says: none for all.
    func reducedAxes(_ index: Int) throws(Failure) -> Axes {
        try axes(index).map { .some($0) } ?? .all
    }

    func dtype(_ index: Int) throws(Failure) -> DType {
        let name = try string(index)
        if let dtype = DType(name: name) { return dtype }
        let hint: [String: String] = ["float": "float64", "double": "float64", "int": "float64", "int64": "float64"]
        throw Failure(
            .value, "there is no type \"\(name)\": float64, float32, uint8 and bool are",
            help: hint[name].map { "did you mean \"\($0)\"?" }, argument: index)
    }

    /// The generator of the running cell.
    func draw<Result>(_ body: (inout Generator) throws(Failure) -> Result) throws(Failure) -> Result {
        try body(&interpreter.generator)
    }
}

extension Value {
    /// A tensor without axes is a number, or a bool.
    init(reduced tensor: Tensor) {
        guard tensor.rank == 0 else {
            self.init(tensor: tensor)
            return
        }
        let number = tensor.block.number(at: 0)
        if tensor.dtype == .bool { self.init(number != 0) } else { self.init(canonical: number) }
    }
}
