import Diagnostics
import Tensors
import Testing

import Neural

/// Convolutions and pools against numbers recorded from PyTorch 2.15 and Keras 3.15.
///
/// All numbers are small whole ones, `n(i) = (a i + b) % m - m / 2` for the element i: 7, 3, 11 for x, 5, 1, 7 for W, 3, 0, 5
/// for b. Recorded are the first six outputs, their sum, and the sum of output i times i, which counts from 1:
///
///     y = torch.nn.functional.conv2d(x.permute(0,3,1,2), w.permute(3,2,0,1), b, stride, padding, dilation, groups)
///     layer = keras.layers.Conv2D(3, (3, 2), strides=s, padding="same"); layer.set_weights([W, b]); y = layer(x)
@Suite struct ConvolutionTests {
    struct Case: CustomStringConvertible, Sendable {
        let layer: @Sendable () throws -> any Layer
        /// Of all samples.
        let input: [Int]
        let output: [Int]
        let first: [Double]
        let sum: Double
        let weighted: Double
        var description: String { ((try? layer().code) ?? "?") + " of \(Tensor.text(of: input))" }
    }

    static func numbers(_ count: Int, _ a: Int, _ b: Int, _ m: Int) -> [Double] {
        (0..<count).map { Double((a * $0 + b) % m - m / 2) }
    }

    private static func image(
        _ input: [Int], _ kernel: [Int], filters: Int, strides: [Int]? = nil, padding: Padding = .valid,
        dilation: [Int]? = nil, groups: Int = 1, gives output: [Int], _ first: [Double], _ sum: Double, _ weighted: Double
    ) -> Case {
        Case(
            layer: {
                try Convolution(
                    axes: kernel.count, filters, kernel: kernel, strides: strides, padding: padding, dilation: dilation,
                    groups: groups)
            }, input: input, output: output, first: first, sum: sum, weighted: weighted)
    }

    private static func pool(
        _ kind: Pool.Kind, _ size: [Int]?, strides: [Int]? = nil, isSame: Bool = false, of input: [Int] = [1, 7, 6, 2],
        gives output: [Int], _ first: [Double], _ sum: Double, _ weighted: Double
    ) -> Case {
        Case(
            layer: { try Pool(kind, size: size, strides: strides, isSame: isSame) }, input: input, output: output,
            first: first, sum: sum, weighted: weighted)
    }

