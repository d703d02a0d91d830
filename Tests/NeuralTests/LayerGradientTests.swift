import Diagnostics
import Tensors
import Testing

import Neural

/// Every layer as a function: the gradients by its inputs and its parameters against central differences of Σ w y, in
/// float64, w being any numbers.
@Suite struct LayerGradientTests {
    struct Case: CustomStringConvertible, Sendable {
        let description: String
        let input: [Int]
        let layers: @Sendable () throws -> [any Layer]
        /// Samples that are not drawn, where the layer takes only some.
        var samples: [Double]?
        var rows = 5
        var differentiatesInputs = true

        init(
            _ description: String, _ input: [Int], samples: [Double]? = nil, rows: Int = 5, differentiatesInputs: Bool = true,
            _ layers: @escaping @Sendable () throws -> [any Layer]
        ) {
            self.description = description
            self.input = input
            self.layers = layers
            self.samples = samples
            self.rows = rows
            self.differentiatesInputs = differentiatesInputs
        }
    }

    /// Sequences of two features whose steps here and there are all 0.
    private static let padded: [Double] = {
        var generator = Generator(seed: 9)
        return (0..<5 * 6).flatMap { index in
            [0, 1, 7, 13, 22, 23, 29].contains(index) || index / 6 == 3 ? [0, 0] : [generator.normal(), generator.normal()]
        }
    }()

    static let cases: [Case] =
        [false, true].flatMap { sequences -> [Case] in
            let text = sequences ? ", sequences" : ""
            return [
                Case("lstm\(text)", [6, 3]) { try [LSTM(Recurrence("lstm", units: 4, returnsSequences: sequences))] },
                Case("gru\(text)", [6, 3]) { try [GRU(Recurrence("gru", units: 4, returnsSequences: sequences))] },
                Case("gru, reset before\(text)", [6, 3]) {
                    try [GRU(Recurrence("gru", units: 4, returnsSequences: sequences), resetAfter: false)]
                },
                Case("simple_rnn\(text)", [6, 3]) {
                    try [SimpleRNN(Recurrence("simple_rnn", units: 4, returnsSequences: sequences))]
                },
                Case("jordan\(text)", [6, 3]) {
                    try [Jordan(Recurrence("jordan", units: 4, returnsSequences: sequences), outputs: 2, output: .sigmoid)]
                },
                Case("masked lstm\(text)", [6, 2], samples: padded, differentiatesInputs: false) {
                    try [LSTM(Recurrence("lstm", units: 3, returnsSequences: sequences, mask: 0))]
                },
                Case("masked gru\(text)", [6, 2], samples: padded, differentiatesInputs: false) {
                    try [GRU(Recurrence("gru", units: 3, returnsSequences: sequences, mask: 0))]
                },
                Case("masked gru, reset before\(text)", [6, 2], samples: padded, differentiatesInputs: false) {
                    try [GRU(Recurrence("gru", units: 3, returnsSequences: sequences, mask: 0), resetAfter: false)]
                },
                Case("masked simple_rnn\(text)", [6, 2], samples: padded, differentiatesInputs: false) {
                    try [SimpleRNN(Recurrence("simple_rnn", units: 3, returnsSequences: sequences, mask: 0))]
                },
                Case("masked jordan\(text)", [6, 2], samples: padded, differentiatesInputs: false) {
                    try [Jordan(Recurrence("jordan", units: 3, returnsSequences: sequences, mask: 0), outputs: 2)]
                },
                Case("bidirectional lstm\(text)", [5, 2]) {
                    try [Bidirectional(LSTM(Recurrence("lstm", units: 3, returnsSequences: sequences)))]
                },
                Case("bidirectional gru, added\(text)", [5, 2]) {
                    try [Bidirectional(GRU(Recurrence("gru", units: 3, returnsSequences: sequences)), merge: .sum)]
                },
                Case("masked bidirectional simple_rnn\(text)", [6, 2], samples: padded, differentiatesInputs: false) {
                    try [Bidirectional(SimpleRNN(Recurrence("simple_rnn", units: 3, returnsSequences: sequences, mask: 0)))]
                },
            ]
        } + [
            Case("an lstm of one unit, one step", [1, 1], rows: 1) { try [LSTM(Recurrence("lstm", units: 1))] },
            Case("recurrent layers one on the other", [4, 2]) {
                try [
                    LSTM(Recurrence("lstm", units: 3, returnsSequences: true)),
                    GRU(Recurrence("gru", units: 2, returnsSequences: true)), ActivationLayer(.tanh),
                    SimpleRNN(Recurrence("simple_rnn", units: 2)),
                ]
            },
            Case("batchnorm", [4]) { try [BatchNorm(), Dense(2, .tanh)] },
            Case("batchnorm of a sequence, many columns", [3, 40]) { try [BatchNorm(epsilon: 0.1)] },
            Case("layernorm", [3, 5]) { try [LayerNorm(), Dense(2)] },
            Case("layernorm without scale", [5]) { try [LayerNorm(hasScale: false), LayerNorm(hasScale: false, hasCentre: false)] },
            Case("dropout", [6]) { try [Dense(5, .tanh), Dropout(0.4), Dense(3)] },
            Case("embedding", [4], samples: (0..<20).map { Double($0 * $0 % 7) }, differentiatesInputs: false) {
                try [Embedding(7, 3), Flatten(), Dense(2, .tanh)]
            },
            Case("embedding with padding", [6], samples: (0..<30).map { Double($0 * $0 % 5) }, differentiatesInputs: false) {
                try [Embedding(5, 3, padding: 0), LSTM(Recurrence("lstm", units: 2, mask: 0))]
            },
            Case("attention", [4, 6]) { try [Attention(2)] },
            Case("causal attention of width 5", [5, 3]) { try [Attention(2, width: 5, isCausal: true)] },
            Case("masked attention", [6, 2], samples: padded, differentiatesInputs: false) { try [Attention(1, mask: 0)] },
            Case("positions", [4, 5]) { try [PositionalEncoding(), PositionalEncoding(isLearned: true), Dense(2, .tanh)] },
            Case("a transformer's block", [4, 6]) {
                try [
                    Residual([LayerNorm(), Attention(3)]), Residual([LayerNorm(), Dense(7, .tanh), Dense(6)]),
                    Dense(3, .softmax),
                ]
            },
            Case("pools side by side behind one convolution", [4, 4, 2], rows: 2) {
                try [
                    Convolution(axes: 2, 3, kernel: [3, 3], .tanh, padding: .same),
                    Parallel(.add, [Branch([Pool(.largest, size: [2, 2])]), Branch([Pool(.mean, size: [2, 2])])]),
                    Parallel(
                        .concat,
                        [
                            Branch([Pool(.largest, size: [2, 2])]),
                            Branch([Convolution(axes: 2, 2, kernel: [2, 2], .sigmoid), Pool(.largest, size: [1, 1])]),
                        ]),
                    Flatten(), Dense(2),
                ]
            },
            Case("a recurrent layer behind a convolution of a series", [8, 2], rows: 3) {
                try [Convolution(axes: 1, 4, kernel: [3], .tanh), Dropout(0.2), GRU(Recurrence("gru", units: 3)), Dense(2, .softmax)]
            },
            Case("residual", [4]) { try [Residual([Dense(5, .tanh), Dense(4, .sigmoid)])] },
            Case("residual around an activation, in a residual", [4]) {
                try [ActivationLayer(.sigmoid), Residual([ActivationLayer(.tanh), Residual([Dense(4)])]), ActivationLayer(.softsign)]
            },
            Case("add", [4]) { try [Parallel(.add, [Branch([Dense(3, .tanh)]), Branch([Dense(3)]), Branch([Dense(2), Dense(3)])])] },
            Case("concat, and the input itself", [2, 3]) {
                try [
                    Parallel(
                        .concat,
                        [Branch([]), Branch([GRU(Recurrence("gru", units: 2, returnsSequences: true))]), Branch([ActivationLayer(.tanh)])]),
                    Dense(2, .softmax),
                ]
            },
        ]

