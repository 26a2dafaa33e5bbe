import Diagnostics
import Storage

/// Reads an XSF file from top to bottom, and keeps the crystal and the grid that are asked for.
struct XSFReader {
    let text: TextPieces
    let wanted: XSFRequest
    /// The crystal of the step that is being read.
    var crystal = XSFCrystal()
    /// The grid that was asked for, of the last step that has it.
    var found: XSFGrid?
    /// All grids, where they are listed.
    var listed: [XSFListing] = []
    /// The names of the grids of that step.
    var names: [String] = []
    /// The number of the last step.
    var steps = 0
    /// The step that `names` belong to.
    private var step = 0
    /// The steps that the file announces.
    private var announced: Int?
    /// Whether the crystal of this step came from PRIMCOORD, and whether a grid followed it.
    private var hasPrimitive = false, hasGrid = false

    init(text: TextPieces, wanted: XSFRequest) {
        self.text = text
        self.wanted = wanted
    }

    private typealias Words = [TextCursor.Token]

    mutating func read() throws {
        var isFirst = true
        while let words = try next() {
            defer { isFirst = false }
            let keyword = Self.keyword(words[0])
            switch keyword {
            case "CRYSTAL", "SLAB", "POLYMER", "MOLECULE":
                crystal.dimensions = ["MOLECULE", "POLYMER", "SLAB", "CRYSTAL"].firstIndex(of: keyword)
            case "DIMGROUP": try dimensions()
            case "ANIMSTEPS": try animation(words)
            case "PRIMVEC": crystal.primitive = try vectors("PRIMVEC")
            case "CONVVEC": crystal.conventional = try vectors("CONVVEC")
            case "PRIMCOORD", "ATOMS": try atoms(keyword, step: stepNumber(words))
            case "CONVCOORD": try passCoordinates()
            case "BEGININFO": try pass(to: "END_INFO")
            case _ where keyword.hasPrefix("BEGINBLOCKDATAGRID3D"): try block()
            case _ where keyword.hasPrefix("BEGINBLOCK"): try pass(to: "END_BLOCK")
            default:
                throw fault("expected a keyword of the XSF format\(isFirst ? "" : " or the end of the file")", at: words)
            }
        }
        if let announced, steps < announced { throw endFault("\(announced) steps (ANIMSTEPS), found \(steps), not") }
    }

    // MARK: Lines

    /// The words of the next line that is neither empty nor a comment; nil at the end of the file.
    private func next() throws -> Words? {
        while true {
            guard let words = try text.parse({ $0.nextWords() }) else { return nil }
            if let first = words.first, first.first != UInt8(ascii: "#") { return words }
        }
    }

    private func next(_ expected: String) throws -> Words {
        guard let words = try next() else { throw endFault(expected) }
        return words
    }

    /// A keyword in capitals without the lines and blanks that codes do not agree about: `BEGINBLOCKDATAGRID3D`.
    private static func keyword(_ word: TextCursor.Token) -> String {
        guard word.count <= 200, word.first.map({ ($0 | 0x20) >= 97 && ($0 | 0x20) <= 122 }) == true else { return "" }
        return word.text.uppercased().filter { $0 != "_" && $0 != "-" }
    }

    private func fault(_ message: String, at words: Words) -> Diagnostic {
        let cursor = text.cursor
        return cursor.fault("\(message), found \(shown(words))", line: cursor.lineNumber(at: words.first?.baseAddress ?? cursor.place))
    }

    private func endFault(_ expected: String) -> Diagnostic { text.cursor.endFault(expected) }

    /// Passes over lines up to one whose keyword begins so. Lines that begin with no letter are not even split.
    private func pass(to keyword: String) throws {
        while true {
            try passNumbers()
            guard let words = try text.parse({ $0.nextWords() }) else { throw endFault("`\(keyword)`") }
            if let first = words.first, Self.keyword(first).hasPrefix(keyword.filter { $0 != "_" }) { return }
        }
    }

