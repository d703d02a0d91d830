import Builtins
import Language
import Stdlib

/// What can stand at a place of a line.
public struct Completion: Sendable, Equatable {
    /// How many characters before the cursor are replaced.
    public var replaced: Int
    /// What may replace them, sorted.
    public var candidates: [String]

    public init(replaced: Int, candidates: [String]) {
        self.replaced = replaced
        self.candidates = candidates
    }

    /// What all candidates begin with.
    public var common: String {
        guard var common = candidates.first else { return "" }
        for candidate in candidates.dropFirst() { common = String(zip(common, candidate).prefix { $0 == $1 }.map(\.0)) }
        return common
    }
}

extension Session {
    /// What may stand where the text ends: a sign for `\alpha`, a file or a data set in a string, fields and methods behind a
    /// dotted name, modules behind `import`, the parameters of a function inside its call, otherwise names of the notebook, of
    /// the prelude, and keywords.
    public func completion(of text: String) -> Completion {
        if let symbol = Symbols.completion(of: text) { return symbol }
        if let quote = Session.openString(text), !Session.isExpression(text, quote) {
            let typed = text[text.index(after: quote)...]
            guard text[..<quote].hasSuffix("load("), !text[..<quote].hasSuffix("_load(") else { return Session.files(String(typed)) }
            let names = Catalogue.dataSets.filter { $0.hasPrefix(typed) }
            return Completion(replaced: typed.count, candidates: names)
        }
        let word = text.suffix(while: Session.isNameCharacter)
        let before = text.dropLast(word.count)
        let candidates: [String]
        if before.last == "." {
            candidates = fields(behind: before.dropLast())
        } else if let head = before.split(separator: " ").first, head == "import" || head == "from", !before.contains("(") {
            candidates = head == "import" || before.split(separator: " ").count == 1 ? StandardLibrary.names : []
        } else {
            let parameters = parameters(behind: before).filter { $0.hasPrefix(word) }
            guard !word.isEmpty else { return Completion(replaced: 0, candidates: parameters.sorted()) }
            candidates = parameters + interpreter.globals.map(\.name) + interpreter.builtins.map(\.name) + Session.keywords
        }
        let matches = Set(candidates.filter { $0.hasPrefix(word) })
        return Completion(replaced: word.count, candidates: matches.sorted())
    }

    /// The files that a path may go on to, folders with a stroke behind them.
    public static func files(_ typed: String) -> Completion {
        let name = typed.suffix { $0 != "/" }
        let folder = typed.dropLast(name.count)
        let names = Builtins.Files.names(in: folder.isEmpty ? "." : Builtins.Files.expand(String(folder)))
            .filter { $0.hasPrefix(name) && (name.hasPrefix(".") || !$0.hasPrefix(".")) }
        return Completion(
            replaced: name.count,
            candidates: names.map { Builtins.Files.isFolder(Builtins.Files.expand(folder + $0)) ? $0 + "/" : $0 })
    }

    /// Whether the text ends in the braces of an f-string.
    private static func isExpression(_ text: String, _ quote: String.Index) -> Bool {
        guard text[..<quote].hasSuffix("f"), let brace = text[quote...].lastIndex(of: "{") else { return false }
        return !text[brace...].contains("}")
    }

    /// Where a string begins that the last line does not close.
    private static func openString(_ text: String) -> String.Index? {
        var open: String.Index?
        let line = text.suffix { $0 != "\n" }
        var index = line.startIndex
        while index < line.endIndex {
            let character = line[index]
            if let start = open {
                if character == "\\" { index = line.index(after: index) }
                if index < line.endIndex, character == line[start] { open = nil }
            } else if character == "#" {
                return nil
            } else if character == "\"" || character == "'" {
                // Behind a name or a bracket `'` is the sign of a transpose, by habit.
                let before = index == line.startIndex ? " " : line[line.index(before: index)]
                if character == "\"" || !(isNameCharacter(before) || ")]'".contains(before)) || "fr".contains(before) { open = index }
            }
            if index < line.endIndex { index = line.index(after: index) }
        }
        return open
    }

    /// Of a name of the notebook or of the prelude, or of a field of an engine object: nothing is computed for it.
    private func fields(behind expression: Substring) -> [String] {
        let path = expression.suffix(while: { Session.isNameCharacter($0) || $0 == "." }).split(separator: ".")
        guard let first = path.first, let global = interpreter.global(String(first)) else { return [] }
        var value = Held(sharing: global)
        for name in path.dropFirst() {
            guard let field = try? value.value.native?.field(String(name)) else { return [] }
            value = Held(adopting: field)
        }
        return interpreter.fieldNames(of: value.value)
    }

    /// `name=` for each parameter of the function whose call is open, where an argument may begin.
    private func parameters(behind text: Substring) -> [String] {
        guard let last = text.last(where: { $0 != " " }), last == "," || last == "(", let open = Session.openCall(text)
        else { return [] }
        let name = String(text[..<open].suffix(while: Session.isNameCharacter))
        if let global = interpreter.global(name), let signature = interpreter.documentation(of: global)?.signature {
            let names = signature.drop { $0 != "(" }.dropFirst().dropLast().split(separator: ",")
            return names.map { $0.drop { $0 == " " } + "=" }
        }
        let record = interpreter.builtin(named: name)
        return record.map { $0.parameters.filter { $0.passing != .variadic }.map { $0.name + "=" } } ?? []
    }

    /// The innermost parenthesis that is not closed.
    private static func openCall(_ text: Substring) -> Substring.Index? {
        var depth = 0
        for index in text.indices.reversed() {
            switch text[index] {
            case ")", "]", "}": depth += 1
            case "(" where depth == 0: return index
            case "[", "{": if depth == 0 { return nil } else { depth -= 1 }
            case "(": depth -= 1
            default: break
            }
        }
        return nil
    }

    private static func isNameCharacter(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }

    private static let keywords = [
        "and", "assert", "break", "catch", "class", "continue", "else", "false", "fn", "for", "from", "if", "import", "in",
        "none", "not", "or", "return", "self", "true", "try", "while",
    ]
}

extension StringProtocol {
    /// The longest end of the text whose characters all pass.
    package func suffix(while passes: (Character) -> Bool) -> SubSequence {
        guard let last = lastIndex(where: { !passes($0) }) else { return self[...] }
        return self[index(after: last)...]
    }
}
