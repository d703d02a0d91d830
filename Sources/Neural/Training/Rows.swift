import CKernels
import Tensors

/// Rows of a tensor `[n, …]` as they lie in memory. Plain numbers, so that threads that read them count no references;
/// whoever holds the tensor keeps them valid.
struct Rows {
    /// What their type is called in the kernels.
    private let from: Int32
    private let data: UnsafeRawPointer
    private let size: Int
    /// Numbers of a row.
    let width: Int

    init(_ tensor: Tensor) {
        from =
            switch tensor.dtype {
            case .float64: Int32(NNB_FROM_FLOAT64)
            case .float32: Int32(NNB_FROM_FLOAT32)
            case .uint8, .bool: Int32(NNB_FROM_BYTES)
            }
        data = UnsafeRawPointer(tensor.block.data)
        size = tensor.dtype.size
        width = product(of: Array(tensor.shape.dropFirst()))
    }

    /// The rows that `index` names, counted from row `first`, in the kernels' type.
    @inline(__always)
    func gather(
        _ index: UnsafePointer<Int32>, _ rows: Int, _ kernels: Kernels, into out: UnsafeMutableRawPointer, from first: Int = 0
    ) {
        kernels.table.pointee.gather(from, rows, width, width, index, data + first * width * size, out, width)
    }

    /// Asks for both ends of rows that will be gathered soon.
    @inline(__always)
    func fetch(_ index: UnsafePointer<Int32>, _ rows: Range<Int>) {
        for row in rows {
            let start = data + Int(index[row]) * width * size
            nnb_fetch(start)
            nnb_fetch(start + width * size - 1)
        }
    }

    /// Some columns of the rows that `index` names; the rows of `out` are as wide as all of them.
    @inline(__always)
    func gather(
        _ index: UnsafePointer<Int32>, _ rows: Int, columns: Range<Int>, _ kernels: Kernels, into out: UnsafeMutableRawPointer
    ) {
        kernels.table.pointee.gather(
            from, rows, columns.count, width, index, data + columns.lowerBound * size,
            out + columns.lowerBound * kernels.size, width)
    }
}

/// Classes as rows with a 1 at the place of each, of `places` groups a row; plain, as `Rows` are.
struct ClassRows {
    let classes: UnsafePointer<Int32>
    let places: Int

    func gather(
        _ index: UnsafePointer<Int32>, _ rows: Int, _ kernels: Kernels, into out: UnsafeMutableRawPointer, columns: Int
    ) {
        // Numbers that are all bits 0 are 0.
        out.initializeMemory(as: UInt8.self, repeating: 0, count: rows * columns * kernels.size)
        let width = columns / places
        for row in 0..<rows {
            for place in 0..<places {
                let column = row * columns + place * width + Int(classes[Int(index[row]) * places + place])
                if kernels.isDouble {
                    out.storeBytes(of: 1, toByteOffset: column * 8, as: Double.self)
                } else {
                    out.storeBytes(of: 1, toByteOffset: column * 4, as: Float.self)
                }
            }
        }
    }
}

/// Either of them.
enum TargetPlaces {
    case rows(Rows)
    case classes(ClassRows)

    /// Asks for rows that will be gathered soon.
    @inline(__always)
    func fetch(_ index: UnsafePointer<Int32>, _ rows: Range<Int>) {
        guard case .rows(let from) = self else { return }
        from.fetch(index, rows)
    }

    @inline(__always)
    func gather(
        _ index: UnsafePointer<Int32>, _ rows: Int, _ kernels: Kernels, into out: UnsafeMutableRawPointer, columns: Int
    ) {
        switch self {
        case .rows(let from): from.gather(index, rows, kernels, into: out)
        case .classes(let from): from.gather(index, rows, kernels, into: out, columns: columns)
        }
    }
}
