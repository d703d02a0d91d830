/// Something that has curves over epochs to be plotted: what `fit` gives.
protocol Curves: AnyObject {
    /// One entry a quantity, in the order in which they are reported, one value an epoch. A name that begins `val_` is the
    /// twin of the name behind it, on the validation data.
    var curves: [(name: String, values: [Double])] { get }
}
