import Interchange

/// A notebook as data. `NotebookReader` makes it from text and `NotebookWriter` text from it.
public struct Notebook: Equatable, Sendable {
    /// Those of the first line: `lang`, `seed`, `title` and others.
    public var attributes: Attributes
    public var cells: [Cell]
    /// What the last run left: `code`, the hash of all code with the seed, `nnb`, its version, `isa`, its instruction
    /// set. Absent where the notebook was never run into its file.
    public var run: Attributes?

    /// Whether it was read from a text without any marker: one code cell is all it has.
    public var isScript = false

    public init(attributes: Attributes = [:], cells: [Cell] = [], run: Attributes? = nil) {
        self.attributes = attributes
        self.cells = cells
        self.run = run
    }

    /// Without outputs, and without the word of the last run.
    public var stripped: Notebook {
        var notebook = self
        notebook.run = nil
        for index in notebook.cells.indices { notebook.cells[index].outputs = [] }
        return notebook
    }

    public static func == (left: Notebook, right: Notebook) -> Bool {
        left.attributes == right.attributes && left.cells == right.cells && left.run == right.run
    }

    /// The seed in the first line; 0 where there is none.
    public var seed: UInt64 { attributes["seed"]?.unsigned ?? 0 }
}

public struct Cell: Equatable, Sendable {
    public enum Kind: String, Sendable {
        case code, md, raw
    }

    public var kind: Kind
    public var attributes: Attributes
    /// The text without a newline at its end, unless the cell ends in an empty line.
    public var source: String
    /// Files that a text cell shows, such as pasted images.
    public var attachments: [Output]
    public var outputs: [Output]

    public init(
        _ kind: Kind, _ source: String, attributes: Attributes = [:], attachments: [Output] = [], outputs: [Output] = []
    ) {
        self.kind = kind
        self.attributes = attributes
        self.source = source
        self.attachments = attachments
        self.outputs = outputs
    }

    /// Jupyter's tags: `parameters`, `raises-exception`, `skip-execution`, `hide-input`, `hide-output`.
    public var tags: [String] { attributes["tags"]?.array?.compactMap(\.string) ?? [] }
}

/// One form of one output, or an attachment: its text, or the file that holds it.
public struct Output: Equatable, Sendable {
    /// `kind`, `mime`, `group`, `file`, `src` and others.
    public var attributes: Attributes
    /// Nothing where `file` names the file that holds it.
    public var text: String

    public init(attributes: Attributes, text: String) {
        self.attributes = attributes
        self.text = text
    }

    /// - Parameters:
    ///   - kind: `print`, `result`, `display`, `error` or `warning`.
    ///   - mime: left out for plain text.
    ///   - group: the same number for the several forms of one output.
    public init(kind: String, mime: String? = nil, group: Int? = nil, text: String) {
        attributes = ["kind": .string(kind)]
        attributes["mime"] = mime.map(JSON.string)
        attributes["group"] = group.map { JSON($0) }
        self.text = text
    }

    public var kind: String { attributes["kind"]?.string ?? "" }
    public var mime: String { attributes["mime"]?.string ?? "text/plain" }
    /// Relative to the notebook's folder, and inside it.
    public var file: String? { attributes["file"]?.string }
    public var group: JSON? { attributes["group"] }
}
