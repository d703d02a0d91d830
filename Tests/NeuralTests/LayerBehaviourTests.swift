import Diagnostics
import Tensors
import Testing

import Neural

/// What layers promise beside their numbers: values by hand, shapes, other behaviour when predicting, the same bits with
/// any number of threads, and messages.
@Suite struct LayerBehaviourTests {
    private func network(_ input: [Int], _ layers: [any Layer], _ dtype: DType = .float64) throws -> Network {
        var generator = Generator(seed: 2)
        return try Network(input: Input(input), layers, dtype: dtype, generator: &generator)
    }

    @Test func anElmanNetworkByHand() throws {
        let net = try network([2, 1], [try SimpleRNN(Recurrence("simple_rnn", units: 1, returnsSequences: true), .identity)])
        try net.setParameters([Tensor([2], shape: [1, 1]), Tensor([10], shape: [1, 1]), Tensor([0.5])])
        // h1 = 2·1 + 0.5, h2 = 2·3 + 10·2.5 + 0.5
        #expect(try net.predict(Tensor([1, 3], shape: [1, 2, 1])).numbers == [2.5, 31.5])
    }

    @Test func aJordanNetworkByHand() throws {
        let layer = try Jordan(Recurrence("jordan", units: 1, returnsSequences: true), outputs: 1, .identity)
        let net = try network([2, 1], [layer])
        try net.setParameters([
            Tensor([2], shape: [1, 1]), Tensor([10], shape: [1, 1]), Tensor([0.5]), Tensor([3], shape: [1, 1]), Tensor([-1]),
        ])
        // h1 = 2.5, y1 = 6.5; h2 = 6 + 65 + 0.5, y2 = 213.5
        #expect(try net.predict(Tensor([1, 3], shape: [1, 2, 1])).numbers == [6.5, 213.5])
    }

