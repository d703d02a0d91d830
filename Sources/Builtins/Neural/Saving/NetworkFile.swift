import Diagnostics
import Language
import Neural
import Tensors

/// Networks in files: their tensors under the names `0.W`, `0.b`, …, and in the metadata what they are made of.
enum NetworkFile {
    static let format = "nnb"

    static func write(_ object: NetworkObject, to path: String) throws(Failure) {
        let network = object.network
        guard network.inputShape != nil else {
            throw Failure(
                .value, "the network has no weights yet: it does not know the shape of a sample",
                help: "begin it with input(...), or fit it first")
        }
        let places = network.layers.enumerated().flatMap { position, built in built.parameters.map { "\(position).\($0.name)" } }
        let tensors = try network.parameters()
        var metadata = [(name: "format", value: format), (name: "nnb.network", value: object.code)]
        if let loss = network.loss { metadata.append((name: "nnb.loss", value: loss.name)) }
        let file = Safetensors(zip(places, tensors).map { (name: $0, tensor: $1) }, metadata: metadata)
        try Files.write(try file.bytes(), to: Files.expand(path))
    }

    static func read(_ path: String, _ interpreter: Interpreter) throws(Failure) -> NetworkObject {
        let file = try tensors(in: path)
        do throws(Failure) {
            guard let code = file.metadata("nnb.network") else {
                throw Failure(
                    .data, "it holds tensors, and does not say of which network they are",
                    help: "load(\(Files.quoted(path))) gives the tensors by their names")
            }
            let object = try Architecture.network(code, interpreter)
            try set(object.network, file)
            object.isTrained = true
            object.network.loss = file.metadata("nnb.loss").flatMap(Loss.named)
            return object
        } catch {
            throw prefixed(error, path)
        }
    }

    private static func set(_ network: Network, _ file: Safetensors) throws(Failure) {
        guard network.inputShape != nil else { throw Failure(.data, "its network has no input(...)") }
        var known: Set<String> = []
        for (position, built) in network.layers.enumerated() {
            for parameter in built.parameters {
                let name = "\(position).\(parameter.name)"
                known.insert(name)
                guard let tensor = file[name] else { throw Failure(.data, "it has no tensor \"\(name)\", which its network needs") }
                guard tensor.shape == parameter.shape else {
                    throw Failure(
                        .data,
                        "its tensor \"\(name)\" is \(Tensor.text(of: tensor.shape)), and its network needs \(Tensor.text(of: parameter.shape))")
                }
                try network.setParameter(parameter.name, ofLayer: position, to: tensor)
            }
        }
        if let extra = file.tensors.first(where: { !known.contains($0.name) }) {
            throw Failure(.data, "it has a tensor \"\(extra.name)\", which its network does not have")
        }
    }

    /// All that is in a file.
    static func tensors(in path: String) throws(Failure) -> Safetensors {
        let bytes = try Files.read(path)
        do throws(Failure) { return try Safetensors(bytes) } catch { throw prefixed(error, path) }
    }

    private static func prefixed(_ failure: Failure, _ path: String) -> Failure {
        guard failure.kind == .data else { return failure }
        return Failure(.data, "\(Files.quoted(path)) is damaged or is no file of tensors: \(failure.message)", help: failure.help)
    }
}

extension NetworkObject {
    /// The code that makes it.
    var code: String {
        network.dtype == .float64 ? String(description.dropLast()) + ", dtype=\"float64\")" : description
    }
}
