import Diagnostics
import Tensors

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Made-up points in the plane with their classes, in random order: `X [n, 2]`, `y [n]`.
package enum ToySets {
    /// Two half circles that reach into each other, the upper one class 0, as scikit-learn's `make_moons`.
    package static func moons(_ n: Int, noise: Double, _ random: inout Generator) throws(Failure) -> Samples {
        let upper = n / 2
        var points: [Point] = []
        for index in 0..<n {
            let isUpper = index < upper
            let t = Double.pi * part(isUpper ? index : index - upper, of: isUpper ? upper : n - upper)
            points.append(isUpper ? Point(cos(t), sin(t), 0) : Point(1 - cos(t), 0.5 - sin(t), 1))
        }
        return try samples(points, noise, &random)
    }

    /// A circle of radius 1, class 0, around one of radius `factor`, class 1, as `make_circles`.
    package static func circles(
        _ n: Int, noise: Double, factor: Double, _ random: inout Generator
    ) throws(Failure) -> Samples {
        let outer = n / 2
        var points: [Point] = []
        for index in 0..<n {
            let isOuter = index < outer
            let t = 2 * Double.pi * Double(isOuter ? index : index - outer) / Double(isOuter ? outer : n - outer)
            let radius = isOuter ? 1 : factor
            points.append(Point(radius * cos(t), radius * sin(t), isOuter ? 0 : 1))
        }
        return try samples(points, noise, &random)
    }

    /// Uniform in the square from -1 to 1, class 1 where the two signs differ.
    package static func xor(_ n: Int, noise: Double, _ random: inout Generator) throws(Failure) -> Samples {
        var points: [Point] = []
        for _ in 0..<n {
            let (a, b) = (2 * random.uniform() - 1, 2 * random.uniform() - 1)
            points.append(Point(a, b, (a < 0) == (b < 0) ? 0 : 1))
        }
        return try samples(points, noise, &random)
    }

    /// One arm a class, each from the middle out to radius 1, `turns` times round.
    package static func spiral(
        _ n: Int, classes: Int, noise: Double, turns: Double, _ random: inout Generator
    ) throws(Failure) -> Samples {
        var points: [Point] = []
        for (arm, count) in shares(n, classes).enumerated() {
            for index in 0..<count {
                let radius = Double(index + 1) / Double(count)
                let t = 2 * Double.pi * (turns * radius + Double(arm) / Double(classes))
                points.append(Point(radius * sin(t), radius * cos(t), Double(arm)))
            }
        }
        return try samples(points, noise, &random)
    }

    /// Round clouds: normal with deviation `std` about each centre `[k, d]`; as many points at each, as `make_blobs`.
    package static func blobs(
        _ n: Int, centers: Tensor, std: Double, _ random: inout Generator
    ) throws(Failure) -> Samples {
        let (count, features) = (centers.shape[0], centers.shape[1])
        let X = try Tensor(uninitialized: [n, features])
        let y = try Tensor(uninitialized: [n])
        var labels: [Int] = []
        for (label, share) in shares(n, count).enumerated() { labels += Array(repeating: label, count: share) }
        random.shuffle(&labels)
        for (row, label) in labels.enumerated() {
            for column in 0..<features {
                let center = centers.block.float64[label * features + column]
                X.block.float64[row * features + column] = center + std * random.normal()
            }
            y.block.float64[row] = Double(label)
        }
        return Samples(X: X, y: y)
    }

    /// Centres for `blobs`: uniform in the cube from -10 to 10.
    package static func centers(_ count: Int, features: Int, _ random: inout Generator) throws(Failure) -> Tensor {
        let centers = try Tensor(uninitialized: [count, features])
        for index in 0..<centers.count { centers.block.float64[index] = 20 * random.uniform() - 10 }
        return centers
    }

    private struct Point {
        let x, y, label: Double
        init(_ x: Double, _ y: Double, _ label: Double) { (self.x, self.y, self.label) = (x, y, label) }
    }

    /// The place of one of `count` points from 0 to 1, both ends taken.
    private static func part(_ index: Int, of count: Int) -> Double {
        count > 1 ? Double(index) / Double(count - 1) : 0
    }

    /// `n` shared among `count`, the first ones one more where it does not divide.
    private static func shares(_ n: Int, _ count: Int) -> [Int] {
        (0..<count).map { n / count + ($0 < n % count ? 1 : 0) }
    }

    private static func samples(
        _ points: [Point], _ noise: Double, _ random: inout Generator
    ) throws(Failure) -> Samples {
        let X = try Tensor(uninitialized: [points.count, 2])
        let y = try Tensor(uninitialized: [points.count])
        for (row, place) in random.permutation(points.count).enumerated() {
            let point = points[place]
            X.block.float64[2 * row] = point.x + (noise > 0 ? noise * random.normal() : 0)
            X.block.float64[2 * row + 1] = point.y + (noise > 0 ? noise * random.normal() : 0)
            y.block.float64[row] = point.label
        }
        return Samples(X: X, y: y)
    }
}
