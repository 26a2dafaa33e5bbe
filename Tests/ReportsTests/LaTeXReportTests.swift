import TestSupport
import Testing

@testable import Reports

/// Reports in LaTeX. What they look like under pdfLaTeX and LuaLaTeX is for eyes.
@Suite(.timed) struct LaTeXReportTests {
    @Test func textsAreEscaped() {
        #expect(
            LaTeXText.escaped("a_b & 50% #1 {x} $y$ \\ ^ ~")
                == ##"a\_b \& 50\% \#1 \{x\} \$y\$ \textbackslash{} \textasciicircum{} \textasciitilde{}"##)
        #expect(
            LaTeXText.escaped("<a> \"b\" `c` -- [d] |") == #"\textless{}a\textgreater{} \textquotedbl{}b\textquotedbl{} "#
                + #"\textasciigrave{}c\textasciigrave{} -{}-{} {[}d{]} \textbar{}"#)
        #expect(
            LaTeXText.escaped("\u{C5} \u{B2} \u{3B1} \u{2013} \u{E9} \u{4F60}")
                == #"Å \textsuperscript{2} \ensuremath{\alpha} \textendash{} é \unicodechar{4F60}"#)
        // The accents of Miller indices and of decomposed letters.
        #expect(LaTeXText.escaped("[1\u{305}0] e\u{301}") == #"{[}\={1}0{]} \'{e}"#)
        #expect(LaTeXText.escaped("\u{301}x \u{202E}y\n\u{0}") == #"\'{}x {[}U+202E{]}y {[}U+0000{]}"#)
        #expect(
            LaTeXText.verbatim("a{b}\\end{Verbatim} 'c' %$&#^_~")
                == #"a\{b\}\textbackslash{}end\{Verbatim\} \textquotesingle{}c\textquotesingle{} %$&#^_~"#)
        #expect(LaTeXText.unit("eV/\u{C5}^3") == #"eV/Å\textsuperscript{3}"#)
        #expect(LaTeXText.unit("cm^-1") == #"cm\textsuperscript{\textminus{}1}"#)
        #expect(LaTeXText.address("https://x.org/a_b?c=%20#{}") == ##"https://x.org/a\_b?c=\%20\#\%7B\%7D"##)
    }

    @Test func aTable() {
        var grid = ReportSamples.grid
        grid.rows = [["bulk & more", "-1.25", "1e-5"], ["[a]", "12"]]
        #expect(
            LaTeXTable.tabular(grid) == #"""
                \begin{tabular}{@{}lrr@{}}
                    \toprule
                    model & RMSE (GPa) & E\_f (eV/Å\textsuperscript{3}) \\
                    \midrule
                    bulk \& more & \textminus{}1.25 & 1e\textminus{}5 \\
                    {[}a{]} & 12 &  \\
                    \bottomrule
                \end{tabular}
                """#)
        // Long texts break.
        #expect(
            LaTeXTable.tabular(ReportSamples.grid).hasPrefix(#"\begin{tabular}{@{}>{\raggedright\arraybackslash}p{0.5\linewidth}rr@{}}"#))
    }

    @Test func aReport() {
        let written = LaTeXReport.write(ReportSamples.document(), folder: "f")
        #expect(written.files.map(\.name) == ["f/parity---50-.svg", "f/a.png"] && written.wanted == ["f/parity---50-.pdf"])
        #expect(written.text.contains(#"\IfFileExists{f/parity---50-.pdf}{\figurefile{f/parity---50-.pdf}}{\fbox"#))
        #expect(written.text.contains(#"\figurefile{f/a.png}"#) && written.text.contains(#"\title{Bulk modulus}"#))
        // The heading that is the title is not said twice.
        #expect(!written.text.contains(#"\section{Bulk modulus}"#))
        #expect(written.text.contains(#"of \emph{cubic} \textless{}b\textgreater{}crystals"#))
        #expect(written.text.contains(#"say \texttt{ecdx run a\_b} \& wait"#) && written.text.contains(#"an odd \textasciigrave{} quote"#))
        let begun = written.text.matches(of: /\\begin\{([A-Za-z]+)\}/).map(\.1)
        let ended = written.text.matches(of: /\\end\{([A-Za-z]+)\}/).map(\.1)
        #expect(begun.sorted() == ended.sorted() && begun.count > 8)
        let drawn = LaTeXReport.write(ReportSamples.document(), folder: "f", pdf: { _ in [0x25] })
        #expect(drawn.files.map(\.name) == ["f/parity---50-.pdf", "f/a.png"] && drawn.wanted == [])
    }

    /// A figure that was drawn in several forms is shown once, in that which suits LaTeX best.
    @Test func figuresInSeveralForms() {
        let types = ["svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"]
        func shown(_ names: [String]) -> [String] {
            let outputs = names.map { name in
                ReportDocument.Output(.figure(.init(mediaType: types[String(name.suffix(3))] ?? "", bytes: Array(name.utf8), file: name)))
            }
            let cell = ReportDocument.Cell(title: "", kind: .code, source: "plot", line: 1, outputs: outputs)
            return LaTeXReport.write(ReportDocument(title: "", script: "a", cells: [cell]), folder: "").files.map(\.name)
        }
        #expect(shown(["a.svg", "a.png", "b.png", "b.pdf", "c.svg", "c/a.svg"]) == ["a.png", "b.pdf", "c.svg", "a.svg"])
    }

    @Test func longLinesAndDeepListsFit() {
        let long = String(repeating: "0123456789", count: 1000)
        let code = LaTeXReport.code(long)
        #expect(code.split(separator: "\n").allSatisfy { $0.count < 120 } && code.contains("\n\\wrapped{}"))
        let deep = (0..<12).map { String(repeating: "  ", count: $0) + "- x" }.joined(separator: "\n")
        let text = LaTeXMarkdown.text(markdownBlocks(deep))
        #expect(text.matches(of: /begin\{itemize\}/).count == 4 && text.matches(of: /x/).count >= 12)
        #expect(LaTeXMarkdown.text(markdownBlocks("3. a\n4. b")).contains("\\begin{enumerate}\n\\startat{3}\n\\item{} a"))
    }
}
