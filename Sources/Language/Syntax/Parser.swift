import Diagnostics

/// Reads a source text into a tree. It never fails: it gives what it could read and what was wrong with the rest.
public struct Parser {
    /// The program with all its mistakes of spelling and of syntax, in the order of their places. A program with any
    /// diagnostic of severity `error` is not to be compiled.
    public static func parse(_ source: Source) -> (program: Syntax.Program, diagnostics: [Diagnostic]) {
        (Syntax.Program(source: source, body: []), [])
    }

    /// Whether the text, typed so far at the prompt, waits for another line: an open bracket, an open triple-quoted
    /// string, or a line that ends in an operator.
    public static func isIncomplete(_ text: String) -> Bool { false }
}
