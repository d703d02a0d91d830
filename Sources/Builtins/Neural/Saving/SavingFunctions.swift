import Diagnostics
import Language
import Neural
import Tensors

/// Networks and tensors to files and back.
enum SavingFunctions {
    static let builtins: [Builtin] = [loadNet, save]

    static let save = Builtin(
        "save",
        "Writes a network, what it is made of and its weights, or a map of tensors, into a file in the format safetensors, at once or not at all.",
        [
            .init("what", "network, or map of tensors", .required, .positional, "what is kept"),
            .init("path", "string", .required, .positional, "the file, `net.safetensors`; what stood there is replaced"),
        ],
        example: "save(sequential(input(2), dense(1)), \"net.safetensors\")",
        source: "https://github.com/huggingface/safetensors"
    ) { call throws(Failure) in
        let path = try call.path(1)
        if let network = call[0].native as? NetworkObject {
            try NetworkFile.write(network, to: path)
            return .none
        }
        if let layer = call[0].native as? LayerObject {
            throw call.refused(0, "is a layer; a network of it can be saved", help: "sequential(\(layer.description))")
        }
        guard call[0].map != nil else { throw call.unexpected(0, "a network, or a map of tensors") }
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
