import Builtins
import Testing

/// A session that has read a small table as `t`.
private func table(_ code: String) -> Cell {
    let folder = Folder()
    try? folder.write("stars.csv", Array("""
        name,z,class
        a,0.5,STAR
        b,,GALAXY
        c,-1.25,STAR
        d,10,QSO
        """.utf8))
    return Cell("t = read_csv(\"\(folder.path)/stars.csv\");", code)
}

@Test(arguments: [
    ("len(t)", "4"), ("len(t.class)", "4"), ("unique(t.class)", "[\"GALAXY\", \"QSO\", \"STAR\"]"), ("t.shape", "(4, 3)"), ("t.columns", "[\"name\", \"z\", \"class\"]"), ("t.z[0]", "0.5"), ("t[\"z\"][3]", "10"),
    ("t.class == \"STAR\"", "[true, false, true, false]"), ("t.class != \"STAR\"", "[false, true, false, true]"),
    ("\"STAR\" == t.class", "[true, false, true, false]"), ("t[t.class == \"STAR\"].z", "[0.5, -1.25]"), ("t[t.z > 0].name[1]", "\"d\""),
    ("t[1:3].shape[0]", "2"), ("t[-1].name", "\"d\""), ("t[[3, 0]].z", "[10, 0.5]"), ("t[[\"z\", \"name\"]].columns", "[\"z\", \"name\"]"),
    ("t[1:3, \"class\"][0]", "\"GALAXY\""), ("t[0, \"z\"]", "0.5"), ("tensor(t[[\"z\"]]).shape", "(4, 1)"),
    ("head(t, 2).shape[0]", "2"), ("tail(t, 1).z", "[10]"), ("[r.z for r in t][3]", "10"), ("\"QSO\" in t.class", "true"),
    ("mean(t[t.class == \"STAR\"].z)", "-0.375"), ("t[t.class == \"none\"].shape[0]", "0"), ("t.class[0:2] == [\"STAR\", \"x\"]", "[true, false]"),
    ("one_hot(t.class).shape", "(4, 3)"), ("encode(t.class)", "([2, 0, 2, 1], [\"GALAXY\", \"QSO\", \"STAR\"])"),
    ("a, b = train_test_split(t, test=0.25); (a.shape[0], b.shape[0])", "(3, 1)"), ("t.class", "column(\"STAR\", \"GALAXY\", \"STAR\", \"QSO\")"),
])
func aTableGives(code: String, result: String) {
    let cell = table(code)
    #expect(cell.error == "")
    #expect(cell.result == result)
}

@Test func aTableShowsItselfInColumns() {
    #expect(table("t").result == """
          name       z  class
          text  number  text
          a       0.50  STAR
          b        nan  GALAXY
          c      -1.25  STAR
          d      10.00  QSO
        4 rows, 3 columns
        """)
}

@Test func longAndWideTablesAreAbbreviated() throws {
    let folder = Folder()
    let header = (0..<40).map { "column\($0)" }.joined(separator: ",")
    let rows = (0..<100).map { row in (0..<40).map { "\(row * $0)" }.joined(separator: ",") }
    try folder.write("wide.csv", Array(([header] + rows).joined(separator: "\n").utf8))
    let text = Cell("read_csv(\"\(folder.path)/wide.csv\")").result
    #expect(text.split(separator: "\n").count == 14)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(text.contains("column0") && text.contains("column39") && text.hasSuffix("100 rows, 40 columns"))
}

@Test(arguments: [
    ("t.clas", "did you mean"), ("t[\"clas\"]", "the table has no column \"clas\" | did you mean \"class\"?"),
    ("t[4]", "row 4 is out of range: there are 4, counted from 0"), ("t[[true, false]]", "the mask has 2 elements for 4 rows"),
    ("tensor(t)", "the column \"name\" holds text, so the table is no tensor"), ("t[0.5]", "the number of a row is whole, not 0.5"),
    ("t.class == 3", "a column of text is compared with a string or a column of text, not with a number"),
    ("t.class == [\"a\"]", "a column of 4 and one of 1 cannot be compared"), ("t[0, 0, 0]", "a table has rows and columns"),
    ("plot(t.class)", "argument 1 of `plot` holds text"), ("head(t, -1)", "`n` of `head` must be at least 0, not -1"),
    ("head(3)", "`data` of `head` is a table, a tensor, a column or a list, not a number"),
    ("read_csv(\"/nowhere.csv\")", "there is no file \"/nowhere.csv\""),
])
func aMisuseOfATableIsTold(code: String, message: String) {
    #expect(table(code).error.contains(message))
}

@Test func idxFilesAreLoaded() throws {
    let folder = Folder()
    try folder.write("x.idx", [0, 0, 8, 1, 0, 0, 0, 2, 7, 9])
    #expect(Cell("load_idx(\"\(folder.path)/x.idx\")").result == "[7, 9]")
    try folder.write("bad.idx", [1, 2, 3, 4])
    #expect(Cell("load_idx(\"\(folder.path)/bad.idx\")").error.hasPrefix("bad.idx is no IDX file"))
}
