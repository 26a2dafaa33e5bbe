import Diagnostics
import Storage

/// What is made of a folder of answers of the Materials Project.
public struct MaterialsProjectReading: Sendable {
    /// What becomes of the materials and properties.
    public struct Options: Sendable, Hashable {
        /// Whether properties that some material lacks are left out, as in the paper.
        public var dropsIncompleteProperties = false
        /// Whether there is a column `description` with the text of each material.
        public var hasDescriptions = false
        /// Whether there are columns `density_file` with the name of each charge density in the folder and `density_task` with its task.
        public var hasDensities = false
        /// Whether a folder is read that lacks answers.
        public var allowsMissingAnswers = false
        /// Makes the usual options.
        public init() {}
    }

    /// A property that was left out, and the number of materials that lack it.
    public struct Dropped: Sendable, Hashable {
        /// The name of the property.
        public var property: String
        /// The number of materials without it.
        public var missing: Int
    }

    /// A row a material, in order of their numbers.
    ///
    /// The columns are `material_id` in its text form, `formula_pretty`, `space_group` (a number), `space_group_symbol`, `elements`
    /// joined by hyphens, then the properties of Table 11 with their units, missing values as empty cells. The lines of rows are their
    /// numbers, from 1.
    public internal(set) var table: Table
    /// Number of documents in the answers.
    public internal(set) var documents = 0
    /// Number of documents that the server said it had.
    public internal(set) var total = 0
    /// Number of documents of materials that had one already, in any spelling of their identifiers, and were merged with it.
    public internal(set) var repeated = 0
    /// The materials whose documents say different things; the first one said counts.
    public internal(set) var contradicting: [MaterialID] = []
    /// Number of materials left out since they are deprecated, or since they are not where those were asked for.
    public internal(set) var deprecated = 0
    /// Number of materials left out since they are not stable, or are where the others were asked for.
    public internal(set) var otherStability = 0
    /// Number of materials left out since they have another space group.
    public internal(set) var otherSpaceGroup = 0
    /// The properties that were left out.
    public internal(set) var dropped: [Dropped] = []
    /// The materials without a description, where there is a column of them.
    public internal(set) var withoutDescription: [MaterialID] = []
    /// The materials without a charge density, where there is a column of them.
    public internal(set) var withoutDensity: [MaterialID] = []
    /// The versions of the database that answered, in alphabetical order.
    public internal(set) var databases: [String] = []
}

/// Reads the materials of a folder of answers of the Materials Project as a table, without the network.
///
/// Documents of one material in several answers are merged: a value that one lacks comes from the other. Throws `missing-file` where
/// an answer is missing, `wrong-hash` where one is not as it came, `bad-data` with file and material for what cannot be read and for a
/// folder without any material, and `cannot-read`.
public func readMaterialsProject(
    _ folder: MaterialsProjectFolder, options: MaterialsProjectReading.Options = .init()
) throws -> MaterialsProjectReading {
    var reading = MaterialsProjectReading(table: try Table(file: folder.path, columns: [], lines: []))
    var rows: [MaterialID: MaterialRow] = [:]
    var leftOut: [MaterialID: MaterialsProjectFolder.Reason] = [:]
    var databases: Set<String> = []
    var contradicting: Set<MaterialID> = []
    for section in folder.query.sections {
        let (answers, isComplete) = folder.answers(inSection: section.name)
        guard isComplete || options.allowsMissingAnswers else {
            throw Diagnostic(
                "missing-file",
                "expected all answers of \(section.name), found \(answers.reduce(0) { $0 + $1.count }) of "
                    + "\(answers.last.map { "\($0.total)" } ?? "an unknown number of") documents",
                data: DataPlace(file: folder.path), hint: "go on with the same `ecdx fetch`")
        }
        reading.total += answers.last?.total ?? 0
        for answer in answers {
            if let database = answer.database { databases.insert(database) }
            let place = DataPlace(file: joined(folder.path, answer.file))
            for json in try folder.documents(of: answer) {
                reading.documents += 1
                let document = try MaterialDocument(json, in: place)
                if rows[document.id] != nil || leftOut[document.id] != nil { reading.repeated += 1 }
                if let reason = folder.reasonAgainst(document) {
                    leftOut[document.id] = leftOut[document.id] ?? reason
                    continue
                }
                var row = try MaterialRow(document, place)
                if let before = rows[document.id], !row.fill(from: before) { contradicting.insert(document.id) }
                rows[document.id] = row
            }
        }
    }
    // One document that says so is enough.
    for id in leftOut.keys { rows[id] = nil }
    reading.deprecated = leftOut.values.count { $0 == .deprecated }
    reading.otherStability = leftOut.values.count { $0 == .stability }
    reading.otherSpaceGroup = leftOut.values.count { $0 == .spaceGroup }
    reading.databases = databases.sorted()
    reading.contradicting = contradicting.filter { rows[$0] != nil }.sorted()
    let ordered = rows.values.sorted { $0.id < $1.id }
    guard !ordered.isEmpty else {
        throw Diagnostic(
            "bad-data", "expected materials that answer the question, found none among \(reading.documents) documents",
            data: DataPlace(file: folder.path), hint: "ask for other space groups, or for materials that are not stable too")
    }
    try reading.makeTable(ordered, folder, options)
    return reading
}

