import Diagnostics
import Tensors

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// One entry of the stack of calls: what the caller goes on with.
struct Frame {
    /// Nil where Swift's code made the call: the loop ends when it returns.
    var pc: UnsafeMutablePointer<Instruction>?
    var registers: UnsafeMutablePointer<Value>
    var code: UnsafeMutablePointer<Code>
    /// Where the result goes.
    var result: UnsafeMutablePointer<Value>
}

/// The machine of one interpreter. All its state lies behind one pointer, so that no access is checked for
/// exclusivity and the loop keeps what is hot in the processor's registers.
///
/// The stack of values begins with the global slots; they are the registers of a cell's top level, whose temporaries
/// follow them. The registers of a call overlap the temporaries of its caller in which the arguments stand.
///
/// Invariant: a register that is free holds nothing that is counted. A temporary is written once and read once; whoever
/// reads it empties it, except that a number may stay. A local may hold anything until it is written again; what it
/// held is given back then, or when its function returns.
struct Machine {
    /// Calls within calls; beyond it the program is told that its recursion does not end.
    static let deepestCall = 10_000
    /// Swift's code calling the language calling Swift's code: each takes a piece of the system's stack.
    static let deepestReentry = 100
    static let stackSize = 1 << 20

    struct State {
        var heap: Heap
        /// The stack of values.
        var globals: UnsafeMutablePointer<Value>
        var stackEnd: UnsafeMutablePointer<Value>
        var frames: UnsafeMutablePointer<Frame>
        /// The next free entry.
        var frame: UnsafeMutablePointer<Frame>
        var framesEnd: UnsafeMutablePointer<Frame>
        /// Of the running function. `pc` is up to date only outside the loop.
        var pc: UnsafeMutablePointer<Instruction>
        var registers: UnsafeMutablePointer<Value>
        var code: UnsafeMutablePointer<Code>
        /// Values above the running function's registers that a builtin uses end here.
        var top: UnsafeMutablePointer<Value>
        /// Before the first of all instances.
        var chain: UnsafeMutablePointer<InstanceBlock.Layout>
        var reentries = 0
        /// Steps that a test still allows.
        var steps = Int.max
        var failure: Failure?
        /// Whether some values are followed for a gradient.
        var isTracing = false
        var trace: Trace?
        unowned(unsafe) var interpreter: Interpreter
    }

    let state: UnsafeMutablePointer<State>

    var heap: Heap { state.pointee.heap }

    static var outOfMemory: Failure {
        Failure(.memory, "there is no more memory", help: "take less at once, or set names that are no longer needed to none")
    }

    static func make(_ interpreter: Interpreter) -> Machine {
        // Whatever the bits, free registers hold nothing that is counted. Fresh pages are zero and cost nothing until
        // they are used; `calloc` knows which they are.
        guard let memory = calloc(stackSize, MemoryLayout<Value>.stride) else { fatalError("no memory for a session") }
        let stack = memory.bindMemory(to: Value.self, capacity: stackSize)
        let frames = UnsafeMutablePointer<Frame>.allocate(capacity: deepestCall + 1)
        let chain = UnsafeMutablePointer<InstanceBlock.Layout>.allocate(capacity: 1)
        // The sentinel is never looked into but for its links.
        UnsafeMutableRawPointer(chain).initializeMemory(
            as: UInt8.self, repeating: 0, count: MemoryLayout<InstanceBlock.Layout>.size)
        let nothing = Builder(
            info: CodeInfo(name: "nothing", source: Source(name: "", text: ""), documentation: nil),
            locals: Interpreter.globalCapacity)
        nothing.emit(.halt, at: Span(0, 0))
        nothing.finish(parameters: 0, required: 0, unset: [], needsItself: false, isMain: true)
        interpreter.adopt(nothing.code, nothing.info)
        let state = UnsafeMutablePointer<State>.allocate(capacity: 1)
        state.initialize(
            to: State(
                heap: Heap.current, globals: stack, stackEnd: stack + stackSize, frames: frames, frame: frames,
                framesEnd: frames + deepestCall, pc: nothing.code.pointee.instructions, registers: stack,
                code: nothing.code, top: stack, chain: chain, interpreter: interpreter))
        return Machine(state: state)
    }

