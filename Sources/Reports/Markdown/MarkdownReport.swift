/// Reports as Markdown, with the tables and fenced code of GitHub.
public enum MarkdownReport {
    /// The text of a report and the files of its figures, whose names begin with `folder`, a path from the report's own folder.
    public static func write(_ document: ReportDocument, folder: String = "figures") -> (text: String, files: [ReportFile]) {
        var blocks: [String] = document.saysItsTitle ? [] : ["# " + MarkdownText.escaped(document.heading)]
        var figures = FigureFiles(folder: folder)
        for cell in document.cells {
            switch cell.kind {
            case .markdown:
                if !cell.title.isEmpty { blocks.append("## " + MarkdownText.escaped(cell.title)) }
                blocks.append(MarkdownText.blocks(markdownBlocks(cell.source)))
            case .code:
                if !cell.title.isEmpty { blocks.append("## " + MarkdownText.escaped(cell.title)) }
                let source = withoutTail(cell.source)
                if !source.isEmpty { blocks.append(MarkdownText.fenced(source, language: "ecdx")) }
            }
            blocks += cell.outputs.map { block($0.content, &figures) }
        }
        let appendix = provenance(document)
        if !appendix.isEmpty { blocks.append(appendix) }
        return (blocks.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n", figures.files)
    }

    /// The provenance of a document as a section with a heading; empty where nothing is said of it.
    static func provenance(_ document: ReportDocument) -> String {
        guard !document.provenance.isEmpty else { return "" }
        var blocks = ["## How these results came about"]
        for section in document.provenance {
            blocks.append("### " + MarkdownText.escaped(section.heading))
            blocks += section.lines.map(MarkdownText.remark)
            if let table = section.table { blocks.append(self.table(table)) }
        }
        return blocks.joined(separator: "\n\n")
    }

    /// A table as GitHub's Markdown has it, its title above, its notes below.
    public static func table(_ grid: ReportDocument.ResultGrid) -> String {
        var blocks: [String] = grid.title.isEmpty ? [] : ["**\(MarkdownText.escaped(grid.title))**"]
        if !grid.columns.isEmpty {
            func row(_ texts: [String]) -> String { "| " + texts.joined(separator: " | ") + " |" }
            let head = row(grid.columns.map { MarkdownText.cell($0.label) })
            let sides = row(grid.columns.map { $0.isNumeric ? "---:" : ":---" })
            let body = grid.rows.map { row(grid.cells(of: $0).map(MarkdownText.cell)) }
            blocks.append(([head, sides] + body).joined(separator: "\n"))
        }
        return (blocks + grid.notes.map(MarkdownText.remark)).joined(separator: "\n\n")
    }

    private static func block(_ content: ReportDocument.Output.Content, _ figures: inout FigureFiles) -> String {
        switch content {
        case .lines(let lines): return MarkdownText.fenced(visible(lines.joined(separator: "\n")), language: "text")
        case .table(let grid): return table(grid)
        case .file(let path): return "Written: " + MarkdownText.code(path)
        case .diagnostic(let severity, let text):
            let all = text.hasPrefix(severity) ? text : "\(severity): \(text)"
            return lines(of: MarkdownText.fenced(visible(all), language: "text")).map { "> " + $0 }.joined(separator: "\n")
        case .figure(let picture):
            guard let name = figures.name(of: picture) else { return MarkdownText.paragraph("Figure: " + picture.alternative) }
            // Markdown shows no pages.
            let mark = picture.mediaType == "application/pdf" ? "" : "!"
            return "\(mark)[\(MarkdownText.escaped(picture.alternative))](<\(MarkdownText.destination(name))>)"
        }
    }
}

/// Files of the figures of a report: one for each picture, the same picture once.
struct FigureFiles {
    let folder: String
    private(set) var files: [ReportFile] = []
    private var names: [ReportDocument.Picture: String] = [:]
    private var taken: Set<String> = []

    init(folder: String) { self.folder = folder }

    /// The path of the file of a picture; nil for pictures without bytes, and of types that reports do not know.
    mutating func name(of picture: ReportDocument.Picture) -> String? {
        if let name = names[picture] { return name }
        guard let ending = picture.fileEnding, !picture.bytes.isEmpty else { return nil }
        let stem = Self.stem(picture.file) ?? "figure-\(files.count + 1)"
        var name = "\(stem).\(ending)"
        var count = 1
        // Two names that differ in their capitals are one on some disks.
        while !taken.insert(name.lowercased()).inserted {
            count += 1
            name = "\(stem)-\(count).\(ending)"
        }
        let path = folder.isEmpty ? name : folder + "/" + name
        files.append(ReportFile(name: path, bytes: picture.bytes))
        names[picture] = path
        return path
    }

    /// The last part of a path without its ending, of letters that mean nothing to Markdown, LaTeX or a shell; nil where none are left.
    private static func stem(_ path: String?) -> String? {
        guard let last = path?.split(separator: "/").last else { return nil }
        let words = last.split(separator: ".", omittingEmptySubsequences: false)
        let plain = (words.count > 1 ? words.dropLast().joined(separator: "-") : String(last)).unicodeScalars.map { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil) ? Character(scalar) : "-"
        }
        let stem = String(plain.drop { $0 == "-" }.prefix(60))
        return stem.isEmpty ? nil : stem
    }
}
