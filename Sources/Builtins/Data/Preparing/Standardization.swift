import Diagnostics
import Tensors

/// Mean and deviation of each column, and what they do: `z = (x - mean) / std`. A column is a place along all axes but
/// the first. The deviation divides by n; a constant column has 1 in its place and becomes 0.
package struct Standardization {
    /// `[d...]`, float64.
    package let mean: Tensor
    package let std: Tensor
    /// The constant columns, by their place.
    package let constant: [Int]

    /// From the rows of `X [n, d...]`.
    package init(of X: Tensor) throws(Failure) {
        let shape = X.shape
        guard let rows = shape.first, shape.count >= 1 else {
            throw Failure(.shape, "X needs rows: it has the shape ()")
        }
        guard rows > 0 else { throw Failure(.value, "X has no rows, so no mean") }
        let columns = X.count / rows
        let numbers = Rows.numbers(X)
        let mean = try Tensor(uninitialized: Array(shape.dropFirst()))
        let std = try Tensor(uninitialized: Array(shape.dropFirst()))
        var constant: [Int] = []
        for column in 0..<columns {
            // Twice over the data: the differences from the mean lose nothing to cancellation.
            var sum = 0.0
            var bad = 0
            for row in 0..<rows {
                let value = numbers[row * columns + column]
                if !value.isFinite { bad += 1 }
                sum += value
            }
            guard bad == 0 else {
                let place = shape.count == 1 ? "X" : "column \(column) of X"
                throw Failure(
                    .value, "\(place) holds \(bad) \(bad == 1 ? "value" : "values") that \(bad == 1 ? "is" : "are") missing or infinite",
                    help: "leave these rows out first")
            }
            let average = sum / Double(rows)
            var squares = 0.0
            for row in 0..<rows {
                let difference = numbers[row * columns + column] - average
                squares += difference * difference
            }
            let deviation = (squares / Double(rows)).squareRoot()
            mean.block.float64[column] = average
            // Rounding leaves a constant column a deviation of some 1e-17 times its size.
            let isConstant = deviation <= abs(average) * 1e-14 || !deviation.isFinite
            std.block.float64[column] = isConstant ? 1 : deviation
            if isConstant { constant.append(column) }
        }
        self.mean = mean
        self.std = std
        self.constant = constant
    }

    /// `(x - mean) / std`; float32 where `X` is float32 or bytes, else float64.
    package func scale(_ X: Tensor) throws(Failure) -> Tensor {
        try map(X) { value, mean, std in (value - mean) / std }
    }

    /// `z * std + mean`, the way back.
    package func unscale(_ Z: Tensor) throws(Failure) -> Tensor {
        try map(Z) { value, mean, std in value * std + mean }
    }

    private func map(_ X: Tensor, _ f: (Double, Double, Double) -> Double) throws(Failure) -> Tensor {
        let shape = X.shape
        // One sample, without the axis of rows, is taken too.
        guard !shape.isEmpty || mean.shape.isEmpty, shape == mean.shape || Array(shape.dropFirst()) == mean.shape else {
            throw Failure(
                .shape,
                "the scaler knows samples of shape \(Tensor.text(of: mean.shape)), X has the shape \(Tensor.text(of: shape))")
        }
        let isSingle = X.dtype == .float32 || X.dtype == .uint8
        let result = try Tensor(uninitialized: shape, isSingle ? .float32 : .float64)
        let numbers = Rows.numbers(X)
        let columns = max(mean.count, 1)
        for index in numbers.indices {
            let column = index % columns
            let value = f(numbers[index], mean.block.float64[column], std.block.float64[column])
            if isSingle {
                result.block.float32[index] = Float(value)
            } else {
                result.block.float64[index] = value
            }
        }
        return result
    }
}
