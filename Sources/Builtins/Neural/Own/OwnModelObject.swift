import Autodiff
import Diagnostics
import Language
import Neural
import Tensors

/// A model with code of the user's in it, as a value: called it gives its outputs.
final class OwnModelObject: NativeObject {
    let model: OwnModel

    init(_ model: OwnModel) { self.model = model }

    override var typeName: String { "network" }
    override var description: String { model.title }
    override func composed(with next: Value, isHeld: Bool, _ interpreter: Interpreter) throws(Failure) -> Value? {
        try Stack(self).composed(with: next, interpreter)
    }

    override var isCallable: Bool { true }
    override var callParameters: [Builtin.Parameter] { [.init("x", "tensor [n, ...]"), Applying.training] }
    override func call(_ call: borrowing Call) throws(Failure) -> Value {
        let mode = try Applying.mode(call) ?? RecordingMode()
        let pass = ModelPass.current(call.interpreter) ?? ModelPass(mode)
        return try model.applied(call[0], call.interpreter, pass)
    }
}

extension OwnModel {
    /// Copies of what is trained, in a fixed order; what stands for it where a gradient by it is taken.
    func weights(_ interpreter: Interpreter) throws(Failure) -> Value {
        if Tracing.current(interpreter) != nil {
            let now = now(interpreter)
            if now.contains(where: \.isTraced) { return Value(list: now) }
            for value in now { value.release() }
        }
        let parameters = try parameters(interpreter)
        var tensors: [Value] = []
        for entry in parameters.entries { tensors.append(Value(tensor: try parameters.tensor(entry))) }
        return Value(list: tensors)
    }

    /// What is trained, a line each.
    func summary(_ interpreter: Interpreter) throws(Failure) -> String {
        let entries = try parameters(interpreter).entries
        guard !entries.isEmpty else {
            return title + "\nshapes and weights are made when the first samples come"
        }
        var rows = [["parameter", "shape", "numbers"]]
        for entry in entries {
            rows.append([entry.name, Tensor.text(of: entry.shape), "\(entry.shape.reduce(1, *))"])
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
        }
        let trimmed = lines.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
        let rule = String(repeating: "─", count: trimmed.map(\.count).max() ?? 0)
        let total = entries.reduce(0) { $0 + $1.shape.reduce(1, *) }
        return ([title, rule, trimmed[0], rule] + trimmed.dropFirst() + [rule, "\(total) parameters"]).joined(separator: "\n")
    }

    /// Whether a gradient by what it trains is being taken.
    func isFollowed(_ interpreter: Interpreter) -> Bool {
        let now = now(interpreter)
        defer { for value in now { value.release() } }
        return now.contains(where: \.isTraced)
    }

    /// What stands at this moment in the place of each parameter, with one count, in the order of `parameters`.
    private func now(_ interpreter: Interpreter) -> [Value] {
        var found: [Value] = []
        var met: Set<UnsafeMutableRawPointer> = []
        func reach(_ value: Value, isField: Bool) {
            if value.isTraced || value.isObject(.tensor) {
                if isField, value.isTraced || ModelParameters.isTrainable(value) { found.append(value.retained) }
            } else if let items = value.items {
                for item in items { reach(item, isField: isField) }
            } else if let map = value.map {
                for (_, item) in map.entries { reach(item, isField: isField) }
            } else if let object = value.native as? any Parametric {
                for (number, tensor) in ((try? object.numbers?.parameters()) ?? []).enumerated() {
                    found.append(object.followed(number) ?? Value(tensor: tensor))
                }
            } else if let instance = Instance(value), met.insert(instance.identity).inserted {
                for field in 0..<instance.fieldCount where !instance[field].isMissing { reach(instance[field], isField: true) }
            }
        }
        for (_, held) in trained(interpreter) { reach(held.value, isField: false) }
        return found
    }
}
