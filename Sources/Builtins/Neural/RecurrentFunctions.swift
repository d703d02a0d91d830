import Diagnostics
import Language
import Neural
import Tensors

/// The layers that go through a sequence step by step.
enum RecurrentFunctions {
    static let builtins: [Builtin] = [bidirectional, gru, jordan, lstm, simpleRNN]

    private static let units = Builtin.Parameter("units", "whole number", .required, .positional, "the length of the state, 1 or more")
    private static let sequences = Builtin.Parameter(
        "return_sequences", "bool", .bool(false), .keyword, "give the output of each step, and not of the last one alone")
    private static let mask = Builtin.Parameter(
        "mask", "number", .none, .keyword,
        "steps whose features all have this value are left out: the state stays, and their output is 0")
    private static let shapes = "[n, steps, in] -> [n, units], with return_sequences [n, steps, units]"

    static let lstm = Builtin(
        "lstm", "A layer of long short-term memory.",
        [
            units, sequences, mask,
            .init("unit_forget_bias", "bool", .bool(true), .keyword, "b of the forget gate starts at 1, as Keras has it, and not at 0"),
        ],
        formula:
            "i, f, o = σ(x W + h U + b); g = tanh(x W + h U + b), each with its own columns in the order i, f, g, o\nc = f c + i g; h = o tanh(c)",
        shapes: shapes + "; W [in, 4 units], U [units, 4 units], b [4 units]",
        example: "sequential(input(28, 28), lstm(64), dense(10, softmax))",
        source: "Hochreiter and Schmidhuber 1997, doi:10.1162/neco.1997.9.8.1735; Gers et al. 2000; as in Keras"
    ) { call throws(Failure) in
        Value(native: LayerObject(LSTM(try call.recurrence(), unitForgetBias: try call.bool(3))))
    }

    static let gru = Builtin(
        "gru", "A layer of gated recurrent units.",
        [
            units, sequences, mask,
            .init(
                "reset_after", "bool", .bool(true), .keyword,
                "the reset gate acts on the product with U, as Keras has it, and not before it, as first published"),
        ],
        formula:
            "z, r = σ(x W + b + h U + c); n = tanh(x W + b + r (h U + c)), each with its own columns in the order z, r, n\nh = z h + (1 - z) n\nreset_after=false: z, r = σ(x W + b + h U); n = tanh(x W + b + (r h) U)",
        shapes: shapes + "; W [in, 3 units], U [units, 3 units], b and c [3 units]",
        example: "sequential(input(10, 1), gru(8), dense(1))", source: "Cho et al. 2014, arXiv:1406.1078; as in Keras"
    ) { call throws(Failure) in
        Value(native: LayerObject(GRU(try call.recurrence(), resetAfter: try call.bool(3))))
    }

    static let simpleRNN = Builtin(
        "simple_rnn", "A simple recurrent layer, as in an Elman network: its units see themselves as they were a step before.",
        [
            units,
            .init("activation", "activation", .string("tanh"), .positional, "f"),
            sequences, mask,
        ],
        formula: "h = f(x W + h U + b)", shapes: shapes + "; W [in, units], U [units, units], b [units]",
        example: "sequential(input(10, 1), simple_rnn(8), dense(1))", source: "Elman 1990, doi:10.1207/s15516709cog1402_1"
    ) { call throws(Failure) in
        Value(native: LayerObject(try SimpleRNN(call.recurrence(sequences: 2, mask: 3), call.activation(1))))
    }

    static let jordan = Builtin(
        "jordan", "A Jordan network as a layer: its hidden units see the outputs as they were a step before.",
        [
            units,
            .init("outputs", "whole number", .number(1), .positional, "the length of the output, 1 or more"),
            .init("activation", "activation", .string("tanh"), .keyword, "f, of the hidden units"),
            .init("output_activation", "activation", .none, .keyword, "g, of the outputs, by default the identity"),
            sequences, mask,
        ],
        formula: "h = f(x W + y U + b); y = g(h V + c), y on the right that of the step before",
        shapes:
            "[n, steps, in] -> [n, outputs], with return_sequences [n, steps, outputs]; W [in, units], U [outputs, units], b [units], V [units, outputs], c [outputs]",
        example: "sequential(input(10, 1), jordan(8, 1))", source: "Jordan 1986, ICS report 8604"
    ) { call throws(Failure) in
        Value(
            native: LayerObject(
                try Jordan(
                    call.recurrence(sequences: 4, mask: 5), outputs: call.int(1), call.activation(2), output: call.activation(3))))
    }

    static let bidirectional = Builtin(
        "bidirectional", "A recurrent layer twice, one going forward and one backward through the sequence.",
        [
            .init("layer", "recurrent layer", .required, .positional, "lstm(...), gru(...), simple_rnn(...) or jordan(...)"),
            .init("merge", "string", .string("concat"), .keyword, "how the two outputs become one: \"concat\" side by side, or \"sum\""),
        ],
        formula: "y = [forward(x), backward(x)]", shapes: "[n, steps, in] -> [n, 2 units], with return_sequences [n, steps, 2 units]",
        example: "sequential(input(10, 1), bidirectional(lstm(8)), dense(1))",
        source: "Schuster and Paliwal 1997, doi:10.1109/78.650093"
    ) { call throws(Failure) in
        guard let layer = (call[0].native as? LayerObject)?.layer as? any RecurrentLayer else {
            throw call.unexpected(0, "a recurrent layer, such as lstm(8)")
        }
        guard let merge = Bidirectional.Merge(rawValue: try call.string(1)) else {
            throw call.refused(1, "must be \"concat\" or \"sum\"")
        }
        return Value(native: LayerObject(Bidirectional(layer, merge: merge)))
    }
}

extension Call {
    /// What the recurrent layers have in common; units come first.
    fileprivate func recurrence(sequences: Int = 1, mask: Int = 2) throws(Failure) -> Recurrence {
        let value = try optionalNumber(mask)
        if let value, !value.isFinite { throw refused(mask, "must be finite") }
        return try Recurrence(name, units: int(0), returnsSequences: bool(sequences), mask: value)
    }
}
