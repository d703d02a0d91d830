import Diagnostics
import Language
import Neural
import Tensors

/// The layers that transformers are made of.
enum AttentionFunctions {
    static let builtins: [Builtin] = [attention, embedding, positionalEncoding]

    static let attention = Builtin(
        "attention", "A layer of self-attention with several heads.",
        [
            .init("heads", "whole number", .number(1), .positional, "how many, 1 or more"),
            .init("width", "whole number", .none, .keyword, "the length of a query, by default features / heads"),
            .init("causal", "bool", .bool(false), .keyword, "a step sees itself and those before it, not those after"),
            .init("mask", "number", .none, .keyword, "steps whose features all have this value are seen by none"),
        ],
        formula:
            "Q, K, V = x Wq + bq, x Wk + bk, x Wv + bv; O = softmax(Q Kᵀ / √width) V, each head with its own columns\ny = O Wo + bo",
        shapes: "[n, steps, features] -> the same; Wq, Wk, Wv [features, heads width], Wo [heads width, features]",
        example: "sequential(input(10), embedding(50, 16), residual(attention(4)), flatten(), dense(2, softmax))",
        source: "Vaswani et al. 2017, arXiv:1706.03762"
    ) { call throws(Failure) in
        let mask = try call.optionalNumber(3)
        if let mask, !mask.isFinite { throw call.refused(3, "must be finite") }
        return Value(
            native: LayerObject(
                try Attention(call.int(0), width: call.optionalInt(1), isCausal: call.bool(2), mask: mask)))
    }

    static let embedding = Builtin(
        "embedding", "A layer that looks up a vector for each whole number: of a word, a character, an item.",
        [
            .init("count", "whole number", .required, .positional, "how many different numbers there are, from 0 to count - 1"),
            .init("width", "whole number", .required, .positional, "the length of a vector"),
            .init("padding", "whole number", .none, .keyword, "the number for which 0 is given, so that `mask=0` of a layer after it leaves it out"),
        ],
        formula: "y = W[x]", shapes: "[n, ...] of whole numbers -> [n, ..., width]; W [count, width] starts uniform in ±0.05",
        example: "sequential(input(20), embedding(1000, 32), lstm(32), dense(1, sigmoid))",
        source: "Bengio et al. 2003, JMLR 3, 1137-1155"
    ) { call throws(Failure) in
        Value(native: LayerObject(try Embedding(call.int(0), call.int(1), padding: call.optionalInt(2))))
    }

    static let positionalEncoding = Builtin(
        "positional_encoding", "A layer that adds to each step what tells its position.",
        [.init("learned", "bool", .bool(false), .keyword, "P [steps, features] is trained, from uniform in ±0.05")],
        formula: "y = x + P; P[t, 2i] = sin(t / 10000^(2i / features)), P[t, 2i + 1] = cos(t / 10000^(2i / features))",
        shapes: "[n, steps, features] -> the same",
        example: "sequential(input(10), embedding(50, 16), positional_encoding(), attention(2))",
        source: "Vaswani et al. 2017, arXiv:1706.03762"
    ) { call throws(Failure) in Value(native: LayerObject(PositionalEncoding(isLearned: try call.bool(0)))) }
}
