import Tensors

extension Interpreter {
    /// What a function of the language can reach by itself: the values that it captured, the notebook's names that it
    /// reads, the receiver of a bound method; borrowed. Empty for anything else.
    public func mentioned(by value: Value) -> [Value] {
        if value.isObject(.boundMethod) {
            let layout = BoundMethodBlock(value.object).layout.pointee
            return [layout.receiver] + mentioned(by: layout.function)
        }
        guard value.isObject(.function) else { return [] }
        let function = FunctionBlock(value.object)
        var found = (0..<function.layout.pointee.count).map { function.captures[$0] }
        var slots: Set<Int> = []
        globals(readBy: function.layout.pointee.code, &slots)
        for slot in slots.sorted() where !globalValue(slot).isMissing { found.append(globalValue(slot)) }
        return found
    }

    /// Slots that code and the functions made in it read.
    private func globals(readBy code: UnsafeMutablePointer<Code>, _ slots: inout Set<Int>) {
        let info = code.pointee.info
        for number in 0..<info.instructionCount {
            let instruction = code.pointee.instructions[number]
            switch instruction.op {
            case .global: slots.insert(Int(instruction.b))
            case .callGlobal: slots.insert(Int(instruction.c))
            default: break
            }
        }
        for prototype in info.prototypes { globals(readBy: prototype, &slots) }
    }
}
