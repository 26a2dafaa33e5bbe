/// Reports as an article in LaTeX that compiles by itself, with pdfLaTeX or LuaLaTeX.
public enum LaTeXReport {
    /// A report in LaTeX with the files it takes.
    public struct Written: Sendable, Hashable {
        /// The text of the article.
        public var text: String
        /// Files of figures, by paths from the folder of the article.
        public var files: [ReportFile]
        /// Files that the article would show, had it them: LaTeX takes PDF and PNG, no SVG. Until they are there it says so in their
        /// place.
        public var wanted: [String]
    }

    /// The most rows of a table on one page, and the most characters of a line of code.
    private static let pageRows = 40
    private static let lineWidth = 96

    /// The article of a document. `folder` is the path of its figures from its own folder; `pdf` gives the bytes of a PDF for a picture
    /// that LaTeX cannot take, or nil where there is none.
    public static func write(
        _ document: ReportDocument, folder: String = "figures", pdf: (ReportDocument.Picture) -> [UInt8]? = { _ in nil }
    ) -> Written {
        var figures = FigureFiles(folder: folder)
        var wanted: [String] = []
        let others = figuresInOtherForms(document)
        var blocks = [preamble, "\\title{\(LaTeXText.escaped(document.heading))}", "\\begin{document}", "\\maketitle"]
        var isTitleDue = document.saysItsTitle
        for cell in document.cells {
            switch cell.kind {
            case .markdown:
                if !cell.title.isEmpty { blocks.append("\\subsection{\(LaTeXText.escaped(cell.title))}") }
                var words = markdownBlocks(cell.source)
                // The title of the article has said it.
                if isTitleDue, case .heading(level: 1, _)? = words.first { words.removeFirst() }
                isTitleDue = isTitleDue && words.isEmpty
                blocks.append(LaTeXMarkdown.text(words))
            case .code:
                if !cell.title.isEmpty { blocks.append("\\subsection{\(LaTeXText.escaped(cell.title))}") }
                let source = withoutTail(cell.source)
                if !source.isEmpty { blocks.append(code(source)) }
            }
            blocks += cell.outputs.map { output in
                if case .figure(let picture) = output.content, others.contains(picture) { return "" }
                return block(output.content, &figures, &wanted, pdf)
            }
        }
        blocks += provenance(document)
        blocks.append("\\end{document}")
        return Written(text: blocks.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n", files: figures.files, wanted: wanted)
    }

    private static func provenance(_ document: ReportDocument) -> [String] {
        guard !document.provenance.isEmpty else { return [] }
        return ["\\appendix", "\\section{How these results came about}"]
            + document.provenance.flatMap { section in
                ["\\subsection{\(LaTeXText.escaped(section.heading))}"] + section.lines.map(LaTeXText.remark)
                    + (section.table.map { [table($0)] } ?? [])
            }
    }

    private static func block(
        _ content: ReportDocument.Output.Content, _ figures: inout FigureFiles, _ wanted: inout [String],
        _ pdf: (ReportDocument.Picture) -> [UInt8]?
    ) -> String {
        switch content {
        case .lines(let lines): return code(lines.joined(separator: "\n"))
        case .table(let grid): return table(grid)
        case .file(let path): return "\\noindent Written: \\texttt{\(LaTeXText.escaped(path))}"
        case .diagnostic(let severity, let text): return code(text.hasPrefix(severity) ? text : "\(severity): \(text)")
        case .figure(let picture):
            return figure(picture, &figures, &wanted, pdf)
        }
    }

    /// Pictures that need not be shown, since the same figure is there in a form that suits LaTeX better: PDF before PNG before SVG. A
    /// figure is the same where only the end of the file's name differs.
    private static func figuresInOtherForms(_ document: ReportDocument) -> Set<ReportDocument.Picture> {
        let order = ["application/pdf", "image/png", "image/svg+xml"]
        var found: [String: [ReportDocument.Picture]] = [:]
        for case .figure(let picture) in document.cells.flatMap(\.outputs).map(\.content) where !picture.bytes.isEmpty {
            guard let file = picture.file, let dot = file.lastIndex(of: ".") else { continue }
            found[String(file[..<dot]), default: []].append(picture)
        }
        return Set(
            found.values.flatMap { pictures in
                let best = pictures.compactMap { order.firstIndex(of: $0.mediaType) }.min()
                return pictures.filter { order.firstIndex(of: $0.mediaType) != best }
            })
    }

    private static func figure(
        _ picture: ReportDocument.Picture, _ figures: inout FigureFiles, _ wanted: inout [String],
        _ pdf: (ReportDocument.Picture) -> [UInt8]?
    ) -> String {
        let caption = picture.caption.isEmpty ? "" : "\\\\[4pt]\n\(LaTeXText.escaped(picture.caption))"
        var shown = picture
        if picture.mediaType == "image/svg+xml", let bytes = pdf(picture) {
            shown.mediaType = "application/pdf"
            shown.bytes = bytes
        }
        guard let name = figures.name(of: shown) else { return centred("\\fbox{\(LaTeXText.escaped(picture.alternative))}") }
        guard shown.mediaType == "image/svg+xml" else { return centred("\\figurefile{\(name)}" + caption) }
        let needed = String(name.dropLast(3)) + "pdf"
        wanted.append(needed)
        let remark = "\\fbox{\\texttt{\(LaTeXText.escaped(name))} as \\texttt{\(LaTeXText.escaped(needed))} is shown here}"
        return centred("\\IfFileExists{\(needed)}{\\figurefile{\(needed)}}{\(remark)}" + caption)
    }

    /// A table with its title and notes; a long one in parts that fit a page.
    private static func table(_ grid: ReportDocument.ResultGrid) -> String {
        let title = grid.title.isEmpty ? "" : "\\textbf{\(LaTeXText.escaped(grid.title))}\\\\[4pt]\n"
        let starts = Array(stride(from: 0, to: max(1, grid.rows.count), by: pageRows))
        let parts =
            grid.columns.isEmpty
            ? []
            : starts.map { start in
                centred(
                    (start == 0 ? title : "")
                        + "\\fitted{%\n\(LaTeXTable.tabular(grid, rows: grid.rows.dropFirst(start).prefix(pageRows)))}")
            }
        return (parts + grid.notes.map { "{\\small\\noindent \(LaTeXText.remark($0))\\par}" }).joined(separator: "\n\n")
    }

    /// What stands in the middle of a line.
    static func centred(_ text: String) -> String { "\\begin{center}\n\(text)\n\\end{center}" }

    /// Lines as they are; those that a page cannot hold go on in the next line behind an arrow.
    static func code(_ text: String) -> String {
        let rows = lines(of: visible(text)).flatMap { line in
            pieces(of: line).enumerated().map { ($0.offset == 0 ? "" : "\\wrapped{}") + LaTeXText.verbatim($0.element) }
        }
        return "\\begin{Verbatim}[commandchars=\\\\\\{\\},fontsize=\\footnotesize,frame=leftline,rulecolor=\\color{black!25}]\n"
            + rows.joined(separator: "\n") + "\n\\end{Verbatim}"
    }

    /// A line in pieces that a page can hold.
    private static func pieces(of line: String) -> [String] {
        guard line.utf8.count > lineWidth else { return [line] }
        var pieces: [String] = []
        var piece = String.UnicodeScalarView()
        var width = 0
        for scalar in line.unicodeScalars {
            let own = LaTeXCharacters.width(of: scalar)
            if width + own > lineWidth {
                pieces.append(String(piece))
                piece = String.UnicodeScalarView()
                width = 0
            }
            piece.append(scalar)
            width += own
        }
        return pieces + [String(piece)]
    }

    private static let preamble = #"""
        \documentclass[11pt,a4paper]{article}
        \usepackage{iftex}
        \ifpdftex
          \usepackage[T1]{fontenc}
          \usepackage[utf8]{inputenc}
          \usepackage{lmodern}
          % A character that the fonts lack, by its number.
          \newcommand\unicodechar[1]{\texttt{[U+#1]}}
        \else
          \usepackage{fontspec}
          \newcommand\unicodechar[1]{\iffontchar\font"#1 \symbol{"#1}\else\texttt{[U+#1]}\fi}
        \fi
        \usepackage{textcomp,amssymb,array,booktabs,graphicx,fancyvrb,xcolor}
        \usepackage[margin=25mm]{geometry}
        \usepackage[hidelinks,bookmarks=false]{hyperref}
        \setcounter{secnumdepth}{0}
        \setlength\parindent{0pt}
        \setlength\parskip{6pt}
        \setlength\emergencystretch{3em}
        \date{}
        \newsavebox\fitbox
        % What is wider than the page is made smaller, figures also what is higher.
        \newcommand\fitted[1]{\sbox\fitbox{#1}\ifdim\wd\fitbox>\linewidth\resizebox{\linewidth}{!}{\usebox\fitbox}\else\usebox\fitbox\fi}
        \newcommand\figurefile[1]{\sbox\fitbox{\includegraphics{#1}}%
          \ifdim\wd\fitbox>\linewidth\sbox\fitbox{\includegraphics[width=\linewidth]{#1}}\fi
          \ifdim\ht\fitbox>0.8\textheight\sbox\fitbox{\includegraphics[height=0.8\textheight]{#1}}\fi
          \usebox\fitbox}
        \newcommand\wrapped{\ensuremath{\hookrightarrow}}
        \makeatletter
        \newcommand\startat[1]{\setcounter{\@enumctr}{\numexpr#1-1}}
        \makeatother
        """#
}