extension MaterialsProjectReading {
    fileprivate mutating func makeTable(_ rows: [MaterialRow], _ folder: MaterialsProjectFolder, _ options: Options) throws {
        func text(_ name: String, _ cell: (MaterialRow) -> String) -> Column { Column(name: name, cells: rows.map(cell), numbers: nil) }
        var columns = [
            text("material_id") { "\($0.id)" }, text("formula_pretty") { $0.formula ?? "" },
            Column(
                name: "space_group", cells: rows.map { $0.spaceGroup.map { "\($0)" } ?? "" },
                numbers: rows.map { $0.spaceGroup.map { Double($0) } ?? .nan }),
            text("space_group_symbol") { $0.symbol ?? "" }, text("elements") { ($0.elements ?? []).joined(separator: "-") },
        ]
        for (index, property) in MaterialProperty.table11.enumerated() {
            let values = rows.map { $0.values[index] }
            let missing = values.count { $0 == nil }
            if options.dropsIncompleteProperties, missing > 0 {
                dropped.append(Dropped(property: property.name, missing: missing))
                continue
            }
            columns.append(
                Column(
                    name: property.name, unit: property.unit, cells: values.map { $0?.canonical ?? "" },
                    numbers: values.map { $0?.doubleValue ?? .nan }))
        }
        if options.hasDescriptions {
            let descriptions = try readMaterialsProjectDescriptions(folder)
            columns.append(text("description") { descriptions[$0.id] ?? "" })
            withoutDescription = rows.map(\.id).filter { descriptions[$0] == nil }
        }
        if options.hasDensities {
            func density(_ row: MaterialRow) -> MaterialsProjectFolder.Density? {
                folder.densities[row.id].flatMap { $0.file == nil ? nil : $0 }
            }
            columns.append(text("density_file") { density($0)?.file ?? "" })
            columns.append(text("density_task") { density($0)?.task.map { "\($0)" } ?? "" })
            withoutDensity = rows.filter { density($0) == nil }.map(\.id)
        }
        table = try Table(file: folder.path, columns: columns, lines: rows.indices.map { $0 + 1 })
    }
}

/// Reads the descriptions of materials in a folder of answers of the Materials Project; of several of one material the first counts.
/// Throws as `readMaterialsProject`.
public func readMaterialsProjectDescriptions(_ folder: MaterialsProjectFolder) throws -> [MaterialID: String] {
    var found: [MaterialID: String] = [:]
    for section in folder.sections("robocrys/") {
        for answer in folder.answers(inSection: section).answers {
            let place = DataPlace(file: joined(folder.path, answer.file))
            for json in try folder.documents(of: answer) {
                let document = try MaterialDocument(json, in: place)
                guard let text = document.json["description"]?.stringValue, !text.isEmpty else { continue }
                if found[document.id] == nil { found[document.id] = text }
            }
        }
    }
    return found
}

/// What the documents of a material say.
private struct MaterialRow {
    let id: MaterialID
    var formula: String?
    var spaceGroup: Int?
    var symbol: String?
    var elements: [String]?
    /// The properties of Table 11; nil where one is missing.
    var values: [JSONValue?]

    init(_ document: MaterialDocument, _ place: DataPlace) throws {
        id = document.id
        formula = (document.json["formula_pretty"] ?? document.json["pretty_formula"])?.stringValue
        (spaceGroup, symbol) = (document.spaceGroup, document.spaceGroupSymbol)
        elements = document.json["elements"]?.arrayValue?.compactMap(\.stringValue)
        values = try MaterialProperty.table11.map { try $0.value(in: document, place) }
        if let elements, let index = MaterialProperty.table11.firstIndex(where: { $0.name == "nelements" }), values[index] == nil {
            values[index] = .integer(elements.count)
        }
    }

    /// Takes what an earlier document said; false where the two contradict each other.
    mutating func fill(from before: MaterialRow) -> Bool {
        var agrees = true
        func merge<Value: Equatable>(_ value: inout Value?, _ earlier: Value?) {
            guard let earlier else { return }
            if let value, value != earlier { agrees = false }
            value = earlier
        }
        merge(&formula, before.formula)
        merge(&spaceGroup, before.spaceGroup)
        merge(&symbol, before.symbol)
        merge(&elements, before.elements)
        for index in values.indices {
            if values[index]?.doubleValue == before.values[index]?.doubleValue { values[index] = before.values[index] }
            merge(&values[index], before.values[index])
        }
        return agrees
    }
}