    @Test(arguments: cases + convolutions) func gradientsAreThoseOfCentralDifferences(_ sample: Case) throws {
        var generator = Generator(seed: 7)
        let network = try Network(input: Input(sample.input), sample.layers(), dtype: .float64, generator: &generator)
        // Away from kinks and from zeros, at which some derivatives vanish.
        for (position, built) in network.layers.enumerated() {
            for parameter in built.parameters {
                let start = try #require(try network.parameter(parameter.name, ofLayer: position))
                let moved = start.numbers.map { $0 + 0.3 * generator.normal() }
                try network.setParameter(
                    parameter.name, ofLayer: position,
                    to: Tensor(parameter.isTrained ? moved : moved.map(abs), shape: parameter.shape))
            }
        }
        let rows = sample.rows
        let function = try Differentiable(network, batch: rows, .float64)
        let width = product(of: function.inputShape), outputs = product(of: function.outputShape)
        let x = function.x.assumingMemoryBound(to: Double.self), dy = function.dy.assumingMemoryBound(to: Double.self)
        for index in 0..<rows * width { x[index] = sample.samples.map { $0[index] } ?? generator.normal() }
        let weights = (0..<rows * outputs).map { _ in generator.normal() }
        func value() -> Double {
            let y = function.forward(rows: rows, key: 11).assumingMemoryBound(to: Double.self)
            return weights.indices.reduce(0) { $0 + weights[$1] * y[$1] }
        }
        _ = value()
        for index in weights.indices { dy[index] = weights[index] }
        function.backward()
        let dx = (0..<rows * width).map { function.dx.assumingMemoryBound(to: Double.self)[$0] }
        let gradients = function.gradients.assumingMemoryBound(to: Double.self)
        let step = 1e-5
        if sample.differentiatesInputs {
            for index in dx.indices {
                let middle = x[index]
                x[index] = middle + step
                let above = value()
                x[index] = middle - step
                let expected = (above - value()) / (2 * step)
                x[index] = middle
                #expect(abs(dx[index] - expected) <= 1e-7 + 1e-6 * abs(expected), "x[\(index)]")
            }
        }
        for (position, built) in network.layers.enumerated() {
            for (number, parameter) in built.parameters.enumerated() where parameter.isTrained {
                let start = try #require(try network.parameter(parameter.name, ofLayer: position)).numbers
                for index in start.indices {
                    func moved(_ distance: Double) throws -> Double {
                        var numbers = start
                        numbers[index] += distance
                        try network.setParameter(parameter.name, ofLayer: position, to: Tensor(numbers, shape: parameter.shape))
                        function.takeParameters()
                        return value()
                    }
                    let expected = (try moved(step) - moved(-step)) / (2 * step)
                    _ = try moved(0)
                    let found = gradients[built.offsets[number] + index]
                    #expect(abs(found - expected) <= 1e-7 + 1e-6 * abs(expected), "\(parameter.name)[\(index)] of layer \(position)")
                }
            }
        }
    }
}
