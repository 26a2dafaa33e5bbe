import Glibc

/// Quotes a text as a gnuplot string that gnuplot only draws: in single quotes, within which it runs no backticks, expands
/// no macros and reads no escapes. Characters that control a line or its direction are dropped, and the straight quote is
/// drawn as an apostrophe: gnuplot 5.4 reads a doubled quote at the start of a string as the string's end.
func quoted(_ text: String, limit: Int = 400) -> String {
    "'" + cleaned(text, limit: limit).replacing("'", with: "’") + "'"
}

/// Quotes the name of a file as a gnuplot string. `./` keeps a name that starts with `|` from being a command, and a
/// doubled quote from standing at the start.
func quotedPath(_ name: String) -> String {
    "'" + (name.hasPrefix("/") ? name : "./" + name).replacing("'", with: "''") + "'"
}

/// Removes control characters from a text and shortens it to `limit` characters.
func cleaned(_ text: String, limit: Int) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        switch scalar.properties.generalCategory {
        case .control where scalar == "\n" || scalar == "\t", .lineSeparator, .paragraphSeparator: scalars.append(" ")
        case .control, .format, .surrogate, .privateUse, .unassigned: continue
        default: scalars.append(scalar)
        }
        // A letter may carry any number of marks: the limit on characters alone would bound nothing.
        if scalars.count > 4 * limit { break }
    }
    let clean = String(scalars)
    return clean.count > limit ? clean.prefix(max(1, limit - 1)) + "…" : clean
}

/// Spells out the first `limit` characters of a text that `cleaned` would remove or replace, as in `a\u{1}b`.
func spelledOut(_ text: String, limit: Int) -> String {
    text.unicodeScalars.prefix(limit).reduce(into: "") { spelled, scalar in
        let shown = String(scalar)
        spelled += cleaned(shown, limit: 1) == shown ? shown : "\\u{\(String(scalar.value, radix: 16))}"
    } + (text.unicodeScalars.count > limit ? "…" : "")
}

/// Estimates the width of a text in pixels, a little over that of DejaVu Sans, the widest of the usual fonts.
func textWidth(_ text: String, size: Double) -> Double {
    var ems = 0.0
    for character in text {
        let em: Double =
            switch character {
            case "i", "j", "l", "t", "f", "r", "I", ".", ",", ":", ";", "'", "|", "!", "(", ")", "[", "]", " ", "-", "/": 0.4
            case "m", "w", "M", "W", "@", "%": 0.98
            case _ where character.isUppercase: 0.72
            case _ where character.isASCII: 0.64
            case "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹", "⁻": 0.45
            case _ where (character.unicodeScalars.first?.value ?? 0) >= 0x1100: 1.05
            default: 0.7
            }
        ems += em
    }
    return ems * size
}

/// Cuts a text so that it is at most `width` pixels wide.
func fitted(_ text: String, width: Double, size: Double) -> String {
    let clean = cleaned(text, limit: 400)
    guard textWidth(clean, size: size) > width else { return clean }
    var kept = ""
    for character in clean {
        if textWidth(kept + String(character) + "…", size: size) > width { break }
        kept.append(character)
    }
    return kept + "…"
}

/// Wraps a text at spaces into lines of at most `width` pixels, at most `limit` of them.
func wrapped(_ text: String, width: Double, size: Double, limit: Int = 4) -> [String] {
    var lines = wrapped(text) { textWidth($0, size: size) <= width }.map { fitted($0, width: width, size: size) }
    guard lines.count > limit else { return lines }
    lines = Array(lines.prefix(limit))
    lines[limit - 1] += " …"
    return lines
}

/// Wraps a text at spaces into lines that fit; a word that does not fit has a line of its own.
func wrapped(_ text: String, fits: (String) -> Bool) -> [String] {
    var lines: [String] = []
    for word in cleaned(text, limit: 1000).split(separator: " ") {
        if let last = lines.last, fits(last + " " + word) {
            lines[lines.count - 1] = last + " " + word
        } else {
            lines.append(String(word))
        }
    }
    return lines
}

/// Formats a number for gnuplot: the shortest text that reads back as the same value rounded to `digits` significant
/// digits.
func number(_ value: Double, digits: Int = 10) -> String {
    guard value.isFinite else { return "NaN" }
    let rounded = roundedTo(value, significant: digits)
    if rounded == rounded.rounded(), rounded.magnitude < 1e9 { return String(Int(rounded)) }
    return "\(rounded)"
}

func roundedTo(_ value: Double, significant digits: Int) -> Double {
    guard value != 0, value.isFinite else { return value }
    let power = digits - 1 - decade(value.magnitude)
    guard power.magnitude < 290 else { return value }
    let factor = powerOfTen(Int(power.magnitude))
    let result = power >= 0 ? (value * factor).rounded() / factor : (value / factor).rounded() * factor
    return result.isFinite ? result : value
}

/// The decade of a positive finite value: the greatest n with 10^n <= value.
func decade(_ value: Double) -> Int {
    guard value > 0, value.isFinite else { return 0 }
    var exponent = Int(log10(value).rounded(.down))
    if exponent < 300, exponent >= -300 {
        if exponent >= 0 ? powerOfTen(exponent + 1) <= value : 1 / powerOfTen(-exponent - 1) <= value { exponent += 1 }
    }
    return exponent
}

/// The power of ten 10^n, n from 0 to 308.
func powerOfTen(_ n: Int) -> Double { powersOfTen.indices.contains(n) ? powersOfTen[n] : .infinity }

// Read from text: products of 10 would not be the nearest doubles.
private let powersOfTen: [Double] = (0...308).map { Double("1e\($0)") ?? .infinity }
