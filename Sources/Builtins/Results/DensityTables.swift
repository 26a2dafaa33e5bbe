import Datasets
import Densities
import Diagnostics
import Engine
import Language
import Storage
import Tensors

/// The table `densities`: what the files of many calculations hold.
let densityTables = Vocabulary([
    Word(
        "densities", family: "Results",
        [
            Parameter(
                "of", .either([.path, .list(.path, count: nil)]),
                "a path, or several, with `*` in any of its parts for any characters, as in \"runs/*/CHGCAR\""),
            Parameter(
                "tolerance", .number(.positive), .fallback(.number(0.01)), unit: "A",
                "by which atoms may miss the places of their space group"),
        ],
        gives: .sort(.table),
        """
        A table of the files of many calculations, a row each: formula, grid, spacing, electrons found and, where a cube has charges of \
        its cores, expected, moment, space group, and what is odd about it, as numbers that are hardly a density. A file that cannot be \
        read is a row too, which says why.
        """,
        examples: [Example("table densities(\"data/fields/spin.*\")")],
        check: { call, context in
            let patterns = call["of"].items?.compactMap(\.string) ?? [call["of"].string ?? ""]
            let paths = try located(call.span(of: "of")) { try patterns.flatMap { try files(matching: context.resolve($0)) } }
            var seen: Set<String> = []
            // Files by their contents, on which the table rests.
            var call = call
            call.arguments["files"] = Field(
                .list(
                    paths.filter { seen.insert($0).inserted }.map { path in
                        let written = path.hasPrefix(context.folder + "/") ? String(path.dropFirst(context.folder.count + 1)) : path
                        return ListItem(
                            .call(
                                Call(
                                    ".file", ["path": Field(.text(Text(written)))], type: anyDensity, origin: call.origin)))
                    }))
            return .call(call)
        },
        computes: { call, context in .table(try context.densities(call)) })
])

/// A file of a table, by its contents. Its name cannot be written.
let densityTableFiles = Vocabulary([
    Word(
        ".file", family: "Operators", [Parameter("path", .template, "a file")], gives: anyDensity, "A file of a table.",
        role: .source(argument: "path") { _, _, _ in TensorType(shape: nil, unit: nil, cell: densityCell) },
        computes: { call, _ in throw Diagnostic("internal", "a file of a table is no value", at: call.origin.span) })
])

extension ComputeContext {
    /// The table of the files of a call. Whatever is wrong with one of them stands in its row.
    fileprivate func densities(_ call: Call) throws -> ResultTable {
        let written = try arguments(of: call).items("files").compactMap(\.call).map { library.path(of: $0)?.string ?? "" }
        let paths = written.map { results.resolve($0) }
        let tolerance = try arguments(of: call).number("tolerance")
        var rows: [[ResultTable.Cell]] = []
        try inOrder(paths.count, threads: Program.threads, ahead: 2 * Program.threads) { index in
            cells(of: paths[index], named: written[index], tolerance: tolerance)
        } take: { index, cells in
            rows.append(cells)
            try results.confirm(paths[index])
        }
        let failed = rows.count { $0.last?.text.hasPrefix(unreadable) ?? false }
        return ResultTable(
            columns: [
                .init("file", isNumeric: false), .init("field", isNumeric: false), .init("formula", isNumeric: false),
                .init("grid", isNumeric: false), .init("spacing", unit: "A"), .init("volume", unit: "A^3"), .init("electrons", unit: "e"),
                .init("expected", unit: "e"), .init("moment", unit: "mu_B"), .init("space group", isNumeric: false),
                .init("warnings", isNumeric: false),
            ], rows: rows,
            notes: failed == 0 ? [] : ["\(failed) of \(rows.count) files cannot be read; the column `warnings` says why"])
    }
}

private let unreadable = "cannot be read: "

/// The cells of a file's row.
private func cells(of path: String, named name: String, tolerance: Double) -> [ResultTable.Cell] {
    func number(_ value: Double?) -> ResultTable.Cell { value.map { .init(fourDigits($0), exact: written($0)) } ?? .init("") }
    do {
        let found = try readFieldSummary(path: path)
        let header = found.header
        let spacing = zip(header.lattice.lengths, header.grid).map { $0 / Double($1) }.max()
        var warnings = found.warnings
        var group = ""
        if header.atoms.contains(where: { $0.element == "X" }) {
            warnings.append("elements are not told")
        } else if !header.atoms.isEmpty, found.extent != .box, found.extent != .part {
            do {
                let symmetry = try symmetry(lattice: header.lattice, atoms: header.atoms, tolerance: tolerance)
                group = "\(symmetry.symbol) (\(symmetry.number))"
            } catch let fault as Diagnostic {
                warnings.append(fault.message)
            }
        }
        let moments = found.moment
        let moment =
            moments.count > 1
            ? ResultTable.Cell(moments.map(fourDigits).joined(separator: " "), exact: moments.map(written).joined(separator: " "))
            : number(moments.first)
        let meaning = FieldMeaning(found.kind, .total)
        return [
            .init(name), .init(found.noun ?? meaning.noun), .init(formula(of: header.atoms.map(\.element))), .init(header.grid.asShape),
            number(spacing), number(header.lattice.volume), number(found.electrons), number(found.expected), moment, .init(group),
            .init(warnings.joined(separator: "; ")),
        ]
    } catch {
        let fault = error as? Diagnostic
        let line = fault?.data?.line.map { "line \($0): " } ?? ""
        let reason = unreadable + line + (fault?.message ?? "\(error)")
        return [.init(name)] + (0..<9).map { _ in .init("") } + [.init(reason)]
    }
}
