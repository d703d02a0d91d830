/// What a `fit` measured: one number an epoch under each name.
public struct History: Sendable {
    /// `loss`, then the metrics, then the same with `val_` before them where there was validation.
    public internal(set) var names: [String]
    /// By name in the order of `names`, an epoch each.
    public internal(set) var values: [[Double]]
    /// The optimizer as it was written, and the formula it executed.
    public var optimizer: String
    public var formula: String
    public let loss: String
    public let batchSize: Int
    public let samples: Int

    /// Before the first epoch.
    public init(names: [String], optimizer: Optimizer, loss: String, batchSize: Int, samples: Int) {
        self.names = names
        values = Array(repeating: [], count: names.count)
        self.optimizer = optimizer.text
        formula = optimizer.formula
        self.loss = loss
        self.batchSize = batchSize
        self.samples = samples
    }

    public var epochs: Int { values.first?.count ?? 0 }

    public func values(of name: String) -> [Double]? {
        names.firstIndex(of: name).map { values[$0] }
    }

    /// Adds what was measured elsewhere in an epoch.
    public mutating func append(_ value: Double, as name: String) {
        if let index = names.firstIndex(of: name) {
            values[index].append(value)
        } else {
            names.append(name)
            values.append([value])
        }
    }
}
