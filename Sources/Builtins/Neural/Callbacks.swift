import Diagnostics
import Language
import Neural
import Tensors

/// What is called after each epoch of a training: `callbacks=[early_stopping(patience=5), (epoch, logs) -> ...]`.
struct Callbacks {
    /// What is trained, as a callback may see and change it.
    struct Subject {
        /// Copies of all its numbers, and back.
        var copy: () throws(Failure) -> [Tensor]
        var restore: ([Tensor]) throws(Failure) -> Void
        /// Writes it into a file.
        var save: (String) throws(Failure) -> Void
        var optimizer: Optimizer
        var interpreter: Interpreter
        /// That are to be made.
        var epochs: Int
        /// Of what is measured in each.
        var measures: [(name: String, isOwn: Bool)]

        init(
            _ model: Trainee, _ optimizer: Optimizer, _ interpreter: Interpreter, epochs: Int,
            measures: [(name: String, isOwn: Bool)]
        ) {
            copy = { () throws(Failure) in try model.tensors(interpreter).map(\.tensor) }
            restore = { (tensors) throws(Failure) in try model.set(tensors, interpreter) }
            save = { (path) throws(Failure) in try NetworkFile.write(model, to: path, interpreter) }
            self.optimizer = optimizer
            self.interpreter = interpreter
            self.epochs = epochs
            self.measures = measures
        }
    }

    private var objects: [CallbackObject] = []
    var isEmpty: Bool { objects.isEmpty }

    init() {}

    /// Those that an argument names, one or a list.
    init(_ call: borrowing Call, _ index: Int) throws(Failure) {
        guard !call.isAbsent(index) else { return }
        for value in call[index].items.map(Array.init) ?? [call[index]] {
            if let object = value.native as? CallbackObject {
                objects.append(object)
            } else if let name = value.builtinName, CallbackFunctions.builtins.contains(where: { $0.name == name }) {
                throw Failure(
                    .type, "`\(name)` makes a callback when it is called", help: "callbacks=[\(name)(...)]", argument: index)
            } else if value.isCallable {
                objects.append(FunctionCallback(value))
            } else {
                throw call.unexpected(
                    index, "a list of early_stopping(...), checkpoint(...), rate_schedule(...) and functions (epoch, logs) -> ...",
                    given: value.inWords)
            }
        }
    }

    /// Before the first epoch.
    func begin(_ subject: Subject) throws(Failure) { for object in objects { try object.begin(subject) } }

    /// After an epoch (they count from 1); false where the training is to end.
    func epoch(_ epoch: Int, _ measures: [(name: String, value: Double)], _ subject: Subject) throws(Failure) -> Bool {
        var goesOn = true
        // All of them see the epoch, also after one that ends the training.
        for object in objects where try !object.epoch(epoch, measures, subject) { goesOn = false }
        return goesOn
    }

    /// After the last epoch, however it came to be the last one.
    func end(_ subject: Subject) throws(Failure) { for object in objects { try object.end(subject) } }
}

/// Something that is called after each epoch.
class CallbackObject: NativeObject {
    override var typeName: String { "callback" }
    func begin(_ subject: Callbacks.Subject) throws(Failure) {}
    func epoch(
        _ epoch: Int, _ measures: [(name: String, value: Double)], _ subject: Callbacks.Subject
    ) throws(Failure) -> Bool { true }
    func end(_ subject: Callbacks.Subject) throws(Failure) {}
}

/// What is watched, and when it has become better.
struct Watch {
    /// Which values are better; by the name where nothing is said.
    enum Mode: String, CaseIterable { case auto, min, max }

    let name: String?
    let mode: Mode
    let leastChange: Double
    private var watched = "loss"
    private var isGreaterBetter = false
    private(set) var best: Double?

    init(_ name: String?, _ mode: Mode = .auto, leastChange: Double = 0) {
        self.name = name
        self.mode = mode
        self.leastChange = leastChange
    }

    /// Before the first epoch. Without a name the loss of the validation is watched, or else that of the training;
    /// accuracy and r2 are better when they are greater, and of a measure of the user's that must be said.
    mutating func begin(_ measures: [(name: String, isOwn: Bool)]) throws(Failure) {
        best = nil
        watched = name ?? (measures.contains { $0.name == "val_loss" } ? "val_loss" : "loss")
        guard let found = measures.first(where: { $0.name == watched }) else {
            let names = measures.map(\.name)
            throw Failure(
                .value, "there is no \"\(watched)\" to be watched",
                help: Nearest.match(watched, in: names).map { "did you mean \"\($0)\"?" }
                    ?? (watched.hasPrefix("val_") ? "give fit validation=(X, y)" : "there are " + names.joined(separator: ", ")))
        }
        let isOfQuality = watched.hasSuffix("accuracy") || watched.hasSuffix("r2")
        guard mode != .auto || !found.isOwn || isOfQuality else {
            throw Failure(
                .value, "whether more or less of \"\(watched)\" is better is not known: it is a metric of yours",
                help: "mode=\"max\" or mode=\"min\" beside monitor=\"\(watched)\"")
        }
        isGreaterBetter = mode == .auto ? isOfQuality : mode == .max
    }

