/// Numbers that depend on nothing but the seed and the input's number, so that each input can be made again.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014 (SplitMix64).
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64, index: Int) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: index) &* 0xD1B5_4A32_D192_ED03
        _ = next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { bound <= 1 ? 0 : Int(next() % UInt64(bound)) }
}

/// Makes an input of the corpus: a few lines of a text, changed a few times.
struct Mutation {
    static let mostBytes = 1500

    let corpus: Corpus
    /// Words that make sense to the language.
    let words: [[UInt8]]

    init(_ corpus: Corpus, names: [String]) {
        self.corpus = corpus
        words = (Mutation.pieces + names).map { Array($0.utf8) }
    }

    func input(seed: UInt64, index: Int) -> [UInt8] {
        var dice = Dice(seed: seed, index: index)
        var bytes = excerpt(&dice)
        repeat { change(&bytes, &dice) } while dice.below(2) == 0
        return bytes
    }

    /// Whole lines of a text.
    private func excerpt(_ dice: inout Dice) -> [UInt8] {
        let choice = dice.below(4) == 0 ? corpus.texts : corpus.programs
        let text = choice[dice.below(choice.count)]
        guard text.count > Mutation.mostBytes else { return text }
        var start = dice.below(text.count)
        while start > 0, text[start - 1] != 0x0a { start -= 1 }
        var end = min(text.count, start + 100 + dice.below(Mutation.mostBytes))
        while end < text.count, text[end - 1] != 0x0a, end - start < 2 * Mutation.mostBytes { end += 1 }
        return Array(text[start..<end])
    }

    private func change(_ bytes: inout [UInt8], _ dice: inout Dice) {
        let place = dice.below(bytes.count + 1)
        let range = place..<min(bytes.count, place + 1 + dice.below(dice.below(4) == 0 ? 200 : 12))
        switch dice.below(13) {
        case 0: bytes.removeSubrange(range)
        case 1: bytes.insert(contentsOf: Array(bytes[range]), at: dice.below(bytes.count + 1))
        case 2: if place < bytes.count { bytes[place] = UInt8(dice.below(256)) }
        case 3: bytes.insert(UInt8(dice.below(256)), at: place)
        case 4: bytes.removeSubrange(place...)
        case 5:
            let other = excerpt(&dice)
            let start = dice.below(other.count)
            bytes.replaceSubrange(range, with: other[start..<min(other.count, start + 1 + dice.below(120))])
        case 6: replaceWord(&bytes, place, &dice)
        case 7: replaceWord(&bytes, place, &dice)
        case 8:
            let word = words[dice.below(words.count)]
            for _ in 0..<(1 << dice.below(12)) where bytes.count < 20_000 { bytes.insert(contentsOf: word, at: place) }
        case 9: swapLines(&bytes, &dice)
        default: bytes.insert(contentsOf: words[dice.below(words.count)], at: place)
        }
    }

    /// Puts another word, number or sign in the place of one.
    private func replaceWord(_ bytes: inout [UInt8], _ place: Int, _ dice: inout Dice) {
        func isWord(_ byte: UInt8) -> Bool {
            (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte == 95 || byte >= 128
        }
        var start = place
        while start < bytes.count, !isWord(bytes[start]) { start += 1 }
        var end = start
        while end < bytes.count, isWord(bytes[end]) { end += 1 }
        bytes.replaceSubrange(start..<end, with: words[dice.below(words.count)])
    }

    private func swapLines(_ bytes: inout [UInt8], _ dice: inout Dice) {
        var lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false).map(Array.init)
        lines.swapAt(dice.below(lines.count), dice.below(lines.count))
        bytes = Array(lines.joined(separator: [0x0a]))
    }

    private static let pieces = [
        "(", ")", "[", "]", "{", "}", ",", ";", ":", ".", "...", "=", "->", "+", "-", "*", "/", "//", "%", "^", "**", "@", "==",
        "!=", "<", "<=", ">", ">=", "&", "|", "|>", "∈", "∇", "√", "ᵀ", "·", "⊙", "≤", "←", "−", "?", "+=", "@=", "//=", "!", "&&",
        "\n", " ", "\t", "\r\n", "\"", "'", "\"\"\"", "f\"", "r'", "\\", "\\u00e9", "\\x", "{{", "}}", "{x:.3f}", "{x=}", "!r}", "#", "##",
        "and", "assert", "break", "catch", "class", "continue", "else", "false", "fn", "for", "from", "if", "import", "in", "none",
        "not", "or", "return", "self", "true", "try", "while", "new", "init", "x", "y", "w", "X", "σ", "ŷ", "y\u{302}", "Δw", "x₁", "_",
        "0", "1", "-1", "2", "3", "0.5", "1e308", "1e999", "-0", "nan", "inf", "1e18", "9007199254740993", "4294967296", "1_000", "0xff", "1e-320",
        "f(x) = ", "x -> ", "(x, y) -> ", "fn f(x) { ", "if x { ", "for i in range(3) { ", "[x for x in ", "class A { ", "try { ", "} catch e { ",
        "} else { ", "x[", "x[:, new]", "x[::-1]", "[1, 2; 3, 4]", "{\"a\": 1}", "axis=0", "keepdims=true", "self.x = ", "x.T", ".push(1)",
        "%% nnb 1\n", "\n%% code\n", "\n%% md\n", "\n%% out kind=\"result\"\n", "| ", "\\\n", "%% run code=\"0\"\n", " id=\"a\"", " tags=[\"x\"]",
        "%%", "%% \\", "<<<<<<< ", "=======", ">>>>>>> ", "\u{feff}", "\u{2028}", "\0", "é", "日本", "👩‍🔬",
    ]
}
