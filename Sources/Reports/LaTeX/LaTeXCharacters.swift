/// Characters beyond ASCII as commands that pdfLaTeX and LuaLaTeX know with the packages of our reports.
enum LaTeXCharacters {
    /// The command for a character; nil for letters that both read as they are.
    static func command(of scalar: Unicode.Scalar) -> String? {
        if let command = commands[scalar] { return command }
        if isLetterOfT1(scalar) { return nil }
        return "\\unicodechar{\(String(scalar.value, radix: 16, uppercase: true))}"
    }

    /// The columns that a character takes in code: one, and more where only its number can be printed.
    static func width(of scalar: Unicode.Scalar) -> Int {
        scalar.isASCII || commands[scalar] != nil || isLetterOfT1(scalar) ? 1 : 8
    }

    /// The Latin letters of the T1 encoding.
    private static func isLetterOfT1(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xD7, 0xF7, 0x126, 0x127, 0x138, 0x13F, 0x140, 0x149, 0x166, 0x167, 0x17F: false
        case 0xA1, 0xA3, 0xA7, 0xAB, 0xBB, 0xBF...0x17E: true
        default: false
        }
    }

    /// Accents that stand behind their letter, as in the overlined digits of lattice planes.
    static let accents: [Unicode.Scalar: String] = [
        "\u{300}": "\\`", "\u{301}": "\\'", "\u{302}": "\\^", "\u{303}": "\\~", "\u{304}": "\\=", "\u{305}": "\\=", "\u{306}": "\\u",
        "\u{307}": "\\.", "\u{308}": "\\\"", "\u{30A}": "\\r", "\u{30B}": "\\H", "\u{30C}": "\\v", "\u{327}": "\\c", "\u{328}": "\\k",
    ]

    private static let commands: [Unicode.Scalar: String] = {
        var all: [Unicode.Scalar: String] = [
            "\u{A0}": "\\nobreakspace{}", "\u{2009}": "\\thinspace{}", "\u{202F}": "\\thinspace{}", "\u{AD}": "\\-{}",
            "\u{200C}": "", "\u{200D}": "", "\u{FE0F}": "",
            "¢": "\\textcent{}", "¥": "\\textyen{}", "©": "\\textcopyright{}", "®": "\\textregistered{}", "¬": "\\textlnot{}",
            "¶": "\\textparagraph{}", "ª": "\\textordfeminine{}", "º": "\\textordmasculine{}", "¼": "\\textonequarter{}",
            "½": "\\textonehalf{}", "¾": "\\textthreequarters{}", "¦": "\\textbrokenbar{}", "¤": "\\textcurrency{}",
            "°": "\\textdegree{}", "±": "\\textpm{}", "×": "\\texttimes{}", "÷": "\\textdiv{}", "·": "\\textperiodcentered{}",
            "µ": "\\textmu{}", "\u{212B}": "\\r{A}", "\u{2126}": "\\ensuremath{\\Omega}", "–": "\\textendash{}",
            "—": "\\textemdash{}",
            "‐": "-{}", "\u{2011}": "-{}", "−": "\\textminus{}", "‘": "\\textquoteleft{}", "’": "\\textquoteright{}",
            "“": "\\textquotedblleft{}", "”": "\\textquotedblright{}", "„": "\\quotedblbase{}", "‚": "\\quotesinglbase{}",
            "‹": "\\guilsinglleft{}", "›": "\\guilsinglright{}", "…": "\\ldots{}", "•": "\\textbullet{}",
            "‰": "\\textperthousand{}",
            "€": "\\texteuro{}", "†": "\\textdagger{}", "‡": "\\textdaggerdbl{}", "™": "\\textsuperscript{TM}",
            // The typewriter fonts lack these.
            "Ĳ": "IJ", "ĳ": "ij", "ħ": "\\ensuremath{\\hbar}",
        ]
        // Names of signs of mathematics.
        let signs: [Unicode.Scalar: String] = [
            "ℏ": "hbar", "ℓ": "ell", "←": "leftarrow", "→": "rightarrow", "↑": "uparrow", "↓": "downarrow",
            "↔": "leftrightarrow",
            "⇐": "Leftarrow", "⇒": "Rightarrow", "⇔": "Leftrightarrow", "↪": "hookrightarrow", "≤": "leq", "≥": "geq",
            "≠": "neq",
            "≈": "approx", "≡": "equiv", "∼": "sim", "≃": "simeq", "≅": "cong", "≪": "ll", "≫": "gg", "∝": "propto",
            "∞": "infty",
            "∑": "sum", "∏": "prod", "∫": "int", "√": "surd", "∂": "partial", "∇": "nabla", "∈": "in", "∉": "notin",
            "∅": "emptyset",
            "⊂": "subset", "⊆": "subseteq", "∪": "cup", "∩": "cap", "∥": "parallel", "⊥": "perp", "⟂": "perp",
            "∠": "angle",
            "∀": "forall", "∃": "exists", "⟨": "langle", "⟩": "rangle", "⊗": "otimes", "⊕": "oplus", "⋅": "cdot",
            "∘": "circ",
            "∗": "ast", "′": "prime", "″": "prime\\prime", "✓": "checkmark", "□": "square", "■": "blacksquare",
            "△": "triangle",
            "○": "circ", "●": "bullet", "★": "bigstar", "⌊": "lfloor", "⌋": "rfloor", "⌈": "lceil", "⌉": "rceil",
            "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
            "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "ο": "mathrm{o}", "π": "pi", "ρ": "rho",
            "ς": "varsigma", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "varphi", "χ": "chi", "ψ": "psi", "ω": "omega",
            "ϑ": "vartheta", "ϕ": "phi", "ϵ": "epsilon", "Α": "mathrm{A}", "Β": "mathrm{B}", "Γ": "Gamma", "Δ": "Delta",
            "Ε": "mathrm{E}", "Ζ": "mathrm{Z}", "Η": "mathrm{H}", "Θ": "Theta", "Ι": "mathrm{I}", "Κ": "mathrm{K}", "Λ": "Lambda",
            "Μ": "mathrm{M}", "Ν": "mathrm{N}", "Ξ": "Xi", "Ο": "mathrm{O}", "Π": "Pi", "Ρ": "mathrm{P}", "Σ": "Sigma",
            "Τ": "mathrm{T}", "Υ": "Upsilon", "Φ": "Phi", "Χ": "mathrm{X}", "Ψ": "Psi", "Ω": "Omega",
        ]
        for (sign, name) in signs { all[sign] = "\\ensuremath{\\\(name)}" }
        let raised = Array("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ".unicodeScalars)
        let lowered = Array("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎".unicodeScalars)
        let plain = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "+", "\\textminus{}", "=", "(", ")", "n", "i"]
        for (sign, text) in zip(raised, plain) { all[sign] = "\\textsuperscript{\(text)}" }
        for (sign, text) in zip(lowered, plain) { all[sign] = "\\textsubscript{\(text)}" }
        for letter in ["ₙ": "n", "ₓ": "x", "ₘ": "m", "ₖ": "k", "ᵢ": "i", "ⱼ": "j"] as [Unicode.Scalar: String] {
            all[letter.key] = "\\textsubscript{\(letter.value)}"
        }
        return all
    }()
}
