import Diagnostics
import Neural
import Tensors
import Testing

/// Ten full-batch steps on mean squared error: one neuron, two inputs, four samples. The numbers of PyTorch 2.15 and
/// Keras 3.15 (TensorFlow, float64) come from `torch.optim.X(…)` and `keras.optimizers.X(…)` with only the learning rate
/// 0.05 and the momentum 0.9 given, from the same start; those of the course's formulas from their transcription in NumPy.
@Suite struct OptimizerTests {
    struct Case: CustomStringConvertible, Sendable {
        let name: String
        let form: OptimizerForm
        var momentum: Double?
        var nesterov = false
        let expected: [Double]
        var description: String { "\(name) \(form) \(momentum ?? 0) \(nesterov)" }
    }

    static let momentum = [0.32562667045659033, 0.08182167345880677, 0.42266812937920145]
    static let nesterov = [0.3248147126004357, 0.044780105622921194, 0.3961178164856799]
    static let sgd = [0.33728581371249006, 0.04297030249990214, 0.3195507065124874]
    static let cases: [Case] = [OptimizerForm.slides, .keras, .torch].flatMap { form in
        [
            Case(name: "sgd", form: form, expected: sgd),
            Case(name: "sgd", form: form, momentum: 0.9, expected: momentum),
            Case(name: "sgd", form: form, momentum: 0.9, nesterov: true, expected: nesterov),
        ]
    } + [
        Case(name: "adagrad", form: .slides, expected: [0.33320403103829566, -0.0057657972683258125, 0.2935085995479479]),
        Case(name: "adagrad", form: .torch, expected: [0.33320403100251134, -0.005765796503875648, 0.29350860064555345]),
        Case(name: "adagrad", form: .keras, expected: [0.33346387627286805, -0.008159824038974334, 0.2888386792849325]),
        Case(name: "rmsprop", form: .slides, expected: [0.3313807438304802, 0.059954395529308147, 0.38014680240689763]),
        Case(name: "rmsprop", form: .torch, expected: [0.33317381957150644, 0.06526259768447432, 0.37599868731361025]),
        Case(name: "rmsprop", form: .keras, expected: [0.3313806116117406, 0.05995429662095207, 0.3801469272783443]),
        Case(name: "adam", form: .slides, expected: [0.35036717102807985, 0.1652427979147748, 0.4761298655280308]),
        Case(name: "adam", form: .torch, expected: [0.3503671710280798, 0.1652427979147747, 0.4761298655280307]),
        Case(name: "adam", form: .keras, expected: [0.35036736260556034, 0.16524192096409823, 0.47612853336407995]),
    ]

    static func network() throws -> Network {
        var generator = Generator(seed: 0)
        let network = try Network(input: Input([2]), [Dense(1)], dtype: .float64, generator: &generator)
        try network.setParameters([Tensor([0.3, -0.2], shape: [2, 1]), Tensor([0.1])])
        return network
    }

    static func samples() throws -> (x: Tensor, y: Tensor) {
        (try Tensor([1, 2, 3, -1, 0.5, 0.25, -2, 1], shape: [4, 2]), try Tensor([1, 2, -1, 0.5]))
    }

    static func optimizer(_ sample: Case) throws -> Optimizer {
        var values = [(name: "learning_rate", value: 0.05)]
        if let momentum = sample.momentum { values.append((name: "momentum", value: momentum)) }
        let record = try #require(Optimizer.named(sample.name))
        return try Optimizer(record, values, form: sample.form, .init(nesterov: sample.nesterov))
    }

    @Test(arguments: cases)
    func tenStepsFollowTheReference(_ sample: Case) throws {
        let network = try OptimizerTests.network(), (x, y) = try OptimizerTests.samples()
        var options = Training.Options()
        options.optimizer = try OptimizerTests.optimizer(sample)
        options.epochs = 4
        var generator = Generator(seed: 0)
        // The second fit goes on from the optimizer's state.
        try Training.fit(network, x, y, options, generator: &generator)
        options.epochs = 6
        try Training.fit(network, x, y, options, generator: &generator)
        let found = try network.parameters().flatMap(\.numbers)
        // Keras keeps its constants in float32.
        let tolerance = sample.form == .keras ? 2e-6 : 1e-12
        for (found, expected) in zip(found, sample.expected) { #expect(abs(found - expected) < tolerance) }
    }

    @Test func aStepWithGivenGradientsIsTheSame() throws {
        let network = try OptimizerTests.network(), (x, y) = try OptimizerTests.samples()
        let adam = try #require(OptimizerTests.cases.first { $0.name == "adam" })
        let optimizer = try OptimizerTests.optimizer(adam)
        for _ in 0..<10 {
            let delta = try Loss.mse.gradient(target: y, output: network.predict(x)).numbers
            var gradient = [0.0, 0, 0]
            for row in 0..<4 {
                gradient[0] += delta[row] * x.numbers[2 * row]
                gradient[1] += delta[row] * x.numbers[2 * row + 1]
                gradient[2] += delta[row]
            }
            try optimizer.step(
                network, gradients: [Tensor([gradient[0], gradient[1]], shape: [2, 1]), Tensor([gradient[2]])])
        }
        for (found, expected) in zip(try network.parameters().flatMap(\.numbers), adam.expected) {
            #expect(abs(found - expected) < 1e-12)
        }
        #expect(optimizer.steps == 10)
    }

    @Test func whatIsExecutedIsSaid() throws {
        #expect(try Optimizer(.sgd).formula == "x = x - 0.01 g")
        #expect(try Optimizer(.sgd, [("momentum", 0.9)]).formula == "p = g + 0.9 p; x = x - 0.01 p")
        #expect(
            try Optimizer(.adam).formula
                == "v = 0.9 v + (1 - 0.9) g; s = 0.999 s + (1 - 0.999) g^2; v̂ = v / (1 - 0.9^t); ŝ = s / (1 - 0.999^t); x = x - 0.001 v̂ / (1e-08 + √ŝ)")
        #expect(try Optimizer(.adam, [("learning_rate", 0.05)], form: .keras).text == "adam(learning_rate=0.05, form=\"keras\")")
    }
}

