/// A file that belongs to a report, to be written beside it.
public struct ReportFile: Sendable, Hashable {
    /// Path from the folder of the report, with `/`.
    public var name: String
    /// The bytes of the file.
    public var bytes: [UInt8]

    /// Creates a file.
    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

extension ReportDocument {
    /// The title; the name of the script where that is empty.
    var heading: String { title.isEmpty ? script : title }

    /// Whether the first text of the document begins with the title as its heading, so that it need not be said again.
    var saysItsTitle: Bool {
        guard let first = cells.first(where: { !$0.source.isEmpty }), first.kind == .markdown else { return false }
        if case .heading(level: 1, _)? = markdownBlocks(first.source).first { return true }
        return false
    }
}

extension ReportDocument.ResultGrid.Column {
    /// The header with the unit behind it.
    var label: String { unit.map { header.isEmpty ? $0 : "\(header) (\($0))" } ?? header }
}

extension ReportDocument.ResultGrid {
    /// The texts of a row, one for each column, whether the row has them or not.
    func cells(of row: [String]) -> [String] { columns.indices.map { row.indices.contains($0) ? row[$0] : "" } }
}

extension ReportDocument.Picture {
    /// The ending of a file of this type; nil for types that reports do not know.
    var fileEnding: String? {
        switch mediaType {
        case "image/svg+xml": "svg"
        case "image/png": "png"
        case "image/jpeg": "jpg"
        case "application/pdf": "pdf"
        default: nil
        }
    }

    /// The width at which a PNG file is shown, by its header, in pixels; nil for others. Figures are drawn with two pixels for one, for
    /// screens that have them.
    var shownWidth: Int? {
        guard mediaType == "image/png", bytes.count > 24, bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) else { return nil }
        let width = bytes[16..<20].reduce(0) { $0 << 8 | Int($1) }
        return (1...100_000).contains(width) ? (width + 1) / 2 : nil
    }

    /// What stands for the picture where it cannot be seen.
    var alternative: String { caption.isEmpty ? (file ?? "figure") : caption }
}

/// The pieces of a remark of ours, in which names stand between back quotes; every second is a name. A text with an odd back quote is
/// one piece.
func remarkPieces(_ text: String) -> [String] {
    let pieces = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
    return pieces.count.isMultiple(of: 2) ? [text] : pieces
}

/// A text in which characters that show nothing of themselves are named by their code point; a name could look like another with them.
/// Tabs become spaces, line feeds stay.
func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0 == "\t" || isUnseen($0) }) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        if isUnseen(scalar) {
            result.append(contentsOf: "[\(codePoint(scalar))]".unicodeScalars)
        } else {
            result.append(scalar == "\t" ? " " : scalar)
        }
    }
    return String(result)
}
