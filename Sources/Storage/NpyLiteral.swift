import Tensors

/// The dictionary in the header of a .npy file: as much of Python's literals as numpy writes there, and no more. The three
/// keys come in any order, each once; blanks and line ends may stand between the parts.
struct NpyLiteral {
    struct Fault: Error {
        var message: String
        var hint: String?
    }

    private let text: [UInt8]
    private var place = 0

    init(_ text: [UInt8]) { self.text = text }

    mutating func header() -> Result<(NpyType, Bool, Shape), Fault> {
        do throws(Fault) { return .success(try dictionary()) } catch { return .failure(error) }
    }

    private mutating func dictionary() throws(Fault) -> (NpyType, Bool, Shape) {
        var type: NpyType?
        var order: Bool?
        var shape: Shape?
        try expect("{")
        while !take("}") {
            let key = try string()
            try expect(":")
            switch key {
            case "descr" where type == nil: type = try numberType()
            case "fortran_order" where order == nil: order = try boolean()
            case "shape" where shape == nil: shape = try tuple()
            case "descr", "fortran_order", "shape": throw Fault(message: "expected `\(key)` once in the header, found it twice")
            default: throw Fault(message: "expected `descr`, `fortran_order` and `shape` in the header, found another key")
            }
            if take(",") { continue }
            try expect("}")
            break
        }
        skipBlanks()
        guard place == text.count else { throw Fault(message: "expected nothing behind the dictionary in the header, found more") }
        guard let type, let order, let shape else {
            throw Fault(message: "expected `descr`, `fortran_order` and `shape` in the header, found not all of them")
        }
        return (type, order, shape)
    }

    private mutating func skipBlanks() {
        while place < text.count, text[place] == 0x20 || text[place] == 0x0A || text[place] == 0x09 || text[place] == 0x0D { place += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard place < text.count, text[place] == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(Fault) {
        guard take(character) else { throw Fault(message: "expected `\(character)` at byte \(place) of the header, found something else") }
    }

    /// A text in either quotes, without escapes.
    private mutating func string() throws(Fault) -> String {
        skipBlanks()
        guard place < text.count, text[place] == UInt8(ascii: "'") || text[place] == UInt8(ascii: "\"") else {
            throw Fault(message: "expected a quoted text at byte \(place) of the header, found something else")
        }
        let quote = text[place]
        let start = place + 1
        place = start
        while place < text.count, text[place] != quote {
            guard text[place] != UInt8(ascii: "\\"), text[place] >= 0x20 else {
                throw Fault(message: "expected a plain text at byte \(start) of the header, found an escape")
            }
            place += 1
        }
        guard place < text.count, let found = String(validating: text[start..<place], as: UTF8.self) else {
            throw Fault(message: "expected a quoted text at byte \(start) of the header, found no end of it")
        }
        place += 1
        return found
    }

    private mutating func numberType() throws(Fault) -> NpyType {
        if take("[") {
            throw Fault(message: "expected plain numbers, found structured records", hint: "save the fields as arrays of their own")
        }
        let name = try string()
        guard let type = NpyType(name) else {
            throw Fault(message: "expected numbers of 1 to 8 bytes (f, i, u or b), found \(NpyType.words(for: name))")
        }
        return type
    }

    private mutating func boolean() throws(Fault) -> Bool {
        if takeWord("True") { return true }
        if takeWord("False") { return false }
        throw Fault(message: "expected `True` or `False` as `fortran_order`, found something else")
    }

    private mutating func takeWord(_ word: String) -> Bool {
        skipBlanks()
        guard text[place...].starts(with: word.utf8) else { return false }
        place += word.utf8.count
        return true
    }

    private mutating func tuple() throws(Fault) -> Shape {
        try expect("(")
        var extents: [Int] = []
        var ended = true
        while !take(")") {
            guard ended else { throw Fault(message: "expected a comma at byte \(place) of the header, found something else") }
            extents.append(try extent())
            // numpy's own limit.
            guard extents.count <= 64 else { throw Fault(message: "expected at most 64 axes, found more") }
            ended = take(",")
        }
        // A single number in parentheses is no tuple.
        guard extents.count != 1 || ended else { throw Fault(message: "expected a tuple as `shape`, found a number") }
        return Shape(extents)
    }

    private mutating func extent() throws(Fault) -> Int {
        skipBlanks()
        let start = place
        while place < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[place]) { place += 1 }
        guard place > start, let extent = Int(String(decoding: text[start..<place], as: UTF8.self)) else {
            throw Fault(message: "expected extents from 0 on that fit in memory in `shape`, found another")
        }
        // Python 2 wrote long numbers with an L.
        if place < text.count, text[place] == UInt8(ascii: "L") { place += 1 }
        return extent
    }
}
