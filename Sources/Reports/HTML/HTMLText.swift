/// HTML in the making. Markup comes from this module alone; all that comes from scripts and data goes through `text` and `attribute`.
struct HTMLText {
    private(set) var bytes: [UInt8] = []

    /// Adds markup of ours.
    mutating func markup(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Adds a number, which needs no escapes.
    mutating func number(_ value: Int) { bytes.append(contentsOf: String(value).utf8) }

    /// Adds bytes that are base64.
    mutating func encoded(_ data: [UInt8]) { bytes.append(contentsOf: base64(data)) }

    /// Adds the text of a style or a script of ours.
    mutating func own(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// Adds text: nothing in it is markup, and characters that show nothing are spelled out.
    mutating func text(_ text: some StringProtocol) { add(text, isAttribute: false) }

    /// Adds the value of an attribute between quotation marks.
    mutating func attribute(_ text: some StringProtocol) {
        bytes.append(0x22)
        add(text, isAttribute: true)
        bytes.append(0x22)
    }

    private mutating func add(_ text: some StringProtocol, isAttribute: Bool) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": markup("&amp;")
            case "<": markup("&lt;")
            case ">": markup("&gt;")
            case "\"": markup("&quot;")
            case "'": markup("&#39;")
            case "\n", "\t", " "..."~": bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            case _ where isUnseen(scalar):
                if isAttribute { markup("[") } else { markup("<span class=\"unseen\">") }
                bytes.append(contentsOf: codePoint(scalar).utf8)
                if isAttribute { markup("]") } else { markup("</span>") }
            default: bytes.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
            }
        }
    }
}