    static let cases: [Case] = [
        // PyTorch
        image([2, 5, 6, 2], [3, 2], filters: 3, gives: [2, 3, 5, 3], [11, -13, -7, 11, -11, 18], -65, -4114),
        image([2, 5, 6, 2], [3, 2], filters: 3, strides: [2, 1], gives: [2, 2, 5, 3], [11, -13, -7, 11, -11, 18], -25, -1980),
        image([2, 5, 6, 2], [3, 3], filters: 3, strides: [2, 2], padding: .zeros(1, 2), gives: [2, 3, 4, 3], [7, -8, 7, 7, 1, -3], -67, 1756),
        image(
            [1, 7, 7, 4], [3, 3], filters: 6, padding: .zeros(1, 1), dilation: [2, 2], groups: 2, gives: [1, 5, 5, 6],
            [3, -20, 22, 26, -27, -10], 35, 2934),
        image([1, 6, 6, 3], [3, 3], filters: 3, padding: .zeros(1, 1), groups: 3, gives: [1, 6, 6, 3], [-23, 8, 2, -36, 0, 10], -178, -11720),
        image([1, 9, 8], [5, 3], filters: 20, strides: [3, 2], padding: .zeros(2, 0), gives: [1, 3, 3, 20], [-25, 1, 22, 20, -57, 13], 135, 13287),
        image([1, 12, 12, 8], [3, 3], filters: 33, padding: .zeros(1, 1), gives: [1, 12, 12, 33], [-24, -1, 24, -2, 2, 13], -274, -440388),
        // Keras
        image([1, 7, 6, 2], [3, 2], filters: 3, padding: .same, gives: [1, 7, 6, 3], [12, -15, 9, -26, 7, 14], -99, -9137),
        image([1, 7, 6, 2], [3, 2], filters: 3, strides: [2, 2], padding: .same, gives: [1, 4, 3, 3], [12, -15, 9, 13, 7, -25], -72, -1665),
        image([1, 7, 6, 2], [3, 2], filters: 3, strides: [3, 3], padding: .same, gives: [1, 3, 2, 3], [12, -15, 9, 8, -15, 13], 61, 606),
        image([1, 10, 3], [3], filters: 4, padding: .same, dilation: [2], gives: [1, 10, 4], [0, 13, -14, 6, 3, 14], -49, 71),
        image([1, 10, 3], [3], filters: 4, strides: [2], gives: [1, 4, 4], [-11, 21, -15, -11, -12, -22], -29, 107),
        image([1, 10, 3], [3], filters: 4, strides: [3], padding: .same, gives: [1, 4, 4], [-6, 15, -11, 3, -12, -22], -30, -71),
        pool(.largest, [2, 2], gives: [1, 3, 3, 2], [5, 5, 4, 3, 2, 5], 71, 672),
        pool(.largest, [3, 2], strides: [2, 1], gives: [1, 3, 5, 2], [5, 5, 4, 4, 4, 3], 124, 1956),
        pool(.largest, [3, 3], strides: [2, 2], isSame: true, gives: [1, 4, 3, 2], [5, 5, 4, 3, 2, 5], 103, 1296),
        pool(.largest, [2, 2], isSame: true, gives: [1, 4, 3, 2], [5, 5, 4, 3, 2, 5], 83, 936),
        pool(.mean, [2, 2], gives: [1, 3, 3, 2], [0.25, 1.75, 0.75, -0.5, -1.5, 0], 1.25, 14.25),
        pool(.mean, [3, 2], strides: [2, 1], gives: [1, 3, 5, 2], [1, 0.6667, 0.3333, 0, -0.3333, -0.6667], -2, -4.8333),
        pool(.mean, [3, 3], strides: [2, 2], isSame: true, gives: [1, 4, 3, 2], [0.8333, 0.5, -0.5, -0.8333, -1.5, 0], -1.8611, -15.3333),
        pool(.mean, [2, 2], isSame: true, gives: [1, 4, 3, 2], [0.25, 1.75, 0.75, -0.5, -1.5, 0], -0.75, -25.25),
        pool(.largest, [3, 3], strides: [2, 2], isSame: true, of: [1, 10, 3], gives: [1, 5, 3], [-2, 5, 1, 5, 3, -1], 23, 166),
        pool(.mean, [3, 3], strides: [2, 2], isSame: true, of: [1, 10, 3], gives: [1, 5, 3], [-3, 4, 0, -1.3333, 2, -2], 1.5, 13.6667),
        pool(.largest, nil, gives: [1, 2], [5, 5], 10, 15), pool(.mean, nil, gives: [1, 2], [0.0476, -0.0238], 0.0238, 0),
        pool(.mean, nil, of: [1, 10, 3], gives: [1, 3], [0.1, 0.5, -0.2], 0.4, 0.5),
    ]

