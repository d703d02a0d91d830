/// The signs that the prompt writes for a backslash and a name: `\alpha` becomes `α`. The names are LaTeX's.
enum Symbols {
    static let all: [String: String] = {
        var symbols = [
            "nabla": "∇", "partial": "∂", "cdot": "·", "odot": "⊙", "circ": "∘", "times": "×", "sqrt": "√", "sum": "Σ", "infty": "∞",
            "leftarrow": "←", "gets": "←", "rightarrow": "→", "to": "→", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠",
            "ne": "≠", "in": "∈", "notin": "∉", "transpose": "ᵀ", "T": "ᵀ", "ell": "ℓ", "hbar": "ℏ", "prime": "′", "approx": "≈",
            "mathbbR": "ℝ",
            "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
            "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
            "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
            "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ",
            "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
        ]
        for (digit, sign) in zip(0..., "₀₁₂₃₄₅₆₇₈₉") { symbols["_\(digit)"] = String(sign) }
        for (letter, sign) in zip("aehijklmnoprstuvx", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ") { symbols["_\(letter)"] = String(sign) }
        return symbols
    }()

    /// Accents, written behind the letter that carries them: `y\hat` becomes `ŷ`.
    static let accents: [String: Unicode.Scalar] = ["hat": "\u{302}", "bar": "\u{304}", "tilde": "\u{303}", "dot": "\u{307}", "vec": "\u{20D7}"]

    /// For a text that ends in a backslash and a name, or so much of a name that only one begins with it: the sign.
    /// Otherwise the names that begin so. Nil for any other text.
    static func completion(of text: String) -> Completion? {
        let typed = text.suffix(while: { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
        let before = text.dropLast(typed.count)
        guard before.last == "\\" else { return nil }
        let names = (Array(all.keys) + Array(accents.keys)).filter { $0.hasPrefix(typed) }.sorted()
        let name = names.contains(String(typed)) || names.count != 1 ? String(typed) : names[0]
        if let sign = all[name] { return Completion(replaced: typed.count + 1, candidates: [sign]) }
        if let accent = accents[name], let letter = before.dropLast().last {
            let accented = String(letter) + String(Character(accent))
            return Completion(replaced: typed.count + 2, candidates: [composed(accented)])
        }
        return Completion(replaced: typed.count + 1, candidates: names.map { "\\" + $0 })
    }

    /// Letter and accent as one sign where there is one, as keyboards write it; the two are equal to Swift.
    private static func composed(_ text: String) -> String {
        let signs = "âĉêĝĥîĵôŝûŵŷẑāēīōūȳãẽĩñõũṽỹȧḃċḋėḟġḣṁṅȯṗṙṡṫẇẋẏż"
        return signs.first { String($0) == text }.map(String.init) ?? text
    }
}
