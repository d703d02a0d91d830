import Diagnostics
import Tensors
import Testing

/// A case of `Golden/indexing.txt`.
struct IndexingCase: CustomStringConvertible, Sendable {
    var line: Int
    var shape: [Int]
    var parts: [String] = []
    var indices: [Index] = []
    var got: (shape: [Int], numbers: [Double]) = ([], [])
    var set: [Double] = []
    var added: [Double] = []

    var description: String { "\(shape)[\(parts.joined(separator: ", "))] (line \(line))" }

    static let all: [IndexingCase] = (try? read()) ?? []

    private static func read() throws -> [IndexingCase] {
        var cases: [IndexingCase] = []
        for (number, words) in GoldenFile.lines("Golden/indexing.txt").enumerated() {
            if words[0] == "case" {
                cases.append(IndexingCase(line: number + 1, shape: GoldenFile.shape(words[1])))
                continue
            }
            let last = cases.count - 1
            let numbers = words.dropFirst(2).map { Double($0) ?? .nan }
            switch words[0] {
            case "get": cases[last].got = (GoldenFile.shape(words[1]), numbers)
            case "set": cases[last].set = words.dropFirst().map { Double($0) ?? .nan }
            case "add": cases[last].added = words.dropFirst().map { Double($0) ?? .nan }
            default:
                cases[last].parts.append(words.joined(separator: " "))
                cases[last].indices.append(try index(words, numbers))
            }
        }
        return cases
    }

    private static func index(_ words: [String], _ numbers: [Double]) throws -> Index {
        switch words[0] {
        case "at": return .at(Int(words[1]) ?? 0)
        case "slice": return .slice(start: Int(words[1]), stop: Int(words[2]), step: Int(words[3]))
        case "gather": return .gather(try Tensor(numbers, shape: GoldenFile.shape(words[1])))
        case "mask": return .mask(try Tensor(numbers, shape: GoldenFile.shape(words[1]), .bool))
        case "new": return .newAxis
        default: return .ellipsis
        }
    }
}

