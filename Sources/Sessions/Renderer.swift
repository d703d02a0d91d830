import Diagnostics

/// Stands in until the renderer of Diagnostics is there.
package enum Renderer {
    package static func text(_ diagnostic: Diagnostic, colour: Bool) -> String {
        var text = "\(diagnostic.severity.rawValue)[\(diagnostic.kind.rawValue)]: \(diagnostic.message)\n"
        if let label = diagnostic.labels.first {
            let before = label.source.bytes.prefix(Int(label.span.start))
            text += "  \(label.source.name), line \(before.count { $0 == 10 } + 1)\n"
        }
        for help in diagnostic.help { text += "  = help: \(help)\n" }
        return text
    }
}
