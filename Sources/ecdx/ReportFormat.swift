import Reports

/// A form of documents.
struct ReportFormat: Sendable {
    /// A document in its form.
    struct Made {
        /// The bytes of the document.
        var bytes: [UInt8]
        /// Files beside it, by paths from its folder.
        var files: [ReportFile] = []
        /// What its reader has to know of it; nil where that is nothing.
        var remark: String?
    }

    /// The name on the command line.
    var name: String
    /// The end of the file's name.
    var ending: String
    /// A document in this form; the text is the folder of figures, seen from its own.
    var write: @Sendable (ReportDocument, String) throws -> Made

    /// All forms; the first is that of a report of which nothing else is said.
    static let all = [
        ReportFormat(name: "html", ending: "html") { document, _ in Made(bytes: try htmlReport(document)) },
        ReportFormat(name: "md", ending: "md") { document, folder in
            let (text, files) = MarkdownReport.write(document, folder: folder)
            return Made(bytes: Array(text.utf8), files: files)
        },
        ReportFormat(name: "tex", ending: "tex", write: article),
        ReportFormat(name: "ipynb", ending: "ipynb") { document, _ in Made(bytes: Array(try Notebook.text(document).utf8)) },
    ]

    /// The form that a file's ending names; nil where it names none.
    static func of(_ path: String) -> ReportFormat? { all.first { path.lowercased().hasSuffix("." + $0.ending) } }

    private static let article: @Sendable (ReportDocument, String) throws -> Made = { document, folder in
        let written = LaTeXReport.write(document, folder: folder)
        let wanted = written.wanted.joined(separator: ", ")
        return Made(
            bytes: Array(written.text.utf8), files: written.files,
            remark: wanted.isEmpty
                ? nil : "LaTeX takes no SVG: plot these figures to `.pdf` or `.png` too, or convert them to \(wanted)")
    }

    /// The name of the document of a script: its own with another end.
    func file(forScript script: String, isSmoke: Bool) -> String {
        let stem = script.hasSuffix(".ecdx") && script.count > 5 ? String(script.dropLast(5)) : script
        return stem + (isSmoke ? ".smoke." : ".") + ending
    }

    /// The folder of the figures of a document, beside it.
    static func figureFolder(of document: String) -> String {
        let stem = document.split(separator: ".").dropLast().joined(separator: ".")
        // Neither LaTeX nor a link knows what to do with other characters.
        let plain = (stem.isEmpty ? document : stem).map { $0.isASCII && ($0.isLetter || $0.isNumber || "._".contains($0)) ? $0 : "-" }
        return String(plain) + "-figures"
    }
}
