import Diagnostics
import Testing

import Builtins

private func read(_ text: String, _ change: (inout CSVReader) -> Void = { _ in }) throws -> [(name: String, column: CSVColumn)] {
    var reader = CSVReader()
    change(&reader)
    return try reader.read(Array(text.utf8), name: "f.csv")
}

private func message(_ bytes: [UInt8], _ change: (inout CSVReader) -> Void = { _ in }) -> String {
    var reader = CSVReader()
    change(&reader)
    do throws(Failure) {
        _ = try reader.read(bytes, name: "f.csv")
        return "no error"
    } catch {
        return error.message
    }
}

@Test(arguments: [
    "x,y\n1,a\n2,b\n", "x,y\r\n1,a\r\n2,b", "\u{FEFF}x,y\n1,a\n\n2,b\n\n", "x;y\n1;a\n2;b", "x\ty\n1\ta\n2\tb", "x|y\n1|a\n2|b",
    "x y\n1 a\n2   b", "  x   y  \r\n 1 \t a\r\n2 b \r\n", "\"x\",\"y\"\n\"1\",\"a\"\n2 , b \n", "x,y\r1,a\r2,b\r",
])
func aTableIsReadInAnyOfItsSpellings(text: String) throws {
    let columns = try read(text)
    #expect(columns.map(\.name) == ["x", "y"])
    #expect(columns.map(\.column) == [.numbers([1, 2]), .text(["a", "b"])])
}

@Test func quotesHoldSeparatorsLinesAndQuotes() throws {
    let columns = try read("a,b\n\"x, y\",\"one\ntwo\"\n\"say \"\"hi\"\"\",\"\"\n")
    #expect(columns.map(\.column) == [.text(["x, y", "say \"hi\""]), .text(["one\ntwo", ""])])
}

@Test func missingNumbersAreNaNAndMissingTextStands() throws {
    let columns = try read("a,b,c\n1,x,\n?,?,NA\n,,3\n")
    guard case .numbers(let a) = columns[0].column, case .numbers(let c) = columns[2].column else {
        Issue.record("not numbers")
        return
    }
    #expect(a[0] == 1 && a[1].isNaN && a[2].isNaN)
    #expect(c[0].isNaN && c[1].isNaN && c[2] == 3)
    #expect(columns[1].column == .text(["x", "?", ""]))
}

@Test func aFileOfNumbersAloneHasNoHeader() throws {
    let columns = try read("1.5e-02 61.6 5.1\n2 66 6\n")
    #expect(columns.map(\.name) == ["c1", "c2", "c3"])
    #expect(columns[0].column == .numbers([0.015, 2]))
    #expect(try read("1,2\n3,4", { $0.header = true }).map(\.name) == ["1", "2"])
    #expect(try read("a,b\n3,4", { $0.header = false })[0].column == .text(["a", "3"]))
}

@Test func namesReplaceTheHeader() throws {
    #expect(try read("1,2\n3,4", { $0.names = ["p", "q"] }).map(\.name) == ["p", "q"])
    let columns = try read("a,b\n3,4", { ($0.names, $0.header) = (["p", "q"], true) })
    #expect(columns[1].column == .numbers([4]))
}

@Test func aDecimalCommaIsReadOnRequest() throws {
    let columns = try read("x;y\n1,5;-2,25e1\n", { $0.decimal = "," })
    #expect(columns.map(\.column) == [.numbers([1.5]), .numbers([-22.5])])
}

@Test func latinOneIsReadOnRequest() throws {
    let bytes = Array("a\n".utf8) + [0x61, 0xF1, 0x6F, 0x0A]
    var reader = CSVReader()
    reader.encoding = "latin-1"
    #expect(try reader.read(bytes, name: "f.csv")[0].column == .text(["año"]))
    #expect(message(bytes) == "f.csv, line 2: the byte 0xF1 is not UTF-8")
}

@Test func namesThatComeTwiceAreNumbered() throws {
    #expect(try read("a,a,b,a\n1,2,3,4").map(\.name) == ["a", "a.1", "b", "a.2"])
}

@Test func aSeparatorAtTheEndsOfLinesMakesNoColumn() throws {
    #expect(try read("a,b,\n1,2,\n3,4,\n").map(\.name) == ["a", "b"])
}