@Suite struct IndexingTests {
    @Test func `the file of cases is there`() { #expect(IndexingCase.all.count == 250) }

    @Test(arguments: IndexingCase.all, [DType.float64, .float32, .uint8])
    func `reading gives what NumPy gives`(_ golden: IndexingCase, _ dtype: DType) throws {
        let x = try counting(golden.shape, dtype)
        let got = try Indexing.get(x, golden.indices)
        #expect(got.shape == golden.got.shape)
        #expect(got.numbers == golden.got.numbers)
        #expect(got.dtype == dtype)
        // The machine's way, with its short cuts.
        switch try Indexing.get(x.block, golden.indices, Heap.current) {
        case .number(let number): #expect([number] == golden.got.numbers && golden.got.shape.isEmpty)
        case .bool: Issue.record("a bool of numbers")
        case .tensor(let block):
            let tensor = Tensor(adopting: block)
            #expect(tensor.shape == golden.got.shape)
            #expect(tensor.numbers == golden.got.numbers)
        }
    }

    @Test(arguments: IndexingCase.all)
    func `assigning and accumulating give what NumPy gives`(_ golden: IndexingCase) throws {
        let count = golden.got.numbers.count
        let values = try Tensor((0..<count).map { 100 + Double($0) }, shape: golden.got.shape)
        let written = try counting(golden.shape, .float64)
        try Indexing.set(written.block, golden.indices, values.block, Heap.current)
        #expect(written.numbers == golden.set)
        let added = try counting(golden.shape, .float64)
        try Indexing.update(.add, added.block, golden.indices, values.block, Heap.current)
        #expect(added.numbers == golden.added)
    }

    @Test(arguments: IndexingCase.all)
    func `a number is assigned to every place that is read`(_ golden: IndexingCase) throws {
        let x = try counting(golden.shape, .float64)
        try Indexing.set(x.block, golden.indices, -1)
        let rest = Set(golden.got.numbers)
        for (before, after) in x.numbers.enumerated() {
            #expect(after == (rest.contains(Double(before)) ? -1 : Double(before)))
        }
    }

    @Test func `an element is a number and a row a tensor`() throws {
        let x = try counting([2, 3], .float64), heap = Heap.current
        guard case .number(5) = try Indexing.get(x.block, [.at(-1), .at(2)], heap) else {
            Issue.record("not a number")
            return
        }
        guard case .tensor(let row) = try Indexing.get(x.block, 1, heap) else {
            Issue.record("not a tensor")
            return
        }
        #expect(Tensor(adopting: row).numbers == [3, 4, 5])
    }

    @Test(arguments: [
        ([Index.at(4)], "there is no index 4: the last is 3"),
        ([.at(-5)], "there is no index -5: the last is 3"),
        ([.at(0), .at(3)], "there is no index 3 in axis 1: the last is 2"),
        ([.at(0), .at(0), .at(0)], "3 indices for a tensor of 2 axes"),
        ([.ellipsis, .ellipsis], "an index can hold `...` only once"),
        ([.slice(step: 0)], "the step of a slice cannot be 0"),
        ([.gather(try! Tensor([0.5]))], "an index must be a whole number, not 0.5"),
        ([.gather(try! Tensor([.nan]))], "an index must be a whole number, not nan"),
        ([.gather(try! Tensor([9]))], "there is no index 9: the last is 3"),
        ([.mask(try! Tensor([true]))], "the mask is (1,), what it picks from is (4,)"),
        ([.gather(try! Tensor([0, 1])), .gather(try! Tensor([0, 1, 2]))], "indices of the shapes (2,) and (3,) do not run together"),
    ])
    func `what cannot be indexed says so`(_ indices: [Index], _ message: String) throws {
        let x = try counting([4, 3], .float64)
        let failure = #expect(throws: Failure.self) { try Indexing.get(x, indices) }
        #expect(failure?.message == message)
    }

    @Test func `a slice may have any bounds`() throws {
        let x = try counting([4, 2], .float64), heap = Heap.current
        for bound in [Int.min, Int.min + 1, -5, 0, 5, Int.max] {
            for step in [Int.min, -1, 1, Int.max] {
                #expect(throws: Never.self) { try Indexing.get(x, [.slice(start: bound, stop: 2, step: step)]) }
                let index = [Index.slice(start: 2, stop: bound, step: step), .slice(start: bound, step: step)]
                let general = try Indexing.get(x, index)
                guard case .tensor(let block) = try Indexing.get(x.block, index, heap) else { continue }
                let short = Tensor(adopting: block)
                #expect(short.shape == general.shape)
                #expect(short.numbers == general.numbers)
            }
        }
    }

    @Test func `a value stretches to its place or is refused`() throws {
        let x = try counting([2, 3], .float64), heap = Heap.current
        let column = try Tensor([7, 8])
        try Indexing.set(x.block, [.all, .at(0)], column.block, heap)
        #expect(x.numbers == [7, 1, 2, 8, 4, 5])
        let row = try Tensor([1, 2, 3])
        try Indexing.set(x.block, [.all], row.block, heap)
        #expect(x.numbers == [1, 2, 3, 1, 2, 3])
        let wrong = try Tensor([1, 2])
        let failure = #expect(throws: Failure.self) { try Indexing.set(x.block, [.all], wrong.block, heap) }
        #expect(failure?.message == "a value of shape (2,) does not fit the place of shape (2, 3)")
    }

    @Test func `what the type cannot hold is not stored`() throws {
        let x = try counting([3], .uint8)
        for number in [-1, 256, 0.5, .nan, .infinity] {
            #expect(throws: Failure.self) { try Indexing.set(x.block, [.at(0)], number) }
        }
        #expect(x.numbers == [0, 1, 2])
    }

    @Test func `pushing appends and keeps others' tensors as they are`() throws {
        let heap = Heap.current
        var block = try TensorBlock.make([0], .float64, heap)
        for number in 0..<100 { block = try Joining.push(block, Double(number), heap) }
        let shared = Tensor(sharing: block)
        block = try Joining.push(block, -1, heap)
        #expect(shared.numbers == (0..<100).map(Double.init))
        #expect(Tensor(adopting: block).numbers.last == -1)
    }

    private func counting(_ shape: [Int], _ dtype: DType) throws -> Tensor {
        try Tensor((0..<shape.reduce(1, *)).map { Double($0) }, shape: shape, dtype)
    }
}
