import CDigest

/// SHA-256 (FIPS 180-4), as the names of output files and the proofs of freshness use it.
package struct Digest {
    private var context = SHA2_CTX()

    package init() { SHA256Init(&context) }

    package mutating func add(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { SHA256Update(&context, $0.baseAddress, $0.count) }
    }

    /// Adds the text with its length in front, so that two texts in a row are not taken for one.
    package mutating func add(part text: String) {
        add(Array("\(text.utf8.count):".utf8))
        add(Array(text.utf8))
    }

    /// The 64 hexadecimal digits.
    package consuming func text() -> String {
        var bytes = [UInt8](repeating: 0, count: 32)
        bytes.withUnsafeMutableBufferPointer { SHA256Final($0.baseAddress, &context) }
        return bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }

    package static func text(of bytes: [UInt8]) -> String {
        var digest = Digest()
        digest.add(bytes)
        return digest.text()
    }
}