extension OptimizerTests {
    /// A wide first layer lies in pieces: what is set is read back, and given gradients meet the numbers they belong to.
    @Test func wideLayersAreSeenWhole() throws {
        var generator = Generator(seed: 1)
        let network = try Network(input: Input([40]), [Dense(200, .tanh), Dense(3)], dtype: .float64, generator: &generator)
        let numbered = try Tensor((0..<8000).map(Double.init), shape: [40, 200])
        try network.setParameter("W", ofLayer: 0, to: numbered)
        #expect(try network.parameter("W", ofLayer: 0)?.numbers == numbered.numbers)
        var gradients: [Tensor] = []
        for parameter in try network.parameters() {
            gradients.append(try Tensor(parameter.numbers.map { 2 * $0 }, shape: parameter.shape))
        }
        try Optimizer(.sgd, [("learning_rate", 0.25)]).step(network, gradients: gradients)
        #expect(try network.parameter("W", ofLayer: 0)?.numbers == numbered.numbers.map { $0 / 2 })
        let x = try Drawing.normal(0, 1, [2, 40], &generator)
        try network.setParameter("W", ofLayer: 0, to: Drawing.normal(0, 0.1, [40, 200], &generator))
        let w = try #require(try network.parameter("W", ofLayer: 0)), v = try #require(try network.parameter("W", ofLayer: 1))
        let hidden = try Activation.tanh.value(of: MatrixProduct.product(x, w))
        let expected = try MatrixProduct.product(hidden, v).numbers
        for (found, expected) in zip(try network.predict(x).numbers, expected) { #expect(abs(found - expected) < 1e-12) }
    }
}

extension OptimizerTests {
    struct Trajectory: CustomStringConvertible, Sendable {
        let name: String
        let form: OptimizerForm
        let steps: [[Double]]
        var description: String { "\(name) \(form)" }
    }

    @Test(arguments: trajectories)
    func eachOfTenStepsIsThatOfTheReference(_ trajectory: Trajectory) throws {
        let network = try OptimizerTests.network(), (x, y) = try OptimizerTests.samples()
        var options = Training.Options()
        let record = try #require(Optimizer.named(trajectory.name))
        options.optimizer = try Optimizer(record, [("learning_rate", 0.05)], form: trajectory.form)
        var generator = Generator(seed: 0)
        for (count, expected) in trajectory.steps.enumerated() {
            try Training.fit(network, x, y, options, generator: &generator)
            let found = try network.parameters().flatMap(\.numbers)
            for (found, expected) in zip(found, expected) {
                #expect(abs(found - expected) < 1e-13, "step \(count + 1): \(found) \(expected)")
            }
        }
    }

    @Test func allFormsAreThere() {
        let known = Set(OptimizerTests.trajectories.map(\.description))
        for record in Optimizer.catalogue {
            for form in record.forms { #expect(known.contains("\(record.name) \(form)"), "\(record.name) \(form)") }
        }
    }

    @Test func nagOfTheSlidesShowsWhereItStandsAndNotTheLookAhead() throws {
        let network = try OptimizerTests.network(), (x, y) = try OptimizerTests.samples()
        var options = Training.Options()
        options.optimizer = try Optimizer(.nag, [("learning_rate", 0.05)])
        options.epochs = 10
        var generator = Generator(seed: 0)
        try Training.fit(network, x, y, options, generator: &generator)
        let expected = try #require(OptimizerTests.trajectories.first { $0.description == "nag slides" }?.steps.last)
        for (found, expected) in zip(try network.parameters().flatMap(\.numbers), expected) {
            #expect(abs(found - expected) < 1e-13)
        }
    }

    @Test func clippingKeepsDirectionByNormAndSignsByValue() throws {
        func step(_ extras: Optimizer.Extras) throws -> [Double] {
            let network = try OptimizerTests.network()
            let before = try network.parameters().flatMap(\.numbers)
            // A gradient of length 13.
            try Optimizer(.sgd, [("learning_rate", 1)], extras).step(
                network, gradients: [Tensor([3, -4], shape: [2, 1]), Tensor([12])])
            return zip(before, try network.parameters().flatMap(\.numbers)).map { (($0 - $1) * 1e9).rounded() / 1e9 }
        }
        #expect(try step(.init()) == [3, -4, 12])
        #expect(try step(.init(clipNorm: 6.5)) == [1.5, -2, 6])
        #expect(try step(.init(clipNorm: 20)) == [3, -4, 12])
        #expect(try step(.init(clipValue: 3.5)) == [3, -3.5, 3.5])
    }

    @Test func whatAnOptimizerDoesNotHaveIsRefused() {
        #expect(message { _ = try Optimizer(.rprop, form: .keras) } == "rprop has no form \"keras\" | it has \"slides\", \"torch\"")
        #expect(message { _ = try Optimizer(.adam, [], Optimizer.Extras(clipNorm: 0)) } == "clip_norm of adam must be above 0, not 0")
        #expect(message { _ = try Optimizer(.adam, [], Optimizer.Extras(nesterov: true)) } == "adam has no nesterov | sgd(0.01, momentum=0.9, nesterov=true)")
    }
}
