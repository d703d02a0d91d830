import Diagnostics
import Neural
import Tensors
import Testing

/// Learning rates over time, by hand and by Keras's schedules.
@Suite struct ScheduleTests {
    @Test func ratesFollowTheFormulas() throws {
        let steps = try Schedule.steps(0.8, every: 10, factor: 0.5)
        #expect([0, 9, 10, 19, 20, 35].map { steps.rate(step: $0, epoch: 0) } == [0.8, 0.8, 0.4, 0.4, 0.2, 0.1])
        // keras.optimizers.schedules.ExponentialDecay(0.1, 100, 0.9)(50): 0.1 0.9^0.5
        let exponential = try Schedule.exponential(0.1, every: 100, factor: 0.9)
        #expect(abs(exponential.rate(step: 50, epoch: 0) - 0.09486832980505139) < 1e-16)
        // keras.optimizers.schedules.CosineDecay(0.1, 1000, alpha=0.1)(250): 0.01 + 0.09 (1 + cos(π / 4)) / 2
        let cosine = try Schedule.cosine(0.1, over: 1000, least: 0.01)
        #expect(abs(cosine.rate(step: 250, epoch: 0) - 0.08681980515339464) < 1e-15)
        #expect(cosine.rate(step: 1000, epoch: 0) == 0.01)
        #expect(cosine.rate(step: 5000, epoch: 0) == 0.01)
        let warm = try Schedule.warmup(4, then: steps)
        #expect([0, 1, 2, 3, 4, 13, 14].map { warm.rate(step: $0, epoch: 0) } == [0.2, 0.4, 0.6000000000000001, 0.8, 0.8, 0.8, 0.4])
        #expect(try Schedule.constant(0.3).rate(step: 99, epoch: 3) == 0.3)
    }

    @Test func anEpochOrAStepIsCounted() throws {
        let network = try OptimizerTests.network(), (x, y) = try OptimizerTests.samples()
        var generator = Generator(seed: 0)
        var options = Training.Options()
        options.epochs = 3
        options.batchSize = 2
        let byEpoch = try Optimizer(.sgd, [], Optimizer.Extras(schedule: .steps(0.1, every: 1, factor: 0.5, per: .epoch)))
        options.optimizer = byEpoch
        var rates: [Double] = []
        try Training.fit(network, x, y, options, generator: &generator, onEpoch: { _ throws(Failure) in
            rates.append(byEpoch.learningRate)
            return true
        })
        #expect(rates == [0.1, 0.05, 0.025])
        let byStep = try Optimizer(.sgd, [], Optimizer.Extras(schedule: .steps(0.1, every: 1, factor: 0.5)))
        options.optimizer = byStep
        try Training.fit(network, x, y, options, generator: &generator)
        // The last of six steps.
        #expect(byStep.learningRate == 0.1 / 32)
        #expect(byStep.text == "sgd(learning_rate=step_decay(0.1, every=1, factor=0.5))")
        #expect(byStep.formula == "x = x - α(t) g; α(t) = 0.1 0.5^⌊t / 1⌋")
        #expect(byEpoch.formula == "x = x - α(epoch) g; α(epoch) = 0.1 0.5^⌊epoch / 1⌋")
    }

    @Test func aScheduleOfMomentumInKerasKeepsTheStep() throws {
        // keras: v = 0; for lr, g in [(0.1, 1), (0.05, 1)]: v = 0.9 v - lr g; x += v gives -0.1 and -0.24; of the direction
        // p = g + 0.9 p; x -= lr p it is -0.1 and -0.195.
        func end(_ form: OptimizerForm) throws -> Double {
            let network = try OptimizerTests.network()
            try network.setParameters([Tensor([0.0, 0], shape: [2, 1]), Tensor([0.0])])
            let optimizer = try Optimizer(.momentum, form: form, .init(schedule: .steps(0.1, every: 1, factor: 0.5)))
            for _ in 0..<2 { try optimizer.step(network, gradients: [Tensor([1.0, 0], shape: [2, 1]), Tensor([0.0])]) }
            return try network.parameters()[0].numbers[0]
        }
        #expect(abs(try end(.keras) + 0.24) < 1e-15)
        #expect(abs(try end(.slides) + 0.195) < 1e-15)
    }

    @Test func whatIsNoScheduleIsRefused() {
        #expect(message { _ = try Schedule.steps(0.1, every: 0, factor: 1) } == "every of step_decay must be above 0, not 0")
        #expect(message { _ = try Schedule.cosine(0.1, over: 5, least: 1) } == "least of cosine_decay must be from 0 to the rate, not 1")
        #expect(message { _ = try Schedule.constant(.nan) } == "rate of constant_rate must be above 0, not nan")
    }
}
