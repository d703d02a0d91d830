import CKernels
import Diagnostics
import Tensors

/// What surrounds an image before windows move over it.
public enum Padding: Sendable, Equatable {
    /// Nothing: windows lie inside.
    case valid
    /// As many zeros as make ⌈n / stride⌉ windows, the odd one at the end (TensorFlow's and Keras's rule).
    case same
    /// So many zeros on each side of rows and columns (PyTorch's rule).
    case zeros(Int, Int)

    public var text: String {
        switch self {
        case .valid: "\"valid\""
        case .same: "\"same\""
        case .zeros(let rows, let columns): rows == columns ? "\(rows)" : "[\(rows), \(columns)]"
        }
    }
}

/// Windows along one axis of an image.
struct WindowAxis: Sendable {
    let length: Int
    let size: Int
    let stride: Int
    let dilation: Int
    /// Places before and behind the image.
    let before: Int
    let after: Int
    /// Windows.
    let count: Int

    /// The places that a window covers, with those between them that it leaves out.
    var extent: Int { (size - 1) * dilation + 1 }
    var padded: Int { before + length + after }

    /// - Throws: where not one window fits; `name` says along what.
    init(_ length: Int, size: Int, stride: Int, dilation: Int = 1, zeros: Int?, isSame: Bool, _ name: String) throws(Failure) {
        let extent = (size - 1) * dilation + 1
        self.length = length
        self.size = size
        self.stride = stride
        self.dilation = dilation
        if isSame {
            count = (length + stride - 1) / stride
            let missing = max(0, (count - 1) * stride + extent - length)
            before = missing / 2
            after = missing - missing / 2
        } else {
            before = zeros ?? 0
            after = zeros ?? 0
            guard length + before + after >= extent else {
                let around = before > 0 ? " with \(before) zeros on each side" : ""
                throw Failure(
                    .shape, "\(name) of length \(length)\(around) \(length == 1 ? "is" : "are") shorter than the window of \(extent)",
                    help: "take a smaller window, or padding=\"same\"")
            }
            count = (length + before + after - extent) / stride + 1
        }
    }
}

/// Numbers a user gives for windows, all within bounds that keep products of them from overflowing.
enum WindowNumbers {
    static let most = 1 << 14

    static func check(_ numbers: [Int], _ name: String, least: Int = 1) throws(Failure) {
        for number in numbers where number < least || number > most {
            throw Failure(.value, "\(name) must be from \(least) to \(most), not \(number)")
        }
    }

    /// `3` for both axes, `[3, 2]` for different ones, `3` for one axis.
    static func text(_ numbers: [Int]) -> String {
        numbers.allSatisfy { $0 == numbers[0] } ? "\(numbers[0])" : "[\(numbers.map(String.init).joined(separator: ", "))]"
    }
}

/// An image, or a series, as [rows, columns, channels]; a series has one row, an image without channels one channel.
struct ImageShape {
    let rows: Int
    let columns: Int
    let channels: Int

    /// - axes: 1 for a series, 2 for an image.
    init(_ shape: [Int], axes: Int) throws(Failure) {
        guard shape.count == axes || shape.count == axes + 1 else {
            let wanted = axes == 1 ? "series of shape (steps, features)" : "images of shape (height, width, channels)"
            throw Failure(
                .shape, "takes \(wanted); a sample here is \(Tensor.text(of: shape))",
                help: axes == 2 && shape.count == 1 ? "begin with input(height, width), or put reshape(height, width, channels) before it" : nil)
        }
        rows = axes == 1 ? 1 : shape[0]
        columns = shape[axes - 1]
        channels = shape.count > axes ? shape[axes] : 1
    }
}
