/// The smallest writer of PNG that a chart needs, without compression: with a table of colours and as few bits a pixel as
/// it takes where there are at most 256 of them, else grey or RGB. An image of a digit is about a kilobyte. PNG, third
/// edition, W3C 2025; zlib RFC 1950; deflate RFC 1951, block type 0.
enum PNG {
    static func encode(_ raster: Raster) -> [UInt8] {
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let size = bytes(UInt32(clamping: raster.width)) + bytes(UInt32(clamping: raster.height))
        let isGrey = raster.pixels.allSatisfy { $0.red == $0.green && $0.green == $0.blue }
        let table = colours(raster)
        if let table, table.count <= 16 || !isGrey {
            let bits = [1, 2, 4, 8].first { 1 << $0 >= table.count } ?? 8
            file += chunk("IHDR", size + [UInt8(bits), 3, 0, 0, 0])
            file += chunk("PLTE", table.flatMap { [$0.red, $0.green, $0.blue] })
            file += chunk("IDAT", zlib(indexed(raster, table, bits)))
        } else {
            file += chunk("IHDR", size + [8, isGrey ? 0 : 2, 0, 0, 0])
            file += chunk("IDAT", zlib(plain(raster, isGrey)))
        }
        file += chunk("IEND", [])
        return file
    }

    /// The distinct colours in the order in which they come; nil if they are more than 256.
    private static func colours(_ raster: Raster) -> [Colour]? {
        var table: [Colour] = []
        var known = Set<Colour>()
        for pixel in raster.pixels where known.insert(pixel).inserted {
            table.append(pixel)
            if table.count > 256 { return nil }
        }
        return table.isEmpty ? nil : table
    }

    private static func indexed(_ raster: Raster, _ table: [Colour], _ bits: Int) -> [UInt8] {
        var place: [Colour: UInt8] = [:]
        for (index, colour) in table.enumerated() { place[colour] = UInt8(truncatingIfNeeded: index) }
        var rows: [UInt8] = []
        let perByte = 8 / bits
        for row in 0..<raster.height {
            rows.append(0)  // no filter
            let pixels = raster.pixels[(row * raster.width)..<((row + 1) * raster.width)].map { place[$0] ?? 0 }
            for start in stride(from: 0, to: pixels.count, by: perByte) {
                var byte: UInt8 = 0
                for offset in 0..<perByte {
                    let value = start + offset < pixels.count ? pixels[start + offset] : 0
                    byte = bits == 8 ? value : byte << UInt8(bits) | value
                }
                rows.append(byte)
            }
        }
        return rows
    }

    private static func plain(_ raster: Raster, _ isGrey: Bool) -> [UInt8] {
        var rows: [UInt8] = []
        rows.reserveCapacity(raster.height * (1 + raster.width * (isGrey ? 1 : 3)))
        for row in 0..<raster.height {
            rows.append(0)  // no filter
            for pixel in raster.pixels[(row * raster.width)..<((row + 1) * raster.width)] {
                rows += isGrey ? [pixel.red] : [pixel.red, pixel.green, pixel.blue]
            }
        }
        return rows
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
