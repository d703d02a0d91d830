import Diagnostics
import Language
import Tensors

/// Which of `count` things an index means.
enum RowSelection {
    /// The places that a number, a slice, a mask or numbers name, each in range; nil for anything else.
    static func places(_ key: Value, of count: Int, what: String) throws(Failure) -> [Int]? {
        if let slice = key.slice {
            if slice.step == 0 { throw Failure(.value, "the step of a slice cannot be 0") }
            let (start, step, length) = slice.positions(count)
            return (0..<length).map { start + $0 * step }
        }
        if key.isNumber { return [try place(key.number, of: count, what)] }
        guard key.tensor != nil || key.items != nil || key.range != nil, let tensor = try Conversions.tensor(key) else {
            return nil
        }
        guard tensor.rank == 1 else {
            throw Failure(.shape, "\(what)s are chosen by a vector, not by a tensor of shape \(Tensor.text(of: tensor.shape))")
        }
        let numbers = Rows.numbers(tensor)
        if tensor.dtype == .bool {
            guard numbers.count == count else {
                throw Failure(.shape, "the mask has \(numbers.count) elements for \(count) \(what)s")
            }
            return numbers.indices.filter { numbers[$0] != 0 }
        }
        return try numbers.map { (number) throws(Failure) in try place(number, of: count, what) }
    }

    private static func place(_ number: Double, of count: Int, _ what: String) throws(Failure) -> Int {
        guard let place = Int(exactly: number) else {
            throw Failure(.index, "the number of a \(what) is whole, not \(number)")
        }
        guard place >= -count, place < count else {
            throw Failure(.index, "\(what) \(place) is out of range: there \(count == 1 ? "is 1" : "are \(count)"), counted from 0")
        }
        return place < 0 ? place + count : place
    }
}
