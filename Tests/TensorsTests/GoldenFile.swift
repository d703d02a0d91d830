import Tensors

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A case of `Golden/operations.txt`.
struct GoldenCase: CustomStringConvertible, Sendable {
    var name: String
    var line: Int
    var operands: [(dtype: DType, shape: [Int], numbers: [Double])] = []
    var results: [(shape: [Int], numbers: [Double])] = []

    var description: String { "\(name) (line \(line))" }

    static let all: [GoldenCase] = read("Golden/operations.txt")

    private static func read(_ name: String) -> [GoldenCase] {
        var cases: [GoldenCase] = []
        for (index, words) in GoldenFile.lines(name).enumerated() {
            switch words[0] {
            case "case": cases.append(GoldenCase(name: words[1], line: index + 1))
            case "in":
                cases[cases.count - 1].operands.append(
                    (DType(name: words[1])!, GoldenFile.shape(words[2]), words[3...].map { Double($0)! }))
            default: cases[cases.count - 1].results.append((GoldenFile.shape(words[1]), words[2...].map { Double($0)! }))
            }
        }
        return cases
    }
}

enum GoldenFile {
    /// The lines of a file in this folder, as words.
    static func lines(_ name: String) -> [[String]] {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        guard let file = fopen(folder + "/" + name, "r") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return bytes.split(separator: 10).map { String(decoding: $0, as: UTF8.self).split(separator: " ").map(String.init) }
    }

    /// `(4,3)`.
    static func shape(_ word: String) -> [Int] { word.dropFirst().dropLast().split(separator: ",").map { Int($0)! } }
}

/// Equal, or as near as `tolerance` times the magnitude; NaN is NaN.
func isClose(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
    if a.isNaN || b.isNaN { return a.isNaN && b.isNaN }
    if a == b { return true }
    if a.isInfinite || b.isInfinite { return false }
    return abs(a - b) <= tolerance * max(1, abs(a), abs(b))
}
