import Builtins
import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Networks and tensors through files, each test in a folder of its own.
@Suite struct SavingTests {
    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = "/tmp/nnb-saving-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        try #require(mkdir(folder, 0o700) == 0)
        defer {
            for name in Files.names(in: folder) { unlink("\(folder)/\(name)") }
            rmdir(folder)
        }
        try body(folder)
    }

    static let networks = [
        "sequential(input(4), dense(3, tanh), dense(2, softmax))",
        "sequential(input(4), dense(3, leaky_relu(a=0.3, at_zero=1), bias=false, penalty=l1(0.1) + l2(0.01)), dense(2, prelu))",
        "sequential(input(4), dense(3), rrelu(lower=0.1, upper=0.2), dropout(0.25), dense(1, sigmoid(c=2)), dtype=\"float64\")",
        "sequential(input(5, 3), lstm(4, return_sequences=true), bidirectional(gru(3)), batchnorm(), dense(2))",
        "sequential(input(5, 3), simple_rnn(4), layernorm(), residual(dense(8, gelu), dense(4)), add(dense(4, tanh), dense(4, relu)))",
        "sequential(input(5, 8), positional_encoding(), attention(2), flatten(), dense(3, softmax))",
        "sequential(input(6), embedding(10, 4), jordan(5, 2), dense(1))",
        "sequential(input(8, 8, 1), conv2d(4, 3, relu, padding=\"same\"), maxpool(2), conv2d(2, 3, penalty=l2(0.01)), flatten(), dense(2))",
    ]

    @Test(arguments: networks) func `a network comes back as it was`(_ code: String) throws {
        try inFolder { folder in
            let path = "\(folder)/net.safetensors"
            let text = "net = \(code); save(net, \"\(path)\"); m = load_net(\"\(path)\"); "
            let input = String(code.dropFirst("sequential(input(".count).prefix { $0 != ")" })
            let samples = code.contains("embedding") ? "randint(0, 10, 3, \(input))" : "randn(3, \(input))"
            #expect(shown(text + "X = \(samples); all(predict(net, X) == predict(m, X)), str(net) == str(m), m.dtype == net.dtype") == "(true, true, true)")
            // And it can be trained.
            #expect(shown(text + "X = \(samples); y = predict(m, X); fit(m, X, y, loss=mse, verbose=false).epochs") == "1")
        }
    }

    @Test func `tensors come back under their names`() throws {
        try inFolder { folder in
            let path = "\(folder)/t.safetensors"
            let code = "save({\"x\": [1, 2; 3, 4], \"b\": [true, false], \"f\": astype([0.5], \"float32\"), \"n\": 7, \"é\": []}, \"\(path)\"); m = load(\"\(path)\"); "
            #expect(shown(code + "keys(m), m.x, m.b, m.f, m.n") == "([\"x\", \"b\", \"f\", \"n\", \"é\"], [1, 2; 3, 4], [true, false], [0.5], 7)")
            #expect(Files.names(in: folder) == ["t.safetensors"])
        }
    }

    @Test func `the loss of the last fit is kept`() throws {
        try inFolder { folder in
            let path = "\(folder)/net.safetensors"
            #expect(
                shown("net = sequential(input(1), dense(1)); set_weights(net, list([2;], [0])); fit(net, [1;], [3], loss=mae, optimizer=sgd(1e-30), verbose=false); save(net, \"\(path)\"); evaluate(load_net(\"\(path)\"), [1;], [3])")
                    == "{\"loss\": 1}")
        }
    }

    @Test func `weights go into another network of the same form`() throws {
        try inFolder { folder in
            let path = "\(folder)/w.safetensors"
            let code = "a = sequential(input(2), dense(2, tanh), dense(1)); save(a, \"\(path)\"); "
            #expect(shown(code + "b = sequential(input(2), dense(2, relu), dense(1)); load_weights(b, \"\(path)\"); all(weights(a)[0] == weights(b)[0])") == "true")
            #expect(
                shown(code + "load_weights(sequential(input(2), dense(3), dense(1)), \"\(path)\")")
                    == "error: \"\(path)\" is not of this model: its tensor \"0.W\" is (2, 2), and the model needs (2, 3)")
            #expect(
                shown(code + "load_weights(sequential(input(2), dense(2)), \"\(path)\")")
                    == "error: \"\(path)\" is not of this model: it has a tensor \"1.W\", which the model does not have")
            #expect(
                shown(code + "load_weights(sequential(input(2), dense(2), dense(1), dense(1)), \"\(path)\")")
                    == "error: \"\(path)\" is not of this model: it has no tensor \"2.W\", which the model needs")
        }
    }

    @Test func `a checkpoint holds the best epoch`() throws {
        try inFolder { folder in
            let start = "X = [1; 2; 3]; y = [2, 4, 6]; net = sequential(input(1), dense(1), dtype=\"float64\"); set_weights(net, list([1;], [0])); "
            // Each epoch is worse than the one before.
            let fit = "h = fit(net, X, y, optimizer=sgd(0.5), epochs=3, validation=(X, y), callbacks=[checkpoint(\"\(folder)/best.safetensors\"), checkpoint(\"\(folder)/{epoch}.safetensors\", best=false)], verbose=false); "
            #expect(shown(start + fit + "[evaluate(load_net(\"\(folder)/\" + n + \".safetensors\"), X, y).loss for n in [\"best\", \"1\", \"3\"]] == [h.val_loss[0], h.val_loss[0], h.val_loss[2]]") == "[true, true, true]")
            #expect(Files.names(in: folder) == ["1.safetensors", "2.safetensors", "3.safetensors", "best.safetensors"])
        }
    }

    @Test func `moving averages come back into a model of the user's`() throws {
        try inFolder { folder in
            let path = "\(folder)/m.safetensors", net = "sequential(input(2), batchnorm(), x -> x, dense(1))"
            let code = "a = \(net); X = 3 * randn(20, 2) + 1; fit(a, X, X[:, 0], epochs=2, verbose=false); save(a, \"\(path)\"); b = \(net); load_weights(b, \"\(path)\"); "
            #expect(shown(code + "all(predict(a, X) == predict(b, X))") == "true")
        }
    }

    @Test func `a model of the user's keeps its weights in a file`() throws {
        try inFolder { folder in
            let path = "\(folder)/m.safetensors"
            let code = "class M { fn init() { self.l = dense(3, tanh); self.W = randn(3, 1) }\n fn forward(x) { self.l(x) @ self.W } }\n X = rand(4, 2); a = M(); p = a.forward(X); save(a, \"\(path)\"); b = M(); b.forward(X); load_weights(b, \"\(path)\"); "
            #expect(shown(code + "all(b.forward(X) == p)") == "true")
            #expect(shown(code + "load_weights(M(), \"\(path)\")") == "error: M has layers without weights yet: they are made when it is called for the first time")
            #expect(shown(code + "load_net(\"\(path)\")") == "error: \"\(path)\" holds tensors alone: code of your own cannot be made again from a file")
        }
    }

    /// What stands in a file in the place of a network's code.
    static let codes: [(code: String, message: String)] = [
        ("print(1)", "there is no layer `print` (character 5)"), ("error(\"x\")", "there is no layer `error` (character 5)"),
        ("load(\"mnist\")", "there is no layer `load` (character 4)"), ("read_csv(\"/etc/passwd\")", "there is no layer `read_csv` (character 8)"),
        ("dense(2)", "it is no network (character 8)"), ("sequential(input(2), dense(1)", "a comma is expected (character 29)"),
        ("sequential(input(2), dense(1)) x", "it is no network (character 31)"), ("", "it ends too early (character 0)"),
        ("sequential(input(2), dense(x=))", "a value is expected (character 29)"), ("1 + 2", "only penalties are added (character 5)"),
        ("sequential(\"a", "a text does not end (character 13)"), ("sequential(input(1e), dense(1))", "a number is expected (character 19)"),
        (String(repeating: "sequential(", count: 200), "it is nested too deep (character 352)"),
        ("while", "there is no layer `while` (character 5)"), ("sequential((a=1))", "a name stands in a tuple (character 16)"),
    ]

    @Test(arguments: codes.indices) func `code in a file is never run`(_ index: Int) throws {
        try inFolder { folder in
            let (code, expected) = SavingTests.codes[index]
            let path = "\(folder)/bad.safetensors"
            let header = "{\"__metadata__\":{\"nnb.network\":\"" + code.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"") + "\"}}"
            let bytes = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) } + Array(header.utf8)
            try Files.write(bytes, to: path)
            #expect(
                shown("load_net(\"\(path)\")")
                    == "error: \"\(path)\" is damaged or is no file of tensors: what it says of the network cannot be read: \(expected)")
        }
    }

    @Test func `what cannot be saved or read is said`() throws {
        try inFolder { folder in
            #expect(shown("save(sequential(dense(1)), \"\(folder)/x\")") == "error: the network has no weights yet: it does not know the shape of a sample")
            #expect(shown("save(dense(1), \"\(folder)/x\")") == "error: `save` needs a network; this is one layer")
            #expect(shown("save({\"a\": \"b\"}, \"\(folder)/x\")").hasPrefix("error: `what` of `save` holds a string under \"a\", which is no tensor"))
            #expect(shown("save({\"a\": 1}, \"\(folder)/no/x\")").hasPrefix("error: cannot write \"\(folder)/no/x\""))
            #expect(shown("save({\"a\": 1}, \"\")").hasPrefix("error: `path` of `save` must be the name of a file"))
            #expect(shown("load_net(\"\(folder)/none.safetensors\")") == "error: there is no file \"\(folder)/none.safetensors\"")
            try Files.write([1, 2, 3], to: "\(folder)/short.safetensors")
            #expect(
                shown("load(\"\(folder)/short.safetensors\")")
                    == "error: \"\(folder)/short.safetensors\" is damaged or is no file of tensors: it has 3 bytes, too few for a header")
        }
    }
}
