import Diagnostics
import Storage

/// The parts of a density in a JSON document, collected in whatever order they stand there.
struct DensityJSON {
    /// Values as the document has them, with the shape of their nested lists; nil for a flat one.
    struct Field {
        var values: [Double] = []
        var shape: [Int]?
    }

    /// An atom; its position is fractional, or cartesian (A) where that is all there is.
    struct Site {
        var element = "X"
        var fractional: [Double]?, cartesian: [Double]?
    }

    let path: String
    /// The values by their names: `total`, `diff`, `diff_x` and so on.
    var fields: [String: Field] = [:]
    var occupancies: [String: OccupancyLines] = [:]
    var matrix: [[Double]]?
    var sites: [Site] = []
    /// The first line of the file that the document was made of.
    var comment = ""
    /// Flat values in the order of `labels`, which may come later.
    private var flat: [Field?] = []
    private var flatOccupancies: [OccupancyLines] = []
    private var labels: [String]?
    private var ranks: [[Int]] = []
    /// Whether the one density of a list was read.
    private var isComplete = false

    init(path: String) { self.path = path }

    private static let fieldNames = ["total", "diff", "diff_x", "diff_y", "diff_z"]

    /// Reads the whole document.
    mutating func document(_ json: JSONPull) throws {
        try container(json, depth: 0)
        guard !flat.isEmpty else { return }
        guard let labels, labels.count == flat.count else {
            throw Diagnostic(
                "bad-data", "expected a label for each of \(flat.count) lists of values, found \(labels?.count ?? 0)",
                data: DataPlace(file: path))
        }
        for (index, name) in labels.enumerated() {
            guard var field = flat[index] else { continue }
            guard fields[name] == nil else {
                throw Diagnostic("bad-data", "expected every label once, found `\(name)` twice", data: DataPlace(file: path))
            }
            field.shape = ranks.indices.contains(index) ? ranks[index] : ranks.first
            fields[name] = field
            if flatOccupancies.indices.contains(index) { occupancies[name] = flatOccupancies[index] }
        }
        flat = []
    }

    /// Reads the object of a density, an object around it, or a list of one.
    private mutating func container(_ json: JSONPull, depth: Int) throws {
        guard depth < 8 else { throw json.fault("a density at most 8 objects deep") }
        guard try json.kind() != .array else {
            return try json.array { index in
                guard index == 0 else { throw json.fault("one density in the list") }
                try container(json, depth: depth + 1)
            }
        }
        guard try json.kind() == .object else { throw json.fault("a JSON object with a density") }
        try json.object { name in
            switch name {
            case "data": try data(json, depth: depth + 1)
            case "poscar": try json.kind() == .object ? poscar(json) : json.skip()
            case "structure": try json.kind() == .object ? structure(json) : json.skip()
            case "data_aug": try augmentation(json)
            case "labels": labels = try optional(json) { try strings($0) }
            case "data_rank": ranks = try optional(json) { try extents($0) } ?? []
            case "@class" where try json.kind() == .string:
                let name = try json.string()
                guard !["Locpot", "Elfcar"].contains(name) else { throw json.failure("expected a charge density, found a `\(name)`") }
            case _ where Self.fieldNames.contains(name) && depth > 0: try field(json, name)
            default: try json.skip()
            }
        }
    }

    /// Reads what is named `data`: an object around or of the density, a list of one, or flat lists of values.
    private mutating func data(_ json: JSONPull, depth: Int) throws {
        switch try json.kind() {
        case .object: try container(json, depth: depth)
        case .array:
            try json.array { index in
                switch try json.kind() {
                case .object where index == 0: try container(json, depth: depth)
                case .array where flat.count == index && fields.isEmpty:
                    var field = Field()
                    try json.numbers(into: &field.values)
                    flat.append(field)
                case .null where flat.count == index && fields.isEmpty:
                    try json.skip()
                    flat.append(nil)
                default: throw json.fault(flat.isEmpty ? "one density in the list" : "a list of values")
                }
            }
        default: try json.skip()
        }
    }