    @Test func anEmbeddingGivesTheRowsOfItsTable() throws {
        let net = try network([3], [try Embedding(3, 2, padding: 1)])
        try net.setParameters([Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2])])
        #expect(try net.predict(Tensor([2, 1, 0], shape: [1, 3])).numbers == [5, 6, 0, 0, 1, 2])
        #expect(throws: Failure.self) { try net.predict(Tensor([0, 3, 0], shape: [1, 3])) }
        #expect(throws: Failure.self) { try net.predict(Tensor([0, 0.5, 0], shape: [1, 3])) }
        #expect(throws: Failure.self) { try net.predict(Tensor([0, -1, 0], shape: [1, 3])) }
        #expect(throws: Failure.self) { try net.predict(Tensor([0, .nan, 0], shape: [1, 3])) }
    }

    @Test func positionsHaveTheirSinesAndCosines() throws {
        let net = try network([2, 4], [PositionalEncoding()])
        // By NumPy: sin(1), cos(1), sin(0.01), cos(0.01)
        let expected = [0, 1, 0, 1, 0.8414709848078965, 0.5403023058681398, 0.009999833334166664, 0.9999500004166653]
        let found = try net.predict(Tensor([Double](repeating: 0, count: 8), shape: [1, 2, 4])).numbers
        for (number, value) in zip(found, expected) { #expect(abs(number - value) < 1e-15) }
    }

    @Test func dropoutDropsInTrainingAlone() throws {
        let net = try network([50], [try Dropout(0.3)])
        let x = try Tensor([Double](repeating: 1, count: 2000), shape: [40, 50])
        #expect(try net.predict(x).numbers == x.numbers)
        let function = try Differentiable(net, batch: 40, .float64)
        let places = function.x.assumingMemoryBound(to: Double.self)
        for index in 0..<2000 { places[index] = 1 }
        func draw(_ key: UInt64) -> [Double] {
            let y = function.forward(rows: 40, key: key).assumingMemoryBound(to: Double.self)
            return (0..<2000).map { y[$0] }
        }
        let first = draw(1), second = draw(2)
        #expect(first == draw(1))
        #expect(first != second)
        #expect(Set(first) == [0, 1 / 0.7])
        // 600 expected, with a deviation of 20.5.
        for sample in [first, second] { #expect(abs(sample.filter { $0 == 0 }.count - 600) < 90) }
        // Rows and columns are drawn by themselves.
        let rows = (0..<40).map { row in Array(first[row * 50..<row * 50 + 50]) }
        #expect(Set(rows).count == 40)
    }

    @Test func batchnormKeepsAveragesOfWhatItSaw() throws {
        let net = try network([1], [try BatchNorm(momentum: 0.5), Dense(1)])
        var generator = Generator(seed: 4)
        let x = try Tensor([1, 2, 3, 6], shape: [4, 1])
        var options = Training.Options()
        options.batchSize = 4
        try Training.fit(net, x, Tensor([0, 0, 0, 1]), options, generator: &generator)
        // Mean 3, variance 3.5.
        #expect(try net.parameter("moving_mean", ofLayer: 0)?.numbers == [1.5])
        #expect(try net.parameter("moving_variance", ofLayer: 0)?.numbers == [2.25])
    }

    @Test func stepsThatAreLeftOutDoNotMatter() throws {
        for make in [
            { LSTM(try Recurrence("lstm", units: 3, mask: 0)) }, { GRU(try Recurrence("gru", units: 3, mask: 0)) },
            { try SimpleRNN(Recurrence("simple_rnn", units: 3, mask: 0)) },
            { try Jordan(Recurrence("jordan", units: 3, mask: 0), outputs: 3) },
            { Bidirectional(LSTM(try Recurrence("lstm", units: 3, mask: 0))) },
        ] as [() throws -> any Layer] {
            let short = try network([2, 2], [make()]), long = try network([5, 2], [make()])
            try long.setParameters(short.parameters())
            let expected = try short.predict(Tensor([1, 2, 3, 4], shape: [1, 2, 2])).numbers
            #expect(try long.predict(Tensor([0, 0, 1, 2, 0, 0, 3, 4, 0, 0], shape: [1, 5, 2])).numbers == expected)
        }
    }

    private static func recurrentStack() throws -> [any Layer] {
        try [
            Bidirectional(LSTM(Recurrence("lstm", units: 7, returnsSequences: true))),
            GRU(Recurrence("gru", units: 9, returnsSequences: true)), BatchNorm(), Dropout(0.2),
            SimpleRNN(Recurrence("simple_rnn", units: 8)), Dense(3, .softmax),
        ]
    }

    private static func transformer() throws -> [any Layer] {
        try [
            Embedding(11, 32), PositionalEncoding(), Residual([LayerNorm(), Attention(4)]), BatchNorm(), Dropout(0.1),
            Residual([LayerNorm(), Dense(40, .relu), Dense(32)]),
            Parallel(.concat, [Branch([]), Branch([Dense(5, .tanh)])]), Flatten(), Dense(3, .softmax),
        ]
    }

    @Test(arguments: [DType.float32, .float64], [1, 70, 129])
    func theNumberOfThreadsDoesNotMatter(dtype: DType, samples: Int) throws {
        for (shape, make) in [([13, 5], Self.recurrentStack), ([13], Self.transformer)] {
            func train(_ threads: Int) throws -> [Double] {
                var generator = Generator(seed: 6)
                let net = try Network(input: Input(shape), make(), dtype: dtype, generator: &generator)
                let count = samples * product(of: shape)
                let x = try Tensor((0..<count).map { _ in Double(generator.integer(below: 11)) }, shape: [samples] + shape)
                let y = try Tensor((0..<samples).map { _ in Double(generator.integer(below: 3)) })
                var options = Training.Options()
                options.loss = .crossentropy
                options.optimizer = try Optimizer(.adam)
                options.epochs = 2
                options.batchSize = 65
                options.threads = threads
                let history = try Training.fit(net, x, y, options, generator: &generator)
                return try history.values.flatMap { $0 } + net.parameters().flatMap(\.numbers) + net.predict(x).numbers
            }
            let one = try train(1)
            #expect(one.allSatisfy { $0.isFinite })
            for threads in [2, 3, 5] { #expect(try train(threads) == one) }
        }
    }

    @Test func aSequenceMayHaveAClassForEachPlace() throws {
        func train(_ y: Tensor) throws -> [Double] {
            var generator = Generator(seed: 3)
            let net = try Network(
                input: Input([4]), [Embedding(3, 5), GRU(Recurrence("gru", units: 6, returnsSequences: true)), Dense(3, .softmax)],
                dtype: .float64, generator: &generator)
            let x = try Tensor((0..<24).map { Double($0 * $0 % 3) }, shape: [6, 4])
            var options = Training.Options()
            options.loss = .crossentropy
            options.metrics = [.accuracy]
            options.epochs = 3
            options.batchSize = 4
            options.validation = (x, y)
            let history = try Training.fit(net, x, y, options, generator: &generator)
            let output = try net.predict(x)
            let measured = try Training.evaluate(net, x, y, metrics: [.accuracy]).map(\.value)
            let direct = try [
                Loss.crossentropy.value(target: y, output: output), Metric.accuracy.value(target: y, output: output),
            ]
            for (found, expected) in zip(direct, measured) { #expect(abs(found - expected) < 1e-12) }
            return history.values.flatMap { $0 } + output.numbers
        }
        let classes = (0..<24).map { $0 % 3 }
        let hot = classes.flatMap { label in (0..<3).map { $0 == label ? 1.0 : 0 } }
        let found = try train(Tensor(classes.map(Double.init), shape: [6, 4]))
        #expect(try train(Tensor(hot, shape: [6, 4, 3])) == found)
        let failure = #expect(throws: Failure.self) { try train(Tensor([Double](repeating: 3, count: 24), shape: [6, 4])) }
        #expect(failure?.message == "classes for 3 outputs are the integers from 0 to 2; y[0, 0] is 3")
        #expect(failure?.help == "if they count from 1: y - 1")
        #expect(throws: Failure.self) { try train(Tensor([0, 1, 2, 0, 1, 2])) }
    }

    @Test func orthogonalStartsAreOrthogonal() throws {
        for (rows, columns) in [(5, 20), (20, 5), (6, 6), (1, 1), (40, 70), (33, 33)] {
            var numbers = [Double](repeating: 0, count: rows * columns)
            var generator = Generator(seed: 8)
            numbers.withUnsafeMutableBufferPointer { buffer in
                if let base = buffer.baseAddress {
                    Initializer.orthogonal.fill(base, [rows, columns], fanIn: 1, fanOut: 1, &generator)
                }
            }
            let isWide = rows <= columns, count = min(rows, columns), length = max(rows, columns)
            for a in 0..<count {
                for b in 0..<count {
                    let inner = (0..<length).reduce(0.0) { sum, i in
                        sum + (isWide ? numbers[a * columns + i] * numbers[b * columns + i] : numbers[i * columns + a] * numbers[i * columns + b])
                    }
                    #expect(abs(inner - (a == b ? 1 : 0)) < 1e-14)
                }
            }
        }
    }

    @Test func theForgetGateStartsOpen() throws {
        let net = try network([2, 1], [LSTM(try Recurrence("lstm", units: 2))])
        #expect(try net.parameter("b", ofLayer: 0)?.numbers == [0, 0, 1, 1, 0, 0, 0, 0])
    }

    private static let misfits: [([Int], String, @Sendable () throws -> any Layer)] = [
        ([4], "layer 0 (lstm 3): takes sequences [steps, features]; a sample here is (4,)", { LSTM(try Recurrence("lstm", units: 3)) }),
        ([4, 3], "layer 0 (attention 2): divides 3 features among 2 heads, and 3 is no multiple of 2", { try Attention(2) }),
        ([4], "layer 0 (positional_encoding): takes sequences [steps, features]; a sample here is (4,)", { PositionalEncoding() }),
        (
            [4], "layer 0 (residual(dense 3)): adds its input (4,) to what its layers give, (3,)",
            { try Residual([Dense(3)]) }
        ),
        (
            [4], "layer 0 (add(dense 3, dense 2)): adds outputs of one shape; there are (3,) and (2,)",
            { try Parallel(.add, [Branch([Dense(3)]), Branch([Dense(2)])]) }
        ),
        (
            [4], "layer 0 (residual(dense 3, gru 2)): inner layer 1 (gru 2) takes sequences [steps, features]; a sample here is (3,)",
            { try Residual([Dense(3), GRU(Recurrence("gru", units: 2))]) }
        ),
    ]

    @Test(arguments: misfits)
    func shapesThatDoNotFitAreNamed(input: [Int], message: String, make: @Sendable () throws -> any Layer) throws {
        let failure = #expect(throws: Failure.self) { try network(input, [make()]) }
        #expect(failure?.message == message)
    }

    private static let badParameters: [(String, @Sendable () throws -> Void)] = [
        ("units of lstm must be 1 or more, not 0", { _ = try Recurrence("lstm", units: 0) }),
        ("rate of dropout must be 0 or more and below 1, not 1", { _ = try Dropout(1) }),
        ("heads of attention must be from 1 to 4096, not 0", { _ = try Attention(0) }),
        ("count of embedding must be from 1 to 16777216, not 0", { _ = try Embedding(0, 3) }),
        ("padding of embedding must be one of the numbers 0 to 4, not 5", { _ = try Embedding(5, 3, padding: 5) }),
        ("momentum of batchnorm must be from 0 to 1, not 2", { _ = try BatchNorm(momentum: 2) }),
        ("epsilon of layernorm must be above 0, not 0", { _ = try LayerNorm(epsilon: 0) }),
        ("outputs of jordan must be 1 or more, and at most 65536, not 0", { _ = try Jordan(Recurrence("jordan", units: 1), outputs: 0) }),
        ("simple_rnn cannot be trained with step", { _ = try SimpleRNN(Recurrence("simple_rnn", units: 1), .step) }),
        ("residual needs a layer to go around", { _ = try Residual([]) }),
    ]

    @Test(arguments: badParameters)
    func badParametersAreRefused(message: String, make: @Sendable () throws -> Void) throws {
        let failure = #expect(throws: Failure.self) { try make() }
        #expect(failure?.message == message)
    }
}
