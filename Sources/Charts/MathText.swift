/// Text of a label with the simple mathematics between dollar signs that labels hold: `$x_1$`, `$\theta^2$`,
/// `$\hat{y}$`, `$D_L(z)$`. What it does not know is left as it stands. `\$` is a dollar sign.
struct MathText: Sendable, Equatable {
    enum Level: Sendable { case base, lowered, raised }
    struct Run: Sendable, Equatable {
        var text: String
        var level: Level
    }
    private(set) var runs: [Run] = []

    init(_ source: String) {
        var rest = Substring(source)
        while let dollar = rest.firstIndex(of: "$") {
            let before = rest[..<dollar]
            if before.last == "\\" {
                add(String(before.dropLast()) + "$")
                rest = rest[rest.index(after: dollar)...]
                continue
            }
            let inside = rest[rest.index(after: dollar)...]
            guard let end = inside.firstIndex(of: "$") else { break }
            add(String(before))
            var reader = Reader(rest: inside[..<end])
            for run in reader.read(level: .base) { add(run.text, run.level) }
            rest = inside[inside.index(after: end)...]
        }
        add(String(rest))
    }

    /// With the sub- and superscripts that Unicode has, `x_y` and `x^y` for the others.
    var plain: String {
        runs.map { run in
            switch run.level {
            case .base: return run.text
            case .lowered: return MathText.map(run.text, MathText.lowered) ?? "_" + run.text
            case .raised: return MathText.map(run.text, MathText.raised) ?? "^" + run.text
            }
        }.joined()
    }

    private mutating func add(_ text: String, _ level: Level = .base) {
        guard !text.isEmpty else { return }
        if runs.last?.level == level {
            runs[runs.count - 1].text += text
        } else {
            runs.append(Run(text: text, level: level))
        }
    }

    private static func map(_ text: String, _ table: [Character: Character]) -> String? {
        let mapped = text.compactMap { table[$0] }
        return mapped.count == text.count ? String(mapped) : nil
    }

    private static let lowered = pairs(
        "0123456789+-=()aehijklmnoprstuvxβγρφχ−", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ₋")
    private static let raised = pairs(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzTβ−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀᵝ⁻")

    private static func pairs(_ from: String, _ to: String) -> [Character: Character] {
        Dictionary(zip(from, to)) { first, _ in first }
    }
}

/// Reads what stands between two dollar signs.
private struct Reader {
    var rest: Substring
    /// Inside braces no room is made around signs.
    var isTight = false
    /// Groups may nest; past this depth they are read as plain text.
    var depth = 0

    mutating func read(level: MathText.Level) -> [MathText.Run] {
        var runs: [MathText.Run] = []
        while let sign = rest.popFirst() {
            switch sign {
            case "_": runs += group().map { .init(text: $0.text, level: .lowered) }
            case "^": runs += group().map { .init(text: $0.text, level: .raised) }
            case "\\": runs += command().map { .init(text: $0.text, level: level == .base ? $0.level : level) }
            case "{", "}": break
            case " ": break
            case "=" where !isTight, "<" where !isTight, ">" where !isTight:
                runs.append(.init(text: " \(sign) ", level: level))
            case "+", "-":
                // Between two terms it has room around it, before the first it is a sign.
                let before = runs.last?.text.last ?? "("
                let isSign = isTight || "( ,".contains(before)
                let text = sign == "-" ? "−" : "+"
                runs.append(.init(text: isSign ? text : " \(text) ", level: level))
            default: runs.append(.init(text: String(sign), level: level))
            }
        }
        return runs
    }

    /// What follows as one: `{...}`, a command, or one character.
    mutating func group() -> [MathText.Run] {
        guard let first = rest.popFirst() else { return [] }
        if first == "\\" { return command() }
        guard first == "{" else { return [.init(text: first == "-" ? "−" : String(first), level: .base)] }
        var open = 1
        var inside = ""
        while let sign = rest.popFirst() {
            if sign == "{" { open += 1 }
            if sign == "}" { open -= 1 }
            if open == 0 { break }
            inside.append(sign)
        }
        guard depth < 20 else { return [.init(text: inside, level: .base)] }
        var reader = Reader(rest: inside[...], isTight: true, depth: depth + 1)
        return reader.read(level: .base)
    }

    mutating func command() -> [MathText.Run] {
        let name = String(rest.prefix { $0.isLetter && $0.isASCII })
        guard !name.isEmpty else {
            // `\,` `\;` `\ ` are spaces, `\{` and its kin the sign itself.
            guard let sign = rest.popFirst() else { return [] }
            return [.init(text: ",;:! ".contains(sign) ? " " : String(sign), level: .base)]
        }
        rest.removeFirst(name.count)
        if let accent = Reader.accents[name] {
            let inside = group().map(\.text).joined()
            return [.init(text: inside + accent, level: .base)]
        }
        switch name {
        case "left", "right": return []
        case "mathrm", "mathbf", "mathit", "mathcal", "text", "textrm", "textbf", "operatorname":
            return group()
        case "frac":
            let (top, bottom) = (group(), group())
            func bracketed(_ runs: [MathText.Run]) -> [MathText.Run] {
                let isLong = runs.count > 1 || (runs.first?.text.count ?? 0) > 1
                return isLong ? [.init(text: "(", level: .base)] + runs + [.init(text: ")", level: .base)] : runs
            }
            return bracketed(top) + [.init(text: "/", level: .base)] + bracketed(bottom)
        case "sqrt":
            let inside = group()
            let isLong = inside.count > 1 || (inside.first?.text.count ?? 0) > 1
            return [.init(text: isLong ? "√(" : "√", level: .base)] + inside
                + (isLong ? [.init(text: ")", level: .base)] : [])
        default:
            return [.init(text: Reader.signs[name] ?? "\\" + name, level: .base)]
        }
    }

    /// Combining characters for the accents.
    static let accents = [
        "hat": "\u{302}", "bar": "\u{304}", "tilde": "\u{303}", "dot": "\u{307}", "vec": "\u{20D7}", "check": "\u{30C}",
    ]

    static let signs: [String: String] = [
        "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ",
        "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
        "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ",
        "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ",
        "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "nabla": "∇", "partial": "∂",
        "infty": "∞", "cdot": "·", "times": "×", "pm": "±", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠",
        "neq": "≠", "approx": "≈", "sim": "∼", "propto": "∝", "to": "→", "rightarrow": "→", "leftarrow": "←",
        "in": "∈", "sum": "∑", "prod": "∏", "int": "∫", "ell": "ℓ", "langle": "⟨", "rangle": "⟩", "circ": "∘",
        "odot": "⊙", "dots": "…", "ldots": "…", "cdots": "⋯", "top": "⊤", "prime": "′", "degree": "°", "log": "log",
        "ln": "ln", "exp": "exp", "sin": "sin", "cos": "cos", "tan": "tan", "tanh": "tanh", "max": "max",
        "min": "min", "quad": "  ",
    ]
}
