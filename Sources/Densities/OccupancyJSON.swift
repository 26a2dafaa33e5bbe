import Diagnostics
import Storage

/// The augmentation occupancies of one field in a JSON document, in one of the forms in which they come: lines of text as in the CHGCAR,
/// an object of arrays by the numbers of the atoms, or a list of objects with label and data.
struct OccupancyLines {
    let path: String
    private var blocks: [Occupancies.Block] = []
    private var atomNumbers: [Double] = []
    /// How many numbers the block that is being read still lacks.
    private var missing = 0

    init(path: String) { self.path = path }

    mutating func read(_ json: JSONPull) throws {
        switch try json.kind() {
        case .object:
            try json.object { name in
                guard let atom = Int(name), atom > 0 else {
                    throw json.failure("expected the number of an atom, found `\(name.prefix(40))`")
                }
                blocks.append(Occupancies.Block(atom: atom, isImaginary: false, values: try numbers(json)))
            }
        case .array:
            try json.array { _ in
                if try json.kind() == .string { try line(json) } else { try labelled(json) }
            }
        default: try json.skip()
        }
        guard missing == 0 else {
            throw json.failure("expected \(missing) more augmentation occupancies of atom \(blocks.last?.atom ?? 0)")
        }
    }

    /// The occupancies ordered by the numbers of the atoms.
    func sorted() throws -> Occupancies {
        let order = blocks.indices.sorted { (blocks[$0].atom, $0) < (blocks[$1].atom, $1) }
        return Occupancies(blocks: order.map { blocks[$0] }, atomNumbers: atomNumbers)
    }

    /// Numbers, as a list or as the object that numpy's arrays become.
    private func numbers(_ json: JSONPull) throws -> [Double] {
        var values: [Double] = []
        if try json.kind() == .object {
            try json.object { name in
                if name == "data" { try json.numbers(into: &values) } else { try json.skip() }
            }
        } else {
            try json.numbers(into: &values)
        }
        return values
    }

    /// One line of the text of a CHGCAR behind a block.
    private mutating func line(_ json: JSONPull) throws {
        let words = try json.string().split { $0.isWhitespace }
        guard let first = words.first else { return }
        if first.lowercased() == "augmentation" {
            guard missing == 0, words.count >= 4, let atom = Int(words[words.count - 2]), atom > 0, let count = Int(words[words.count - 1]),
                count >= 0
            else {
                throw json.failure("expected the line above the occupancies of an atom, found `\(words.joined(separator: " ").prefix(60))`")
            }
            blocks.append(Occupancies.Block(atom: atom, isImaginary: words.contains { $0.hasPrefix("(imag") }, values: []))
            missing = count
            return
        }
        for word in words {
            // The reader of numbers wants some bytes behind them.
            let bytes = Array(word.utf8) + [UInt8](repeating: 0, count: 16)
            let value = bytes.withUnsafeBufferPointer { decimal(UnsafeBufferPointer(rebasing: $0.prefix(word.utf8.count))) }
            guard let value, value.isFinite else { throw json.failure("expected an augmentation occupancy, found `\(word.prefix(40))`") }
            if missing > 0, let last = blocks.indices.last {
                blocks[last].values.append(value)
                missing -= 1
            } else {
                atomNumbers.append(value)
            }
        }
    }

    /// An object with a label, which has the number of the atom or nothing of use, and the numbers.
    private mutating func labelled(_ json: JSONPull) throws {
        var block = Occupancies.Block(atom: blocks.count + 1, isImaginary: false, values: [])
        try json.object { name in
            switch name {
            case "label" where try json.kind() == .string:
                if let atom = Int(try json.string()), atom > 0 { block.atom = atom }
            case "data" where try json.kind() != .null: block.values = try numbers(json)
            default: try json.skip()
            }
        }
        blocks.append(block)
    }
}
