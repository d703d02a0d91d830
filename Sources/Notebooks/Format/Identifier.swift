/// The ids of cells, as nbformat has them: `[a-zA-Z0-9-_]{1,64}`.
public enum Identifier {
    static func isValid(_ id: String?) -> Bool {
        guard let id, (1...64).contains(id.utf8.count) else { return false }
        return id.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
            default: false
            }
        }
    }

    /// One id a cell, all different: its own where it has one, else eight digits of the hash of its kind and source,
    /// with `-2`, `-3` where the same stands there again.
    public static func all(of notebook: Notebook) -> [String] {
        var used = Set(notebook.cells.compactMap { $0.attributes["id"]?.string })
        return notebook.cells.map { cell in
            if let id = cell.attributes["id"]?.string { return id }
            let stem = String(Digest.text(of: Array("\(cell.kind.rawValue)\n\(cell.source)".utf8)).prefix(8))
            var id = stem
            var occurrence = 1
            while !used.insert(id).inserted {
                occurrence += 1
                id = "\(stem)-\(occurrence)"
            }
            return id
        }
    }
}
