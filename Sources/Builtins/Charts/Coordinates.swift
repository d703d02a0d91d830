import Diagnostics
import Language
import Tensors

/// Numbers to be drawn along an axis: one column or several.
struct Coordinates {
    let rows: Int
    let columns: Int
    private let numbers: [Double]

    init(_ numbers: [Double]) {
        (rows, columns) = (numbers.count, 1)
        self.numbers = numbers
    }

    init(_ call: borrowing Call, _ place: Int) throws(Failure) {
        let value = call.rest[place]
        if value.native is TextColumn || value.items?.first?.string != nil {
            throw Failure(
                .type, "argument \(place + 1) of `\(call.name)` holds text, which has no place on an axis",
                help: "encode(labels) makes numbers of them")
        }
        let tensor = try call.restTensor(place)
        guard tensor.rank <= 2 else {
            throw Failure(
                .shape, "argument \(place + 1) of `\(call.name)` has the shape \(Tensor.text(of: tensor.shape)); lines have (n,) or (n, k)")
        }
        let shape = tensor.shape
        rows = shape.first ?? 1
        columns = shape.count == 2 ? shape[1] : 1
        numbers = Rows.numbers(tensor)
    }

    func column(_ index: Int) -> [Double] { (0..<rows).map { numbers[$0 * columns + index] } }
}
