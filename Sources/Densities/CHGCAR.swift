import Diagnostics
import Glibc
import Storage

/// Reads the first block of a CHGCAR file of VASP, plain or packed by gzip, bzip2, xz or zstd: the total valence density.
///
/// A large file is read on all processors. The file holds density times cell volume, x running fastest; what is returned is
/// divided by the volume (e/A^3), z running fastest. CHG, PARCHG and AECCAR files have the same layout, and the
/// letterless exponents of Fortran are read. Later blocks (augmentation, spin) are passed over. Format: VASP manual, page "CHGCAR".
///
/// Throws `cannot-read`, and `bad-data` with the line for anything but exactly one finite number for each grid point, for a
/// file that is named as another field (LOCPOT, ELFCAR), and for one of several images, of which `readVolumetricFile` reads any.
public func readCHGCAR(path: String) throws -> Density {
    try density(path, readVolumetric(path: path, perVolume: true))
}

private func density(_ path: String, _ read: @autoclosure () throws -> (DensityHeader, [Double])) throws -> Density {
    try checkKind(.density, named: path)
    let (header, values) = try read()
    return try Density(lattice: header.lattice, atoms: header.atoms, grid: header.grid, values: values)
}

/// Reads the crystal and the grid of a CHGCAR file, and no more of the file than that takes: for checks before a run.
///
/// Throws `cannot-read`, and `bad-data` for a header that is wrong, a grid larger than the file can hold, or a file that is
/// named as another field (LOCPOT, ELFCAR).
public func readCHGCARHeader(path: String) throws -> DensityHeader { try readVolumetricHeader(path: path, kind: .density) }

/// Reads the crystal and the grid of the first image of a file in the layout of VASP, as `readCHGCARHeader` does of a CHGCAR. Throws
/// `cannot-read`, and `bad-data` where the name contradicts the kind as well.
public func readVolumetricHeader(path: String, kind: FieldKind) throws -> DensityHeader {
    try firstHeader(path: path, kind: kind).header
}

/// The first header of a file, and what tells how far its first block reaches.
private struct FirstHeader {
    var header: DensityHeader
    /// The most bytes of text behind the header, and whether there are just so many: the file is not packed.
    var mostLeft: Int, isPlain: Bool
    /// The numbers in the first row behind the header, and its bytes; 0 where the row is not whole.
    var words = 0, row = 0
}

/// Reads the header of a file that its length alone tells to hold no more than one block: nothing behind the header need be looked at
/// to know which image is the last. Nil where it may hold more, and of a packed file, whose length is not known. Throws as
/// `readVolumetricHeader`.
public func readHeaderOfOneBlock(path: String, kind: FieldKind) throws -> DensityHeader? {
    let first = try firstHeader(path: path, kind: kind)
    guard let points = gridPoints(first.header.grid), first.isPlain, first.words > 0, first.row > 1 else { return nil }
    // Rows of a block are printed alike, and a second block takes as much room as the first.
    let rest = first.mostLeft - points / first.words * first.row
    let isOfOneBlock = rest > -first.row && rest < first.mostLeft / 3 && rest < 1 << 22
    // A further image may be as small as may be; its header has words in it.
    guard isOfOneBlock, try endIsOfNumbers(path: path, bytes: rest + first.row) else { return nil }
    return first.header
}

