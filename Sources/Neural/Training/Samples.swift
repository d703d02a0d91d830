import CKernels
import Diagnostics
import Tensors

/// Samples as the engine reads them: rows in the type they are stored in, gathered batch by batch.
struct Samples {
    let tensor: Tensor
    let count: Int
    /// Valid as long as the tensor is.
    let rows: Rows

    /// Samples `[n, …]` that a network takes; the network is built on them if it is not yet.
    init(_ x: Tensor, for network: Network) throws(Failure) {
        guard x.rank > 0 else {
            throw Failure(.shape, "the samples are one number", help: "X is [samples, features]: one row a sample")
        }
        let wanted = network.inputShape
        // A vector of numbers is a column where one number is a sample.
        let isColumn = x.rank == 1 && (wanted == nil || wanted == [1])
        let shape = isColumn ? [1] : Array(x.shape.dropFirst())
        // Grey images are images of one channel.
        if let wanted, shape != wanted, shape + [1] != wanted {
            if x.shape == wanted {
                throw Failure(
                    .shape, "X is one sample of shape \(Tensor.text(of: wanted)); samples are rows",
                    help: "X[new] makes one row of it")
            }
            // A vector is one sample, not samples without numbers.
            guard !shape.isEmpty || wanted.isEmpty else { throw Network.wrongSample(x.shape, wanted: wanted) }
            throw Network.wrongSample(shape, wanted: wanted, count: x.shape.first)
        }
        try network.build(wanted ?? shape)
        try network.descriptions.first { !($0 is Reshape || $0 is Flatten) }?.check(x)
        tensor = x
        count = x.shape[0]
        guard count <= Int(Int32.max) else { throw Failure(.value, "\(count) samples are too many") }
        rows = Rows(x)
    }

    /// Rows as they lie, where they have the kernels' type already.
    func rows(from row: Int, _ kernels: Kernels) -> UnsafeRawPointer? {
        guard tensor.dtype == (kernels.isDouble ? .float64 : .float32) else { return nil }
        return UnsafeRawPointer(tensor.block.data + row * rows.width * kernels.size)
    }
}
