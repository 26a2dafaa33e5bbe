import Datasets
import Diagnostics
import Language
import Storage

/// The word that reads what `ecdx fetch materials` brought from the Materials Project.
let materialsProjectWords = Vocabulary([
    Word(
        "materialsProject", family: "Sources",
        [
            Parameter("path", .path, "a folder that `ecdx fetch materials` made"),
            Parameter(
                "incomplete", .word(["keep": "with empty cells", "drop": "they are left out, as the paper does"]), .fallback(.word("keep")),
                "what becomes of properties that some material lacks"),
            Parameter("descriptions", .bool, .fallback(.bool(false)), "a column `description` with the text of each material"),
            Parameter(
                "densities", .bool, .fallback(.bool(false)),
                """
                columns `density_file`, the name of each charge density in the folder, as in `mpchgcar("FOLDER/{density_file}")`, and \
                `density_task`, the calculation it is of
                """),
        ],
        gives: .sort(.table),
        """
        The materials of the Materials Project that `ecdx fetch materials` asked for, with the 25 properties of Table 11 of \
        arXiv:2401.09301 and their units; repeated ones merged, deprecated ones left out. Nothing is asked for here.
        """,
        examples: [Example("show materialsProject(\"data/materials\") |> pick([\"material_id\", \"formula_pretty\", \"k_vrh\"])")],
        role: .rows(inside: MaterialsProjectFolder.Names.answers) { call, path in try call.reading(path).table },
        check: { call, context in
            _ = try context.table(call)
            try context.warnOfWhatIsLeftOut(call)
            return .call(call)
        }, computes: computeTable)
])

extension Call {
    /// What is made of the folder at a path, as the arguments say.
    fileprivate func reading(_ path: String) throws -> MaterialsProjectReading {
        guard fileStatus(joined(path, MaterialsProjectFolder.Names.query))?.kind == .file else {
            throw Diagnostic(
                "missing-file", "there is no folder of answers of the Materials Project at `\(path)`",
                hint: "`ecdx fetch materials FOLDER` asks for them; it needs the key that MP_API_KEY holds")
        }
        var options = MaterialsProjectReading.Options()
        options.dropsIncompleteProperties = self["incomplete"].word == "drop"
        options.hasDescriptions = self["descriptions"].bool ?? false
        options.hasDensities = self["densities"].bool ?? false
        return try readMaterialsProject(MaterialsProjectFolder(path), options: options)
    }
}

/// Key of a warning of what a folder's table leaves out, given once.
private struct LeftOutOf: Hashable { var call: Call }

extension CheckContext {
    /// Says once what the table of a folder leaves out, and which materials lack what was asked for.
    fileprivate func warnOfWhatIsLeftOut(_ call: Call) throws {
        guard isFirst(LeftOutOf(call: call)) else { return }
        let reading = try located(call.span(of: "path")) { try call.reading(resolve(call["path"].string ?? "")) }
        func names(_ ids: [MaterialID]) -> String {
            ids.prefix(5).map { "`\($0)`" }.joined(separator: ", ") + (ids.count > 5 ? " and \(ids.count - 5) more" : "")
        }
        var remarks: [String] = []
        if !reading.dropped.isEmpty {
            let dropped = reading.dropped.map { "`\($0.property)` (missing in \($0.missing))" }.joined(separator: ", ")
            remarks.append("properties that some material lacks are left out: \(dropped)")
        }
        if !reading.contradicting.isEmpty {
            remarks.append("answers contradict one another about \(names(reading.contradicting)); the first counts")
        }
        if !reading.withoutDensity.isEmpty {
            remarks.append(
                "\(reading.withoutDensity.count) of \(reading.table.count) have no charge density: \(names(reading.withoutDensity))")
        }
        if !reading.withoutDescription.isEmpty {
            remarks.append(
                "\(reading.withoutDescription.count) of \(reading.table.count) have no description: \(names(reading.withoutDescription))")
        }
        guard !remarks.isEmpty else { return }
        reported.append(
            Diagnostic(
                "answers-left-out", "\(reading.table.count) materials: " + remarks.joined(separator: "; "), severity: .warning,
                at: call.span(of: "path")))
    }
}
