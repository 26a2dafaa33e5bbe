import Diagnostics
import Tensors

/// The header of a .npy file (NumPy, "numpy.lib.format", versions 1.0, 2.0 and 3.0), checked against the file's length.
struct NpyHeader {
    var type: NpyType
    var fortranOrder: Bool
    var shape: Shape
    var count: Int
    /// The offset of the first number in the file.
    var dataStart: Int

    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    /// The most bytes of a header; numpy's own readers refuse beyond 10,000.
    static let longest = 65_535

    init(reading file: OpenFile) throws {
        let place = DataPlace(file: file.path)
        func bad(_ message: String, hint: String? = nil) -> Diagnostic { Diagnostic("bad-data", message, data: place, hint: hint) }
        let size = try file.status().bytes
        var start = [UInt8](repeating: 0, count: min(size, 12))
        try start.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
        guard start.starts(with: NpyHeader.magic), start.count >= 10 else {
            if start.starts(with: [0x50, 0x4B, 3, 4]) {
                throw bad(
                    "expected a .npy file, found an archive such as .npz", hint: "save one array to a file of its own with numpy.save")
            }
            throw bad("expected a .npy file, found one that does not begin as such")
        }
        guard (1...3).contains(start[6]), start[7] == 0 else {
            throw bad("expected version 1.0, 2.0 or 3.0 of the .npy format, found \(start[6]).\(start[7])")
        }
        let width = start[6] == 1 ? 2 : 4
        guard start.count >= 8 + width else { throw bad("expected the length of the header, found the end of the file") }
        let length = start[8..<8 + width].reversed().reduce(0) { $0 << 8 | Int($1) }
        dataStart = 8 + width + length
        guard length <= NpyHeader.longest, dataStart <= size else {
            throw bad("expected a header of at most \(min(NpyHeader.longest, size - 8 - width)) bytes, found one said to have \(length)")
        }
        var text = [UInt8](repeating: 0, count: length)
        try text.withUnsafeMutableBytes { try file.read(into: $0, at: 8 + width) }
        var literal = NpyLiteral(text)
        switch literal.header() {
        case .failure(let fault): throw bad(fault.message, hint: fault.hint)
        case .success(let fields):
            (type, fortranOrder, shape) = fields
        }
        guard let count = shape.checkedCount, let bytes = Optional(count.multipliedReportingOverflow(by: type.size)), !bytes.overflow else {
            throw bad("expected an array that fits in memory, found a larger shape in the header")
        }
        guard bytes.partialValue == size - dataStart else {
            throw bad("expected \(bytes.partialValue) bytes of numbers behind the header, found \(size - dataStart)")
        }
        self.count = count
    }
}

/// A number type as numpy writes it: `<f8`.
struct NpyType: Equatable {
    enum Kind: Character {
        case float = "f"
        case integer = "i"
        case unsigned = "u"
        case bool = "b"
    }
    var kind: Kind
    /// The bytes of one number.
    var size: Int
    var isBigEndian: Bool

    var precision: NumericArray.Precision { kind == .float && size <= 4 ? .single : .double }

    init?(_ text: String) {
        var rest = Substring(text)
        let order: Character = rest.first.map { "<>=|".contains($0) } == true ? rest.removeFirst() : "="
        guard rest.count == 2, let letter = rest.first, let kind = Kind(rawValue: letter), let size = rest.last?.wholeNumberValue else {
            return nil
        }
        switch (kind, size) {
        case (.float, 2), (.float, 4), (.float, 8), (.integer, 1), (.integer, 2), (.integer, 4), (.integer, 8),
            (.unsigned, 1), (.unsigned, 2), (.unsigned, 4), (.unsigned, 8), (.bool, 1):
            break
        default: return nil
        }
        // `|` says that the order of bytes does not matter.
        guard order != "|" || size == 1 else { return nil }
        self.kind = kind
        self.size = size
        isBigEndian = order == ">"
    }

    /// The description of a type that is not read, for a message.
    static func words(for text: String) -> String {
        let letter = text.first.map { "<>=|".contains($0) } == true ? text.dropFirst().first : text.first
        let what: String? =
            switch letter {
            case "c": "complex numbers"
            case "O": "Python objects"
            case "S", "U", "a": "text"
            case "V": "structured records"
            case "M", "m": "times"
            case "f", "g": "floating point numbers of another width"
            default: nil
            }
        let shown = text.count <= 12 && text.allSatisfy { $0.isASCII && !$0.isNewline && $0 != "`" } ? "`\(text)`" : "another type"
        return what.map { "\($0), \(shown)" } ?? shown
    }
}
