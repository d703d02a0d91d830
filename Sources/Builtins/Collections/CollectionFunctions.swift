import Diagnostics
import Language
import Tensors

/// Functions on lists, maps and all that `for` runs through.
enum CollectionFunctions {
    static let builtins: [Builtin] = [copy, filter, get, items, keys, len, list, map, reversed, sorted, values]

    private static let sequence = Builtin.Parameter(
        "xs", "list, tensor or other sequence", .required, .positional, "what is run through")

    static let len = Builtin(
        "len", "how many elements, characters or entries there are; of a tensor along its first axis",
        [Builtin.Parameter("x", "list, tensor, string, map, table or other sequence", .required, .positional, "what is counted")],
        example: "len([1, 2; 3, 4; 5, 6])  # 3", tracing: .itself
    ) { call throws(Failure) in
        if let length = call.length(0) { return Value(length) }
        throw call.unexpected(0, "something that has a length")
    }

    static let list = Builtin(
        "list", "a list of what `for` would run through, or of the arguments themselves",
        [Builtin.Parameter("xs", "one sequence, or the elements", .absent, .variadic, "what the list holds")],
        example: "list(range(3))  # list(0, 1, 2)", tracing: .itself
    ) { call throws(Failure) in
        guard call.rest.count == 1, call.rest[0].isIterable else { return Value(list: call.rest.map(\.retained)) }
        return Value(list: try Elements.retained(of: call.rest[0], call))
    }

    static let copy = Builtin(
        "copy", "a value of its own; values are copied by assignment already, objects are not",
        [Builtin.Parameter("x", "anything", .required, .positional, "what is copied; the fields of an object are shared where they are objects")],
        example: "a = [1, 2]; b = copy(a); b[0] = 9; a  # [1, 2]", tracing: .itself
    ) { call throws(Failure) in
        if let copy = try call.interpreter.copy(call[0]) { return copy }
        let help = call[0].native is any Parametric ? "save(net, file) and load_net(file) make another; set_weights(other, weights(net)) copies the numbers" : nil
        throw Failure(.type, "\(call[0].inWords) cannot be copied", help: help, argument: 0)
    }

    static let map = Builtin(
        "map", "what a function gives for each element: a tensor where these are numbers, else a list",
        [
            Builtin.Parameter("f", "function", .required, .positional, "is called with each element"),
            Builtin.Parameter("xs", "list, tensor or other sequence", .required, .positional, "what is run through; may stand first"),
        ],
        example: "map(x -> x^2, [1, 2, 3])  # [1, 4, 9]", tracing: .itself
    ) { call throws(Failure) in
        let (function, sequence) = try Elements.functionAndSequence(call)
        var results: [Value] = []
        do throws(Failure) {
            try Elements.forEach(call[sequence], call, sequence) { (element) throws(Failure) in
                results.append(try call.interpreter.call(call[function], [element]))
            }
        } catch {
            for result in results { result.release() }
            throw error
        }
        return try Elements.collected(results, call.interpreter)
    }

    static let filter = Builtin(
        "filter", "the elements for which a function gives true",
        [
            Builtin.Parameter("f", "function", .required, .positional, "gives true or false for an element"),
            Builtin.Parameter("xs", "list, tensor or other sequence", .required, .positional, "what is run through; may stand first"),
        ],
        example: "filter(x -> x > 1, [1, 2, 3])  # [2, 3]", tracing: .itself
    ) { call throws(Failure) in
        let (function, sequence) = try Elements.functionAndSequence(call)
        var kept: [Value] = []
        var rows: [Int] = []
        var row = 0
        do throws(Failure) {
            try Elements.forEach(call[sequence], call, sequence) { (element) throws(Failure) in
                let answer = try call.interpreter.call(call[function], [element])
                defer { answer.release() }
                guard let truth = answer.bool else {
                    throw Failure(.type, "the function of `filter` gives \(answer.inWords), not true or false", argument: function)
                }
                if truth {
                    kept.append(element.retained)
                    rows.append(row)
                }
                row += 1
            }
        } catch {
            for element in kept { element.release() }
            throw error
        }
        if call[sequence].isTraced {
            for element in kept { element.release() }
            let tracing = try call.tracing
            let places = try Tensor(rows.map(Double.init))
            return tracing.value(try tracing.tape.index(call.variable(sequence, tracing), [.gather(places)]))
        }
        guard let tensor = call[sequence].tensor else { return Value(list: kept) }
        for element in kept { element.release() }
        return Value(tensor: try Indexing.get(tensor, [.gather(try Tensor(rows.map(Double.init)))]))
    }

