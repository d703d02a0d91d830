import Builtins
import Language
import Testing

/// The example of every record runs, and gives what it says after `#`.
@Suite struct ExampleTests {
    @Test(arguments: Catalogue.builtins.filter { $0.example.contains("#") }.map(\.name))
    func `an example gives what it says`(_ name: String) throws {
        let record = try #require(Catalogue.builtins.first { $0.name == name })
        let parts = record.example.split(separator: "#", maxSplits: 1).map(String.init)
        #expect(shown(parts[0]) == parts[1].split(separator: " ").joined(separator: " "))
    }
}
