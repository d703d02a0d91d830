import Diagnostics
import Neural
import Tensors
import Testing

/// The file format: what is written is read back, what Python's package `safetensors` 0.8.0 wrote is read, and nothing that
/// is broken or made to deceive is believed.
@Suite struct SafetensorsTests {
    private func message(_ bytes: [UInt8]) -> String {
        do {
            let file = try Safetensors(bytes)
            return "read: " + file.tensors.map(\.name).joined(separator: ", ")
        } catch {
            return error.message
        }
    }

    /// A file with this header, its true length and so many bytes after it.
    private func file(_ header: String, bytes count: Int = 0, length: UInt64? = nil) -> [UInt8] {
        let text = Array(header.utf8), length = length ?? UInt64(text.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) } + text + Array(repeating: 0, count: count)
    }

    @Test(arguments: DType.allCases)
    func whatIsWrittenIsReadBack(_ dtype: DType) throws {
        let a = try Tensor([0, 1, 1, 0, 1, 1], shape: [2, 3], dtype), b = try Tensor([1], shape: [], dtype)
        let empty = try Tensor([], shape: [0, 4], dtype)
        let written = Safetensors([("a", a), ("é\"\\\n", b), ("", empty)], metadata: [("k", "v\"\u{1}")])
        let read = try Safetensors(written.bytes())
        #expect(read.tensors.map(\.name) == ["a", "é\"\\\n", ""])
        for ((_, before), (_, after)) in zip(written.tensors, read.tensors) {
            #expect(before.shape == after.shape && before.dtype == after.dtype && before.numbers == after.numbers)
        }
        #expect(read.metadata("k") == "v\"\u{1}")
    }

    @Test func numbersKeepEveryBit() throws {
        let hard = [Double.pi, -0.0, .infinity, .nan, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
        let read = try Safetensors(Safetensors([("x", Tensor(hard))]).bytes())
        #expect(read["x"]?.numbers.map(\.bitPattern) == hard.map(\.bitPattern))
        // The numbers begin at a multiple of 8.
        let bytes = try Safetensors([("x", Tensor(hard))]).bytes()
        #expect(bytes.count % 8 == 0 && bytes[0] % 8 == 0)
    }

    /// safetensors.numpy.save({"w": np.arange(6, dtype=np.float32).reshape(2, 3), "h": np.array([1.5, -2, 65504, 6e-8],
    /// dtype=np.float16), "i": np.array([-1, 2**40]), "e": np.zeros((0, 3)), "s": np.array(3.5), "b": np.array([True, False]),
    /// "u": np.array([7, 2**32 - 1], dtype=np.uint32)}, metadata={"a": "b"}).hex()
    static let python = [
        "a0010000000000007b225f5f6d657461646174615f5f223a7b2261223a2262227d2c2269223a7b226474797065223a224936",
        "34222c227368617065223a5b325d2c22646174615f6f666673657473223a5b302c31365d7d2c2265223a7b22647479706522",
        "3a22463634222c227368617065223a5b302c335d2c22646174615f6f666673657473223a5b31362c31365d7d2c2273223a7b",
        "226474797065223a22463634222c227368617065223a5b5d2c22646174615f6f666673657473223a5b31362c32345d7d2c22",
        "77223a7b226474797065223a22463332222c227368617065223a5b322c335d2c22646174615f6f666673657473223a5b3234",
        "2c34385d7d2c2275223a7b226474797065223a22553332222c227368617065223a5b325d2c22646174615f6f666673657473",
        "223a5b34382c35365d7d2c2268223a7b226474797065223a22463136222c227368617065223a5b345d2c22646174615f6f66",
        "6673657473223a5b35362c36345d7d2c2262223a7b226474797065223a22424f4f4c222c227368617065223a5b325d2c2264",
        "6174615f6f666673657473223a5b36342c36365d7d7d2020ffffffffffffffff00000000000100000000000000000c400000",
        "00000000803f0000004000004040000080400000a04007000000ffffffff003e00c0ff7b01000100",
    ].joined()

    @Test func whatPythonWroteIsRead() throws {
        let digits = Array(SafetensorsTests.python.utf8)
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
        let file = try Safetensors(bytes)
        #expect(file.metadata("a") == "b")
        #expect(file["w"]?.shape == [2, 3] && file["w"]?.dtype == .float32 && file["w"]?.numbers == [0, 1, 2, 3, 4, 5])
        #expect(file["h"]?.dtype == .float32 && file["h"]?.numbers == [1.5, -2, 65504, 5.960464477539063e-08])
        #expect(file["i"]?.numbers == [-1, 1_099_511_627_776])
        #expect(file["u"]?.numbers == [7, 4_294_967_295])
        #expect(file["e"]?.shape == [0, 3])
        #expect(file["s"]?.shape == [] && file["s"]?.numbers == [3.5])
        #expect(file["b"]?.dtype == .bool && file["b"]?.numbers == [1, 0])
    }

    struct Broken: Sendable {
        let header: String
        var bytes = 0
        var length: UInt64?
        let message: String
    }

    static let broken: [Broken] = [
        Broken(header: "{}", length: 1 << 62, message: "it says that its header has 4611686018427387904 bytes; at most 100000000 are allowed"),
        Broken(header: "{}", length: .max, message: "it says that its header has 18446744073709551615 bytes; at most 100000000 are allowed"),
        Broken(header: "{}", length: 99, message: "it is cut off: its header has 99 bytes and only 2 are there"),
        Broken(header: "[]", message: "its header is no JSON: it does not begin with {"),
        Broken(header: "{", message: "its header is no JSON: a name is expected (byte 1)"),
        Broken(header: "{\"a\":1", message: "its header is no JSON: a comma or } is expected (byte 6)"),
        Broken(header: "{\"a\":01}", message: "its header is no JSON: a number begins with 0 (byte 7)"),
        Broken(header: "{\"a\":nul}", message: "its header is no JSON: a value is expected (byte 5)"),
        Broken(header: "{\"a\":\"\\ud800\"}", message: "its header is no JSON: an escape is half a character (byte 12)"),
        Broken(header: "{\"a\":\"\\q\"}", message: "its header is no JSON: an escape is unknown (byte 8)"),
        Broken(header: "{\"a\":{}} x", message: "its header is no JSON: something follows its end (byte 9)"),
        Broken(header: "{\"a\":" + String(repeating: "[", count: 1000), message: "its header is no JSON: it is nested too deep (byte 20)"),
        Broken(header: "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},\"a\":{}}", bytes: 4, message: "its header is no JSON: the name \"a\" stands there twice (byte 56)"),
        Broken(header: "{\"__metadata__\":{\"a\":1}}", message: "its __metadata__ holds something that is no text: \"a\""),
        Broken(header: "{\"__metadata__\":3}", message: "its __metadata__ is no object"),
        Broken(header: "{\"a\":7}", message: "what its header says of \"a\" is no object"),
        Broken(header: "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", message: "its header does not say dtype, shape and data_offsets of \"a\", and nothing else"),
        Broken(header: "{\"a\":{\"dtype\":\"F7\",\"shape\":[1],\"data_offsets\":[0,4]}}", bytes: 4, message: "the dtype of \"a\" is \"F7\", which cannot be read"),
        Broken(header: "{\"a\":{\"dtype\":3,\"shape\":[1],\"data_offsets\":[0,4]}}", bytes: 4, message: "the dtype of \"a\" is no text"),
        Broken(header: "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", bytes: 4, message: "the shape of \"a\" holds something that is no length"),
        Broken(header: "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}", bytes: 4, message: "the shape of \"a\" holds something that is no length"),
        Broken(header: "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}}", bytes: 4, message: "the shape of \"a\" holds something that is no length"),
        Broken(header: "{\"a\":{\"dtype\":\"F64\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}", message: "the shape of \"a\" is too large"),
        Broken(header: "{\"a\":{\"dtype\":\"F64\",\"shape\":[9223372036854775807,2],\"data_offsets\":[0,0]}}", message: "the shape of \"a\" is too large"),
        Broken(header: "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", bytes: 4, message: "\"a\" has 2 numbers of 4 bytes by its shape, and 4 bytes by its data_offsets"),
        Broken(header: "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", bytes: 4, message: "the data_offsets of \"a\" are no two places in order"),
        Broken(header: "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}", bytes: 4, message: "the data_offsets of \"a\" are no two places in order"),
        Broken(header: "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[9223372036854775803,9223372036854775807]}}", bytes: 4, message: "there is a gap of 9223372036854775803 bytes before the numbers of \"a\""),
        Broken(header: "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", bytes: 4, message: "it is cut off: the numbers of \"a\" end at byte 8, and only 4 are there"),
        Broken(header: "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", bytes: 9, message: "5 bytes at its end belong to no tensor"),
        Broken(
            header: "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
            bytes: 8, message: "the numbers of \"b\" overlap those of another tensor"),
        Broken(
            header: "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}",
            bytes: 12, message: "there is a gap of 4 bytes before the numbers of \"b\""),
    ]

    @Test(arguments: broken.indices)
    func whatIsBrokenIsRefused(_ index: Int) {
        let sample = SafetensorsTests.broken[index]
        #expect(message(file(sample.header, bytes: sample.bytes, length: sample.length)) == sample.message)
    }

    @Test func everyBeginningOfAFileIsRefused() throws {
        let whole = try Safetensors([("a", Tensor([1, 2, 3])), ("b", Tensor([4.0]))], metadata: [("k", "v")]).bytes()
        for count in 0..<whole.count { #expect(!message(Array(whole[..<count])).hasPrefix("read")) }
        #expect(message(whole) == "read: a, b")
        // Bytes that are not UTF-8 in a name.
        var wrong = whole
        if let place = wrong.firstIndex(of: UInt8(ascii: "a")) { wrong[place + 4] = 0xFF }
        #expect(!message(wrong).hasPrefix("read"))
    }

    @Test func anyByteChangedIsReadOrRefused() throws {
        let whole = try Safetensors([("a", Tensor([1, 2, 3])), ("b", Tensor([4.0]))], metadata: [("k", "v")]).bytes()
        var generator = Generator(seed: 5)
        for _ in 0..<4000 {
            var changed = whole
            for _ in 0...generator.integer(below: 3) {
                changed[generator.integer(below: changed.count)] = UInt8(generator.integer(below: 256))
            }
            #expect(!message(changed).isEmpty)
        }
    }
}