    @Test(arguments: cases, [DType.float32, .float64]) func valuesAreThoseOfTheFrameworks(_ sample: Case, dtype: DType) throws {
        var generator = Generator(seed: 1)
        let network = try Network(
            input: Input(Array(sample.input.dropFirst())), [sample.layer()], dtype: dtype, generator: &generator)
        if let weights = try network.parameter("W", ofLayer: 0), let bias = try network.parameter("b", ofLayer: 0) {
            try network.setParameters([
                Tensor(ConvolutionTests.numbers(weights.count, 5, 1, 7), shape: weights.shape),
                Tensor(ConvolutionTests.numbers(bias.count, 3, 0, 5)),
            ])
        }
        let x = try Tensor(ConvolutionTests.numbers(product(of: sample.input), 7, 3, 11), shape: sample.input)
        let y = try network.predict(x)
        #expect(y.shape == sample.output)
        let numbers = y.numbers
        for (found, expected) in zip(numbers, sample.first) { #expect(abs(found - expected) < 1e-4) }
        #expect(abs(numbers.reduce(0, +) - sample.sum) < 2e-4)
        #expect(abs(zip(numbers, 1...).reduce(0) { $0 + $1.0 * Double($1.1) } - sample.weighted) < 2e-3)
    }

    /// Behind a convolution a pool becomes a part of its stage; a copy between them keeps both apart.
    @Test(arguments: [Activation.identity, .relu]) func aPoolBehindAConvolutionChangesNothing(activation: Activation) throws {
        func train(_ between: [any Layer]) throws -> [Double] {
            var generator = Generator(seed: 4)
            let network = try Network(
                input: Input([9, 9]),
                [Convolution(axes: 2, 5, kernel: [3, 3], activation)] + between
                    + [Pool(.largest, size: [2, 2]), Flatten(), Dense(3, .softmax)],
                dtype: .float64, generator: &generator)
            #expect(try network.plan().nodes.count == (between.isEmpty ? 2 : 4))
            let x = try Drawing.normal(0, 1, [40, 9, 9], &generator)
            let y = try Tensor((0..<40).map { Double($0 % 3) })
            var options = Training.Options()
            options.loss = .crossentropy
            options.optimizer = try Optimizer(.sgd, [("learning_rate", 0.1)])
            options.epochs = 2
            let history = try Training.fit(network, x, y, options, generator: &generator)
            return try history.values.flatMap { $0 } + network.parameters().flatMap(\.numbers)
        }
        let joined = try train([]), apart = try train([ActivationLayer(.identity)])
        for (first, second) in zip(joined, apart) { #expect(abs(first - second) < 1e-12) }
    }

    @Test func theNumberOfThreadsDoesNotMatter() throws {
        func train(_ threads: Int) throws -> [Double] {
            var generator = Generator(seed: 4)
            let network = try Network(
                input: Input([12, 12]),
                [
                    Convolution(axes: 2, 18, kernel: [3, 3], .relu, padding: .same), Pool(.largest, size: [2, 2]),
                    Convolution(axes: 2, 20, kernel: [3, 3], .tanh), Pool(.mean, size: nil), Dense(3, .softmax),
                ], generator: &generator)
            let x = try Drawing.normal(0, 1, [70, 12, 12], &generator)
            let y = try Tensor((0..<70).map { Double($0 % 3) })
            var options = Training.Options()
            options.loss = .crossentropy
            options.optimizer = try Optimizer(.adam)
            options.threads = threads
            let history = try Training.fit(network, x, y, options, generator: &generator)
            return try history.values.flatMap { $0 } + network.parameters().flatMap(\.numbers) + network.predict(x).numbers
        }
        let one = try train(1)
        for threads in [2, 3] { #expect(try train(threads) == one) }
    }

    @Test func whatCannotBeIsSaid() {
        func message(_ input: [Int], _ layer: () throws -> any Layer) -> String {
            do {
                return Tensor.text(of: try layer().outputShape(for: input))
            } catch let failure as Failure {
                return failure.message + (failure.help.map { " | " + $0 } ?? "")
            } catch {
                return "\(error)"
            }
        }
        #expect(message([28, 28]) { try Convolution(axes: 2, 0, kernel: [3, 3]) } == "filters of conv2d must be from 1 to 16384, not 0")
        #expect(message([28, 28]) { try Convolution(axes: 2, 4, kernel: [0, 3]) } == "kernel_size of conv2d must be from 1 to 16384, not 0")
        #expect(
            message([28, 28]) { try Convolution(axes: 2, 4, kernel: [3, 3], strides: [1, -1]) }
                == "strides of conv2d must be from 1 to 16384, not -1")
        #expect(
            message([28, 28]) { try Convolution(axes: 2, 4, kernel: [3, 3], padding: .zeros(-1, 0)) }
                == "padding of conv2d must be from 0 to 16384, not -1")
        #expect(message([9, 9, 3]) { try Convolution(axes: 2, 4, kernel: [3, 3], groups: 3) } == "4 filters cannot be divided into 3 groups")
        #expect(message([9, 9, 3]) { try Convolution(axes: 2, 4, kernel: [3, 3], groups: 2) } == "3 channels cannot be divided into 2 groups")
        #expect(
            message([2, 9]) { try Convolution(axes: 2, 4, kernel: [3, 3]) }
                == "rows of length 2 are shorter than the window of 3 | take a smaller window, or padding=\"same\"")
        #expect(
            message([784]) { try Convolution(axes: 2, 4, kernel: [3, 3]) }
                == "takes images of shape (height, width, channels); a sample here is (784,) | begin with input(height, width), or put reshape(height, width, channels) before it")
        #expect(
            message([28, 28, 1]) { try Convolution(axes: 1, 4, kernel: [3]) }
                == "takes series of shape (steps, features); a sample here is (28, 28, 1)")
        #expect(message([28, 28, 1]) { try Pool(.largest, size: [0, 2]) } == "pool_size of maxpool must be from 1 to 16384, not 0")
        #expect(
            message([7]) { try Pool(.mean, size: [2, 2]) }
                == "takes images of shape (height, width, channels) or series of shape (steps, features); a sample here is (7,)")
        #expect(message([4, 6]) { try Reshape([5, -1]) } == "a sample of shape (4, 6) has 24 numbers, (5, -1) has 5")
        #expect(message([4, 6]) { try Reshape([2, -1, 3]) } == "(2, 4, 3)")
        #expect(message([4, 6]) { try Reshape([0]) } == "the lengths of reshape(0) must be above 0, or one of them -1")
    }

    @Test func notANumberComesThrough() throws {
        var generator = Generator(seed: 1)
        for layer in [
            try Convolution(axes: 2, 2, kernel: [2, 2], .relu), try Pool(.largest, size: [2, 2]), try Pool(.mean, size: nil),
        ] as [any Layer] {
            let network = try Network(input: Input([4, 4, 1]), [layer], generator: &generator)
            var numbers = [Double](repeating: 1, count: 16)
            numbers[5] = .nan
            #expect(try network.predict(Tensor(numbers, shape: [1, 4, 4, 1])).numbers.contains { $0.isNaN })
        }
    }
}

