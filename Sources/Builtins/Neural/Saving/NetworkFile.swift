import Diagnostics
import Language
import Neural
import Tensors

/// Networks in files: their tensors under the names `0.W`, `0.b`, …, and in the metadata what they are made of.
enum NetworkFile {
    static let format = "nnb"

    /// A network with what it is made of; of a model with code of the user's the tensors alone.
    static func write(_ model: Trainee, to path: String, _ interpreter: Interpreter) throws(Failure) {
        // A network of networks is written as one.
        if case .own(let own) = model, let whole = try own.copy() {
            if case .engine(let loss)? = own.memory.loss { whole.loss = loss }
            return try write(.network(NetworkObject(whole)), to: path, interpreter)
        }
        var metadata = [(name: "format", value: format)]
        if case .network(let object) = model {
            guard object.network.inputShape != nil else {
                throw Failure(
                    .value, "the network has no weights yet: it does not know the shape of a sample",
                    help: "begin it with input(...), or fit it first")
            }
            metadata.append((name: "nnb.network", value: object.code))
            if let loss = object.network.loss { metadata.append((name: "nnb.loss", value: loss.name)) }
        }
        let tensors = try model.tensors(interpreter)
        guard !tensors.isEmpty else {
            throw Failure(.value, "the model has no weights yet", help: "call it or fit it first")
        }
        try Files.write(try Safetensors(tensors, metadata: metadata).bytes(), to: Files.expand(path))
    }

    /// Gives a model the tensors of a file, which must be those that it has.
    static func setWeights(of model: Trainee, from path: String, _ interpreter: Interpreter) throws(Failure) {
        let file = try tensors(in: path)
        do throws(Failure) {
            try setWeights(of: model, file, interpreter)
        } catch {
            guard error.kind == .data else { throw error }
            throw Failure(
                .data, "\(Files.quoted(path)) is not of this model: \(error.message)",
                help: "load(\(Files.quoted(path))) shows what it holds, summary(model) what the model has")
        }
    }

    private static func setWeights(of model: Trainee, _ file: Safetensors, _ interpreter: Interpreter) throws(Failure) {
        let wanted = try model.tensors(interpreter)
        if case .own(let model) = model, Set(wanted.map(\.name)) != Set(file.tensors.map(\.name)) {
            try model.refuseUnbuilt(interpreter)
        }
        var given: [Tensor] = []
        for (name, tensor) in wanted {
            guard let found = file[name] else {
                throw Failure(.data, "it has no tensor \"\(name)\", which the model needs")
            }
            guard found.shape == tensor.shape else {
                throw Failure(
                    .data, "its tensor \"\(name)\" is \(Tensor.text(of: found.shape)), and the model needs \(Tensor.text(of: tensor.shape))")
            }
            given.append(found)
        }
        let known = Set(wanted.map(\.name))
        if let extra = file.tensors.first(where: { !known.contains($0.name) }) {
            throw Failure(.data, "it has a tensor \"\(extra.name)\", which the model does not have")
        }
        try model.set(given, interpreter)
    }

    static func read(_ path: String, _ interpreter: Interpreter) throws(Failure) -> NetworkObject {
        let file = try tensors(in: path)
        guard let code = file.metadata("nnb.network") else {
            let isOurs = file.metadata("format") == format
            throw Failure(
                .value,
                isOurs
                    ? "\(Files.quoted(path)) holds tensors alone: code of your own cannot be made again from a file"
                    : "\(Files.quoted(path)) holds tensors, and does not say of which network they are",
                help: isOurs
                    ? "make the model by its code, call it once, and take load_weights(model, \(Files.quoted(path))); load gives the tensors by their names"
                    : "load(\(Files.quoted(path))) gives the tensors by their names")
        }
        do throws(Failure) {
            let object = try Architecture.network(code, interpreter)
            guard object.network.inputShape != nil else { throw Failure(.data, "its network has no input(...)") }
            try setWeights(of: .network(object), file, interpreter)
            object.isTrained = true
            object.network.loss = file.metadata("nnb.loss").flatMap(Loss.named)
            return object
        } catch {
            throw prefixed(error, path)
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

extension Trainee {
    /// All its tensors, by the names that they have in a file: `0.W` of a network's layers; those of a model with code of
    /// the user's are numbered, because fields may be called alike.
    func tensors(_ interpreter: Interpreter) throws(Failure) -> [(name: String, tensor: Tensor)] {
        switch self {
        case .network(let object):
            let names = object.network.layers.enumerated().flatMap { position, built in
                built.parameters.map { "\(position).\($0.name)" }
            }
            return zip(names, try object.network.parameters()).map { (name: $0, tensor: $1) }
        case .own(let model):
            let parameters = try model.parameters(interpreter)
            return try parameters.entries.enumerated().map { (entry) throws(Failure) in
                (name: "\(entry.offset).\(entry.element.name)", tensor: try parameters.tensor(entry.element))
            }
        }
    }

    /// Sets them, in the same order.
    func set(_ tensors: [Tensor], _ interpreter: Interpreter) throws(Failure) {
        switch self {
        case .network(let object): try object.network.setParameters(tensors)
        case .own(let model): try model.set(tensors, interpreter)
        }
    }
}
