import Diagnostics

/// A document of a material in an answer, old or new.
public struct MaterialDocument: Sendable, Hashable {
    /// The material.
    public let id: MaterialID
    /// The members of the document.
    public let json: JSONValue

    /// Takes a document. Throws `bad-data`, with the place, where it has no `material_id` that is one.
    public init(_ json: JSONValue, in place: DataPlace?) throws {
        guard let text = json["material_id"]?.stringValue else {
            throw Diagnostic("bad-data", "expected a document with the text `material_id`, found none", data: place)
        }
        id = try MaterialID(reading: text, in: place)
        self.json = json
    }

    /// The number of the space group, 1 to 230; nil where the document does not say.
    public var spaceGroup: Int? { (symmetry?["number"]?.intValue).flatMap { (1...230).contains($0) ? $0 : nil } }
    /// The Hermann-Mauguin symbol of the space group, such as `Fm-3m`; nil where the document does not say.
    public var spaceGroupSymbol: String? { symmetry?["symbol"]?.stringValue }
    /// Whether the material is deprecated; one that does not say is not.
    public var isDeprecated: Bool { json["deprecated"]?.boolValue ?? false }
    /// Whether the material is on the convex hull; nil where the document does not say.
    public var isStable: Bool? { json["is_stable"]?.boolValue }

    private var symmetry: JSONValue? { [json["symmetry"], json["spacegroup"]].compactMap { $0 }.first { $0.objectValue != nil } }
}

extension MaterialsProjectFolder {
    /// Why a document does not answer the question, which servers may take for less than it says.
    public enum Reason: Sendable, Hashable {
        /// It is deprecated, or is not.
        case deprecated
        /// It is not stable, or is.
        case stability
        /// It has another space group, or does not say which.
        case spaceGroup
    }

    /// Why a document does not answer the folder's question; nil where it does.
    public func reasonAgainst(_ document: MaterialDocument) -> Reason? {
        if let deprecated = query.deprecated, deprecated != document.isDeprecated { return .deprecated }
        if let isStable = query.isStable, let found = document.isStable, found != isStable { return .stability }
        guard !query.spaceGroups.isEmpty else { return nil }
        return document.spaceGroup.map(query.spaceGroups.contains) == true ? nil : .spaceGroup
    }

    /// The materials of the answers that came, each once, those that do not answer the question left out, in order of their numbers.
    /// Throws what `documents(of:)` throws.
    public func materials() throws -> [MaterialID] {
        var found: Set<MaterialID> = []
        for section in query.sections {
            for answer in answers(inSection: section.name).answers {
                let place = DataPlace(file: joined(path, answer.file))
                for json in try documents(of: answer) {
                    let document = try MaterialDocument(json, in: place)
                    if reasonAgainst(document) == nil { found.insert(document.id) }
                }
            }
        }
        return found.sorted()
    }
}
