import Diagnostics
import Storage

/// Notebooks of Jupyter (nbformat 4.5) made of documents. Reading them is in `NotebookReading.swift`.
public enum Notebook {
    /// The name by which notebooks know the language.
    static let language = "ecdx"
    /// The name of our entry in the metadata of notebooks and cells.
    static let entry = "ecdx"

    /// The text of a notebook with the cells of a document, their outputs, and a last cell of text with the provenance. The same document
    /// gives the same bytes. Throws what hashing throws.
    public static func text(_ document: ReportDocument) throws -> String {
        let isRun = document.cells.contains { !$0.outputs.isEmpty }
        var cells: [JSONValue] = []
        var names = CellNames()
        var count = 0
        let parts = pieces(of: document)
        for (index, part) in parts.enumerated() {
            var own: [String: JSONValue] = [:]
            // Ends of line with a carriage return are not what a reader of other notebooks keeps.
            let usual = part.cell.script(isLast: index == parts.count - 1)
            if part.text.utf8.contains(0x0D) || !part.text.utf8.elementsEqual(usual.utf8) { own["script"] = .string(part.text) }
            if part.cell.kind == .markdown, !part.cell.title.isEmpty { own["title"] = .string(part.cell.title) }
            var cell: [String: JSONValue] = [
                "cell_type": .string(part.cell.kind.rawValue), "id": .string(try names.name(of: part.cell)),
                "metadata": own.isEmpty ? [:] : .object([entry: .object(own)]), "source": multiline(part.cell.source),
            ]
            if part.cell.kind == .code {
                count += 1
                cell["execution_count"] = isRun ? .integer(count) : .null
                cell["outputs"] = .array(part.outputs.map(json))
            }
            cells.append(.object(cell))
        }
        if !document.provenance.isEmpty {
            let cell = CellText(kind: .markdown, source: MarkdownReport.provenance(document))
            cells.append([
                "cell_type": "markdown", "id": .string(try names.name(of: cell)), "metadata": .object([entry: ["provenance": true]]),
                "source": multiline(cell.source),
            ])
        }
        let notebook: JSONValue = [
            "cells": .array(cells), "metadata": metadata(document), "nbformat": 4, "nbformat_minor": 5,
        ]
        return notebook.pretty
    }

    private static func metadata(_ document: ReportDocument) -> JSONValue {
        [
            entry: ["script": .string(document.script)], "title": .string(document.heading),
            "kernelspec": ["display_name": "ecdx", "language": .string(language), "name": "ecdx"],
            // Without the name of a lexer, nbconvert looks for one of the language's name and warns.
            "language_info": ["file_extension": ".ecdx", "mimetype": "text/x-ecdx", "name": .string(language), "pygments_lexer": "text"],
        ]
    }

    /// A cell of a notebook in the making, with the piece of the script that it stands for.
    private struct Piece {
        var cell: CellText
        var text: String
        /// The number of its first line in the script.
        var line: Int
        var outputs: [ReportDocument.Output] = []
    }

    private static func pieces(of document: ReportDocument) -> [Piece] {
        guard let text = document.text else {
            return document.cells.enumerated().flatMap { index, cell in
                var pieces = self.pieces(of: script(of: cell, isLast: index == document.cells.count - 1), line: cell.line)
                give(cell.outputs, to: &pieces, line: cell.line)
                return pieces
            }
        }
        var line = 1
        var all: [Piece] = []
        for piece in CellText.pieces(of: text) {
            all += pieces(of: piece, line: line)
            line += piece.utf8.count { $0 == 0x0A }
        }
        for cell in document.cells { give(cell.outputs, to: &all, line: cell.line) }
        return all
    }

    /// The cells of a piece of a script that has one mark at most.
    private static func pieces(of text: String, line: Int) -> [Piece] {
        var line = line
        return CellText.cells(of: text).map { part in
            defer { line += part.text.utf8.count { $0 == 0x0A } }
            return Piece(cell: part.cell, text: part.text, line: line)
        }
    }

    /// Gives outputs to the cell of code in which a line of the script stands: cells of text have none.
    private static func give(_ outputs: [ReportDocument.Output], to pieces: inout [Piece], line: Int) {
        guard !outputs.isEmpty else { return }
        if let index = pieces.lastIndex(where: { $0.cell.kind == .code && $0.line <= line }) {
            pieces[index].outputs += outputs
        } else {
            pieces.append(Piece(cell: CellText(kind: .code, source: "", isMarked: false), text: "", line: line, outputs: outputs))
        }
    }

    /// The script of a cell of which only the text is known.
    private static func script(of cell: ReportDocument.Cell, isLast: Bool) -> String {
        let isTitled = cell.kind == .code && !cell.title.isEmpty
        return CellText(
            kind: cell.kind, title: cell.title, source: isTitled ? "# %% \(cell.title)\n\(cell.source)" : cell.source
        ).script(isLast: isLast)
    }
}

/// Names of the cells of a notebook: from what they hold, so that they are the same in every writing, and none is there twice.
private struct CellNames {
    private var counts: [CellText: Int] = [:]

    mutating func name(of cell: CellText) throws -> String {
        let count = counts[cell, default: 0]
        counts[cell] = count + 1
        return String(try sha256("\(cell.kind.rawValue)\n\(count)\n\(cell.title)\n\(cell.source)").hex.prefix(16))
    }
}

/// A text as notebooks have it: a list of lines with their ends.
func multiline(_ text: String) -> JSONValue {
    guard !text.isEmpty else { return [] }
    var parts = lines(of: text)
    let last = parts.removeLast()
    return .array(parts.map { .string($0 + "\n") } + (last.isEmpty ? [] : [.string(last)]))
}
