import Diagnostics
import Tensors

/// Steps with gradients that come from elsewhere, and the point looked ahead to.
extension Optimizer {
    /// One step on all of a network's parameters with gradients of their shapes, in the order of `Network.parameters()`.
    public func step(_ network: Network, gradients: [Tensor]) throws(Failure) {
        guard let storage = network.storage else {
            throw Failure(.value, "the network has no parameters yet", help: "begin it with input(…)")
        }
        let places = network.layers.enumerated().flatMap { position, built in
            zip(built.parameters, built.offsets).map { (position, $0, $1) }
        }
        guard places.count == gradients.count else {
            throw Failure(.argument, "the network has \(places.count) parameters, the gradient has \(gradients.count)")
        }
        let heap = Heap.current
        let gradient = try Buffer(bytes: network.storageCount * network.dtype.size, for: "the gradients")
        for ((position, parameter, offset), given) in zip(places, gradients) {
            guard given.shape == parameter.shape else {
                throw Failure(
                    .shape,
                    "layer \(position): the gradient of \(parameter.name) is \(Tensor.text(of: given.shape)), \(parameter.name) is \(Tensor.text(of: parameter.shape))")
            }
            let numbers = try Conversion.stored(given.block, as: network.dtype, heap)
            defer { numbers.release(heap) }
            let size = network.dtype.size
            (gradient.bytes + offset * size).copyMemory(from: numbers.data, byteCount: parameter.count * size)
        }
        try prepare(for: network)
        let kernels = Kernels(network.dtype)
        let trained = places.filter { $0.1.isTrained }
        if let clipValue {
            for (_, parameter, offset) in trained {
                kernels.table.pointee.clip(parameter.count, clipValue, gradient.bytes + offset * network.dtype.size)
            }
        }
        if let clipNorm {
            let length = trained.reduce(0.0) { sum, place in
                sum + kernels.table.pointee.squares(place.1.count, gradient.bytes + place.2 * network.dtype.size)
            }.squareRoot()
            if length > clipNorm {
                for (_, parameter, offset) in trained {
                    kernels.table.pointee.scale(parameter.count, clipNorm / length, gradient.bytes + offset * network.dtype.size)
                }
            }
        }
        let step = next(kernels)
        for (_, parameter, offset) in trained {
            let start = offset * network.dtype.size
            step.apply(
                rows: 1, columns: parameter.count, stride: parameter.count, x: storage.bytes, g: gradient.bytes + start,
                byteOffset: start)
        }
    }

    /// The gradient of nag is taken at a point ahead of the parameters. While training the parameters stand there; this
    /// puts them there (`true`), or back to where they are (`false`); of others it does nothing.
    public func lookAhead(_ isAhead: Bool, _ parameters: UnsafeMutableRawPointer, count: Int, _ dtype: DType) {
        guard record.looksAhead(settings), let direction = moments.first else { return }
        let distance = isAhead ? learningRate : 0
        let move = stand(ahead: distance) - distance
        guard move != 0 else { return }
        for index in 0..<count {
            if dtype == .float64 {
                let x = parameters.load(fromByteOffset: index * 8, as: Double.self)
                let p = direction.bytes.load(fromByteOffset: index * 8, as: Double.self)
                parameters.storeBytes(of: x + move * p, toByteOffset: index * 8, as: Double.self)
            } else {
                let x = parameters.load(fromByteOffset: index * 4, as: Float.self)
                let p = direction.bytes.load(fromByteOffset: index * 4, as: Float.self)
                parameters.storeBytes(of: x + Float(move) * p, toByteOffset: index * 4, as: Float.self)
            }
        }
    }
}
