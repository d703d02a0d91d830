#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The source of all random numbers: xoshiro256++ (Blackman and Vigna, "Scrambled linear pseudorandom number
/// generators", ACM TOMS 47, 2021), 256 bits of state, period 2^256 - 1. The same seed and stream give the same numbers
/// on every machine.
///
/// A stream is any 64-bit number: the state is hashed from seed and stream, so that different streams have nothing to
/// do with each other, however alike their numbers are.
public struct Generator: Sendable, Equatable {
    private var s0, s1, s2, s3: UInt64

    public init(seed: UInt64, stream: UInt64 = 0) {
        // SplitMix64 of the hash of both: never all zeros, as four steps of a bijection are different numbers.
        var state = Generator.mixed(seed &+ 0x9E37_79B9_7F4A_7C15) ^ Generator.mixed(stream &* 0xD1B5_4A32_D192_ED03 &+ 1)
        func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            return Generator.mixed(state)
        }
        s0 = next()
        s1 = next()
        s2 = next()
        s3 = next()
    }

    /// The stream that a text names: a cell's source, with its occurrence among equal ones.
    public static func stream(of text: some Sequence<UInt8>, occurrence: Int = 0) -> UInt64 {
        var hash = mixed(UInt64(truncatingIfNeeded: occurrence) &+ 0x2545_F491_4F6C_DD1D)
        for byte in text { hash = mixed((hash ^ UInt64(byte)) &+ 0x9E37_79B9_7F4A_7C15) }
        return hash
    }

    /// A generator of its own stream, for work that must not disturb this one.
    public mutating func split() -> Generator { Generator(seed: next(), stream: next()) }

    /// The finalizer of SplitMix64 (Steele, Lea and Flood 2014): a bijection in which each bit touches all.
    private static func mixed(_ x: UInt64) -> UInt64 {
        var z = x
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// 64 random bits.
    public mutating func next() -> UInt64 {
        let sum = s0 &+ s3
        let result = ((sum << 23) | (sum >> 41)) &+ s0
        let shifted = s1 << 17
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= shifted
        s3 = (s3 << 45) | (s3 >> 19)
        return result
    }

    /// Uniform in [0, 1), on a grid of 2^-53.
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Uniform among 0 ..< bound, without bias (Lemire, "Fast random integer generation in an interval", 2019). The
    /// bound is above 0.
    public mutating func integer(below bound: Int) -> Int {
        let range = UInt64(max(bound, 1))
        var product = next().multipliedFullWidth(by: range)
        if product.low < range {
            let threshold = (0 &- range) % range
            while product.low < threshold { product = next().multipliedFullWidth(by: range) }
        }
        return Int(product.high)
    }

    /// Normal with mean 0 and variance 1, by the ziggurat of 256 layers (Marsaglia and Tsang, J. Stat. Softw. 5, 2000).
    public mutating func normal() -> Double {
        let table = Ziggurat.table
        while true {
            let bits = next()
            let layer = Int(bits & 255)
            // 53 bits for the place, one for the sign; none of them chose the layer.
            let size = Double(bits >> 11) * 0x1p-53 * table.width[layer]
            let sign = bits & 256 == 0 ? 1.0 : -1.0
            if size < table.width[layer + 1] { return sign * size }
            if layer == 0 { return sign * tail() }
            let low = table.height[layer], high = table.height[layer + 1]
            if low + uniform() * (high - low) < exp(-size * size / 2) { return sign * size }
        }
    }

    /// Beyond the last layer's edge (Marsaglia 1964).
    private mutating func tail() -> Double {
        while true {
            let x = -log(1 - uniform()) / Ziggurat.edge
            let y = -log(1 - uniform())
            if 2 * y > x * x { return Ziggurat.edge + x }
        }
    }

    /// 0 ..< count in random order (Fisher and Yates).
    public mutating func permutation(_ count: Int) -> [Int] {
        var result = Array(0..<max(count, 0))
        shuffle(&result)
        return result
    }

    public mutating func shuffle<Element>(_ elements: inout [Element]) {
        for index in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(index, integer(below: index + 1))
        }
    }
}

/// The layers of the ziggurat: all of the same area under exp(-x²/2).
private struct Ziggurat: Sendable {
    static let edge = 3.6541528853610088
    /// Of a layer: what lies under the curve beyond the edge, and the rectangle beside it.
    static let area = edge * exp(-edge * edge / 2) + (Double.pi / 2).squareRoot() * erfc(edge / 2.0.squareRoot())
    static let table = Ziggurat()

    /// The widths of the layers from the lowest (drawn as wider than it is, for its tail) to 0.
    let width: [Double]
    /// The density at those widths.
    let height: [Double]

    private init() {
        func density(_ x: Double) -> Double { exp(-x * x / 2) }
        var width = [Ziggurat.area / density(Ziggurat.edge), Ziggurat.edge]
        for _ in 2..<256 {
            let x = width[width.count - 1]
            width.append((-2 * log(Ziggurat.area / x + density(x))).squareRoot())
        }
        width.append(0)
        self.width = width
        height = width.map(density)
    }
}