    static let sorted = Builtin(
        "sorted", "the elements in ascending order; equal ones keep their order",
        [
            sequence,
            Builtin.Parameter("key", "function", .none, .keyword, "gives what an element is ordered by"),
            Builtin.Parameter("reverse", "bool", .bool(false), .keyword, "whether the largest comes first"),
        ],
        example: "sorted([\"relu\", \"tanh\", \"elu\"])  # [\"elu\", \"relu\", \"tanh\"]", tracing: .itself
    ) { call throws(Failure) in
        let key = try call.optionalFunction(1)
        let isReversed = try call.bool(2)
        if let tensor = call[0].tensor, key == nil {
            let ascending = try Ordering.sort(tensor, axis: 0)
            guard isReversed else { return Value(tensor: ascending) }
            return Value(tensor: try Indexing.get(ascending, [.slice(step: -1)]))
        }
        let elements = try Elements.retained(of: call[0], call)
        var keys: [Value] = []
        var isOwn = false
        defer { if isOwn { for key in keys { key.release() } } }
        let order: [Int]
        do throws(Failure) {
            if let key {
                isOwn = true
                for element in elements {
                    let given = try call.interpreter.call(key, [element])
                    defer { given.release() }
                    keys.append(try given.untraced())
                }
            } else if call[0].holdsTraced {
                isOwn = true
                for element in elements { keys.append(try element.untraced()) }
            } else {
                keys = elements
            }
            order = try ElementOrder.positions(keys, isReversed: isReversed)
        } catch {
            for element in elements { element.release() }
            throw error
        }
        let result = order.map { elements[$0] }
        return call[0].isObject(.tensor) || call[0].isTraced ? try Elements.collected(result, call.interpreter) : Value(list: result)
    }

    static let reversed = Builtin(
        "reversed", "the elements from the last to the first", [sequence], example: "reversed([1, 2, 3])  # [3, 2, 1]",
        tracing: .itself
    ) { call throws(Failure) in
        if let tensor = call[0].tensor, tensor.rank > 0 {
            return Value(tensor: try Indexing.get(tensor, [.slice(step: -1)]))
        }
        if call[0].isTraced, call.length(0) != nil {
            let tracing = try call.tracing
            return tracing.value(try tracing.tape.index(call.variable(0, tracing), [.slice(step: -1)]))
        }
        if let text = call[0].string { return Value(string: String(String.UnicodeScalarView(text.unicodeScalars.reversed()))) }
        let elements = Array(try Elements.retained(of: call[0], call).reversed())
        return call[0].tuple == nil ? Value(list: elements) : Value(tuple: elements)
    }

    private static let ofMap = Builtin.Parameter("m", "map", .required, .positional, "the map")

    static let get = Builtin(
        "get", "the value under a key of a map, or another value where there is no such key",
        [
            ofMap, .init("key", "string or number", .required, .positional, "the key"),
            .init("default", "anything", .none, .positional, "what is given where the map has no such key"),
        ],
        example: "{\"lr\": 0.1}.get(\"epochs\", 20)  # 20", tracing: .itself
    ) { call throws(Failure) in
        guard let map = call[0].map else { throw call.unexpected(0, "a map") }
        return (map[call[1]] ?? call[2]).retained
    }

    static let keys = Builtin(
        "keys", "the keys of a map, in their order", [ofMap], example: "keys({\"lr\": 0.1, \"epochs\": 5})  # [\"lr\", \"epochs\"]",
        tracing: .itself
    ) { call throws(Failure) in Value(list: try Elements.entries(call).map { $0.key.retained }) }

    static let values = Builtin(
        "values", "the values of a map, in the order of their keys", [ofMap],
        example: "values({\"a\": 1, \"b\": 2})  # list(1, 2)", tracing: .itself
    ) { call throws(Failure) in Value(list: try Elements.entries(call).map { $0.value.retained }) }

    static let items = Builtin(
        "items", "the entries of a map as tuples of key and value, in their order", [ofMap],
        example: "for name, rate in items({\"lr\": 0.1}) { print(name, rate) }  # lr 0.1", tracing: .itself
    ) { call throws(Failure) in
        Value(list: try Elements.entries(call).map { Value(tuple: [$0.key.retained, $0.value.retained]) })
    }
}
