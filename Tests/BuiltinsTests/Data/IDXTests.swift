import Builtins
import Diagnostics
import Tensors
import Testing

private func header(_ type: UInt8, _ lengths: [UInt32]) -> [UInt8] {
    [0, 0, type, UInt8(lengths.count)]
        + lengths.flatMap { length in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> UInt32($0)) } }
}

private func message(_ bytes: [UInt8]) -> String {
    do throws(Failure) {
        _ = try IDX.read(bytes, name: "f")
        return "no error"
    } catch {
        return error.message
    }
}

/// Python: `gzip.compress(bytes([0,0,8,2]) + struct.pack('>II',2,3) + bytes([1,2,3,253,254,255]), mtime=0)`
private let compressed: [UInt8] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x63, 0x60, 0xe0, 0x60, 0x62, 0x60, 0x60, 0x00, 0x61, 0x66,
    0x46, 0x26, 0xe6, 0xbf, 0xff, 0xfe, 0x03, 0x00, 0xd9, 0xae, 0x02, 0x6c, 0x12, 0x00, 0x00, 0x00,
]

@Test func bytesAreReadAsTheyAreStored() throws {
    for file in [header(8, [2, 3]) + [1, 2, 3, 253, 254, 255], compressed] {
        let tensor = try IDX.read(file, name: "f")
        #expect(tensor.dtype == .uint8)
        #expect(tensor.shape == [2, 3])
        #expect(Rows.numbers(tensor) == [1, 2, 3, 253, 254, 255])
    }
}

@Test(arguments: [
    (0x09, [0xFF, 0x7F], [-1, 127]), (0x0B, [0x80, 0x00, 0x01, 0x02], [-32768, 258]),
    (0x0C, [0xFF, 0xFF, 0xFF, 0xFE, 0, 1, 0, 0], [-2, 65536]),
    (0x0D, [0x3F, 0xC0, 0, 0, 0xC0, 0, 0, 0], [1.5, -2]),
    (0x0E, [0x3F, 0xF8, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0], [1.5, -2]),
] as [(UInt8, [UInt8], [Double])])
func allTypesOfElementsAreRead(type: UInt8, bytes: [UInt8], numbers: [Double]) throws {
    let tensor = try IDX.read(header(type, [2]) + bytes, name: "f")
    #expect(Rows.numbers(tensor) == numbers)
    #expect(tensor.dtype == (type == 0x0D ? .float32 : .float64))
}

@Test(arguments: [
    ([], "f is too short for an IDX file: it has 0 bytes"),
    ([0, 0, 8], "f is too short for an IDX file: it has 3 bytes"),
    ([1, 2, 3, 4], "f is no IDX file: it begins with the bytes 1 2 3 4"),
    ([0, 0, 8, 0], "f says that it has 0 axes; 1 to 8 can be read"),
    ([0, 0, 8, 200], "f says that it has 200 axes; 1 to 8 can be read"),
    ([0, 0, 8, 2, 0, 0], "f ends in its header"),
    ([0, 0, 8, 1, 0, 0, 0, 2, 7], "f is cut off: elements of shape (2,) take 2 bytes, and 1 follow the header"),
    ([0, 0, 8, 1, 0, 0, 0, 1, 7, 8], "f holds more than the elements of shape (1,) that it says it has"),
] as [([UInt8], String)])
func aBrokenFileIsTold(bytes: [UInt8], expected: String) {
    #expect(message(bytes) == expected)
}

@Test func hugePromisesTakeNoMemory() {
    let most = UInt32.max
    #expect(message(header(8, [most])).contains("more than it has bytes for"))
    #expect(message(header(14, [most, most, most, most, most, most, most, most])).contains("more than it has bytes for"))
    #expect(try! IDX.read(header(8, [0, most]), name: "f").count == 0)
}

@Test func compressedDataThatAreCutOffOrDamagedAreTold() {
    #expect(message(Array(compressed.dropLast(10))).contains("middle of its compressed data"))
    #expect(message(Array(compressed.prefix(12))).contains("middle of its compressed data"))
    var damaged = compressed
    damaged[24] ^= 0x55
    #expect(message(damaged) != "no error")
}

@Test func noBytesBreakTheIDXReader() {
    var random = Dice(seed: 3)
    for _ in 0..<20_000 {
        var bytes = random.below(2) == 0 ? compressed : header(8, [2, 2]) + [1, 2, 3, 4]
        for _ in 0...random.below(4) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
        if random.below(3) == 0 { bytes = Array(bytes.prefix(random.below(bytes.count))) }
        _ = message(bytes)
    }
}