/// Whether the last bytes of a file hold numbers and augmentation occupancies alone. Throws `cannot-read`.
private func endIsOfNumbers(path: String, bytes count: Int) throws -> Bool {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw Diagnostic("cannot-read", String(cString: strerror(errno)), data: DataPlace(file: path)) }
    defer { close(file) }
    let length = Int(lseek(file, 0, SEEK_END))
    var bytes = [UInt8](repeating: 0, count: Swift.max(0, Swift.min(count, length)))
    var found = 0
    while found < bytes.count {
        let read = bytes.withUnsafeMutableBytes {
            pread(file, $0.baseAddress.map { $0 + found }, $0.count - found, length - $0.count + found)
        }
        guard read > 0 else { return false }
        found += read
    }
    // The first of the lines may be a part of one.
    return bytes.split(separator: UInt8(ascii: "\n")).dropFirst().allSatisfy { line in
        let words = line.drop(while: isBlank)
        if words.first.map({ $0 | 0x20 }) == UInt8(ascii: "a") {
            return String(decoding: words.prefix(12), as: UTF8.self).lowercased() == "augmentation"
        }
        // Besides digits the letters of exponents.
        return words.allSatisfy { $0 < 0x40 || [UInt8(ascii: "e"), UInt8(ascii: "d")].contains($0 | 0x20) }
            && words.first.map { $0 < 0x40 } != false
    }
}

/// Reads the first header of a file, and no more than that takes.
private func firstHeader(path: String, kind: FieldKind) throws -> FirstHeader {
    try checkKind(kind, named: path)
    var wanted = 1 << 14
    while true {
        let bytes = try FileBytes.head(path: path, wanted: wanted)
        let whole = bytes.count < wanted
        let found: FirstHeader? = try bytes.withBytes { buffer in
            guard let start = TextCursor(buffer, file: path, whole: whole) else { throw emptyFile(path) }
            try checkIsText(buffer, path)
            var text = start
            do {
                let header = try text.densityHeader()
                let left = max(0, bytes.mostText - (text.place - text.start))
                try text.checkRoom(for: header.grid, bytes: left)
                let place = text.place
                let words = text.nextWords()
                return FirstHeader(
                    header: header, mostLeft: left, isPlain: bytes.mostText == bytes.stored, words: words?.count ?? 0,
                    row: words == nil ? 0 : text.place - place)
            } catch  where text.ranOut && !whole && wanted < 1 << 28 {
                try start.checkLines()
                return nil
            }
        }
        if let found { return found }
        wanted *= 8
    }
}

/// The header and the values of the first block: as the file has them, or divided by the volume. `piece`: the bytes of text that are
/// read at once; `whole`: the most bytes of a gzip file that is unpacked whole; `threads`: how many read, nil for what the size tells.
func readVolumetric(
    path: String, perVolume: Bool, piece: Int = TextPieces.usualSize, whole: Int = TextPieces.packedWhole, threads: Int? = nil
) throws -> (DensityHeader, [Double]) {
    var isFinite = true
    return try readVolumetric(path: path, perVolume: perVolume, piece: piece, whole: whole, threads: threads, isFinite: &isFinite)
}

/// As the one above, of a file of one image. `isFinite` becomes false where it is refused since one of the values is not finite.
private func readVolumetric(
    path: String, perVolume: Bool, piece: Int = TextPieces.usualSize, whole: Int = TextPieces.packedWhole, threads: Int? = nil,
    isFinite: inout Bool
) throws -> (DensityHeader, [Double]) {
    var isFollowed = false
    let read = try readFirstImage(
        path: path, perVolume: perVolume, piece: piece, whole: whole, threads: threads, isFinite: &isFinite, isFollowed: &isFollowed)
    if isFollowed { try checkIsOneImage(path) }
    return read
}

/// The header and the values of the first block. `isFinite` becomes false where it is refused since one of the values is not finite,
/// `isFollowed` true where a further image follows, or may follow what is wrong behind the block.
func readFirstImage(
    path: String, perVolume: Bool, piece: Int = TextPieces.usualSize, whole: Int = TextPieces.packedWhole, threads: Int? = nil,
    isFinite: inout Bool, isFollowed: inout Bool
) throws -> (DensityHeader, [Double]) {
    var allFinite = true
    var further = false
    let read = try TextPieces.read(path: path, size: piece, whole: whole) { text in
        Result {
            guard !text.isEmpty else { throw emptyFile(path) }
            let header = try text.parse { try $0.densityHeader() }
            let row = try text.firstRow()
            let divisor = perVolume ? header.lattice.volume : 1
            let values = try text.block(on: header.grid, divisor: divisor, isFinite: &allFinite, threads: threads)
            try text.cursor.checkLastWord("the whole of the last of \(valuesText(header.grid))", first: row.firstLength)
            // What stands directly behind the block must be sound, and is looked at once more on the way to the next image.
            try text.parse { cursor in
                let behind = cursor.place
                try cursor.checkBlockEnd(header, width: row.width)
                cursor.place = behind
            }
            let rest = try text.image(behindFirstBlockOf: header, width: row.width)
            further = rest.isFollowed || rest.fault != nil
            return (header, values)
        }
    }
    (isFinite, isFollowed) = (allFinite, further)
    return try read.get()
}