    /// Gives back the stacks; the values on them have been given back before.
    func free() {
        systemFree(state.pointee.globals)
        state.pointee.frames.deallocate()
        state.pointee.chain.deallocate()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    // MARK: entering

    /// Runs the code of a cell or module. The value it ends with has one count; `missing` where there is none.
    func runTop(_ code: UnsafeMutablePointer<Code>) throws(Failure) -> Value {
        let s = state
        var result = Value.missing
        if code.pointee.isMain {
            return try enter(code, at: s.pointee.globals, &result)
        }
        // A module's top level is a function without parameters.
        return try enter(code, at: unused, &result)
    }

    /// The first register that nobody uses.
    private var unused: UnsafeMutablePointer<Value> {
        let s = state
        return max(s.pointee.top, s.pointee.registers + s.pointee.code.pointee.registerCount)
    }

    /// Calls anything that can be called, from Swift's code. Arguments are borrowed; the result carries one count.
    func call(_ function: Value, _ arguments: [Value], names: [String] = []) throws(Failure) -> Value {
        let s = state
        let base = unused
        guard base + arguments.count + 64 < s.pointee.stackEnd else { throw Machine.tooDeep }
        if function.isObject(.function), names.isEmpty {
            let code = FunctionBlock(function.object).layout.pointee.code
            if arguments.count == code.pointee.parameterCount {
                base.pointee = function.retained
                for (index, argument) in arguments.enumerated() { base[index + 1] = argument.retained }
                var result = Value.missing
                defer {
                    base.pointee.release(s.pointee.heap)
                    base.pointee = .none
                }
                return try enter(code, at: base + 1, &result)
            }
        }
        // The other ways go through the instruction `call`, in a frame of their own.
        let trampoline = s.pointee.interpreter.trampoline(arguments.count - names.count, names)
        base.pointee = function.retained
        for (index, argument) in arguments.enumerated() { base[index + 1] = argument.retained }
        var result = Value.missing
        do throws(Failure) {
            return try enter(trampoline, at: base, &result)
        } catch {
            // A call that did not come about has no place of its own: it is shown where the builtin was called that made it.
            guard let trace = s.pointee.trace, trace.failure === error, trace.source.bytes.isEmpty else { throw error }
            s.pointee.trace = nil
            throw Failure(error.kind, error.message, help: error.help)
        }
    }

    private func enter(
        _ code: UnsafeMutablePointer<Code>, at base: UnsafeMutablePointer<Value>, _ result: inout Value
    ) throws(Failure) -> Value {
        let s = state
        let saved = (s.pointee.pc, s.pointee.registers, s.pointee.code, s.pointee.top)
        guard s.pointee.reentries < Machine.deepestReentry, s.pointee.frame < s.pointee.framesEnd,
            base + code.pointee.registerCount + 64 < s.pointee.stackEnd
        else {
            for index in 0..<code.pointee.parameterCount {
                base[index].release(s.pointee.heap)
                base[index] = .none
            }
            throw Machine.tooDeep
        }
        s.pointee.reentries += 1
        let finished = withUnsafeMutablePointer(to: &result) { slot -> Bool in
            s.pointee.frame.initialize(to: Frame(pc: nil, registers: saved.1, code: saved.2, result: slot))
            s.pointee.frame += 1
            s.pointee.pc = code.pointee.instructions
            s.pointee.registers = base
            s.pointee.code = code
            return execute()
        }
        s.pointee.reentries -= 1
        (s.pointee.pc, s.pointee.registers, s.pointee.code, s.pointee.top) = saved
        if finished { return result }
        let failure = s.pointee.failure ?? Failure(.internal, "stopped without a reason")
        s.pointee.failure = nil
        throw failure
    }

    static var tooDeep: Failure {
        Failure(
            .recursion, "the calls are nested too deep",
            help: "a function that calls itself needs a case in which it does not; at most \(deepestCall) calls may be open, "
                + "\(deepestReentry) of them through functions like map")
    }

    /// Notes a failure for the loop, which leaves by it.
    @inline(never)
    func fail(_ failure: Failure) -> Bool {
        state.pointee.failure = failure
        return false
    }

    func attempt(_ body: () throws(Failure) -> Void) -> Bool {
        do throws(Failure) {
            try body()
            return true
        } catch {
            return fail(error)
        }
    }

    // MARK: registers

    /// True of a temporary, which is emptied by its reader.
    @inline(__always)
    func isTemporary(_ register: UnsafeMutablePointer<Value>) -> Bool {
        register >= state.pointee.registers + state.pointee.code.pointee.localCount
    }

    @inline(__always)
    func dropTemporary(_ register: UnsafeMutablePointer<Value>) {
        if register.pointee.isObject, isTemporary(register) {
            let value = register.pointee
            register.pointee = .none
            value.release(heap)
        }
    }

    /// Stores a value whose count the register takes over.
    @inline(__always)
    func put(_ register: UnsafeMutablePointer<Value>, _ value: Value) {
        let old = register.pointee
        register.pointee = value
        old.release(heap)
    }
}

@inline(never)
func releaseObject(_ value: Value, _ heap: Heap) { value.release(heap) }

/// A double as a whole number, if it is one of a size that an index may have.
@inline(__always)
func wholeNumber(_ number: Double) -> Int? {
    guard number > -9e15, number < 9e15 else { return nil }
    let whole = Int(number)
    return Double(whole) == number ? whole : nil
}

@inline(__always) private func systemFree(_ memory: UnsafeMutableRawPointer) { free(memory) }
