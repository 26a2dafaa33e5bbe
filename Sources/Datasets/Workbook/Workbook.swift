import Diagnostics

/// A workbook of Office Open XML (ECMA-376, `.xlsx`): its sheets, and the texts that its cells share.
struct Workbook {
    struct Sheet {
        let name: String
        /// The part of the archive that holds the sheet; nil for what holds no cells, such as a chart.
        let part: String?
    }

    let archive: ZipArchive
    let sheets: [Sheet]
    private let sharedPart: String?

    var file: String { archive.file }

    /// Opens a workbook. Throws `cannot-read`, and `bad-data` for what is no workbook.
    init(path: String) throws {
        let archive = try ZipArchive(path: path)
        self.archive = archive
        let document = try relations(of: "", in: archive).first { $0.kind == "officeDocument" }?.part ?? "xl/workbook.xml"
        guard let contents = try archive.contents(of: document) else {
            throw workbookFault(path, "expected a workbook (.xlsx), found a zip archive without one")
        }
        let related = try relations(of: document, in: archive)
        var sheets: [Sheet] = []
        try forEach(contents, document, path) { event in
            guard case .start("sheet", let attributes) = event else { return }
            guard let name = attributes.first(where: { $0.name == "name" })?.value,
                let id = attributes.first(where: { $0.name == "id" && $0.isPrefixed })?.value
            else {
                throw workbookFault(path, "expected each sheet to have a name and a part, found one without")
            }
            guard !sheets.contains(where: { $0.name == name }) else {
                throw workbookFault(path, "expected each sheet to have a name of its own, found `\(name)` twice")
            }
            sheets.append(Sheet(name: name, part: related.first { $0.id == id && $0.kind == "worksheet" }?.part))
        }
        guard !sheets.isEmpty else { throw workbookFault(path, "expected a workbook with sheets, found none") }
        self.sheets = sheets
        sharedPart = related.first { $0.kind == "sharedStrings" }?.part
    }

    /// The sheet named `name`, or the only one where that is nil. Throws `unknown-sheet`.
    func sheet(_ name: String?) throws -> Sheet {
        let names = sheets.map(\.name)
        func unknown(_ message: String, near: String?) -> Diagnostic {
            let list = names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", ..." : "")
            return Diagnostic(
                "unknown-sheet", message, data: DataPlace(file: file),
                hint: near.map { "did you mean `\($0)`?" } ?? "its sheets are \(list)")
        }
        guard let name else {
            guard let only = sheets.first, sheets.count == 1 else {
                throw unknown("expected the name of a sheet, found a workbook of \(sheets.count)", near: nil)
            }
            return only
        }
        guard let sheet = sheets.first(where: { $0.name == name }) else {
            throw unknown("there is no sheet `\(name)`", near: nearMiss(name, among: names))
        }
        return sheet
    }

    /// The texts that cells refer to by number.
    func sharedStrings() throws -> [String] {
        guard let sharedPart, let contents = try archive.contents(of: sharedPart) else { return [] }
        var strings: [String] = []
        var text = CellText()
        try forEach(contents, sharedPart, file) { event in
            if case .start("si", _) = event { text = CellText() }
            text.take(event)
            if case .end("si") = event { strings.append(text.text) }
        }
        return strings
    }
}

/// The text of an item made of runs: every `t`, save those that only say how to pronounce it.
struct CellText {
    private(set) var text = ""
    private var isText = false, isPhonetic = false

    mutating func take(_ event: XMLEvent) {
        switch event {
        case .start("t", _): isText = true
        case .end("t"): isText = false
        case .start("rPh", _): isPhonetic = true
        case .end("rPh"): isPhonetic = false
        case .text(let piece) where isText && !isPhonetic: text += piece
        default: break
        }
    }
}

/// Goes through the events of a part; faults of its XML become `bad-data`.
func forEach(_ contents: [UInt8], _ part: String, _ file: String, _ body: (XMLEvent) throws -> Void) throws {
    do {
        var reader = try XMLReader(contents)
        while let event = try reader.next() { try body(event) }
    } catch let fault as XMLFault {
        throw workbookFault(file, "the part `\(part)` is damaged in its line \(fault.line): \(fault.message)")
    }
}

private struct Relation {
    let id: String, kind: String, part: String
}

/// The parts that a part of the archive refers to; "" stands for the archive itself.
private func relations(of part: String, in archive: ZipArchive) throws -> [Relation] {
    let folder = part.lastIndex(of: "/").map { String(part[..<$0]) } ?? ""
    let name = part.split(separator: "/").last.map(String.init) ?? ""
    let path = (folder.isEmpty ? "" : folder + "/") + "_rels/" + name + ".rels"
    guard let contents = try archive.contents(of: path) else { return [] }
    var found: [Relation] = []
    try forEach(contents, path, archive.file) { event in
        guard case .start("Relationship", let attributes) = event else { return }
        func value(_ name: String) -> String? { attributes.first { $0.name == name && !$0.isPrefixed }?.value }
        guard value("TargetMode") != "External", let id = value("Id"), let type = value("Type"), let target = value("Target") else {
            return
        }
        guard let part = partPath(target, from: folder) else {
            throw workbookFault(archive.file, "expected parts within the archive, found `\(target.prefix(60))`")
        }
        found.append(Relation(id: id, kind: type.split(separator: "/").last.map(String.init) ?? "", part: part))
    }
    return found
}
