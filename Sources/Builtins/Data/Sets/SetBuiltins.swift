import Diagnostics
import Language
import Tensors

/// Data sets, real and made up.
enum SetBuiltins {
    static let builtins: [Builtin] = [blobs, circles, load, moons, spiral, xor]

    static let load = Builtin(
        "load", "a data set: \(DataSetCatalogue.records.map { "\"\($0.name)\"" }.joined(separator: ", "))",
        [.init("name", "string", .required, .positional, "its name; or a file \".safetensors\", whose tensors are given as a map")],
        shapes: "d.X [n, ...], d.y [n], or d.train.X, d.train.y, d.test.X, d.test.y; d.classes, d.features, d.about",
        example: "d = load(\"iris\"); d.X.shape  # (150, 4)",
        source: DataSetCatalogue.records.map { "\($0.name): \($0.summary)" }.joined(separator: "; ")
            + ". Looked for in $NNB_DATA and the folders in it, the user's cache, /usr/share/datasets, else fetched"
    ) { call throws(Failure) in
        let name = try call.string(0)
        if name.hasSuffix(".safetensors") { return try SavingFunctions.map(name) }
        let record = try DataSetCatalogue.record(named: try call.string(0))
        var finder = DataFinder.standard()
        let host = call.interpreter.host
        finder.fetch = { (address, limit) throws(Failure) in
            let name = FileName.short(address)
            var shown = -1
            defer { if shown >= 0 { host.progress(nil) } }
            return try Fetch.bytes(of: address, limit: limit) { done, total in
                let megabytes = done / 1_000_000
                if megabytes > shown, done > 0 {
                    shown = megabytes
                    host.progress("fetching \(name): \(megabytes)\(total > 0 ? " of \(total / 1_000_000)" : "") MB")
                }
                return !Interruption.isRequested
            }
        }
        return Value(native: DataSet(record, try record.parts(finder)))
    }

    private static let n = Builtin.Parameter("n", "whole number >= 0", .number(200), .positional, "how many points")
    private static let noise = Builtin.Parameter(
        "noise", "number >= 0", .number(0), .positional, "standard deviation of the normal noise on each coordinate")

    static let moons = Builtin(
        "moons", "two half circles that reach into each other, as points with their classes: X, y = moons(200, noise=0.1)",
        [n, noise],
        formula: "class 0: (cos t, sin t), class 1: (1 - cos t, 1/2 - sin t), t from 0 to π",
        shapes: "X [n, 2], y [n]", example: "X, y = moons(200, noise=0.1); scatter(X, color=y)",
        source: "scikit-learn's make_moons"
    ) { call throws(Failure) in
        try samples(try ToySets.moons(try size(call), noise: try noise(call), &call.interpreter.generator))
    }

    static let circles = Builtin(
        "circles", "a circle within a circle, as points with their classes: X, y = circles(200)",
        [
            n, noise,
            .init("factor", "number from 0 to 1", .number(0.5), .positional, "radius of the inner circle, class 1; the outer has radius 1"),
        ],
        shapes: "X [n, 2], y [n]", example: "X, y = circles(200, noise=0.05); scatter(X, color=y)",
        source: "scikit-learn's make_circles"
    ) { call throws(Failure) in
        let factor = try call.number(2)
        guard (0...1).contains(factor) else { throw call.refused(2, "must lie between 0 and 1") }
        return try samples(
            try ToySets.circles(try size(call), noise: try noise(call), factor: factor, &call.interpreter.generator))
    }

    static let xor = Builtin(
        "xor", "points in the square from -1 to 1, of class 1 where the signs of their coordinates differ: X, y = xor(200)",
        [n, noise],
        shapes: "X [n, 2], y [n]", example: "X, y = xor(200); scatter(X, color=y)"
    ) { call throws(Failure) in
        try samples(try ToySets.xor(try size(call), noise: try noise(call), &call.interpreter.generator))
    }

    static let spiral = Builtin(
        "spiral", "arms that wind about each other, one a class: X, y = spiral(300, classes=3, noise=0.02)",
        [
            n, noise,
            .init("classes", "whole number >= 1", .number(2), .positional, "how many arms"),
            .init("turns", "number", .number(1), .positional, "how many times round each arm goes"),
        ],
        formula: "r (sin t, cos t), t = 2π (turns r + class / classes), r from 0 to 1",
        shapes: "X [n, 2], y [n]", example: "X, y = spiral(300, classes=3); scatter(X, color=y)"
    ) { call throws(Failure) in
        let (classes, turns) = (try call.int(2), try call.number(3))
        guard (1...1000).contains(classes) else { throw call.refused(2, "must be from 1 to 1000") }
        guard turns.isFinite else { throw call.refused(3, "must be finite") }
        return try samples(
            try ToySets.spiral(
                try size(call), classes: classes, noise: try noise(call), turns: turns, &call.interpreter.generator))
    }

    static let blobs = Builtin(
        "blobs", "round clouds of points, one a class: X, y = blobs(300, centers=3)",
        [
            n,
            .init("centers", "whole number or tensor [k, d]", .number(3), .positional, "how many clouds, at places drawn from the cube from -10 to 10, or their places"),
            .init("std", "number >= 0", .number(1), .positional, "standard deviation of each coordinate within a cloud"),
            .init("features", "whole number >= 1", .number(2), .keyword, "how many coordinates, where the places are drawn"),
        ],
        shapes: "X [n, d], y [n]", example: "X, y = blobs(300, centers=[0, 0; 4, 4]); scatter(X, color=y)",
        source: "scikit-learn's make_blobs"
    ) { call throws(Failure) in
        let count = try size(call)
        let std = try call.number(2)
        guard std >= 0, std.isFinite else { throw call.refused(2, "must be at least 0") }
        let centers: Tensor
        if call[1].isNumber {
            let (k, features) = (try call.int(1), try call.int(3))
            guard (1...10_000).contains(k) else { throw call.refused(1, "must be at least 1 and at most 10,000") }
            guard (1...100_000).contains(features) else { throw call.refused(3, "must be at least 1 and at most 100,000") }
            centers = try ToySets.centers(k, features: features, &call.interpreter.generator)
        } else {
            let given = try call.tensor(1)
            guard given.rank == 2, given.count > 0 else {
                throw Failure(
                    .shape, "`centers` of `blobs` is a number or a tensor of shape (clouds, coordinates), not \(Tensor.text(of: given.shape))",
                    argument: 1)
            }
            let copy = try Tensor(uninitialized: given.shape)
            for (place, number) in Rows.numbers(given).enumerated() { copy.block.float64[place] = number }
            centers = copy
        }
        return try samples(try ToySets.blobs(count, centers: centers, std: std, &call.interpreter.generator))
    }

    private static func size(_ call: borrowing Call) throws(Failure) -> Int {
        let n = try call.int(0)
        guard n >= 0 else { throw call.refused(0, "must be at least 0") }
        guard n <= 100_000_000 else { throw call.refused(0, "must be at most 100,000,000") }
        return n
    }

    private static func noise(_ call: borrowing Call) throws(Failure) -> Double {
        let noise = try call.number(1)
        guard noise >= 0, noise.isFinite else { throw call.refused(1, "must be at least 0") }
        return noise
    }

    private static func samples(_ samples: Samples) throws(Failure) -> Value {
        Value(tuple: [Value(tensor: samples.X), Value(tensor: samples.y)])
    }
}
