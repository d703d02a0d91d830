/// SVG as it is written: escaped text, coordinates of one decimal.
struct Markup {
    private(set) var text = ""

    mutating func add(_ markup: String) { text += markup + "\n" }

    static func number(_ value: Double) -> String { Decimal.short(value) }

    /// Text for content and attributes: what XML gives a meaning is escaped, what it forbids becomes U+FFFD.
    static func escape(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n", "\t", "\r": result += " "
            default:
                let isForbidden = scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF
                result.unicodeScalars.append(isForbidden ? "\u{FFFD}" : scalar)
            }
        }
        return result
    }

    /// Runs as content of a `text` element, the lowered and raised ones shifted and smaller.
    static func content(_ text: MathText) -> String {
        var result = ""
        var shift = 0.0
        for run in text.runs {
            let target = run.level == .base ? 0 : run.level == .lowered ? 0.25 : -0.4
            let escaped = escape(run.text)
            if target == 0 && shift == 0 {
                result += escaped
            } else {
                // `dy` moves what follows too, so each run moves from where the one before left off. It is given in
                // the size of its own run.
                let size = target == 0 ? 1 : 0.7
                let move = (target - shift) / size
                result += "<tspan dy=\"\(Decimal.short(move, 2))em\"" + (target == 0 ? "" : " font-size=\"70%\"")
                result += ">\(escaped)</tspan>"
                shift = target
            }
        }
        return result
    }

    static func points(_ places: [Place]) -> String {
        var result = ""
        for place in places {
            if !result.isEmpty { result += " " }
            result += number(place.x) + "," + number(place.y)
        }
        return result
    }
}
