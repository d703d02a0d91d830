import Diagnostics
import Tensors
import Testing

import Neural

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Outputs and gradients of layers against what Keras gives for the same numbers: Golden/record_layers.py says which and
/// made Golden/layers.txt.
@Suite struct LayerValueTests {
    struct Case: CustomStringConvertible, Sendable {
        let name: String
        let layer: @Sendable () throws -> any Layer
        /// Where each of our parameters stands among Keras's, and which part of it: (which, from, count).
        var places: [(Int, Int?, Int?)]
        var mask: [Bool]?
        var isTraining = false
        var description: String { name }
    }

    private static let steps = 4, features = 3

    private static func recurrence(_ sequences: Bool, _ mask: Double? = nil) throws -> Recurrence {
        try Recurrence("layer", units: 2, returnsSequences: sequences, mask: mask)
    }

    static let cases: [Case] = {
        let plain: [(Int, Int?, Int?)] = [(0, nil, nil), (1, nil, nil), (2, nil, nil)]
        // W, b, U, c of a gru: its b is [2, 3 units] in Keras, with c the second row.
        let gru: [(Int, Int?, Int?)] = [(0, nil, nil), (2, 0, 6), (1, nil, nil), (2, 6, 6)]
        let before: [(Int, Int?, Int?)] = [(0, nil, nil), (2, nil, nil), (1, nil, nil)]
        let twice: [(Int, Int?, Int?)] = gru + gru.map { ($0.0 + 3, $0.1, $0.2) }
        let mask = [true, true, false, false, false, true, true, true]
        var cases = [false, true].flatMap { sequences -> [Case] in
            let end = sequences ? " sequences" : ""
            return [
                Case(name: "lstm" + end, layer: { LSTM(try recurrence(sequences)) }, places: plain),
                Case(name: "gru" + end, layer: { GRU(try recurrence(sequences)) }, places: gru),
                Case(name: "gru before" + end, layer: { GRU(try recurrence(sequences), resetAfter: false) }, places: before),
                Case(name: "simple_rnn" + end, layer: { try SimpleRNN(recurrence(sequences)) }, places: plain),
                Case(name: "bidirectional" + end, layer: { Bidirectional(GRU(try recurrence(sequences))) }, places: twice),
            ]
        }
        cases += [
            Case(name: "masked lstm", layer: { LSTM(try recurrence(false, 0)) }, places: plain, mask: mask),
            Case(name: "masked gru", layer: { GRU(try recurrence(false, 0)) }, places: gru, mask: mask),
            Case(
                name: "masked bidirectional", layer: { Bidirectional(LSTM(try recurrence(false, 0))) },
                places: plain + plain.map { ($0.0 + 3, nil, nil) }, mask: mask),
            Case(name: "layernorm", layer: { try LayerNorm() }, places: [(0, nil, nil), (1, nil, nil)]),
            Case(
                name: "batchnorm", layer: { try BatchNorm() }, places: (0..<4).map { ($0, nil, nil) }),
            Case(
                name: "batchnorm training", layer: { try BatchNorm() }, places: (0..<4).map { ($0, nil, nil) }, isTraining: true),
            Case(name: "attention", layer: { try Attention(2, width: 5) }, places: (0..<8).map { ($0, nil, nil) }),
            Case(
                name: "attention causal", layer: { try Attention(2, width: 5, isCausal: true) },
                places: (0..<8).map { ($0, nil, nil) }),
        ]
        return cases
    }()

    /// w[i] = sin(1 + k i)
    private static func numbers(_ range: Range<Int>, _ k: Double) -> [Double] { range.map { sin(1 + k * Double($0)) } }

    private static let recorded: [String: [Double]] = {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        guard let file = fopen(folder + "/Golden/layers.txt", "r") else { return [:] }
        defer { fclose(file) }
        var text: [UInt8] = []
        var byte = fgetc(file)
        while byte >= 0 {
            text.append(UInt8(truncatingIfNeeded: byte))
            byte = fgetc(file)
        }
        var result: [String: [Double]] = [:]
        for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
            let halves = line.split(separator: ":")
            result[String(halves[0])] = halves[1].split(separator: " ").compactMap { Double($0) }
        }
        return result
    }()

    @Test(arguments: cases) func outputsAndGradientsAreThoseOfKeras(_ sample: Case) throws {
        var generator = Generator(seed: 1)
        let shape = [Self.steps, Self.features], rows = 2
        let network = try Network(input: Input(shape), [sample.layer()], dtype: .float64, generator: &generator)
        let parameters = network.layers[0].parameters
        #expect(parameters.count == sample.places.count)
        for (parameter, place) in zip(parameters, sample.places) {
            let start = place.1 ?? 0
            var numbers = Self.numbers(start..<start + parameter.count, 0.37 + 0.11 * Double(place.0)).map { 0.7 * $0 }
            if parameter.name == "moving_variance" { numbers = numbers.map { abs($0) + 0.5 } }
            try network.setParameter(parameter.name, ofLayer: 0, to: Tensor(numbers, shape: parameter.shape))
        }
        let function = try Differentiable(network, batch: rows, .float64)
        let count = rows * Self.steps * Self.features
        let x = function.x.assumingMemoryBound(to: Double.self), dy = function.dy.assumingMemoryBound(to: Double.self)
        for (index, number) in Self.numbers(0..<count, 0.9).enumerated() {
            x[index] = sample.mask.map { $0[index / Self.features] ? number : 0 } ?? number
        }
        let y = function.forward(rows: rows, isTraining: sample.isTraining).assumingMemoryBound(to: Double.self)
        // Keras rounds the scale of attention to float32.
        let tolerance = sample.name.hasPrefix("attention") ? 1e-8 : 1e-10
        let outputs = try #require(Self.recorded[sample.name])
        #expect(outputs.count == rows * product(of: function.outputShape))
        for (index, expected) in outputs.enumerated() { #expect(abs(y[index] - expected) < tolerance, "y[\(index)]") }
        for index in outputs.indices { dy[index] = cos(Double(index)) }
        function.backward()
        if let expected = Self.recorded[sample.name + " dx"] {
            let dx = function.dx.assumingMemoryBound(to: Double.self)
            for index in expected.indices { #expect(abs(dx[index] - expected[index]) < tolerance, "dx[\(index)]") }
        }
        let gradients = function.gradients.assumingMemoryBound(to: Double.self)
        for (number, (parameter, place)) in zip(parameters, sample.places).enumerated() where parameter.isTrained {
            let all = try #require(Self.recorded["\(sample.name) d\(place.0)"])
            let expected = place.1.map { Array(all[$0..<$0 + parameter.count]) } ?? all
            #expect(expected.count == parameter.count)
            for index in expected.indices {
                let found = gradients[network.layers[0].offsets[number] + index]
                #expect(abs(found - expected[index]) < tolerance, "\(parameter.name)[\(index)]")
            }
        }
        if sample.isTraining {
            function.returnState()
            let found = try ["moving_mean", "moving_variance"].flatMap { try network.parameter($0, ofLayer: 0)?.numbers ?? [] }
            let expected = try #require(Self.recorded["batchnorm moving"])
            for index in expected.indices { #expect(abs(found[index] - expected[index]) < tolerance, "moving \(index)") }
        }
    }
}
