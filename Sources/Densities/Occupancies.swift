import Diagnostics
import Storage

extension TextPieces {
    /// Reads the augmentation occupancies of an atom below their line, empty lines between them or not; only walks over them where
    /// they are not kept. Throws `bad-data` for too few, too many, or what is no number.
    func occupancies(_ line: OccupancyLine, keeps: Bool) throws -> VolumetricFile.Occupancies {
        let what = "\(line.count) augmentation occupancies of atom \(line.atom)"
        guard line.count <= mostLeft / 2 + 1 else { throw cursor.lineFault("expected \(what), found a file too short for them") }
        guard keeps else {
            let found = try skipWords(line.count)
            guard found == line.count else { throw ended(what, found) }
            return VolumetricFile.Occupancies(atom: line.atom, isImaginary: line.isImaginary, values: [])
        }
        let firstLength = try firstRow().firstLength
        var values: [Double] = []
        while values.count < line.count {
            let room = line.count - values.count
            let row: [Double]? = try parse { cursor in
                guard let words = cursor.nextWords() else { return nil }
                let row = words.prefix(room).compactMap(decimal).filter(\.isFinite)
                guard row.count == min(words.count, room) else {
                    let bad = words.first { !(decimal($0)?.isFinite ?? false) }
                    throw cursor.lineFault("expected \(what), found \(shown(bad.map { [$0] } ?? words))")
                }
                guard words.count <= room else { throw cursor.lineFault("expected \(what), found more") }
                return row
            }
            guard let row else { throw ended(what, values.count) }
            values += row
        }
        try cursor.checkLastWord("the whole of the last of \(what)", first: firstLength)
        return VolumetricFile.Occupancies(atom: line.atom, isImaginary: line.isImaginary, values: values)
    }

    private func ended(_ what: String, _ found: Int) -> Diagnostic {
        var fault = cursor.endFault(what)
        fault.message = "expected \(what), found \(found) before the end of the file"
        return fault
    }

    /// Checks the occupancies behind a block: those of each atom where there are any at the end of the file, and behind
    /// later blocks those that there are behind the first. Throws `bad-data`.
    func checked(
        _ records: [VolumetricFile.Occupancies], _ image: VolumetricImage, _ index: Int, atEnd: Bool
    ) throws -> [VolumetricFile.Occupancies] {
        let real = records.filter { !$0.isImaginary }.map(\.atom)
        let imaginary = records.filter(\.isImaginary).map(\.atom)
        let first = image.occupancies[0].map { $0.filter { !$0.isImaginary }.map(\.atom) }
        let firstImaginary = image.occupancies[0].map { $0.filter(\.isImaginary).map(\.atom) } ?? []
        // Whether the first block has those of all atoms can only be told where nothing follows: some kinds of atoms have none.
        let wanted = first ?? (atEnd && !records.isEmpty ? Array(1...max(1, image.header.atoms.count)) : real)
        let wantedImaginary = first == nil && atEnd && !imaginary.isEmpty ? real : firstImaginary
        if let lacking = Set(wanted).subtracting(real).min() ?? Set(wantedImaginary).subtracting(imaginary).min() {
            throw cursor.lineFault(
                """
                expected the augmentation occupancies of atom \(lacking) of \(image.header.atoms.count), found \
                \(atEnd ? "the end" : "a further block")
                """)
        }
        return records
    }
}