@Test func aHeaderAloneIsATableWithoutRows() throws {
    #expect(try read("a,b\n").map(\.column) == [.numbers([]), .numbers([])])
}

@Test(arguments: [
    ("", "f.csv is empty: it holds no rows"),
    ("\n\n", "f.csv is empty: it holds no rows"),
    ("a,b,c\n1,2,3\n4,5\n", "f.csv, line 3, column 3: the row has 2 cells, the header has 3"),
    ("a,b\n\n1,2\n1,2,3,4\n", "f.csv, line 4, column 3: the row has 4 cells, the header has 2"),
    ("1,2\n3\n", "f.csv, line 2, column 2: the row has 1 cell, the first row has 2"),
    ("a,b\n\"x,2\n3,4\n", "f.csv, line 2: a quote is opened and never closed"),
    ("a,b\n1,\"x\"y\n", "f.csv, line 2, column 2: text follows the closing quote"),
    ("a\u{0}b", "f.csv is no text: it holds bytes that are 0"),
])
func aBadTableIsToldWithItsLine(text: String, expected: String) {
    #expect(message(Array(text.utf8)) == expected)
}

@Test func badOptionsAreTold() {
    let bytes = Array("a,b\n1,2".utf8)
    #expect(message(bytes) { $0.separator = "::" } == "sep must be one character, as \",\" \";\" \"\\t\" or \" \", not \"::\"")
    #expect(message(bytes) { $0.decimal = "x" } == "decimal must be \".\" or \",\", not \"x\"")
    #expect(message(bytes) { $0.encoding = "ebcdic" } == "encoding must be \"utf-8\" or \"latin-1\", not \"ebcdic\"")
    #expect(message(bytes) { $0.names = ["x"] } == "names has 1 entries, and the rows of f.csv have 2 cells")
    #expect(message([0xFF, 0xFE, 0x61, 0]) == "f.csv is written in UTF-16")
}

@Test(arguments: [
    "0", "-0.5", "1e3", "+7", ".5", "5.", "1.499999999999999944e-02", "123456789012345678901234567890", "1e-400", "1e400",
    "9007199254740993", "0.1", "3.72236E+18", "179769313486231580793e289", "0.000000000000000000000000000001",
])
func numbersAreReadAsSwiftReadsThem(text: String) {
    #expect(CSVNumber.parse(Array(text.utf8)[...]) == Double(text))
}

@Test(arguments: ["", "-", ".", "1e", "e5", "0x10", "1 2", "1,5", "--1", "1e5.5", "nan(0)", "١"])
func whatIsNoNumberIsText(text: String) {
    #expect(CSVNumber.parse(Array(text.utf8)[...]) == nil)
}

/// Whatever bytes come, the reader gives a table or an error with a message, in time.
@Test func noBytesBreakTheReader() throws {
    var random = Dice(seed: 7)
    let signs = Array("\"\"\",,;\n\r\n\t 0123.e-abn?\u{FEFF}é|".utf8) + [0xFF, 0x80, 0]
    for _ in 0..<20_000 {
        let bytes = (0..<random.below(60)).map { _ in signs[random.below(signs.count)] }
        do throws(Failure) {
            let columns = try CSVReader().read(bytes, name: "f")
            let counts = Set(columns.map { column in
                switch column.column {
                case .numbers(let numbers): numbers.count
                case .text(let texts): texts.count
                }
            })
            #expect(counts.count <= 1)
        } catch {
            #expect(!error.message.isEmpty)
        }
    }
}

/// Any table that is written with quotes is read back.
@Test func whatIsWrittenIsReadBack() throws {
    var random = Dice(seed: 11)
    let signs = Array("ab,\"\n; é\t|")
    for _ in 0..<2000 {
        let rows = (0..<(1 + random.below(5))).map { _ in
            (0..<3).map { _ in "x" + String((0..<random.below(6)).map { _ in signs[random.below(signs.count)] }) }
        }
        let text = rows.map { row in
            row.map { "\"" + $0.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" }
                .joined(separator: ",")
        }.joined(separator: "\r\n")
        let columns = try read(text, { ($0.separator, $0.header) = (",", false) })
        for column in 0..<3 { #expect(columns[column].column == .text(rows.map { $0[column] })) }
    }
}
