import CKernels
import Diagnostics
import Tensors

/// The last layer's activation together with the loss: pairs that belong together are computed in one go, from the
/// numbers before the activation, so that nothing is lost by rounding.
struct Head {
    let loss: Loss
    let activation: Activation

    /// Numbers of a sample that are measured together, and how many such groups a sample has: a sequence of probabilities
    /// has one for each of its places.
    let columns: Int
    let positions: Int

    /// Refuses what cannot work, before the first batch.
    init(_ loss: Loss, _ network: Network) throws(Failure) {
        let nodes = try network.plan().nodes
        guard let node = nodes.last else { throw Failure(.internal, "the network has no stage") }
        self.loss = loss
        activation = node.activation
        columns = loss.takesDistribution || activation.isSoftmax ? node.columns : node.width
        positions = columns > 0 ? node.width / columns : 1
        let layer = "layer \(node.position) (\(network.layers[node.position].layer.title))"
        let name = activation.text
        if activation.isSoftmax, columns == 1 {
            throw Failure(
                .value, "\(layer): softmax over 1 output is always 1",
                help: "dense(1, sigmoid) for two classes, dense(2, softmax) with classes 0 and 1")
        }
        if activation.isSoftmax, node.slots.isEmpty, nodes.dropLast().last?.activation.isSoftmax == true {
            throw Failure(.value, "\(layer): softmax of a softmax evens the probabilities out", help: "leave one of the two out")
        }
        if loss.takesDistribution, !activation.isSoftmax {
            throw Failure(
                .value, "\(loss.name) needs probabilities that sum to 1, and \(layer) ends in \(name)",
                help: columns == 1
                    ? "loss=binary_crossentropy with a sigmoid for one output"
                    : "end with softmax; for a sigmoid an output take loss=binary_crossentropy")
        }
        if loss.isBinaryCrossentropy, activation.record.name != "sigmoid" {
            throw Failure(
                .value, "binary_crossentropy needs a probability for each output, and \(layer) ends in \(name)",
                help: activation.isSoftmax ? "loss=crossentropy" : "end with sigmoid")
        }
    }

    /// What one element's loss counts in the whole.
    func scale(rows: Int) -> Double { loss.scale(rows: rows * positions, columns: columns) }

    /// Rows of z, the last layer's sums, become its outputs; the loss of each of their groups and, unless none is wanted,
    /// the gradient by z times `scale`. An activation that keeps its slope does so in `slopes`, of the size of z, and draws
    /// by the key what it draws, z beginning with the element `first` of the batch.
    func run(
        _ kernels: Kernels, rows samples: Int, z: UnsafeMutableRawPointer, targets: UnsafeRawPointer, scale: Double,
        gradient: UnsafeMutableRawPointer?, losses: UnsafeMutablePointer<Double>, slopes: UnsafeMutableRawPointer? = nil,
        key: UInt64 = 0, first: Int = 0
    ) {
        let table = kernels.table, rows = samples * positions
        if loss.takesDistribution, activation.isSoftmax {
            table.pointee.softmax_crossentropy(rows, columns, z, targets, scale, gradient, losses)
            // The divergence is the crossentropy less the entropy of the targets.
            if !loss.isCrossentropy { kernels.addEntropy(rows, columns, targets, to: losses) }
        } else if loss.isBinaryCrossentropy {
            table.pointee.sigmoid_crossentropy(activation.parameter, rows, columns, z, targets, scale, gradient, losses)
        } else {
            kernels.activate(
                activation.loop, rows: rows, columns: columns, stride: columns, bias: nil, z, slopes: slopes,
                isTraining: slopes != nil, key: key, first: first)
            kernels.loss(
                loss, rows: rows, columns: columns, z, targets: targets, scale: scale, gradient: gradient, losses: losses)
            if let gradient {
                kernels.slope(activation.loop, rows: rows, columns: columns, stride: columns, y: z, gradient, slopes: slopes)
            }
        }
    }
}