    /// Moves to the next line that begins with a letter, or to the end of the text.
    private func passNumbers() throws {
        var p = text.place
        while true {
            let end = text.end
            while p < end {
                var q = p
                while q < end, isBlank(q.pointee) { q += 1 }
                if q < end, (q.pointee | 0x20) >= 97, (q.pointee | 0x20) <= 122 {
                    text.place = p
                    return
                }
                while q < end, q.pointee != UInt8(ascii: "\n") { q += 1 }
                guard q < end else { break }
                p = q + 1
            }
            guard !text.isLast else {
                text.place = p
                return
            }
            p = try text.more(from: p)
        }
    }

    // MARK: Crystal

    private mutating func dimensions() throws {
        let words = try next("the number of periodic dimensions")
        guard let number = words[0].integer, (0...3).contains(number) else {
            throw fault("expected the number of periodic dimensions, 0 to 3", at: words)
        }
        crystal.dimensions = number
    }

    private mutating func animation(_ words: Words) throws {
        guard words.count == 2, let number = words[1].integer, number > 0 else {
            throw fault("expected the number of steps", at: words)
        }
        announced = number
    }

    /// The number of a step behind a keyword; nil where there is none.
    private func stepNumber(_ words: Words) throws -> Int? {
        guard words.count > 1 else { return nil }
        guard let number = words[1].integer, (1...1 << 40).contains(number) else { throw fault("expected the number of a step", at: words) }
        return number
    }

    private func vectors(_ name: String) throws -> [[Double]] {
        try ["first", "second", "third"].map { try vector("the \($0) vector of \(name)") }
    }

    private func vector(_ what: String) throws -> [Double] {
        let words = try next(what)
        let numbers = words.compactMap(decimal).filter(\.isFinite)
        guard words.count == 3, numbers.count == 3 else { throw fault("expected \(what), three numbers", at: words) }
        return numbers
    }

    /// Reads the atoms of a step: so many as PRIMCOORD says, or all lines of ATOMS up to the next keyword.
    private mutating func atoms(_ keyword: String, step number: Int?) throws {
        // A file may have the same atoms twice, for programs that read the one or the other.
        if keyword == "ATOMS", hasPrimitive, !hasGrid, number == nil || number == steps { return try passNumbersOfAtoms() }
        if steps == 0 || hasPrimitive || hasGrid || number != nil || keyword == "ATOMS" { steps = number ?? steps + 1 }
        (hasPrimitive, hasGrid) = (keyword == "PRIMCOORD", false)
        crystal.atoms = []
        if keyword == "ATOMS" {
            if crystal.dimensions == nil { crystal.dimensions = 0 }
            while let words = try atomLine() { crystal.atoms.append(try atom(words)) }
            return
        }
        for _ in 0..<(try count()) { crystal.atoms.append(try atom(try next("the position of an atom"))) }
    }

    private func count() throws -> Int {
        let words = try next("the number of atoms")
        guard let count = words[0].integer, count >= 0 else { throw fault("expected the number of atoms", at: words) }
        return count
    }

    private func passCoordinates() throws { for _ in 0..<(try count()) { _ = try next("the position of an atom") } }

    private func passNumbersOfAtoms() throws { while try atomLine() != nil {} }

    /// The words of the next line where it is one of an atom: a symbol or a number, and numbers. Another line is left unread.
    private func atomLine() throws -> Words? {
        try text.parse { cursor in
            while true {
                let before = cursor
                guard let words = cursor.nextWords() else { return nil }
                if words.isEmpty || words.first?.first == UInt8(ascii: "#") { continue }
                if words.count >= 4, decimal(words[1]) != nil { return words }
                cursor = before
                return nil
            }
        }
    }

    private func atom(_ words: Words) throws -> XSFCrystal.Place {
        let numbers = words.dropFirst().prefix(3).compactMap(decimal).filter(\.isFinite)
        guard words.count >= 4, numbers.count == 3 else { throw fault("expected the symbol and the position of an atom", at: words) }
        if let number = words[0].integer {
            guard let element = symbol(ofNumber: number) else { throw fault("expected an atomic number", at: words) }
            return XSFCrystal.Place(element: element, position: numbers)
        }
        // Some codes number the atoms of an element or their kinds: `Fe1`, `Fe_up`.
        let letters = words[0].text.prefix { $0.isLetter }
        guard !letters.isEmpty, letters.count <= 3 else { throw fault("expected the symbol of an element", at: words) }
        return XSFCrystal.Place(element: letters.prefix(1).uppercased() + letters.dropFirst().lowercased(), position: numbers)
    }

