import Storage

/// The layout of a file of a field on the grid of a crystal's cell.
public enum FieldFormat: String, Sendable, Hashable, CaseIterable {
    /// VASP's layout: CHGCAR, CHG, AECCAR, PARCHG, LOCPOT, ELFCAR.
    case vasp
    /// A Gaussian cube file.
    case cube
    /// A data grid of XCrySDen.
    case xsf
    /// The JSON of the Materials Project and pymatgen.
    case json

    /// The layout as a phrase for messages.
    public var phrase: String {
        switch self {
        case .vasp: "a file in the layout of VASP"
        case .cube: "a Gaussian cube file"
        case .xsf: "an XSF file"
        case .json: "a JSON document"
        }
    }

    /// The layout that the name of a file tells, packed or not; nil where it tells none.
    public init?(fileName path: String) {
        var parts = lastName(of: path).lowercased().split(separator: ".").map(String.init)
        if parts.count > 1, let ending = parts.last, ["gz", "bz2", "xz", "z", "zst"].contains(ending) { parts.removeLast() }
        switch parts.count > 1 ? parts.last : nil {
        case "cube", "cub": self = .cube
        case "xsf", "axsf": self = .xsf
        case "json": self = .json
        default:
            guard FieldKind(fileName: path) != nil else { return nil }
            self = .vasp
        }
    }

    /// The layout that the first lines of a file tell, which are all that is read; nil where they tell none or cannot be read.
    public init?(contentsOf path: String) {
        guard let bytes = try? FileBytes.head(path: path, wanted: 1 << 12) else { return nil }
        let text = bytes.withBytes { String(decoding: $0.prefix(1 << 12), as: UTF8.self) }
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).prefix(24).map {
            $0.split { $0.isWhitespace }
        }
        func numbers(_ line: Int) -> [Double] { lines.indices.contains(line) ? lines[line].compactMap { Double($0) } : [] }
        func isCounted(_ line: Int) -> Bool {
            let found = numbers(line)
            return (4...5).contains(found.count) && Int(exactly: found[0]) != nil
        }
        let words = ["CRYSTAL", "PRIMVEC", "CONVVEC", "SLAB", "POLYMER", "MOLECULE", "ANIMSTEPS", "DIM-GROUP", "ATOMS"]
        // Numbers first: the titles of cube files and those of VASP are free text, such as `SLAB of Cu` or `[Fe4S4]`.
        if (2...5).allSatisfy(isCounted) {
            self = .cube
        } else if [1, 3].contains(numbers(1).count), (2...4).allSatisfy({ numbers($0).count == 3 }) {
            self = .vasp
        } else if let first = text.first(where: { !$0.isWhitespace }), first == "{" || first == "[" {
            self = .json
        } else if lines.contains(where: { $0.first.map { words.contains(String($0)) } ?? false }) {
            self = .xsf
        } else {
            return nil
        }
    }

    /// The layout of a file by its name, or else by its first lines; nil where neither tells one.
    public init?(of path: String) {
        guard let found = FieldFormat(fileName: path) ?? FieldFormat(contentsOf: path) else { return nil }
        self = found
    }
}
