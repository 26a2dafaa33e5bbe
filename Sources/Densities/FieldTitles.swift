/// What the title of a file of another program than VASP tells of its numbers, of which it states no unit.
public enum FieldTitle: Sendable, Hashable {
    /// The line in which `writeCube` was told to say it: a noun for the numbers, and their unit in the file.
    case written(noun: String, unit: String?)
    /// Words of another program after which the numbers are hardly a density of electrons, such as `HARTREE POTENTIAL`, and their line.
    case doubt(String, line: Int?)

    /// The second line of a cube file that says what its numbers are.
    static func line(noun: String, unit: String?) -> String { "\(mark) \(noun)" + (unit.map { " [\($0)]" } ?? "") }

    private static let mark = "ecdx:"

    /// What the two comment lines of a cube file tell; nil where they say nothing, or that it is a density of electrons.
    init?(comments: [String]) {
        if comments.count > 1, comments[1].hasPrefix(Self.mark) {
            var noun = comments[1].dropFirst(Self.mark.count).drop { $0 == " " }
            var unit: String?
            if noun.last == "]", let bracket = noun.lastIndex(of: "[") {
                unit = String(noun[noun.index(after: bracket)...].dropLast())
                noun = noun[..<bracket]
            }
            let words = noun.split(separator: " ").joined(separator: " ")
            if !words.isEmpty, words.count <= 60, words.allSatisfy({ $0.isLetter || $0 == " " }) {
                self = .written(noun: words, unit: unit)
                return
            }
        }
        for (index, comment) in comments.enumerated().reversed() where Self.isDoubtful(comment) {
            self = .doubt(String(comment.prefix(60)), line: index + 1)
            return
        }
        return nil
    }

    /// What the first line of a file of VASP's layout tells, where `export` wrote it above a density of spin alone; nil for others, whose
    /// first lines are about the crystal.
    public init?(vaspComment comment: String) {
        guard comment == "spin density" || comment.hasSuffix(", spin density") else { return nil }
        self = .doubt(String(comment.suffix(60)), line: 1)
    }

    /// What the name of a data grid of an XSF file tells; nil where it says nothing.
    init?(gridName name: String) {
        guard Self.isDoubtful(name) else { return nil }
        self = .doubt(String(name.prefix(60)), line: nil)
    }

    /// Whether a line has a word for what is no density of electrons.
    private static func isDoubtful(_ line: String) -> Bool {
        let words = line.uppercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        let others: Set = [
            "POTENTIAL", "VHARTREE", "VHA", "VTOT", "LOCPOT", "ESP", "SPIN", "MAGNETIZATION", "MAGNETISATION", "ELF", "ELFCAR", "LOL",
            "LOCALIZATION", "LOCALISATION", "ORBITAL", "WAVEFUNCTION", "LAPLACIAN", "DIFFERENCE",
        ]
        return zip(words, words.dropFirst() + [""]).contains { word, next in
            others.contains(word) || word == "HARTREE" && next != "FOCK" || word == "PROPERTY" && next == "DS"
        } || line == "values as they were"
    }
}

extension FieldTitle {
    /// The doubt as a phrase for messages; nil where the numbers are told.
    public var phrase: String? {
        guard case .doubt(let words, let line) = self else { return nil }
        return line.map { "line \($0) of the file says `\(words)`" } ?? "the data grid is named `\(words)`"
    }
}

extension CubeHeader {
    /// What its comment lines tell of the numbers; nil where they say nothing, or that they are a density of electrons.
    public var title: FieldTitle? { FieldTitle(comments: comments) }
}

extension XSFField {
    /// What the name of the grid tells of the numbers; nil where it says nothing.
    public var title: FieldTitle? { FieldTitle(gridName: name) }
}
