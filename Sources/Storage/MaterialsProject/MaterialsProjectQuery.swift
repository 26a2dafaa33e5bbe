import Diagnostics

/// A question to the Materials Project for materials: which of them, and which of their fields.
///
/// Its canonical text is what a folder of answers is known by, so that a folder answers one question.
public struct MaterialsProjectQuery: Sendable, Hashable {
    /// Whether the materials are on the convex hull; nil for either.
    public let isStable: Bool?
    /// Numbers of the space groups, from 1 to 230, in ascending order; none for every one.
    public let spaceGroups: [Int]
    /// Whether the materials are deprecated; nil for either.
    public let deprecated: Bool?
    /// Names of the fields that are asked for, in alphabetical order.
    public let fields: [String]
    /// Number of materials in an answer.
    public let pageSize: Int

    /// The space groups of cubic crystals with a face-centred lattice (cF), 196 to 228. Source: International Tables A.
    public static let cubicFaceCentred = [196, 202, 203, 209, 210, 216, 219, 225, 226, 227, 228]

    /// The fields of the 25 properties of Table 11 in the spelling of today, with those that say which crystal it is.
    public static let usualFields = [
        "band_gap", "bulk_modulus", "density", "density_atomic", "deprecated", "efermi", "elements", "energy_above_hull",
        "energy_per_atom", "equilibrium_reaction_energy_per_atom", "formation_energy_per_atom", "formula_pretty", "has_props",
        "homogeneous_poisson", "is_stable", "material_id", "nelements", "nsites", "num_magnetic_sites", "num_unique_magnetic_sites",
        "shear_modulus", "symmetry", "total_magnetization", "total_magnetization_normalized_formula_units",
        "total_magnetization_normalized_vol", "uncorrected_energy_per_atom", "universal_anisotropy", "volume",
    ]

    /// Makes a question, by default for the paper's crystals: stable ones with a cF lattice that are not deprecated. Repeated space
    /// groups and fields count once; `material_id` is always asked for. Throws `range` for a space group that there is not and a page
    /// size outside 1 to 1000, and `bad-data` for what is no name of a field.
    public init(
        isStable: Bool? = true, spaceGroups: [Int] = cubicFaceCentred, deprecated: Bool? = false, fields: [String] = usualFields,
        pageSize: Int = 1000
    ) throws {
        if let odd = spaceGroups.first(where: { !(1...230).contains($0) }) {
            throw Diagnostic("range", "expected numbers of space groups from 1 to 230, found \(odd)")
        }
        guard (1...1000).contains(pageSize) else {
            throw Diagnostic("range", "expected 1 to 1000 materials a page, found \(pageSize)")
        }
        if let odd = fields.first(where: { !Self.isFieldName($0) }) {
            throw Diagnostic(
                "bad-data", "expected the name of a field such as `band_gap` or `symmetry.number`, found `\(odd.prefix(40))`",
                hint: "write letters, digits, `_` and `.`")
        }
        self.isStable = isStable
        self.spaceGroups = Set(spaceGroups).sorted()
        self.deprecated = deprecated
        self.fields = Set(fields + ["material_id"]).sorted()
        self.pageSize = pageSize
    }

    /// The canonical text: JSON on one line with its names in order.
    public var canonical: String {
        func truth(_ value: Bool?) -> JSONValue { value.map { .bool($0) } ?? .null }
        let members: [String: JSONValue] = [
            "is_stable": truth(isStable), "deprecated": truth(deprecated), "page_size": .integer(pageSize),
            "space_groups": .array(spaceGroups.map { .integer($0) }), "fields": .array(fields.map { .string($0) }),
        ]
        return JSONValue.object(members).canonical
    }

    /// Reads a question from its canonical text as JSON. Throws `bad-data` and `range`.
    public init(reading json: JSONValue, in place: DataPlace?) throws {
        struct Written: Decodable {
            var is_stable: Bool?
            var deprecated: Bool?
            var space_groups: [Int]
            var fields: [String]
            var page_size: Int
        }
        let written = try json.decoded(as: Written.self, in: place)
        try self.init(
            isStable: written.is_stable, spaceGroups: written.space_groups, deprecated: written.deprecated, fields: written.fields,
            pageSize: written.page_size)
    }

    /// Names of the sections that the answers are kept in: one a space group, since older servers take one at a time, or one for all.
    public var sections: [(name: String, spaceGroup: Int?)] {
        spaceGroups.isEmpty
            ? [("summary/all", nil)]
            : spaceGroups.map { ("summary/" + String(repeating: "0", count: max(0, 3 - String($0).count)) + "\($0)", $0) }
    }

    /// The SHA-256 of the canonical text; its short form may name a folder.
    public func identity() throws -> Digest { try sha256(canonical) }

    private static func isFieldName(_ text: String) -> Bool {
        (1...80).contains(text.utf8.count)
            && text.utf8.allSatisfy { (97...122).contains($0 | 0x20) || (48...57).contains($0) || $0 == 95 || $0 == 46 }
    }
}
