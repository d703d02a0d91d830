import Diagnostics
import Language
import Neural
import Tensors

/// Networks and tensors to files and back.
enum SavingFunctions {
    static let builtins: [Builtin] = [loadNet, loadWeights, save]

    static let save = Builtin(
        "save",
        "Writes a network, what it is made of and its weights, or a map of tensors, into a file in the format safetensors, at once or not at all.",
        [
            .init("what", "network, or map of tensors", .required, .positional, "what is kept; of a model with code of your own the weights alone, for load_weights"),
            .init("path", "string", .required, .positional, "the file, `net.safetensors`; what stood there is replaced"),
        ],
        example: "save(sequential(input(2), dense(1)), \"net.safetensors\")",
        source: "https://github.com/huggingface/safetensors"
    ) { call throws(Failure) in
        let path = try call.path(1)
        if call[0].map == nil {
            try NetworkFile.write(try call.trainee(0), to: path, call.interpreter)
            return .none
        }
        let tensors = try call.map(0).map { (entry) throws(Failure) in
            guard let tensor = try Conversions.tensor(entry.value) else {
                throw call.refused(0, "holds \(entry.value.inWords) under \"\(entry.name)\", which is no tensor")
            }
            return (name: entry.name, tensor: tensor)
        }
        try Files.write(
            try Safetensors(tensors, metadata: [(name: "format", value: NetworkFile.format)]).bytes(), to: Files.expand(path))
        return .none
    }

    static let loadNet = Builtin(
        "load_net", "The network that `save` has written into a file, with its weights.",
        [.init("path", "string", .required, .positional, "the file")],
        example: "net = load_net(\"net.safetensors\")"
    ) { call throws(Failure) in Value(native: try NetworkFile.read(try call.path(0), call.interpreter)) }

    static let loadWeights = Builtin(
        "load_weights", "Gives a model the weights of a file that `save` has written of one like it.",
        [
            .init("model", "network", .required, .positional, "what has tensors of the same names and shapes"),
            .init("path", "string", .required, .positional, "the file"),
        ],
        example: "load_weights(sequential(input(2), dense(1)), \"net.safetensors\")"
    ) { call throws(Failure) in
        try NetworkFile.setWeights(of: try call.trainee(0), from: try call.path(1), call.interpreter)
        return .none
    }

    /// A file of tensors as a map, for `load`.
    static func map(_ path: String) throws(Failure) -> Value {
        let file = try NetworkFile.tensors(in: path)
        return Value(map: file.tensors.map { ($0.name, Value(reduced: $0.tensor)) })
    }
}

extension Call {
    fileprivate func path(_ index: Int) throws(Failure) -> String {
        let path = try string(index)
        guard !path.isEmpty, !path.utf8.contains(0) else { throw refused(index, "must be the name of a file") }
        return path
    }
}
