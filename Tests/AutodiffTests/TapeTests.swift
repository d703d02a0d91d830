import Autodiff
import Diagnostics
import Tensors
import Testing

@Suite struct TapeTests {
    @Test func `derivatives at corners are the stated ones`() throws {
        #expect(try slope(0) { t, x throws(Failure) in try t.apply(.maximum, x, t.leaf(0)) } == 0)
        #expect(try slope(0) { t, x throws(Failure) in try t.apply(.maximum, t.leaf(0), x) } == 1)
        #expect(try slope(0) { t, x throws(Failure) in try t.apply(.abs, x) } == 0)
        #expect(try slope(0) { t, x throws(Failure) in try t.apply(.power, x, t.leaf(2)) } == 0)
        #expect(try slope(0) { t, x throws(Failure) in try t.apply(.power, x, t.leaf(1)) } == 1)
        #expect(try slope(0) { t, x throws(Failure) in try t.apply(.power, x, t.leaf(0)) } == 0)
        #expect(try slope(2) { t, x throws(Failure) in try t.apply(.sign, x) } == 0)
    }

    private func slope(_ at: Double, _ program: Program) throws -> Double {
        let tape = Tape()
        let x = try tape.leaf(at)
        return tape.number(try tape.gradient(of: program(tape, x), withRespectTo: [x])[0])
    }

    typealias Program = (Tape, Variable) throws(Failure) -> Variable

    @Test func `what a result does not depend on has a gradient of zeros`() throws {
        let tape = Tape()
        let x = try tape.leaf(Tensor([1, 2])), y = try tape.leaf(3)
        let gradients = try tape.gradient(of: y, withRespectTo: [x, y])
        #expect(try tape.value(gradients[0]).numbers == [0, 0])
        #expect(tape.number(gradients[1]) == 1)
    }

    @Test func `the gradient of many numbers is refused, unless they are weighted`() throws {
        let tape = Tape()
        let x = try tape.leaf(Tensor([1, 2]))
        let y = try tape.apply(.square, x)
        let failure = #expect(throws: Failure.self) { try tape.gradient(of: y, withRespectTo: [x]) }
        #expect(failure?.message == "the gradient is of one number, not of a value of shape (2,)")
        let seed = try tape.leaf(Tensor([1, 10]))
        #expect(try tape.value(tape.gradient(of: y, withRespectTo: [x], seed: seed)[0]).numbers == [2, 40])
    }

    @Test func `derivatives of any order`() throws {
        let tape = Tape()
        let x = try tape.leaf(2)
        var y = try tape.apply(.power, x, tape.leaf(5))
        for expected in [80.0, 160, 240, 240, 120, 0] {
            y = try tape.gradient(of: y, withRespectTo: [x])[0]
            #expect(tape.number(y) == expected)
        }
    }

    @Test func `a tape that was reset starts anew in the same memory`() throws {
        let tape = Tape()
        for round in 0..<3 {
            tape.reset()
            let x = try tape.leaf(Tensor((0..<100_000).map { Double($0 + round) }))
            let total = try tape.sum(tape.apply(.multiply, x, x))
            let gradient = try tape.value(tape.gradient(of: total, withRespectTo: [x])[0])
            #expect(gradient.numbers[10] == 2 * Double(10 + round))
        }
    }

    @Test func `shapes that do not fit are errors in the language's words`() throws {
        let tape = Tape()
        let a = try tape.leaf(Making.full([4], 1)), b = try tape.leaf(Making.full([4, 1], 1))
        let failure = #expect(throws: Failure.self) { try tape.apply(.subtract, a, b) }
        #expect(failure?.message == "`-` of (4,) and (4, 1) would stretch both to (4, 4)")
        let product = #expect(throws: Failure.self) {
            try tape.product(tape.leaf(Making.full([4, 3], 1)), tape.leaf(Making.full([4, 2], 1)))
        }
        #expect(product?.message == "the product of (4, 3) and (4, 2) needs 3 = 4")
    }

    /// δ by hand, as on the slides: XOR with tanh and sigmoid units and half the squared error.
    @Test func `backpropagation by hand agrees`() throws {
        let tape = Tape()
        let (x, y) = (try Tensor([0, 0, 0, 1, 1, 0, 1, 1], shape: [4, 2]), try Tensor([0, 1, 1, 0], shape: [4, 1]))
        var generator = Generator(seed: 2)
        let w1 = try Drawing.normal(0, 1, [2, 3], &generator), w2 = try Drawing.normal(0, 1, [3, 1], &generator)
        let (v1, v2) = (try tape.leaf(w1), try tape.leaf(w2))
        let hidden = try tape.apply(.tanh, tape.product(tape.leaf(x), v1))
        let z = try tape.product(hidden, v2)
        let output = try tape.apply(.divide, tape.leaf(1), tape.apply(.add, tape.leaf(1), tape.apply(.exp, tape.apply(.negate, z))))
        let error = try tape.apply(.square, tape.apply(.subtract, output, tape.leaf(y)))
        let loss = try tape.apply(.multiply, tape.sum(error), tape.leaf(0.5))
        let found = try tape.gradient(of: loss, withRespectTo: [v1, v2]).map { try tape.value($0).numbers }

        let (h, o) = (try tape.value(hidden).numbers, try tape.value(output).numbers)
        let delta2 = (0..<4).map { (o[$0] - y.numbers[$0]) * o[$0] * (1 - o[$0]) }
        for k in 0..<3 {
            let slope = (0..<4).reduce(0.0) { $0 + h[$1 * 3 + k] * delta2[$1] }
            #expect(abs(found[1][k] - slope) < 1e-14)
            for i in 0..<2 {
                let slope = (0..<4).reduce(0.0) { sum, n in
                    sum + x.numbers[n * 2 + i] * delta2[n] * w2.numbers[k] * (1 - h[n * 3 + k] * h[n * 3 + k])
                }
                #expect(abs(found[0][i * 3 + k] - slope) < 1e-14)
            }
        }
    }
}