    // MARK: Grids

    /// Reads a block of data grids.
    private mutating func block() throws {
        // The name of the block, which some codes leave out.
        var words = try next("the name of the block of data grids")
        if Self.gridName(words[0]) == nil { words = try next("a data grid") }
        while let name = Self.gridName(words[0]) {
            try grid(name)
            words = try next("`END_BLOCK_DATAGRID_3D`")
        }
        guard Self.keyword(words[0]).hasPrefix("ENDBLOCK") else {
            throw fault("expected a data grid or `END_BLOCK_DATAGRID_3D`", at: words)
        }
    }

    /// The name in the line that a data grid begins with, `BEGIN_DATAGRID_3D_name` or `DATAGRID_3D_name`; nil for another line.
    private static func gridName(_ word: TextCursor.Token) -> String? {
        let start = keyword(word)
        guard start.hasPrefix("BEGINDATAGRID3D") || start.hasPrefix("DATAGRID3D") else { return nil }
        let text = word.text
        guard let dimension = text.firstRange(of: "3D") ?? text.firstRange(of: "3d") else { return "" }
        return String(text[dimension.upperBound...].drop { $0 == "_" })
    }

    private mutating func grid(_ name: String) throws {
        let here = Swift.max(steps, 1)
        if here != step, wanted.step == nil || wanted.step == here {
            // The last step with a grid is the one that counts, so what was found in one before it does not.
            (step, names, found) = (here, [], nil)
        }
        hasGrid = steps > 0
        if wanted.isListing {
            let words = try next("the numbers of points")
            guard let extents = gridNumbers(words), gridPoints(extents) != nil else {
                throw fault("expected the three positive numbers of a grid", at: words)
            }
            listed.append(XSFListing(name: name, step: here, grid: extents))
            return try pass(to: "END_DATAGRID")
        }
        let isOfStep = wanted.step == nil || wanted.step == here
        if isOfStep { names.append(name) }
        guard isOfStep, isChosen(name) else { return try pass(to: "END_DATAGRID") }
        if case .name? = wanted.grid, found != nil {
            throw text.cursor.fault("expected one data grid `\(name)`, found two of that name", line: lineHere)
        }
        let words = try next("the numbers of points")
        let line = lineHere
        guard let extents = gridNumbers(words), gridPoints(extents) != nil else {
            throw fault("expected the three positive numbers of a grid", at: words)
        }
        let origin = try vector("the origin of the grid")
        let vectors = try vectors("the grid")
        let block = GridBlock(grid: extents)
        let count = try text.checkRoom(for: block, line: line)
        var values: [Double] = []
        values.reserveCapacity(count)
        try text.numbers(of: block, count: count) { values.append($0) }
        let end = try next("`END_DATAGRID_3D` behind the \(block.phrase)")
        guard Self.keyword(end[0]).hasPrefix("ENDDATAGRID") else {
            throw fault("expected \(block.phrase) and `END_DATAGRID_3D`", at: end)
        }
        found = XSFGrid(
            name: name, step: here, line: line, grid: extents, origin: origin, vectors: vectors, written: values,
            crystal: steps > 0 ? crystal : nil)
    }

    private var lineHere: Int {
        let cursor = text.cursor
        return cursor.lineNumber(at: Swift.max(cursor.start, cursor.place - 1))
    }

    /// Whether the grid that comes now, the last of `names`, is to be read. Where none is chosen it is the first: if there are more of
    /// them, all are refused in the end.
    private func isChosen(_ name: String) -> Bool {
        switch wanted.grid {
        case nil: names.count == 1
        case .number(let number)?: names.count == number
        case .name(let other)?: name.lowercased() == other.lowercased()
        }
    }
}
