/// Makes the text of a diagnostic:
///
///     error[shape]: the product of (4, 3) and (4, 2) needs 3 = 4
///       ┌ cell 7, line 2
///     2 │ H = X @ W1
///       │     ^^^^^^  X is (4, 3), W1 is (4, 2)
///       = help: X.T @ W1 is (3, 2); or make W1 with 3 rows
///
/// Carets stand under the place itself, dashes under the places of further labels.
public struct Renderer: Sendable {
    public var colour: Bool
    /// Lines are cut around their labels to fit in so many columns; at least 40.
    public var columns: Int

    public init(colour: Bool = false, columns: Int = 120) {
        self.colour = colour
        self.columns = max(40, columns)
    }

    /// The diagnostic in lines separated by newlines, none at the end.
    public func text(_ diagnostic: Diagnostic) -> String {
        var lines = [headline(diagnostic)]
        let excerpts = Excerpt.all(of: diagnostic.labels)
        let gutter = excerpts.map { String($0.line + 1).count }.max() ?? 1
        let margin = String(repeating: " ", count: gutter)
        var previous: Excerpt?
        for excerpt in excerpts {
            if let previous, previous.source === excerpt.source {
                if excerpt.line > previous.line + 1 { lines.append(paint(margin + " ·", .frame)) }
            } else {
                lines.append(paint("\(margin) ┌ ", .frame) + Renderer.place(excerpt.source, excerpt.line))
            }
            let number = String(excerpt.line + 1)
            let padding = String(repeating: " ", count: gutter - number.count)
            let view = excerpt.view(columns: columns - gutter - 3)
            lines.append((paint(padding + number + " │ ", .frame) + view.text).trimmingEnd)
            for mark in view.marks {
                let ink: Ink = mark.isPrimary ? .severity(diagnostic.severity) : .frame
                let under = String(repeating: mark.isPrimary ? "^" : "-", count: mark.width)
                let words = mark.text.isEmpty ? "" : "  " + mark.text
                lines.append(
                    paint(margin + " │ ", .frame) + String(repeating: " ", count: mark.column) + paint(under + words, ink))
            }
            previous = excerpt
        }
        for help in diagnostic.help {
            let indented = help.split(separator: "\n", omittingEmptySubsequences: false)
                .joined(separator: "\n\(margin)         ")
            lines.append(paint("\(margin) = ", .frame) + paint("help: ", .help) + indented)
        }
        lines += calls(diagnostic.calls, margin)
        return lines.joined(separator: "\n")
    }

    private func headline(_ diagnostic: Diagnostic) -> String {
        paint("\(diagnostic.severity.rawValue)[\(diagnostic.kind.rawValue)]", .severity(diagnostic.severity))
            + paint(": " + diagnostic.message, .strong)
    }

    /// The calls, innermost first, where there is more than one; of many, the first and the last ones.
    private func calls(_ frames: [Diagnostic.Frame], _ margin: String) -> [String] {
        guard frames.count > 1 else { return [] }
        let shown = 6
        var lines: [String] = []
        for (index, frame) in frames.enumerated() {
            if frames.count > 2 * shown, index >= shown, index < frames.count - shown {
                if index == shown {
                    lines.append(paint("\(margin) = ", .frame) + "… \(frames.count - 2 * shown) more calls …")
                }
                continue
            }
            let place = Renderer.place(frame.source, frame.source.line(of: frame.span))
            let name = frame.function.isEmpty ? "" : "\(frame.function), "
            lines.append(paint("\(margin) = ", .frame) + "in \(name)\(place)")
        }
        return lines
    }

    static func place(_ source: Source, _ line: Int) -> String { "\(source.name), line \(line + 1)" }

    // MARK: Colour

    private enum Ink {
        case severity(Diagnostic.Severity), frame, help, strong
    }

    private func paint(_ text: String, _ ink: Ink) -> String {
        guard colour else { return text }
        let code =
            switch ink {
            case .severity(.error): "1;31"
            case .severity(.warning): "1;33"
            case .severity(.note): "1;36"
            case .frame: "34"
            case .help: "1;32"
            case .strong: "1"
            }
        return "\u{1b}[\(code)m\(text)\u{1b}[0m"
    }
}

extension String {
    fileprivate var trimmingEnd: String {
        var end = endIndex
        while end > startIndex, self[index(before: end)] == " " { end = index(before: end) }
        return String(self[..<end])
    }
}
