import Diagnostics
import Tensors
import Testing

/// Which type comes of which, and what a type cannot hold.
@Suite struct TypeTests {
    @Test(arguments: [
        (DType.float64, DType.float64, DType.float64), (.float32, .float32, .float32), (.float32, .float64, .float64),
        (.uint8, .uint8, .float32), (.bool, .bool, .float64), (.uint8, .float32, .float32), (.uint8, .float64, .float64),
        (.bool, .float32, .float64), (.uint8, .bool, .float64),
    ])
    func `the type of a sum`(_ a: DType, _ b: DType, _ expected: DType) throws {
        for (left, right) in [(a, b), (b, a)] {
            let x = try Tensor([1, 0, 1], shape: [3], left), y = try Tensor([1, 1, 0], shape: [3], right)
            let sum = Tensor(adopting: try Elementwise.binary(.add, x.block, y.block, Heap.current))
            #expect(sum.dtype == expected)
            #expect(sum.numbers == [2, 1, 1])
            let product = try MatrixProduct.product(x, y)
            #expect(product.numbers == [1])
        }
    }

    @Test(arguments: [
        (DType.float64, DType.float64), (.float32, .float32), (.uint8, .float32), (.bool, .float64),
    ])
    func `a number takes the type of the tensor`(_ dtype: DType, _ expected: DType) throws {
        let x = try Tensor([1, 0], shape: [2], dtype), heap = Heap.current
        let right = Tensor(adopting: try Elementwise.binary(.add, x.block, 0.1, heap))
        let left = Tensor(adopting: try Elementwise.binary(.subtract, 1, x.block, heap))
        #expect(right.dtype == expected)
        #expect(right.numbers[1] == (expected == .float32 ? Double(Float(0.1)) : 0.1))
        #expect(left.numbers == [0, 1])
    }

    @Test func `bytes are compared with numbers exactly`() throws {
        let x = try Tensor([255, 254], shape: [2], .uint8)
        let greater = Tensor(adopting: try Elementwise.binary(.greater, x.block, 254.99999999, Heap.current))
        #expect(greater.dtype == .bool)
        #expect(greater.numbers == [1, 0])
    }

    @Test func `masks join masks and nothing else`() throws {
        let heap = Heap.current
        let a = try Tensor([true, true, false]), b = try Tensor([true, false, false])
        #expect(Tensor(adopting: try Elementwise.binary(.and, a.block, b.block, heap)).numbers == [1, 0, 0])
        #expect(Tensor(adopting: try Elementwise.binary(.or, a.block, b.block, heap)).numbers == [1, 1, 0])
        let number = try Tensor([1, 2, 3])
        let failure = #expect(throws: Failure.self) { try Elementwise.binary(.and, a.block, number.block, heap) }
        #expect(failure?.message == "`&` joins bool tensors, not float64")
        #expect(failure?.label == "{1} is float64")
    }

    @Test(arguments: [BinaryOperation.floorDivide, .modulo])
    func `division with a floor by zero is an error in every form`(_ operation: BinaryOperation) throws {
        let heap = Heap.current
        let x = try Tensor([1, 2, 3]), zeros = try Tensor([1, 0, 2])
        #expect(throws: Failure.self) { try Elementwise.binary(operation, x.block, zeros.block, heap) }
        #expect(throws: Failure.self) { try Elementwise.binary(operation, x.block, 0, heap) }
        #expect(throws: Failure.self) { try Elementwise.binary(operation, 1, zeros.block, heap) }
        #expect(throws: Failure.self) { try Elementwise.update(operation, x.block, zeros.block, heap) }
        #expect(x.numbers == [1, 2, 3])
    }

    @Test func `storing what a type cannot hold is an error that says what would fit`() throws {
        let failure = #expect(throws: Failure.self) { try Tensor([300]).stored(as: .uint8) }
        #expect(failure?.message == "uint8 holds the integers from 0 to 255, not 300")
        #expect(throws: Failure.self) { try Tensor([1e300]).stored(as: .float32) }
        #expect(throws: Failure.self) { try Tensor([0.5]).stored(as: .bool) }
        #expect(try Tensor([.nan, .infinity]).stored(as: .float32).numbers[1] == .infinity)
    }

    @Test func `a float32 tensor keeps its type under op=`() throws {
        let x = try Tensor([1, 2], shape: [2], .float32), y = try Tensor([0.5, 0.5])
        let z = Tensor(adopting: try Elementwise.compound(.add, x.block, y.block, Heap.current))
        #expect(z.dtype == .float32)
        #expect(z.numbers == [1.5, 2.5])
    }

    @Test(arguments: [[-1], [1 << 40, 1 << 40], [Int.max, 2], [0, Int.max, Int.max], [1 << 60]])
    func `impossible shapes are refused`(_ shape: [Int]) {
        #expect(throws: Failure.self) { try Making.full(shape, 0) }
    }

    @Test func `in place and out of place give the same bits`() throws {
        var generator = Generator(seed: 1)
        let heap = Heap.current
        for count in [1, 7, 16, 17, 100] {
            let x = try Drawing.normal(0, 3, [count], &generator), y = try Drawing.normal(0, 3, [count], &generator)
            for operation in BinaryOperation.allCases where !operation.isComparison {
                let apart = Tensor(adopting: try Elementwise.binary(operation, x.block, y.block, heap))
                let inLeft = try x.copy(), inRight = try y.copy()
                #expect(try Elementwise.update(operation, inLeft.block, y.block, heap))
                #expect(same(apart, inLeft))
                if try Elementwise.updateRight(operation, x.block, inRight.block, heap) { #expect(same(apart, inRight)) }
                let byNumber = Tensor(adopting: try Elementwise.binary(operation, x.block, 2, heap))
                let numberIn = try x.copy()
                #expect(try Elementwise.update(operation, numberIn.block, 2, heap))
                #expect(same(byNumber, numberIn))
            }
        }
    }

    private func same(_ a: Tensor, _ b: Tensor) -> Bool {
        zip(a.numbers, b.numbers).allSatisfy { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) }
    }
}
