import Diagnostics
import Tensors

/// The arguments of one call of a builtin, bound to its parameters and borrowed: the machine releases them.
/// The result carries one count for the machine.
///
/// How the body reads them: each reader checks the type and fails with a sentence that names the parameter, what was
/// expected and what was given.
public struct Call: ~Copyable {
    /// One value a parameter in declared order, defaults filled in, `Value.missing` where absent, and in
    /// the place of the variadic parameter: see `rest`.
    public let arguments: UnsafeBufferPointer<Value>
    /// What the variadic parameter took.
    public let rest: UnsafeBufferPointer<Value>
    unowned(unsafe) let signature: Signature
    public unowned(unsafe) let interpreter: Interpreter

    public var name: String { signature.name }
    public var parameters: [Builtin.Parameter] { signature.parameters }

    /// The value as it was given; `missing` where it was left out.
    public subscript(_ index: Int) -> Value {
        index >= 0 && index < arguments.count ? arguments[index] : .missing
    }

    public var count: Int { arguments.count }

    /// False where the argument was left out.
    public func isGiven(_ index: Int) -> Bool { !self[index].isMissing }

    /// Left out, or `none`.
    public func isAbsent(_ index: Int) -> Bool { self[index].isMissing || self[index].isNone }

    // MARK: one value

    /// A number; `true` and `false` are none here.
    public func number(_ index: Int) throws(Failure) -> Double {
        let value = self[index]
        if value.isNumber { return value.number }
        if value.isObject(.tensor), TensorBlock(value.object).rank == 0 { return TensorBlock(value.object).number(at: 0) }
        throw unexpected(index, "a number")
    }

    /// A whole number.
    public func int(_ index: Int) throws(Failure) -> Int {
        let number = try number(index)
        if let whole = Int(exactly: number) { return whole }
        throw unexpected(index, "a whole number", given: NumberText.plain(number))
    }

    public func bool(_ index: Int) throws(Failure) -> Bool {
        if self[index].isBool { return self[index].isTrue }
        throw unexpected(index, "true or false")
    }

    public func string(_ index: Int) throws(Failure) -> String {
        if let string = self[index].string { return string }
        throw unexpected(index, "a string")
    }

    /// Anything that can be called; borrowed.
    public func function(_ index: Int) throws(Failure) -> Value {
        if self[index].isCallable { return self[index] }
        throw unexpected(index, "a function")
    }

    /// An engine object of that class; the words for it are those of the parameter's type.
    public func native<T: NativeObject>(_ index: Int, as type: T.Type = T.self) throws(Failure) -> T {
        if let object = self[index].native as? T { return object }
        throw unexpected(index, nil)
    }

    public func optionalNumber(_ index: Int) throws(Failure) -> Double? { isAbsent(index) ? nil : try number(index) }
    public func optionalInt(_ index: Int) throws(Failure) -> Int? { isAbsent(index) ? nil : try int(index) }
    public func optionalBool(_ index: Int) throws(Failure) -> Bool? { isAbsent(index) ? nil : try bool(index) }
    public func optionalString(_ index: Int) throws(Failure) -> String? { isAbsent(index) ? nil : try string(index) }
    public func optionalTensor(_ index: Int) throws(Failure) -> Tensor? { isAbsent(index) ? nil : try tensor(index) }
    public func optionalFunction(_ index: Int) throws(Failure) -> Value? {
        isAbsent(index) ? nil : try function(index)
    }
    public func optionalNative<T: NativeObject>(_ index: Int, as type: T.Type = T.self) throws(Failure) -> T? {
        isAbsent(index) ? nil : try native(index, as: type)
    }

    // MARK: many values

    /// A tensor, or a list of numbers or of tensors of one shape (to any depth), or a range.
    public func tensor(_ index: Int) throws(Failure) -> Tensor {
        let value = self[index]
        if value.isObject(.tensor) { return Tensor(sharing: TensorBlock(value.object)) }
        if value.isNumber || value.isBool { throw unexpected(index, "a tensor") }
        if let tensor = try Conversions.tensor(value) { return tensor }
        throw unexpected(index, "a tensor")
    }

    /// As `tensor`; a number or a bool gives a tensor without axes.
    public func tensorOrNumber(_ index: Int) throws(Failure) -> Tensor {
        if let tensor = try Conversions.tensor(self[index]) { return tensor }
        throw unexpected(index, "a tensor or a number")
    }

    /// The elements of a vector, or a list of numbers, or a range.
    public func numbers(_ index: Int) throws(Failure) -> [Double] {
        let value = self[index]
        if let items = value.items {
            var result: [Double] = []
            result.reserveCapacity(items.count)
            for item in items {
                guard item.isNumber else { throw unexpected(index, "numbers", given: "a list with \(item.inWords)") }
                result.append(item.number)
            }
            return result
        }
        if value.isObject(.tensor), TensorBlock(value.object).rank == 1 { return try tensor(index).numbers }
        if let range = value.range {
            try Conversions.checkRange(range)
            return (0..<range.count).map { range[$0] }
        }
        throw unexpected(index, "a vector or a list of numbers")
    }

    /// Whole numbers, as `numbers` reads them.
    public func ints(_ index: Int) throws(Failure) -> [Int] {
        try numbers(index).map { (number) throws(Failure) in
            if let whole = Int(exactly: number) { return whole }
            throw unexpected(index, "whole numbers", given: NumberText.plain(number))
        }
    }