extension LayerGradientTests {
    static let convolutions: [Case] = [
        Case("conv2d", [6, 5, 2], rows: 3) { try [Convolution(axes: 2, 3, kernel: [3, 2], .tanh)] },
        Case("conv2d, strides, padding", [6, 5, 2], rows: 2) {
            try [Convolution(axes: 2, 3, kernel: [3, 3], strides: [2, 1], padding: .same)]
        },
        Case("conv2d, dilation, groups, zeros", [7, 6, 4], rows: 2) {
            try [Convolution(axes: 2, 6, kernel: [3, 2], .sigmoid, padding: .zeros(2, 1), dilation: [2, 2], groups: 2, useBias: false)]
        },
        Case("conv2d of many filters", [5, 5, 3], rows: 2) { try [Convolution(axes: 2, 35, kernel: [2, 2])] },
        Case("conv1d", [8, 3]) { try [Convolution(axes: 1, 4, kernel: [3], .tanh, strides: [2], padding: .same)] },
        Case("conv1d without features", [9]) { try [Convolution(axes: 1, 2, kernel: [4])] },
        Case("conv2d, relu, maxpool, conv2d, avgpool", [9, 9], rows: 3) {
            try [
                Convolution(axes: 2, 4, kernel: [3, 3], .relu), Pool(.largest, size: [2, 2]),
                Convolution(axes: 2, 3, kernel: [2, 2], .tanh), Pool(.mean, size: [2, 2], strides: [1, 1]), Flatten(), Dense(2),
            ]
        },
        Case("overlapping maxpool at the edge", [5, 6, 2]) { try [Pool(.largest, size: [3, 3], strides: [2, 2], isSame: true)] },
        Case("avgpool of a series at the edge", [7, 2]) { try [Pool(.mean, size: [3, 3], strides: [2, 2], isSame: true)] },
        Case("global_maxpool", [4, 3, 2]) { try [Pool(.largest, size: nil), Dense(2)] },
        Case("global_avgpool", [6, 2]) { try [Pool(.mean, size: nil)] },
        Case("reshape", [12]) { try [Reshape([2, 3, 2]), Convolution(axes: 2, 2, kernel: [2, 2]), Reshape([-1])] },
        Case("residual convolutions", [5, 5, 3], rows: 2) {
            try [
                Residual([Convolution(axes: 2, 3, kernel: [3, 3], .relu, padding: .same), BatchNorm()]), ActivationLayer(.tanh),
                Pool(.largest, size: [2, 2]),
            ]
        },
    ]
}
