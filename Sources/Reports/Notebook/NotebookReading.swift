import Diagnostics
import Storage

extension Notebook {
    /// The largest notebook that is read, in bytes.
    public static let largest = 1 << 28
    /// The deepest nesting of the JSON of a notebook.
    private static let deepest = 256

    /// The script of a notebook. Cells that we wrote come back to the byte; others get the mark `# %%`, text as comments. Outputs and
    /// pictures inside text are no part of a script. `file` is the name in diagnostics. Throws `bad-data` for what is no JSON and
    /// `bad-notebook` for what is no notebook of nbformat 4, or one of another language.
    public static func script(_ bytes: [UInt8], file: String) throws -> String {
        guard bytes.count <= largest else {
            throw fault("expected a notebook of at most 256 MiB, found \(bytes.count >> 20) MiB", file, "clear its outputs in Jupyter")
        }
        let place = DataPlace(file: file)
        let notebook = try JSONValue(parsing: bytes, in: place, depth: deepest)
        try checkFormat(notebook, file)
        try checkLanguage(notebook["metadata"], file)
        guard let cells = notebook["cells"]?.arrayValue else {
            throw fault("expected a list of cells under the name `cells`, found none", file)
        }
        let read = try cells.enumerated().compactMap { try cell($0.element, number: $0.offset + 1, file) }
        // Behind it nothing is written any more.
        let lastText = read.lastIndex { $0.script != "" } ?? 0
        var text = ""
        for (index, cell) in read.enumerated() {
            let isLast = index == read.count - 1
            guard let script = cell.script else {
                text += cell.text.script(isLast: isLast)
                continue
            }
            // A piece without a mark stands at the beginning, or goes on from text; moved elsewhere it needs one.
            if !cell.text.isMarked, !script.isEmpty, index > 0, read[index - 1].text.kind != .markdown { text += "# %%\n" }
            text += script
            if index < lastText, !script.isEmpty, script.utf8.last != 0x0A { text += "\n\n" }
        }
        return text
    }

    private static func fault(_ message: String, _ file: String, _ hint: String? = nil) -> Diagnostic {
        Diagnostic("bad-notebook", message, data: DataPlace(file: file), hint: hint)
    }

    private static func checkFormat(_ notebook: JSONValue, _ file: String) throws {
        guard let format = notebook["nbformat"]?.intValue else {
            throw fault("expected a notebook of Jupyter, found JSON without `nbformat`", file)
        }
        guard format != 4 else { return }
        throw fault(
            "expected a notebook of nbformat 4, found nbformat \(format)", file,
            format < 4 ? "`jupyter nbconvert --to notebook \(file)` writes it anew" : "save it in Jupyter as a notebook of nbformat 4")
    }

    /// Refuses notebooks of other languages. One that we wrote stays ours, whatever kernel somebody has chosen to look at it.
    private static func checkLanguage(_ metadata: JSONValue?, _ file: String) throws {
        guard metadata?[entry]?.objectValue == nil else { return }
        let named = metadata?["language_info"]?["name"]?.stringValue ?? metadata?["kernelspec"]?["language"]?.stringValue
        guard let named, named != language else { return }
        throw fault(
            "expected a notebook whose cells are in the language of ecdx, found one in `\(named)`", file,
            "write its cells anew as a script; `ecdx help` lists the words")
    }

    /// A cell that was read: as a notebook shows it, and the piece of a script that it was made of where it has not been changed since.
    private struct ReadCell {
        var text: CellText
        var script: String?
    }

    /// Reads a cell; nil for the provenance that we wrote. Numbers count from 1.
    private static func cell(_ json: JSONValue, number: Int, _ file: String) throws -> ReadCell? {
        guard let type = json["cell_type"]?.stringValue else {
            throw fault("expected cell \(number) to say its `cell_type`, found none", file)
        }
        guard let source = text(json["source"]) else {
            throw fault("expected the `source` of cell \(number) to be a text or a list of lines, found something else", file)
        }
        let own = json["metadata"]?[entry]
        if own?["provenance"]?.boolValue == true { return nil }
        switch type {
        case "code": return restored(CellText(kind: .code, source: source), own)
        case "markdown": return restored(CellText(kind: .markdown, title: own?["title"]?.stringValue ?? "", source: source), own)
        case "raw": return ReadCell(text: CellText(kind: .code, source: rawCell(plainEnds(source))))
        default:
            throw fault(
                "expected a cell of type `code`, `markdown` or `raw`, found `\(type)` in cell \(number)", file)
        }
    }

    /// A cell with the piece of a script that we left in its metadata, if the cell still shows what that piece gives.
    private static func restored(_ cell: CellText, _ own: JSONValue?) -> ReadCell {
        if let script = own?["script"]?.stringValue, !CellText.hasMarkInside(script) {
            let parts = CellText.cells(of: script)
            if parts.count == 1, let found = parts.first?.cell, found.kind == cell.kind, found.source.utf8.elementsEqual(cell.source.utf8) {
                return ReadCell(text: found, script: script)
            }
        }
        var plain = cell
        plain.source = plainEnds(cell.source)
        if cell.title.utf8.contains(0x0A) { plain.title = "" }
        return ReadCell(text: plain)
    }

    /// A cell that Jupyter hands to converters as it is: to a script it is a remark.
    private static func rawCell(_ source: String) -> String {
        (["# %% [raw]"] + (source.isEmpty ? [] : lines(of: source).map(comment))).joined(separator: "\n")
    }

    /// A text of a notebook: a string, or a list of strings that make one together.
    private static func text(_ json: JSONValue?) -> String? {
        if let text = json?.stringValue { return text }
        guard let parts = json?.arrayValue else { return nil }
        var text = ""
        for part in parts {
            guard let part = part.stringValue else { return nil }
            text += part
        }
        return text
    }

    /// A text with line feeds alone at the ends of its lines.
    private static func plainEnds(_ text: String) -> String {
        guard text.utf8.contains(0x0D) else { return text }
        return lines(of: text).map { $0.utf8.last == 0x0D ? String(decoding: $0.utf8.dropLast(), as: UTF8.self) : $0 }
            .joined(separator: "\n")
    }
}
