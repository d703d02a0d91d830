import Diagnostics
import Tensors

/// Products, equations and convolutions.
extension Tape {
    /// A⁻¹
    public func inverse(_ a: Variable) throws(Failure) -> Variable { try record(.inverse, Arguments(a)) }

    /// det A
    public func determinant(_ a: Variable) throws(Failure) -> Variable { try record(.determinant, Arguments(a)) }

    /// The x of A x = b, for a vector b or several as columns.
    public func solve(_ a: Variable, _ b: Variable) throws(Failure) -> Variable {
        let dims = shape(b)
        guard dims.count == 1 else { return try record(.solve, Arguments(a, b)) }
        return try reshape(record(.solve, Arguments(a, reshape(b, dims + [1]))), dims)
    }

    /// All products of an element of a vector with one of another: [n], [m] -> [n, m]
    public func outer(_ a: Variable, _ b: Variable) throws(Failure) -> Variable {
        guard shape(a).count == 1, shape(b).count == 1 else {
            throw Failure(
                .shape, "outer takes two vectors, not \(Tensor.text(of: shape(a))) and \(Tensor.text(of: shape(b)))")
        }
        return try matrices(reshape(a, shape(a) + [1]), reshape(b, [1] + shape(b)))
    }

    /// Σ of the diagonal.
    public func trace(_ a: Variable) throws(Failure) -> Variable {
        let dims = shape(a)
        guard dims.count == 2 else { throw Failure(.shape, "trace takes a matrix, not \(Tensor.text(of: dims))") }
        let diagonal = (0..<min(dims[0], dims[1])).map { $0 * (dims[1] + 1) }
        return try sum(record(.gather, Arguments(a, list: diagonal, dims: [diagonal.count])))
    }

    /// The convolution of two vectors or two matrices, as the language's `convolve`: every window of the padded signal
    /// times the reversed kernel.
    public func convolve(_ a: Variable, _ k: Variable, _ overlap: Statistics.Overlap) throws(Failure) -> Variable {
        let (signal, kernel) = (shape(a), shape(k))
        guard signal.count == kernel.count, signal.count == 1 || signal.count == 2, !signal.contains(0),
            !kernel.contains(0)
        else {
            throw Failure(
                .shape,
                "convolve takes two vectors or two matrices, not \(Tensor.text(of: signal)) and \(Tensor.text(of: kernel))")
        }
        let rank = signal.count
        let places = zip(signal, kernel).map { overlap.kept($0, $1) }
        let dims = places.map(\.count)
        let count = dims.reduce(1, *), width = kernel.reduce(1, *)
        var offsets: [Int] = []
        offsets.reserveCapacity(count * width)
        for place in 0..<count {
            let row = rank == 1 ? 0 : places[0].lowerBound + place / dims[1]
            let column = places[rank - 1].lowerBound + place % dims[rank - 1]
            for element in 0..<width {
                let (y, x) = rank == 1 ? (0, element) : (element / kernel[1], element % kernel[1])
                let (i, j) = (row - y, column - x)
                let inside = j >= 0 && j < signal[rank - 1] && i >= 0 && i < (rank == 1 ? 1 : signal[0])
                offsets.append(inside ? i * signal[rank - 1] + j : -1)
            }
        }
        let windows = try record(.gather, Arguments(a, list: offsets, dims: [count, width]))
        return try reshape(matrices(windows, reshape(k, [width, 1])), dims)
    }

    /// The value of a foreign function (a layer of the engine) of x and its parameters in one row.
    public func apply(_ function: any ForeignFunction, _ x: Variable, _ parameters: Variable) throws(Failure) -> Variable {
        var arguments = Arguments(x, parameters)
        arguments.foreign = function
        return try record(.foreign, arguments)
    }
}