    /// Reads the values of a field: three nested lists, or the object that numpy's arrays become, around them.
    private mutating func field(_ json: JSONPull, _ name: String, isInside: Bool = false) throws {
        switch try json.kind() {
        case .array: break
        case .object where !isInside:
            return try json.object { member in
                if member == "data" { try self.field(json, name, isInside: true) } else { try json.skip() }
            }
        default: return try json.skip()
        }
        guard fields[name] == nil else { throw json.fault("the values of `\(name)` once") }
        var field = Field()
        var shape = [0, 0, 0]
        try json.array { i in
            try json.array { j in
                let start = field.values.count
                try json.numbers(into: &field.values)
                if i == 0, j == 0 { shape[2] = field.values.count }
                guard field.values.count - start == shape[2] else {
                    throw json.failure("expected \(shape[2]) values in list [\(i)][\(j)] of `\(name)`, found \(field.values.count - start)")
                }
                if i == 0 { shape[1] = j + 1 }
                guard j < shape[1] else { throw json.failure("expected \(shape[1]) lists in list [\(i)] of `\(name)`, found more") }
            }
            shape[0] = i + 1
            guard field.values.count == (i + 1) * shape[1] * shape[2] else {
                throw json.failure("expected \(shape[1]) lists in list [\(i)] of `\(name)`, found fewer")
            }
        }
        guard gridPoints(shape) != nil else { throw json.failure("expected the values of `\(name)`, found none") }
        field.shape = shape
        fields[name] = field
    }

    private mutating func poscar(_ json: JSONPull) throws {
        try json.object { name in
            switch name {
            case "structure" where try json.kind() == .object: try structure(json)
            case "comment" where try json.kind() == .string: comment = try json.string()
            default: try json.skip()
            }
        }
    }

    /// Reads the lattice and the atoms of a structure; one that was read already stays.
    private mutating func structure(_ json: JSONPull) throws {
        guard matrix == nil else { return try json.skip() }
        try json.object { name in
            switch name {
            case "lattice": try lattice(json)
            case "sites":
                try json.array { _ in
                    var site = Site()
                    try json.object { try member($0, of: &site, json) }
                    sites.append(site)
                }
            default: try json.skip()
            }
        }
    }

    private mutating func lattice(_ json: JSONPull) throws {
        try json.object { name in
            guard name == "matrix" else { return try json.skip() }
            var rows: [[Double]] = []
            try json.array { index in
                guard index < 3 else { throw json.fault("three lattice vectors") }
                rows.append(try vector(json))
            }
            matrix = rows
        }
    }

    private func member(_ name: String, of site: inout Site, _ json: JSONPull) throws {
        switch name {
        case "abc": site.fractional = try vector(json)
        case "xyz": site.cartesian = try vector(json)
        case "species":
            var element: String?
            try json.array { _ in
                try json.object { name in
                    if name == "element", element == nil { element = try json.string() } else { try json.skip() }
                }
            }
            site.element = element ?? "X"
        default: try json.skip()
        }
    }

    private func vector(_ json: JSONPull) throws -> [Double] {
        var numbers: [Double] = []
        try json.numbers(into: &numbers)
        guard numbers.count == 3 else { throw json.failure("expected three numbers, found \(numbers.count)") }
        return numbers
    }

    private func strings(_ json: JSONPull) throws -> [String] {
        var texts: [String] = []
        try json.array { _ in texts.append(try json.string()) }
        return texts
    }

    private func extents(_ json: JSONPull) throws -> [[Int]] {
        var ranks: [[Int]] = []
        try json.array { _ in
            let numbers = try vector(json).compactMap { Int(exactly: $0) }
            guard numbers.count == 3, gridPoints(numbers) != nil else { throw json.failure("expected the three extents of a grid") }
            ranks.append(numbers)
        }
        return ranks
    }

    private func optional<R>(_ json: JSONPull, _ read: (JSONPull) throws -> R) throws -> R? {
        guard try json.kind() != .null else {
            try json.skip()
            return nil
        }
        return try read(json)
    }
}

// MARK: Augmentation occupancies

extension DensityJSON {
    /// Reads the occupancies: of each field, in an object, or in the order of the fields, in a list.
    private mutating func augmentation(_ json: JSONPull) throws {
        switch try json.kind() {
        case .object:
            try json.object { name in
                var lines = OccupancyLines(path: path)
                try lines.read(json)
                occupancies[name] = lines
            }
        case .array:
            try json.array { _ in
                var lines = OccupancyLines(path: path)
                try lines.read(json)
                flatOccupancies.append(lines)
            }
        default: try json.skip()
        }
    }
}
