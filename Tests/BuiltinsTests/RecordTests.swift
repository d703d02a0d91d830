import Builtins
import Language
import Testing

/// What every record of the prelude must have: help, completion and the reference page are made of them.
@Suite struct RecordTests {
    @Test func `names are unique`() {
        var seen: Set<String> = []
        for builtin in Catalogue.builtins { #expect(seen.insert(builtin.name).inserted, "\(builtin.name) is there twice") }
        #expect(seen.count > 80)
    }

    @Test(arguments: Catalogue.builtins.map(\.name)) func `a record is complete`(_ name: String) throws {
        let record = try #require(Catalogue.builtins.first { $0.name == name })
        #expect(!record.summary.isEmpty)
        #expect(!record.summary.contains("\n"))
        #expect(!record.example.isEmpty)
        #expect(Set(record.parameters.map(\.name)).count == record.parameters.count)
        #expect(record.parameters.count { $0.passing == .variadic } <= 1)
        for parameter in record.parameters {
            #expect(!parameter.type.isEmpty)
            #expect(!parameter.summary.isEmpty, "\(parameter.name) of \(name) says nothing")
        }
    }
}