    /// A list or tuple of strings.
    public func strings(_ index: Int) throws(Failure) -> [String] {
        guard let items = self[index].items else { throw unexpected(index, "a list of strings") }
        return try items.map { (item) throws(Failure) in
            if let string = item.string { return string }
            throw unexpected(index, "a list of strings", given: "a list with \(item.inWords)")
        }
    }

    /// The items of a list or tuple; borrowed.
    public func list(_ index: Int) throws(Failure) -> UnsafeBufferPointer<Value> {
        if let items = self[index].items { return items }
        throw unexpected(index, "a list")
    }

    /// The entries of a map whose keys are strings; borrowed.
    public func map(_ index: Int) throws(Failure) -> [(name: String, value: Value)] {
        guard let map = self[index].map else { throw unexpected(index, "a map") }
        return try map.entries.map { (entry) throws(Failure) in
            if let name = entry.key.string { return (name, entry.value) }
            throw unexpected(index, "a map with strings for keys")
        }
    }

    /// What `axis=` takes: a number, a tuple (or list) of numbers, or none for all.
    public func axes(_ index: Int) throws(Failure) -> [Int]? {
        if isAbsent(index) { return nil }
        if self[index].isNumber { return [try int(index)] }
        return try ints(index)
    }

    /// Runs through anything that `for` runs through; each element is borrowed for the time of the body.
    public func forEach(_ index: Int, _ body: (Value) throws(Failure) -> Void) throws(Failure) {
        guard try Iteration.forEach(self[index], body) else { throw unexpected(index, "something to run through") }
    }

    /// The number of things in a string, list, tuple, map, tensor (along its first axis), range or engine object; nil
    /// for what has no length.
    public func length(_ index: Int) -> Int? { Iteration.length(self[index]) }

    // MARK: what the variadic parameter took

    /// A shape, where shape arguments are numbers or one list or tuple: of the variadic parameter.
    public func shape() throws(Failure) -> [Int] {
        let parameter = signature.variadic ?? 0
        if rest.count == 1, !rest[0].isNumber {
            if let items = rest[0].items { return try items.map { (item) throws(Failure) in try length(item, parameter) } }
            if let tensor = rest[0].tensor, tensor.rank == 1 {
                return try tensor.numbers.map { (number) throws(Failure) in try length(Value(number), parameter) }
            }
            throw unexpected(parameter, "a shape: numbers, or one list or tuple of them", given: rest[0].inWords)
        }
        if let place = rest.firstIndex(where: { $0.string != nil }), place > 0, let text = rest[place].string {
            throw Failure(
                .type, "`shape` of `\(name)` is numbers, or one list or tuple of them, not a string",
                help: parameters.contains { $0.name == "dtype" } ? "write `dtype=\(ValueText.quoted(text))`" : nil,
                argument: signature.positional + place)
        }
        if rest.count > 1, rest[0].items != nil || rest[0].isObject(.tensor) {
            throw Failure(
                .type, "`shape` of `\(name)` is numbers, or one list or tuple of them, not both", argument: signature.positional)
        }
        return try rest.map { (item) throws(Failure) in try length(item, parameter) }
    }

    private func length(_ item: Value, _ parameter: Int) throws(Failure) -> Int {
        guard item.isNumber else {
            throw unexpected(parameter, "a shape: numbers, or one list or tuple of them", given: item.inWords)
        }
        guard let whole = Int(exactly: item.number) else {
            throw unexpected(parameter, "whole numbers", given: NumberText.plain(item.number))
        }
        return whole
    }

    /// One of the variadic parameter's values as a tensor.
    public func restTensor(_ index: Int) throws(Failure) -> Tensor {
        if index >= 0, index < rest.count, let tensor = try Conversions.tensor(rest[index]) { return tensor }
        throw unexpected(signature.variadic ?? 0, "tensors", given: index < rest.count ? rest[index].inWords : "nothing")
    }

    // MARK: failing

    /// `rate` of `sgd` is a number, not a string.
    public func unexpected(_ index: Int, _ expected: String?, given: String? = nil) -> Failure {
        let known = index >= 0 && index < parameters.count
        let what = expected ?? (known ? Call.withArticle(parameters[index].type) : "something else")
        let value = known ? parameters[index].name : "argument \(index + 1)"
        if self[index].isTraced {
            return Failure(
                .type, "`\(value)` of `\(name)` is \(what); a gradient does not go through it",
                help: "what is followed for a gradient cannot stand there", argument: index)
        }
        if given == nil, !isGiven(index) { return Failure(.argument, "`\(name)` needs `\(value)`: \(what)") }
        return Failure(
            .type, "`\(value)` of `\(name)` is \(what), not \(given ?? self[index].inWords)", argument: index)
    }

    /// For values of the right type that will not do: `` `rate` of `sgd` must be above 0, not -1 ``.
    public func refused(_ index: Int, _ rule: String, help: String? = nil) -> Failure {
        let value = index >= 0 && index < parameters.count ? parameters[index].name : "argument \(index + 1)"
        let text = interpreter.text(self[index], .repr)
        let given = text.utf8.count <= 40 ? text : self[index].inWords
        return Failure(.value, "`\(value)` of `\(name)` \(rule), not \(given)", help: help, argument: index)
    }

    private static func withArticle(_ type: String) -> String {
        guard let first = type.first else { return "something else" }
        return ("aeiou".contains(first) ? "an " : "a ") + type
    }
}
