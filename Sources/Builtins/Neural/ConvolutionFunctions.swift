import Diagnostics
import Language
import Neural
import Tensors

/// The layers of images and series: convolution and pooling.
enum ConvolutionFunctions {
    static let builtins: [Builtin] = [avgpool, conv1d, conv2d, globalAvgpool, globalMaxpool, maxpool]

    static let conv2d = convolution(
        axes: 2, "Filters that move over images.",
        formula: "y[i, j, f] = activation(Σ x[i s + a d - p, j s + b d - p, c] W[a, b, c, f] + b[f]), places outside the image 0",
        shapes:
            "[n, height, width, channels] or, with one channel, [n, height, width] -> [n, height', width', filters]; W [kernel, kernel, channels / groups, filters], b [filters]",
        example: "summary(sequential(input(28, 28), conv2d(32, 3, relu), maxpool(2), flatten(), dense(10, softmax)))")

    static let conv1d = convolution(
        axes: 1, "Filters that move along series.",
        formula: "y[i, f] = activation(Σ x[i s + a d - p, c] W[a, c, f] + b[f]), places outside the series 0",
        shapes: "[n, steps, features] -> [n, steps', filters]; W [kernel, features / groups, filters], b [filters]",
        example: "summary(sequential(input(100, 3), conv1d(8, 5, relu), global_maxpool(), dense(2, softmax)))")

    private static func convolution(
        axes: Int, _ summary: String, formula: String, shapes: String, example: String
    ) -> Builtin {
        let each = axes == 1 ? "" : "; a number, or a pair for rows and columns"
        let type = axes == 1 ? "whole number" : "whole number or pair"
        return Builtin(
            "conv\(axes)d", summary,
            [
                .init("filters", "whole number", .required, .positional, "how many, 1 or more"),
                .init("kernel_size", type, .required, .positional, "the places that a filter sees\(each)"),
                .init("activation", "activation", .none, .positional, "by default the identity"),
                .init("strides", type, .number(1), .keyword, "how far it moves on\(each)"),
                .init(
                    "padding", "string, number or pair", .string("valid"), .keyword,
                    "\"valid\" none, \"same\" so that stride 1 keeps the size (Keras's rule), or so many zeros on each side"),
                .init("dilation_rate", type, .number(1), .keyword, "the distance of the places that it sees\(each)"),
                .init("groups", "whole number", .number(1), .keyword, "channels and filters fall into so many groups, each by itself"),
                .init("bias", "bool", .bool(true), .keyword, "whether there is a b, which starts at 0"),
                .init(
                    "initializer", "string", .none, .keyword,
                    "how W starts, by default \"he_uniform\" for relu and its kin and else \"glorot_uniform\""),
                .init("penalty", "penalty", .none, .keyword, "what a large W costs, such as l2(0.01)"),
            ],
            formula: formula, shapes: shapes, example: example, source: "LeCun et al. 1998; as in Keras"
        ) { call throws(Failure) in
            Value(
                native: LayerObject(
                    try Convolution(
                        axes: axes, call.int(0), kernel: call.each(1, axes), call.activation(2), strides: call.each(3, axes),
                        padding: call.padding(4, axes), dilation: call.each(5, axes), groups: call.int(6),
                        useBias: call.bool(7), initializer: call.initializer(8), penalty: call.penalty(9))))
        }
    }

    static let maxpool = pool(.largest, "The greatest number of each window of an image or a series, a channel by itself.")
    static let avgpool = pool(.mean, "The mean of each window of an image or a series, a channel by itself.")
    static let globalMaxpool = global(.largest, "The greatest number of each channel of an image or of each feature of a series.")
    static let globalAvgpool = global(.mean, "The mean of each channel of an image or of each feature of a series.")

    private static func pool(_ kind: Pool.Kind, _ summary: String) -> Builtin {
        Builtin(
            kind.rawValue, summary,
            [
                .init("pool_size", "whole number or pair", .number(2), .positional, "of a window; a number, or a pair for rows and columns"),
                .init("strides", "whole number or pair", .none, .keyword, "how far it moves on, by default its size"),
                .init("padding", "string", .string("valid"), .keyword, "\"valid\", or \"same\": windows reach over the edge, where only what is inside counts"),
            ],
            shapes: "[n, height, width, channels] -> [n, height', width', channels]; [n, steps, features] -> [n, steps', features]",
            example: "summary(sequential(input(28, 28, 1), \(kind.rawValue)(2), flatten(), dense(10)))"
        ) { call throws(Failure) in
            Value(
                native: LayerObject(
                    try Pool(
                        kind, size: call.each(0, nil), strides: call.isAbsent(1) ? nil : call.each(1, nil),
                        isSame: call.padding(2, nil) == .same)))
        }
    }

    private static func global(_ kind: Pool.Kind, _ summary: String) -> Builtin {
        Builtin(
            "global_\(kind.rawValue)", summary, [],
            shapes: "[n, height, width, channels] -> [n, channels]; [n, steps, features] -> [n, features]",
            example: "summary(sequential(input(8, 8, 3), conv2d(4, 3), global_\(kind.rawValue)(), dense(10)))"
        ) { call throws(Failure) in Value(native: LayerObject(try Pool(kind, size: nil))) }
    }
}

extension Call {
    /// A number, or one for each axis; of any number of axes up to two where that is not known.
    fileprivate func each(_ index: Int, _ axes: Int?) throws(Failure) -> [Int] {
        let given = self[index].isNumber ? [try int(index)] : try ints(index)
        if given.count == 1 { return [Int](repeating: given[0], count: axes ?? 2) }
        guard given.count == axes ?? 2 else {
            throw refused(index, axes == 1 ? "must be one number" : "must be a number or a pair")
        }
        return given
    }

    /// `"valid"`, `"same"`, and for convolutions numbers of zeros.
    fileprivate func padding(_ index: Int, _ axes: Int?) throws(Failure) -> Padding {
        if let name = self[index].string {
            switch name {
            case "valid": return .valid
            case "same": return .same
            default: throw refused(index, axes == nil ? "must be \"valid\" or \"same\"" : "must be \"valid\", \"same\" or a number of zeros")
            }
        }
        guard let axes else { throw refused(index, "must be \"valid\" or \"same\"") }
        let zeros = try each(index, axes)
        return .zeros(zeros[0], zeros[axes - 1])
    }
}
