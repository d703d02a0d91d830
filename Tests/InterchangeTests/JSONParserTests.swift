import Interchange
import Testing

/// Values of JSON out of bytes that anyone may have written.
@Suite struct JSONParserTests {
    private func parse(_ text: String, deepest: Int = 3) throws(JSONParser.Mistake) -> JSON {
        let bytes = Array(text.utf8)
        return try JSONParser.parse(bytes, in: 0..<bytes.count, deepest: deepest)
    }

    @Test(arguments: [
        "null", "true", "-0.5e+3", "\"\"", "[]", "{}", "[1, \"é\", [{}]]", "{\"b\": 1, \"a\": {\"\": [false]}}",
        "\"\\\"\\\\\\n\\r\\t\\u0001\"",
    ])
    func `what is written shortest is written back as it was`(_ text: String) throws {
        #expect(try parse(text).text == text)
    }

    @Test func `space and escapes that are not needed go`() throws {
        #expect(try parse(" [ 1 ,\n\t\"\\u00e9\\ud83d\\ude00\\/\" ]\r").text == "[1, \"é😀/\"]")
    }

    @Test(arguments: [
        ("7", 7), ("-12", -12), ("9223372036854775807", .max), ("9223372036854775808", nil), ("1.0", nil), ("1e2", nil), ("\"7\"", nil),
    ] as [(String, Int?)])
    func `an integer is a number that is spelled like one`(_ text: String, _ integer: Int?) throws {
        #expect(try parse(text).integer == integer)
    }

    @Test(arguments: 1...4) func `lists and objects stand as deep in each other as is allowed`(_ deepest: Int) throws {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            func nested(_ depth: Int) -> String {
                String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
            }
            _ = try parse(nested(deepest), deepest: deepest)
            let place = deepest * open.utf8.count
            #expect(throws: JSONParser.Mistake(kind: .tooDeep(most: deepest), range: place..<place)) {
                try parse(nested(deepest + 1), deepest: deepest)
            }
        }
    }

    @Test(arguments: [
        ("", .valueMissing, 0..<0), ("nul", .noValue, 0..<0), ("[1,]", .noValue, 3..<3), ("1 2", .textAfterValue, 2..<2),
        ("[1", .closeExpected("]"), 2..<2), ("{\"a\":1]", .closeExpected("}"), 6..<6), ("{1}", .nameExpected, 1..<1),
        ("{\"a\":1,\"a\":2}", .nameTwice("a"), 7..<10), ("{\"a\" 1}", .colonExpected, 5..<5), ("-", .digitExpected, 1..<1),
        ("1.", .digitExpected, 2..<2), ("1e+", .digitExpected, 3..<3), ("[-012]", .leadingZero, 1..<5), ("01", .textAfterValue, 1..<1),
        ("\"a", .endlessText, 2..<2), ("\"a\\", .endlessText, 3..<3), ("\"a\n\"", .controlCharacter, 2..<3),
        ("\"\\x\"", .unknownEscape, 1..<3), ("\"\\ud800\"", .halfSurrogatePair, 1..<7), ("\"\\ud800\\u0041\"", .halfSurrogatePair, 1..<13),
        ("\"\\u00g0\"", .hexadecimalExpected, 5..<5),
    ] as [(String, JSONParser.Mistake.Kind, Range<Int>)])
    func `a mistake is named from where it begins to where reading stopped`(
        _ text: String, _ kind: JSONParser.Mistake.Kind, _ range: Range<Int>
    ) {
        #expect(throws: JSONParser.Mistake(kind: kind, range: range)) { try parse(text) }
    }

    @Test func `bytes outside the range are not looked at`() throws {
        let bytes = Array("x[1]y".utf8)
        #expect(try JSONParser.parse(bytes, in: 1..<4, deepest: 1) == .array([JSON(1)]))
        #expect(throws: JSONParser.Mistake(kind: .textAfterValue, range: 4..<4)) {
            try JSONParser.parse(bytes, in: 1..<5, deepest: 1)
        }
    }
}
