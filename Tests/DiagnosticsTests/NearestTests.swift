import Diagnostics
import Testing

@Test(arguments: [
    ("minst", "mnist"), ("learnig_rate", "learning_rate"), ("Iris", "iris"), ("x", nil), ("banana", nil), ("fashon-mnist", "fashion-mnist"),
    ("", nil),
] as [(String, String?)])
func aMisspeltNameGetsTheNearest(name: String, expected: String?) {
    #expect(Nearest.match(name, in: ["mnist", "fashion-mnist", "iris", "learning_rate", "y"]) == expected)
}