    /// True where it is better than ever before.
    mutating func improves(_ measures: [(name: String, value: Double)]) -> Bool {
        guard let found = measures.first(where: { $0.name == watched }), !found.value.isNaN else { return false }
        if let best {
            let gain = isGreaterBetter ? found.value - best : best - found.value
            guard gain > leastChange else { return false }
        }
        best = found.value
        return true
    }
}

/// Ends the training when nothing has improved for a while, and goes back to the best numbers.
final class EarlyStopping: CallbackObject {
    private let patience: Int
    private let restores: Bool
    private var watch: Watch
    private var kept: [Tensor]?
    private(set) var bestEpoch = 0
    private(set) var stoppedEpoch = 0
    private var waited = 0

    init(patience: Int, watch: Watch, restores: Bool) {
        self.patience = patience
        self.restores = restores
        self.watch = watch
    }

    override var description: String { "early_stopping(patience=\(patience))" }
    override var fieldNames: [String] { ["best", "best_epoch", "stopped_epoch"] }
    override func field(_ name: String) throws(Failure) -> Value? {
        switch name {
        case "best": watch.best.map { Value($0) } ?? Value.none
        case "best_epoch": Value(bestEpoch)
        case "stopped_epoch": Value(stoppedEpoch)
        default: nil
        }
    }

    override func begin(_ subject: Callbacks.Subject) throws(Failure) {
        try watch.begin(subject.measures)
        kept = nil
        waited = 0
        bestEpoch = 0
        stoppedEpoch = 0
    }

    override func epoch(
        _ epoch: Int, _ measures: [(name: String, value: Double)], _ subject: Callbacks.Subject
    ) throws(Failure) -> Bool {
        if watch.improves(measures) {
            waited = 0
            bestEpoch = epoch
            if restores { kept = try subject.copy() }
            return true
        }
        waited += 1
        guard waited >= patience else { return true }
        stoppedEpoch = epoch
        return false
    }

    override func end(_ subject: Callbacks.Subject) throws(Failure) {
        if let kept { try subject.restore(kept) }
        kept = nil
    }
}

/// Writes what is trained into a file after each epoch, or after each that was better than all before.
final class Checkpoint: CallbackObject {
    private let path: String
    private let onlyBest: Bool
    private var watch: Watch

    init(_ path: String, onlyBest: Bool, watch: Watch) {
        self.path = path
        self.onlyBest = onlyBest
        self.watch = watch
    }

    override var description: String { "checkpoint(\"\(path)\")" }
    override func begin(_ subject: Callbacks.Subject) throws(Failure) {
        if onlyBest { try watch.begin(subject.measures) }
    }
    override func epoch(
        _ epoch: Int, _ measures: [(name: String, value: Double)], _ subject: Callbacks.Subject
    ) throws(Failure) -> Bool {
        if onlyBest, !watch.improves(measures) { return true }
        let parts = path.split(separator: "{epoch}", omittingEmptySubsequences: false)
        try subject.save(parts.joined(separator: "\(epoch)"))
        return true
    }
}

/// Sets the learning rate before each epoch to what a function gives for it and the rate so far.
final class RateSchedule: CallbackObject {
    private let function: Held

    init(_ function: Value) { self.function = Held(sharing: function) }

    override var description: String { "rate_schedule(...)" }
    override func begin(_ subject: Callbacks.Subject) throws(Failure) { try set(1, subject) }
    override func epoch(
        _ epoch: Int, _ measures: [(name: String, value: Double)], _ subject: Callbacks.Subject
    ) throws(Failure) -> Bool {
        try set(epoch + 1, subject)
        return true
    }

    private func set(_ epoch: Int, _ subject: Callbacks.Subject) throws(Failure) {
        guard epoch <= subject.epochs else { return }
        let value = try subject.interpreter.call(function.value, [Value(epoch), Value(subject.optimizer.learningRate)])
        defer { value.release() }
        guard value.isNumber else {
            throw Failure(.type, "the function of rate_schedule gives \(value.inWords), not a number")
        }
        try subject.optimizer.setLearningRate(value.number)
    }
}

/// A function of the user's.
private final class FunctionCallback: CallbackObject {
    private let function: Held

    init(_ function: Value) { self.function = Held(sharing: function) }

    override func epoch(
        _ epoch: Int, _ measures: [(name: String, value: Double)], _ subject: Callbacks.Subject
    ) throws(Failure) -> Bool {
        let logs = Value(map: measures.map { ($0.name, Value(canonical: $0.value)) })
        defer { logs.release() }
        let value = try subject.interpreter.call(function.value, [Value(epoch), logs])
        defer { value.release() }
        return !(value.isBool && !value.isTrue)
    }
}
