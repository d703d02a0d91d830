import Autodiff
import Diagnostics
import Neural
import Tensors
import Testing

/// What large weights cost: the formula λ Σ w², its gradient in a step, and where it is counted.
@Suite struct PenaltyTests {
    static func penalties() throws -> [Penalty] {
        [try Penalty(l2: 0.1), try Penalty(l1: 0.2), try Penalty(l1: 0.3) + Penalty(l2: 0.4)]
    }

    private func network(_ penalty: Penalty? = nil, _ layers: Int = 2) throws -> Network {
        var generator = Generator(seed: 1)
        let network = try Network(
            input: Input([2]), [Dense(2, .tanh, penalty: penalty), Dense(1)], dtype: .float64, generator: &generator)
        try network.setParameters([
            Tensor([0.5, -1, 2, 0], shape: [2, 2]), Tensor([3, -3]), Tensor([0.25, -0.75], shape: [2, 1]), Tensor([0.1]),
        ])
        return network
    }

    @Test func theFormulaHasNoHalfAndLeavesBiasesOut() throws {
        let w = try Tensor([0.5, -1, 2, 0])
        #expect(try Penalty(l2: 0.1).value(of: w) == 0.1 * 5.25)
        #expect(try Penalty(l1: 0.1).value(of: w) == 0.1 * 3.5)
        // 0.1 times the squares of the first layer's W alone.
        #expect(try network(Penalty(l2: 0.1)).cost == 0.1 * 5.25)
        #expect(try network().cost == 0)
    }

    @Test(arguments: 0..<3) func aStepFollowsTheGradientOfLossAndPenalty(_ index: Int) throws {
        let penalty = try PenaltyTests.penalties()[index]
        let x = try Tensor([1, 2, -0.5, 0.3, 0.7, -1], shape: [3, 2]), y = try Tensor([1, -1, 0.5])
        var options = Training.Options()
        options.optimizer = try Optimizer(.sgd, [("learning_rate", 1)])
        var generator = Generator(seed: 0)
        let plain = try network()
        let before = try plain.parameters().map(\.numbers)
        let data = try Training.fit(plain, x, y, options, generator: &generator)
        options.penalty = penalty
        options.optimizer = try Optimizer(.sgd, [("learning_rate", 1)])
        let costly = try network()
        let both = try Training.fit(costly, x, y, options, generator: &generator)
        let cost = try penalty.value(of: Tensor(before[0])) + penalty.value(of: Tensor(before[2]))
        #expect(abs((both.values(of: "loss")?[0] ?? 0) - (data.values(of: "loss")?[0] ?? 0) - cost) < 1e-15)
        let without = try plain.parameters().map(\.numbers), with = try costly.parameters().map(\.numbers)
        for number in before.indices {
            for (place, w) in before[number].enumerated() {
                let slope = penalty.l1 * (w > 0 ? 1 : w < 0 ? -1 : 0) + 2 * penalty.l2 * w
                // Biases have one axis.
                let expected = number % 2 == 0 ? slope : 0
                #expect(abs(without[number][place] - with[number][place] - expected) < 1e-14)
            }
        }
        // The loss that is measured afterwards counts it too.
        let measured = try Training.evaluate(costly, x, y)[0].value
        #expect(try abs(measured - Loss.mse.value(target: y, output: costly.predict(x)) - costly.cost) < 1e-14)
    }

    @Test func theTapeAgrees() throws {
        let tape = Tape(), penalty = try Penalty(l1: 0.3) + Penalty(l2: 0.4)
        let w = try tape.leaf(Tensor([0.5, -1, 2, 0]))
        let cost = try penalty.traced(w, on: tape)
        #expect(abs(tape.number(cost) - (0.3 * 3.5 + 0.4 * 5.25)) < 1e-15)
        let gradient = try tape.value(tape.gradient(of: cost, withRespectTo: [w])[0]).numbers
        for (found, expected) in zip(gradient, [0.7, -1.1, 1.9, 0]) { #expect(abs(found - expected) < 1e-15) }
        #expect(penalty.text == "l1(0.3) + l2(0.4)")
        #expect(penalty.formula == "0.3 Σ |w| + 0.4 Σ w^2")
    }

    @Test func aValueIsClippedAfterThePenalty() throws {
        var options = Training.Options()
        options.penalty = try Penalty(l2: 100)
        options.optimizer = try Optimizer(.sgd, [("learning_rate", 1)], .init(clipValue: 0.5))
        var generator = Generator(seed: 0)
        let network = try network()
        try Training.fit(network, Tensor([1, 2], shape: [1, 2]), Tensor([1.0]), options, generator: &generator)
        // Gradients of the weights are far above 0.5, the one at 0 has only its loss.
        #expect(try Array(network.parameters()[0].numbers[..<3]) == [0, -0.5, 1.5])
    }
}
