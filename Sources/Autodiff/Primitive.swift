import Diagnostics
import Tensors

/// A differentiable operation: its shape rule, its value and its derivative, in one file.
///
/// The derivative is written in operations of the tape, so that it can be differentiated again.
protocol Primitive {
    /// The shape of the result; what does not fit is an error.
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int]

    /// Fills the data of the node from those of its operands; run again by every replay. What goes wrong with these
    /// numbers is left in `tape.failure`.
    static func forward(_ node: Node, _ tape: Tape)

    /// Adds to the gradient of each operand that wants one: upstream · ∂node / ∂operand.
    static func derivative(
        _ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass
    ) throws(Failure)
}

/// What an operation is applied to.
struct Arguments {
    var first: Variable
    var second: Variable?
    var third: Variable?
    var detail: UInt8 = 0
    var list: [Int] = []
    /// A shape where `list` is something else.
    var dims: [Int] = []
    var foreign: (any ForeignFunction)?

    init(
        _ first: Variable, _ second: Variable? = nil, _ third: Variable? = nil, detail: UInt8 = 0, list: [Int] = [],
        dims: [Int] = []
    ) {
        self.first = first
        self.second = second
        self.third = third
        self.detail = detail
        self.list = list
        self.dims = dims
    }
}

/// The primitives, in the order of `Operation`.
enum Catalogue {
    static func primitive(_ operation: Operation) -> any Primitive.Type {
        switch operation {
        case .leaf: Leaf.self
        case .add: Add.self
        case .subtract: Subtract.self
        case .multiply: Multiply.self
        case .divide: Divide.self
        case .power: Power.self
        case .maximum: Maximum.self
        case .minimum: Minimum.self
        case .floorDivide: FloorDivide.self
        case .modulo: Modulo.self
        case .elementary: Elementary.self
        case .compare: Compare.self
        case .select: Select.self
        case .alias: Alias.self
        case .reshape: Reshape.self
        case .transpose: Transpose.self
        case .expand: Expand.self
        case .sumTo: SumTo.self
        case .product: Product.self
        case .gather: Gather.self
        case .scatter: Scatter.self
        case .places: Places.self
        case .gatherBy: GatherBy.self
        case .scatterBy: ScatterBy.self
        case .cumulativeSum: CumulativeSum.self
        case .join: Join.self
        case .softmax: Softmax.self
        case .logSumExp: LogSumExp.self
        case .inverse: Inverse.self
        case .solve: Solve.self
        case .determinant: Determinant.self
        case .foreign: Foreign.self
        case .foreignDerivative: ForeignDerivative.self
        }
    }
}
