/// The smallest writer of PNG that a chart needs: 8 bits a channel, grey or RGB, stored without compression (an image of
/// a digit is under a kilobyte). PNG, third edition, W3C 2025; zlib RFC 1950; deflate RFC 1951, block type 0.
enum PNG {
    static func encode(_ raster: Raster) -> [UInt8] {
        let isGrey = raster.pixels.allSatisfy { $0.red == $0.green && $0.green == $0.blue }
        var rows: [UInt8] = []
        rows.reserveCapacity(raster.height * (1 + raster.width * (isGrey ? 1 : 3)))
        for row in 0..<raster.height {
            rows.append(0)  // no filter
            for pixel in raster.pixels[(row * raster.width)..<((row + 1) * raster.width)] {
                if isGrey {
                    rows.append(pixel.red)
                } else {
                    rows += [pixel.red, pixel.green, pixel.blue]
                }
            }
        }
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let header = bytes(UInt32(clamping: raster.width)) + bytes(UInt32(clamping: raster.height))
        file += chunk("IHDR", header + [8, isGrey ? 0 : 2, 0, 0, 0])
        file += chunk("IDAT", zlib(rows))
        file += chunk("IEND", [])
        return file
    }

    private static func bytes(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let content = Array(type.utf8) + data
        return bytes(UInt32(clamping: data.count)) + content + bytes(crc(content))
    }

    private static func zlib(_ data: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        var start = 0
        repeat {
            let end = min(start + 65535, data.count)
            let size = UInt16(truncatingIfNeeded: end - start)
            stream.append(end == data.count ? 1 : 0)
            for word in [size, ~size] { stream += [UInt8(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 8)] }
            stream += data[start..<end]
            start = end
        } while start < data.count
        return stream + bytes(adler(data))
    }

    private static func adler(_ data: [UInt8]) -> UInt32 {
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in data {
            a = (a + UInt32(byte)) % 65521
            b = (b + a) % 65521
        }
        return b << 16 | a
    }

    private static func crc(_ data: [UInt8]) -> UInt32 {
        ~data.reduce(0xFFFF_FFFF) { crc, byte in table[Int((crc ^ UInt32(byte)) & 255)] ^ (crc >> 8) }
    }

    private static let table: [UInt32] = (0..<256).map { entry in
        (0..<8).reduce(UInt32(entry)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }
}

enum Base64 {
    static func encode(_ data: [UInt8]) -> String {
        let signs = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        text.reserveCapacity((data.count + 2) / 3 * 4)
        for start in stride(from: 0, to: data.count, by: 3) {
            let group = (0..<3).map { start + $0 < data.count ? UInt32(data[start + $0]) : 0 }
            let bits = group[0] << 16 | group[1] << 8 | group[2]
            for place in 0..<4 {
                let isPadding = start + place > data.count
                text.append(isPadding ? UInt8(ascii: "=") : signs[Int(bits >> UInt32(18 - 6 * place) & 63)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
