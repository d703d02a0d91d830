import Diagnostics
import Neural
import Tensors
import Testing

/// The gradient that a step follows, read off one step of gradient descent with rate 1, against central differences of
/// the loss that `evaluate` gives: forward, backward and their fusions, all in float64.
@Suite struct GradientTests {
    struct Case: CustomStringConvertible, Sendable {
        let hidden: Activation
        let output: Activation
        let loss: Loss
        var description: String { "\(hidden.text), \(output.text), \(loss.name)" }
    }

    static let cases: [Case] = {
        var cases: [Case] = []
        let smooth = Activation.catalogue.filter(\.isTrainable).compactMap { try? $0.activation() }.filter { !$0.isRandom }
        let steep: [Activation] = [
            try? ActivationRecord.sigmoid.activation(2), try? ActivationRecord.tanh.activation(0.5),
            try? ActivationRecord.leakyReLU.activation(0.3), try? ActivationRecord.elu.activation(0.7),
        ].compactMap { $0 }
        for hidden in smooth + steep {
            for loss in Loss.catalogue where loss.isTrainable {
                let outputs: [Activation] =
                    switch loss.name {
                    case "crossentropy", "kl": [.softmax]
                    case "binary_crossentropy": [.sigmoid] + steep.prefix(1)
                    default: [.identity, .sigmoid, .tanh, .softmax, .relu, .gelu]
                    }
                for output in outputs { cases.append(Case(hidden: hidden, output: output, loss: loss)) }
            }
        }
        return cases
    }()

    @Test(arguments: cases)
    func aStepFollowsTheGradientOfTheLoss(_ sample: Case) throws {
        try check([Dense(4, sample.hidden), Dense(3, sample.output)], sample.loss)
    }

    @Test func anActivationOfItsOwnIsDifferentiated() throws {
        try check([Dense(4), ActivationLayer(.tanh), ActivationLayer(.elu), Dense(3), ActivationLayer(.sigmoid)], .mse)
        try check([ActivationLayer(.softmax), Dense(3, .softmax, useBias: false)], .crossentropy)
        try check([Flatten(), Dense(5, .softplus), Dense(4, .softsign), Dense(3, .identity)], .halfMSE)
    }

    @Test func wideLayersAreCutIntoPiecesAndStayRight() throws {
        try check([Dense(130, .tanh), Dense(129, .sigmoid), Dense(3, .softmax)], .crossentropy, features: 33, samples: 37, every: 211)
        try check([Dense(150, .tanh), Dense(128, .identity)], .mse, features: 200, samples: 50, every: 1501)
    }

    private func check(
        _ layers: [any Layer], _ loss: Loss, features: Int = 5, samples: Int = 6, every stride: Int = 1
    ) throws {
        var generator = Generator(seed: 3)
        let network = try Network(input: Input([features]), layers, dtype: .float64, generator: &generator)
        let outputs = network.outputShape?[0] ?? 0
        let x = try Drawing.normal(0, 1, [samples, features], &generator)
        var targets: [Double] = []
        for _ in 0..<samples {
            let row = (0..<outputs).map { _ in generator.uniform() }
            targets += loss.targets == .signs ? row.map { $0 < 0.5 ? -1 : 1 } : loss.takesProbabilities ? row.map { $0 / row.reduce(0, +) } : row
        }
        let y = try Tensor(targets, shape: [samples, outputs])
        // Away from the kinks of relu and its kin, which a row of zeros under a bias of 0 would meet.
        let before = try network.parameters().map { parameter in
            try Tensor(parameter.numbers.map { $0 + 0.2 * generator.normal() }, shape: parameter.shape)
        }
        try network.setParameters(before)
        func value(_ parameters: [Tensor]) throws -> Double {
            try network.setParameters(parameters)
            return try Training.evaluate(network, x, y, loss: loss)[0].value
        }
        var options = Training.Options()
        options.loss = loss
        options.optimizer = try Optimizer(.sgd, [("learning_rate", 1)])
        options.batchSize = samples
        let history = try Training.fit(network, x, y, options, generator: &generator)
        let after = try network.parameters()
        #expect(abs(try value(before) - (history.values(of: "loss")?[0] ?? .nan)) < 1e-12)
        for (number, parameter) in before.enumerated() {
            for index in Swift.stride(from: 0, to: parameter.count, by: parameter.count > 50 ? stride : 1) {
                let step = 1e-5
                func moved(_ distance: Double) throws -> Double {
                    var numbers = parameter.numbers
                    numbers[index] += distance
                    var changed = before
                    changed[number] = try Tensor(numbers, shape: parameter.shape)
                    return try value(changed)
                }
                let expected = (try moved(step) - moved(-step)) / (2 * step)
                let found = parameter.numbers[index] - after[number].numbers[index]
                #expect(abs(found - expected) <= 1e-7 + 1e-6 * abs(expected), "parameter \(number), element \(index)")
            }
        }
    }
}
