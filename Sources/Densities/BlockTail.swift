import Diagnostics
import Storage

/// What may stand behind a block of numbers in a file of VASP's layout.
enum Following {
    /// The end of the file.
    case end
    /// The line above the augmentation occupancies of an atom; nil where it says no two numbers, as one that is cut off does.
    case occupancies(OccupancyLine?)
    /// The line of the grid, above a further block.
    case grid
    /// The first line of a further image, a header like the first.
    case image
    /// A line of numbers: in front of a block of spin stands one for each atom.
    case numbers([Double])
}

/// The line above the augmentation occupancies of an atom.
struct OccupancyLine {
    /// The number of the atom, from 1.
    var atom: Int
    /// The number of its occupancies.
    var count: Int
    /// Whether they are imaginary parts.
    var isImaginary: Bool

    /// Reads what stands behind `augmentation occupancies`. Fortran writes both numbers four wide, and so without a blank between them
    /// from 1000 on.
    init?(_ rest: Substring) {
        isImaginary = rest.contains("(imaginary part)")
        let text = rest.replacing("(imaginary part)", with: " ")
        let words = text.split(whereSeparator: \.isWhitespace)
        if words.count == 2, let atom = Int(words[0]), let count = Int(words[1]) {
            (self.atom, self.count) = (atom, count)
        } else if words.count == 1, words[0].count > 4, let atom = Int(words[0].dropLast(4)), let count = Int(words[0].suffix(4)) {
            (self.atom, self.count) = (atom, count)
        } else {
            return nil
        }
        guard atom > 0, count > 0 else { return nil }
    }
}

extension TextCursor {
    /// Reads the next line that is not empty and tells what it is; of a further image nothing is read. `numbers`: how many numbers,
    /// one for each atom, were read before. Throws `bad-data` for a line that may not stand behind a block.
    mutating func following(_ header: DensityHeader, numbers: Int) throws -> Following {
        while true {
            let lineStart = place
            guard let words = nextWords() else { return .end }
            let lineEnd = place
            guard let first = words.first else {
                if header.comment.isEmpty, startsHeader() { return back(to: lineStart, .image) }
                place = lineEnd
                continue
            }
            if isAugmentation(first) {
                let text = trimmed(lineStart, lineEnd).lowercased()
                let rest = text.firstRange(of: "occupancies").map { text[$0.upperBound...] }
                return .occupancies(rest.flatMap(OccupancyLine.init))
            }
            if numbers == 0 || numbers == header.atoms.count, gridNumbers(words) == header.grid { return .grid }
            let values = words.compactMap(decimal)
            if values.count < words.count || trimmed(lineStart, lineEnd) == header.comment {
                if startsHeader() { return back(to: lineStart, .image) }
                place = lineEnd
            }
            guard let bad = words.first(where: { decimal($0) == nil }) else { return .numbers(values) }
            throw fault(
                "expected the end of the \(valuesText(header.grid)), found \(shown([bad]))", line: lineNumber(at: bad.baseAddress ?? place))
        }
    }

    private mutating func back(to place: UnsafePointer<UInt8>, _ following: Following) -> Following {
        self.place = place
        return following
    }

    /// Whether a word begins the line above augmentation occupancies, also where the file is cut off in it.
    func isAugmentation(_ word: Token) -> Bool {
        guard let letter = word.first, letter | 0x20 == UInt8(ascii: "a"), word.count <= 12 else { return false }
        let isCut = whole && word.baseAddress.map { $0 + word.count == end } == true
        return isCut ? "augmentation".hasPrefix(word.text.lowercased()) : word.text.lowercased() == "augmentation"
    }

    /// Whether the lines behind the first one of a header follow: a scale, three vectors, and the symbols or numbers of atoms. Moves on.
    mutating func startsHeader() -> Bool {
        guard let scale = nextWords(), scale.count == 1 || scale.count == 3, scale.allSatisfy({ decimal($0) != nil }) else { return false }
        for _ in 0..<3 {
            guard let vector = nextWords(), vector.count == 3, vector.allSatisfy({ decimal($0) != nil }) else { return false }
        }
        guard let words = nextWords(), let first = words.first else { return false }
        return decimal(first) == nil || words.allSatisfy { $0.integer != nil }
    }

    /// Checks what stands behind the last number of a block on its line: nothing, or the zeros that fill a row of `width` numbers, as
    /// the script chgsum of the Bader tools writes them. Moves behind the line. Throws `bad-data`.
    mutating func endOfRow(_ grid: [Int], width: Int?) throws {
        guard let words = nextWords(), let first = words.first else { return }
        let points = gridPoints(grid) ?? 0
        if let width, points % width + words.count == width, points % width > 0, words.allSatisfy({ decimal($0) == 0 }) { return }
        if let bad = words.first(where: { decimal($0) == nil }) {
            throw fault(
                "expected the end of the \(valuesText(grid)), found \(shown([bad]))", line: lineNumber(at: bad.baseAddress ?? place))
        }
        throw fault("expected \(valuesText(grid)), found more", line: lineNumber(at: first.baseAddress ?? place))
    }

    /// Checks that the last word of the text is whole, where it ends without a line feed: a number that was cut off is a number, too,
    /// and is told by its length, which programs keep from number to number. `first`: the length of the first number of its kind.
    /// Throws `bad-data`.
    func checkLastWord(_ what: @autoclosure () -> String, first: Int?) throws {
        guard whole, place == end, end > start, !isBlank((end - 1).pointee) else { return }
        let word = lastWord(before: end)
        let before = lastWord(before: word.start)
        // Of the word before the last a part may be gone from memory.
        let length = before.start > start && before.count > 0 ? lengthOfNumber(before.start, before.count) : first
        guard length != lengthOfNumber(word.start, word.count) else { return }
        throw fault(
            "expected \(what()), found \(shown([Token(start: word.start, count: word.count)])) where the file ends: it seems to be cut off",
            line: lineNumber(at: word.start))
    }

    private func lastWord(before stop: UnsafePointer<UInt8>) -> (start: UnsafePointer<UInt8>, count: Int) {
        var last = stop
        while last > start, isBlank((last - 1).pointee) { last -= 1 }
        var first = last
        while first > start, !isBlank((first - 1).pointee) { first -= 1 }
        return (first, last - first)
    }
}

/// The length of a number without its sign, and with the zero before the point that Fortran leaves out where the sign takes its place.
func lengthOfNumber(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int {
    guard count > 0 else { return 0 }
    let signed = start.pointee == UInt8(ascii: "-") || start.pointee == UInt8(ascii: "+")
    let length = signed ? count - 1 : count
    return length > 0 && start[signed ? 1 : 0] == UInt8(ascii: ".") ? length + 1 : length
}

/// The values of a grid as a phrase for messages.
func valuesText(_ grid: [Int]) -> String {
    let points = gridPoints(grid) ?? 0
    return "\(points) \(points == 1 ? "value" : "values") on a \(gridText(grid)) grid"
}
