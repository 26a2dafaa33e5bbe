import Diagnostics
import Storage

/// Encodes diagnostics as one JSON document, for editors and other tools: what `ecdx check --json` prints.
///
/// `{ "version": 1, "script": path, "diagnostics": [...] }`, each diagnostic with all of `id`, `severity` (`error`,
/// `warning` or `note`), `message`, `file`, `start`, `end`, `label`, `data`, `notes` and `hints`; what there is none of is
/// `null` or an empty list. `start` and `end` are places in `file`, half open, each with `offset` (UTF-8 bytes from the
/// start of the file, from 0), `line` (from 1), `column` (characters, that is Unicode code points, from 1) and
/// `utf16Column` (UTF-16 code units, from 1). `data` is a place in a file of data: `file`, and `line` (from 1) or `null`.
/// Fields may be added under the same version.
public func jsonDocument(of diagnostics: [Diagnostic], script: String?, sources: SourceMap = SourceMap()) -> String {
    let list = diagnostics.map { diagnostic -> JSONValue in
        let text = diagnostic.span.flatMap { sources.text(of: $0.file) }
        func place(_ offset: Int?) -> JSONValue {
            guard let offset, let text, let place = TextPlace(offset, in: text) else { return .null }
            return [
                "offset": .integer(place.offset), "line": .integer(place.line), "column": .integer(place.column),
                "utf16Column": .integer(place.utf16Column),
            ]
        }
        return [
            "id": .string(diagnostic.id), "severity": .string(diagnostic.severity.rawValue), "message": .string(diagnostic.message),
            "file": optional(diagnostic.span?.file), "start": place(diagnostic.span?.start), "end": place(diagnostic.span?.end),
            "label": optional(diagnostic.label), "notes": .array(diagnostic.notes.map { .string($0) }),
            "hints": .array(diagnostic.hints.map { .string($0) }),
            "data": diagnostic.data.map { ["file": .string($0.file), "line": $0.line.map { .integer($0) } ?? .null] } ?? .null,
        ]
    }
    return JSONValue.object(["version": 1, "script": optional(script), "diagnostics": .array(list)]).pretty
}

private func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

/// A place in a text, counted in the units that tools count in.
private struct TextPlace {
    var offset: Int
    var line = 1, column = 1, utf16Column = 1

    /// Finds the place of a UTF-8 offset; nil where the offset lies behind the end. One inside a character is the start of
    /// the next.
    init?(_ wanted: Int, in text: String) {
        guard wanted >= 0, wanted <= text.utf8.count else { return nil }
        offset = 0
        for scalar in text.unicodeScalars {
            if offset >= wanted { return }
            offset += UTF8.width(scalar)
            if scalar == "\n" {
                line += 1
                (column, utf16Column) = (1, 1)
            } else {
                column += 1
                utf16Column += UTF16.width(scalar)
            }
        }
    }
}
