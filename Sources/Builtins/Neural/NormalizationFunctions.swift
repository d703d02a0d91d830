import Diagnostics
import Language
import Neural
import Tensors

/// The layers that keep numbers in bounds, and the one that leaves some out.
enum NormalizationFunctions {
    static let builtins: [Builtin] = [batchnorm, dropout, layernorm]

    static let batchnorm = Builtin(
        "batchnorm", "A layer that gives each feature mean 0 and variance 1 over the batch, then scales and moves it; in a loop that is written out net(x, training=true) says that this is training.",
        [
            .init("momentum", "number", .number(0.99), .keyword, "how slowly the moving averages follow, from 0 to 1"),
            .init("epsilon", "number", .number(0.001), .keyword, "ε, above 0"),
        ],
        formula:
            "y = gamma (x - μ) / √(σ² + ε) + beta; in training μ, σ² are those of the batch (σ² by n), and m = momentum m + (1 - momentum) μ, v likewise; else they are m and v",
        shapes: "[n, ..., d] -> the same; gamma, beta, moving_mean, moving_variance [d]",
        example: "sequential(input(4), dense(8), batchnorm(), relu, dense(1))",
        source: "Ioffe and Szegedy 2015, arXiv:1502.03167; as in Keras"
    ) { call throws(Failure) in
        Value(native: LayerObject(try BatchNorm(momentum: call.number(0), epsilon: call.number(1))))
    }

    static let layernorm = Builtin(
        "layernorm", "A layer that gives the features of each sample mean 0 and variance 1, then scales and moves them.",
        [
            .init("epsilon", "number", .number(0.001), .keyword, "ε, above 0"),
            .init("scale", "bool", .bool(true), .keyword, "whether there is a gamma"),
            .init("center", "bool", .bool(true), .keyword, "whether there is a beta"),
        ],
        formula: "y = gamma (x - μ) / √(σ² + ε) + beta; μ, σ² the mean and the variance (by d) of the last axis",
        shapes: "[n, ..., d] -> the same; gamma, beta [d]", example: "sequential(input(4), dense(8, tanh), layernorm(), dense(1))",
        source: "Ba, Kiros and Hinton 2016, arXiv:1607.06450; as in Keras"
    ) { call throws(Failure) in
        Value(native: LayerObject(try LayerNorm(epsilon: call.number(0), hasScale: call.bool(1), hasCentre: call.bool(2))))
    }

    static let dropout = Builtin(
        "dropout", "A layer that in training leaves out each number with a probability; else it changes nothing. In a loop that is written out net(x, training=true) says that this is training.",
        [.init("rate", "number", .number(0.5), .positional, "the probability, 0 or more and below 1")],
        formula: "in training y = 0 with probability rate, else x / (1 - rate); otherwise y = x", shapes: "[n, ...] -> the same",
        example: "sequential(input(4), dense(8, relu), dropout(0.2), dense(1))",
        source: "Srivastava et al. 2014, JMLR 15, 1929-1958"
    ) { call throws(Failure) in Value(native: LayerObject(try Dropout(call.number(0)))) }
}
