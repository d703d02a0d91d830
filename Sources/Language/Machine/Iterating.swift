import Diagnostics
import Tensors

/// Loops. Their state is three hidden registers: the position, as a plain integer; then, of a range by ones, the count as
/// a plain integer and the first number; of everything else what is run through and its count as a plain integer.
extension Machine {
    @inline(never)
    func startIteration(_ i: Instruction) -> Bool {
        let registers = state.pointee.registers
        let source = registers + Int(i.b), loop = registers + Int(i.a)
        let value = source.pointee
        return attempt { () throws(Failure) in
            if value.isObject(.range), RangeBlock(value.object).step == 1 {
                let range = RangeBlock(value.object)
                let (start, count) = (range.start, range.count)
                put(loop + 1, Value(bits: UInt64(count)))
                loop[2] = Value(start)
            } else {
                guard let length = try loopLength(value), let snapshot = try Iteration.snapshot(value) else {
                    throw Failure(
                        .type, "`for` runs through ranges, tensors, lists, maps, strings and the like, not \(value.inWords)",
                        help: value.isNumber ? "for i in range({0}) counts" : nil)
                }
                put(loop + 1, snapshot)
                loop[2] = Value(bits: UInt64(max(length, 0)))
            }
            loop[0] = Value(bits: 0)
            dropTemporary(source)
        }
    }

    private static let loopsOfTwo =
        "`for i, x in enumerate(xs)` counts, `for k, v in m.items()` gives the keys of a map with their values"

    private func loopLength(_ value: Value) throws(Failure) -> Int? {
        if let native = value.native { return native.length ?? 0 }
        return Iteration.length(value)
    }

    /// The next element into a register; false at the end, nil where it failed.
    @inline(never)
    func advance(_ loop: UnsafeMutablePointer<Value>, into target: UnsafeMutablePointer<Value>) -> Bool? {
        let position = Int(loop[0].bits)
        guard position < Int(loop[2].bits) else {
            put(loop + 1, .none)
            return false
        }
        loop[0] = Value(bits: UInt64(position + 1))
        let source = loop[1]
        if source.isObject(.list) {
            put(target, ListBlock(source.object).items[position].retained)
            return true
        }
        do throws(Failure) {
            put(target, try Iteration.element(source, position, heap))
            return true
        } catch {
            _ = fail(error)
            return nil
        }
    }

    /// The next element, unpacked into the registers that the extra word names.
    @inline(never)
    func advanceUnpacked(_ loop: UnsafeMutablePointer<Value>, _ extra: Instruction) -> Bool? {
        let registers = state.pointee.registers
        let limit = loop[1]
        guard limit.isObject else {
            guard loop[0].bits >= limit.bits else {
                _ = fail(Failure(.type, "a number cannot be unpacked into \(extra.x) names", help: Machine.loopsOfTwo))
                return nil
            }
            return false
        }
        let position = Int(loop[0].bits)
        guard position < Int(loop[2].bits) else {
            put(loop + 1, .none)
            return false
        }
        loop[0] = Value(bits: UInt64(position + 1))
        let targets = (Int(extra.a), Int(extra.b), Int(extra.c))
        do throws(Failure) {
            if limit.isObject(.sequence) {
                let sequence = SequenceBlock(limit.object)
                if sequence.width == Int(extra.x) {
                    var number = 0
                    if let start = sequence.start {
                        put(registers + targets.0, Value(start + Double(position)))
                        number = 1
                    }
                    for part in sequence.parts {
                        let target = number == 0 ? targets.0 : number == 1 ? targets.1 : targets.2
                        put(registers + target, try Iteration.element(part, position, heap))
                        number += 1
                    }
                    return true
                }
            }
            let element = try Iteration.element(limit, position, heap)
            defer { element.release(heap) }
            let parts: [Value]
            do throws(Failure) {
                parts = try self.parts(element, Int(extra.x))
            } catch {
                guard element.isNumber || element.isObject(.string) else { throw error }
                throw Failure(error.kind, error.message, help: Machine.loopsOfTwo)
            }
            for (number, part) in parts.enumerated() {
                put(registers + (number == 0 ? targets.0 : number == 1 ? targets.1 : targets.2), part)
            }
            return true
        } catch {
            _ = fail(error)
            return nil
        }
    }
}
