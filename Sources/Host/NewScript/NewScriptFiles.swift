import Datasets
import Densities
import Diagnostics
import Language
import Storage

/// The files of a folder that belong to the rows of a table: the column whose cells stand in their names, and what they hold.
struct FileChoice {
    /// What the files of a folder hold, by their names.
    enum Kind: CaseIterable {
        case picture, chgcar, cube, xsf

        /// The kind of a file by its name, packed or not; nil where it is none that a script reads.
        init?(_ name: String) {
            let lower = name.lowercased()
            let plain = [".gz", ".bz2", ".xz", ".zst"].reduce(lower) { $0.hasSuffix($1) ? String($0.dropLast($1.count)) : $0 }
            switch true {
            case [".png", ".jpg", ".jpeg"].contains(where: lower.hasSuffix): self = .picture
            case plain.hasSuffix(".cube"): self = .cube
            case plain.hasSuffix(".xsf"): self = .xsf
            case plain.contains("chgcar"): self = .chgcar
            default: return nil
            }
        }

        /// The files as a phrase.
        var phrase: String {
            switch self {
            case .picture: "pictures"
            case .chgcar: "charge densities (CHGCAR)"
            case .cube: "cube files"
            case .xsf: "XSF files"
            }
        }
    }

    /// A way from a cell to the name of a file.
    fileprivate struct Pattern: Hashable {
        var kind: Kind
        var column: String
        var prefix: String
        var suffix: String
    }

    let folder: String
    let kind: Kind
    /// The column whose cells stand in the names.
    let column: String
    private let prefix: String
    private let suffix: String
    private let files: [String]
    private let rows: Int

    /// The rows by which patterns are found; all rows are then counted.
    private static let tried = 24
    /// The longest side of a picture that is not made smaller.
    private static let side = 64

    /// Finds the files. Throws `new-script`, and what listing the folder throws.
    init(in folder: String, of table: Table) throws {
        let names = try listFolder(folder).sorted()
        let known = names.compactMap { name in Kind(name).map { (name: name, kind: $0) } }
        guard !known.isEmpty else {
            throw Diagnostic(
                "new-script", "expected pictures, CHGCARs, cubes or XSF files in `\(folder)`, found none among \(names.count) names",
                hint: "name the folder itself; folders inside it are not looked into")
        }
        let all = Set(names)
        var patterns: [Pattern: Int] = [:]
        for column in table.columns where column.name.isPlainName && table.isUnique(column) {
            for row in 0..<min(Self.tried, table.count) {
                let cell = column.text(row)
                for file in known {
                    guard let place = file.name.firstRange(of: cell) else { continue }
                    let pattern = Pattern(
                        kind: file.kind, column: column.name, prefix: String(file.name[..<place.lowerBound]),
                        suffix: String(file.name[place.upperBound...]))
                    patterns[pattern, default: 0] += 1
                }
            }
        }
        // Those that many rows have, counted over the whole table.
        let candidates = patterns.sorted { ($1.value, $0.key.length, $0.key.text) < ($0.value, $1.key.length, $1.key.text) }.prefix(
            Self.tried)
        let counted = try candidates.map { pattern, _ in
            let column = try table.column(pattern.column)
            return (pattern, (0..<table.count).map { pattern.prefix + column.text($0) + pattern.suffix }.filter(all.contains))
        }
        guard let best = counted.max(by: { ($0.1.count, $1.0.length) < ($1.1.count, $0.0.length) }), !best.1.isEmpty else {
            throw Diagnostic(
                "new-script", "expected a column of `\(table.file)` whose cells stand in the names of the files in `\(folder)`, found none",
                notes: known.first.map { ["a file there is `\($0.name)`"] } ?? [], hint: "add a column with the names of the files")
        }
        self.folder = folder
        (kind, column, prefix, suffix) = (best.0.kind, best.0.column, best.0.prefix, best.0.suffix)
        files = best.1
        rows = table.count
    }

    /// The input that reads the files. Throws what reading their headers throws.
    func input(place: String) throws -> NewInput {
        let path = quoted(joined(relativePath(folder, to: place), prefix + "{\(column)}" + suffix))
        var input = kind == .picture ? try picture(path) : density(path)
        input.absent = rows - files.count
        input.remarks.insert("files: \(kind.phrase), `\(prefix){\(column)}\(suffix)` for \(files.count) of \(rows) rows", at: 0)
        return input
    }

    private func density(_ path: String) -> NewInput {
        let word = kind == .chgcar ? "chgcar" : kind == .cube ? "cube" : "xsf"
        return NewInput(
            name: "plane", expression: "\(word)(\(path)) |> plane([1, 1, 1], size: [32, 32], cell: file) |> standardize",
            shape: [32, 32, 1], features: "statistics",
            remarks: ["input: the (111) plane of each density, by the axes of its own cell, through the first atom, as 32x32 pixels"])
    }

    private func picture(_ path: String) throws -> NewInput {
        let headers = try files.prefix(Self.tried).map { try readPictureHeader(path: joined(folder, $0)) }
        guard let first = headers.first else { throw Diagnostic("new-script", "expected a picture in `\(folder)`, found none") }
        let isSame = headers.allSatisfy { $0.height == first.height && $0.width == first.width }
        let longest = max(first.height, first.width)
        var (height, width) = (first.height, first.width)
        var steps = headers.contains(where: \.isGrey) ? "picture(\(path), channels: grey)" : "picture(\(path))"
        if longest > Self.side || !isSame || headers.count < files.count {
            if longest > Self.side { (height, width) = (max(1, height * Self.side / longest), max(1, width * Self.side / longest)) }
            steps += " |> resize([\(height), \(width)])"
        }
        let channels = headers.contains(where: \.isGrey) ? 1 : 3
        return NewInput(
            name: "image", expression: steps + " |> standardize", shape: [height, width, channels], features: "statistics",
            remarks: ["input: each picture as \(height)x\(width) pixels in \(channels == 1 ? "grey" : "three colours")"])
    }
}

extension FileChoice.Pattern {
    fileprivate var length: Int { prefix.count + suffix.count }
    fileprivate var text: String { prefix + suffix + column }
}
