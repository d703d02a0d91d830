import CDigest

/// SHA-256 (FIPS 180-4) in hexadecimal.
package enum Digest {
    package static func sha256(_ bytes: UnsafeRawBufferPointer) -> String {
        var context = SHA2_CTX()
        SHA256Init(&context)
        if let start = bytes.bindMemory(to: UInt8.self).baseAddress { SHA256Update(&context, start, bytes.count) }
        var digest = [UInt8](repeating: 0, count: 32)
        SHA256Final(&digest, &context)
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
