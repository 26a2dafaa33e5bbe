import Reports

/// The escape sequences of kitty's graphics protocol (https://sw.kovidgoyal.net/kitty/graphics-protocol/).
public enum KittyImage {
    /// The largest number of base64 characters in one sequence.
    static let chunk = 4096

    /// The query whether pictures are understood: a picture of one pixel that is looked at and not kept.
    public static let query = "\u{1B}_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u{1B}\\"

    /// The sequences that show a PNG file at the cursor, over at most `columns` columns where that is given. `multiplexed`
    /// wraps each so that tmux passes it on.
    public static func sequences(png: [UInt8], columns: Int? = nil, multiplexed: Bool = false) -> [String] {
        let text = Array(base64(png))
        // `q=2`: the terminal answers nothing, since nobody reads an answer.
        let first = "a=T,f=100,q=2" + (columns.map { ",c=\($0)" } ?? "")
        var sequences: [String] = []
        var start = 0
        repeat {
            let end = min(text.count, start + chunk)
            let keys = (start == 0 ? first + "," : "") + "m=\(end < text.count ? 1 : 0)"
            let sequence = "\u{1B}_G\(keys);\(String(decoding: text[start..<end], as: UTF8.self))\u{1B}\\"
            sequences.append(multiplexed ? wrapped(sequence) : sequence)
            start = end
        } while start < text.count
        return sequences
    }

    private static func wrapped(_ sequence: String) -> String {
        "\u{1B}Ptmux;" + sequence.replacing("\u{1B}", with: "\u{1B}\u{1B}") + "\u{1B}\\"
    }
}