func emptyFile(_ path: String) -> Diagnostic {
    Diagnostic("bad-data", "expected a charge density, found an empty file", data: DataPlace(file: path))
}

extension TextCursor {
    /// Checks that a text can hold a grid. Throws `bad-data` where `bytes` bytes cannot hold a digit and a separator for
    /// each point of the grid. Nothing is allocated for a grid before this.
    func checkRoom(for grid: [Int], bytes: Int) throws(Diagnostic) {
        guard let points = gridPoints(grid), points <= bytes / 2 + 1 else {
            throw fault(
                """
                expected \(gridPoints(grid).map(String.init) ?? "too many") values on a \(gridText(grid)) grid, \
                found a file too short for them
                """
            )
        }
    }

    /// Whether the word at a place is NaN, infinity, or a number beyond what double precision holds.
    func isNotFinite(at p: UnsafePointer<UInt8>) -> Bool {
        var stop = p
        while stop < end, !isBlank(stop.pointee) { stop += 1 }
        var value = 0.0
        if p < end, let next = scanDecimal(p, &value) { return next == stop && !value.isFinite }
        let word = Token(start: p, count: stop - p).text.lowercased().drop { $0 == "-" || $0 == "+" }
        return ["nan", "inf", "infinity"].contains(word)
    }

    func blockFault(at p: UnsafePointer<UInt8>, grid: [Int], found: Int) -> Diagnostic {
        let expected = "expected \(gridPoints(grid) ?? 0) values on a \(gridText(grid)) grid"
        guard p < end else {
            let last = end > start && (end - 1).pointee == UInt8(ascii: "\n") ? end - 1 : end
            return fault("\(expected), found \(found) before the end of the file", line: lineNumber(at: last))
        }
        var stop = p
        while stop < end, !isBlank(stop.pointee) { stop += 1 }
        let word = Token(start: p, count: stop - p)
        if word.first.map({ ($0 | 0x20) == UInt8(ascii: "a") }) == true, word.text.lowercased() == "augmentation" {
            return fault("\(expected), found \(found) before the augmentation occupancies", line: lineNumber(at: p))
        }
        return fault(
            "expected value \(found + 1) of \(gridPoints(grid) ?? 0) on a \(gridText(grid)) grid, found \(shown([word]))",
            line: lineNumber(at: p))
    }

    /// Checks what follows a block. Throws `bad-data` unless it is what may follow one: the end of the file, augmentation
    /// occupancies, a further block (its grid, before it perhaps one number for each atom), or the header of a further image.
    mutating func checkBlockEnd(_ header: DensityHeader, width: Int?) throws {
        try endOfRow(header.grid, width: width)
        var numbers = 0
        var firstExtra: UnsafePointer<UInt8>?
        loop: while true {
            let lineStart = place
            switch try following(header, numbers: numbers) {
            case .occupancies, .grid, .image: return
            case .end: break loop
            case .numbers(let values):
                firstExtra = firstExtra ?? firstWord(from: lineStart)
                numbers += values.count
                if numbers > header.atoms.count { break loop }
            }
        }
        if let firstExtra { throw fault("expected \(valuesText(header.grid)), found more", line: lineNumber(at: firstExtra)) }
    }

    private func firstWord(from place: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
        var p = place
        while p < end, isBlank(p.pointee) { p += 1 }
        return p
    }
}
