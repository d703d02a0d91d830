import Diagnostics
import Notebooks
import Testing

@Suite struct ParametersTests {
    private let notebook = Notebook(cells: [
        Cell(.code, "rate = 1"),
        Cell(.code, "rate = 0.1   # learning rate\nname = \"x\"; layers = [\n  1,\n  2]\na, b = 1, 2\nf(x) = x", attributes: ["tags": .array([.string("parameters")])]),
        Cell(.code, "rate + 1"),
    ])

    private func source(_ assignments: String...) throws -> String {
        var parameters = Parameters()
        for assignment in assignments { try parameters.add(assignment) }
        let changed = try parameters.applied(to: notebook)
        #expect(changed.cells[0] == notebook.cells[0] && changed.cells[2] == notebook.cells[2])
        return changed.cells[1].source
    }

    @Test func `only the values change`() throws {
        #expect(try source("rate=-2e-3") == notebook.cells[1].source.replacing("0.1", with: "-2e-3"))
        #expect(try source("layers=[3]", "rate=5").hasPrefix("rate = 5   # learning rate\nname = \"x\"; layers = [3]\na, b"))
        #expect(try source("rate=1", "rate=2").hasPrefix("rate = 2 "))
        #expect(try source() == notebook.cells[1].source)
    }

    @Test(arguments: [
        ("name=true", "true"), ("name=none", "none"), ("name=\"a b\"", "\"a b\""), ("name={\"a\": [1, (2, 3)]}", "{\"a\": [1, (2, 3)]}"),
        ("name=iris.csv", "\"iris.csv\""), ("name=relu", "\"relu\""), ("name=1 + 1", "\"1 + 1\""), ("name=", "\"\""), ("name=a=b", "\"a=b\""),
        ("name=a\"b\\c\nd", "\"a\\\"b\\\\c\\nd\""), ("name=exit()", "\"exit()\""), ("name=f\"{rate}\"", "\"f\\\"{rate}\\\"\""),
    ])
    func `a literal is itself, anything else a text`(assignment: String, value: String) throws {
        #expect(try source(assignment).contains("name = \(value); layers"))
    }

    @Test(arguments: [
        ("rates=1", "no cell tagged `parameters` assigns `rates`"), ("a=1", "no cell tagged `parameters` assigns `a`"),
        ("rate=1/0", "--param rate=1/0: `rate` is 0.1 in the notebook, and this is no value but a text"),
        ("layers=[1,", "--param layers=[1,: `layers` is [\n  1,\n  2] in the notebook, and this is no value but a text"),
        ("rate", "--param rate is no assignment"), ("=1", "--param =1 is no assignment"),
    ])
    func `what no cell assigns is refused`(assignment: String, message: String) {
        let failure = #expect(throws: Failure.self) { try source(assignment) }
        #expect(failure?.message == message)
    }
}
