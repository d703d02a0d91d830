import Autodiff
import Diagnostics
import Language
import Tensors

extension Builtin.Tracing {
    /// A body that writes on the tape.
    static func onTape(
        _ body: @escaping @Sendable (_ tracing: Tracing, _ call: borrowing Call) throws(Failure) -> Variable
    ) -> Builtin.Tracing {
        .body { call throws(Failure) in
            let tracing = try call.tracing
            return tracing.value(try body(tracing, call))
        }
    }

    /// A body that makes values of what it writes on the tape, or of something else.
    static func following(
        _ body: @escaping @Sendable (_ tracing: Tracing, _ call: borrowing Call) throws(Failure) -> Value
    ) -> Builtin.Tracing {
        .body { call throws(Failure) in try body(call.tracing, call) }
    }
}

extension Call {
    /// What records now.
    var tracing: Tracing {
        get throws(Failure) {
            if let current = Tracing.current(interpreter) { return current }
            throw Failure(.value, "this value belongs to a gradient that is over", help: "return what is needed of it")
        }
    }

    /// A number, a tensor or a list of them as a variable.
    func variable(_ index: Int, _ tracing: Tracing) throws(Failure) -> Variable {
        if let variable = try tracing.variable(of: self[index]) { return variable }
        throw unexpected(index, "a tensor or a number")
    }

    /// One of the variadic parameter's values.
    func restVariable(_ index: Int, _ tracing: Tracing) throws(Failure) -> Variable {
        if index < rest.count, let variable = try tracing.variable(of: rest[index]) { return variable }
        throw Failure(.type, "`\(name)` takes tensors, not \(index < rest.count ? rest[index].inWords : "nothing")")
    }

    /// The tensors of the variadic parameter: several, or one list of them, or the rows of one.
    func restVariables(_ tracing: Tracing) throws(Failure) -> [Variable] {
        var parts: [Variable] = []
        guard rest.count == 1 else {
            for index in 0..<rest.count { parts.append(try restVariable(index, tracing)) }
            return parts
        }
        if let items = rest[0].items {
            for item in items {
                guard let part = try tracing.variable(of: item) else {
                    throw Failure(.type, "`\(name)` joins tensors, not \(item.inWords)")
                }
                parts.append(part)
            }
            return parts
        }
        let whole = try restVariable(0, tracing)
        guard let length = tracing.tape.shape(whole).first else { return [whole] }
        for row in 0..<length { parts.append(try tracing.tape.index(whole, [.at(row)])) }
        return parts
    }

    /// A shape with one length of -1, worked out for so many elements.
    func shape(for count: Int) throws(Failure) -> [Int] {
        // The rules of reshape, asked of a tensor that has as many elements.
        try Shaping.reshape(Tensor(uninitialized: [count], .bool), shape()).shape
    }
}
