import Diagnostics
import Tensors

/// Rows of tensors, by their numbers.
package enum Rows {
    /// The elements along the first axis that stand at `places`, each of which is in its range.
    package static func take(_ tensor: Tensor, _ places: [Int]) throws(Failure) -> Tensor {
        var shape = tensor.shape
        let rows = shape.first ?? 0
        if shape.isEmpty { throw Failure(.shape, "a tensor of shape () has no rows") }
        shape[0] = places.count
        let result = try Tensor(uninitialized: shape, tensor.dtype)
        let size = rows == 0 ? 0 : tensor.count / rows * tensor.dtype.size
        for (row, place) in places.enumerated() where size > 0 && (0..<rows).contains(place) {
            (result.block.data + row * size).copyMemory(from: tensor.block.data + place * size, byteCount: size)
        }
        return result
    }

    /// The elements as doubles, whatever their type.
    package static func numbers(_ tensor: Tensor) -> [Double] {
        let block = tensor.block
        switch tensor.dtype {
        case .float64: return (0..<tensor.count).map { block.float64[$0] }
        case .float32: return (0..<tensor.count).map { Double(block.float32[$0]) }
        case .uint8, .bool: return (0..<tensor.count).map { Double(block.bytes[$0]) }
        }
    }

    /// A vector of float64.
    package static func vector(_ numbers: some Collection<Double>) throws(Failure) -> Tensor {
        let tensor = try Tensor(uninitialized: [numbers.count])
        for (index, number) in numbers.enumerated() { tensor.block.float64[index] = number }
        return tensor
    }
}
