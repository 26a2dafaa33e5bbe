import Diagnostics

extension JSONValue {
    /// Reads one JSON document. `place` is the file named in a diagnostic; its line, where given, is that of the first
    /// byte. Throws `bad-data` for what is not JSON, bytes that are not UTF-8, a name given twice in one object, a number
    /// beyond a double, and nesting deeper than `depth`.
    public init(parsing bytes: some Collection<UInt8>, in place: DataPlace? = nil, depth: Int = 64) throws {
        var parser = JSONParser(bytes: Array(bytes), place: place, deepest: depth)
        self = try parser.document()
    }

    /// Reads one JSON document from a text; see `init(parsing:in:depth:)`.
    public init(parsing text: String, in place: DataPlace? = nil, depth: Int = 64) throws {
        try self.init(parsing: text.utf8, in: place, depth: depth)
    }
}

private struct JSONParser {
    let bytes: [UInt8]
    let place: DataPlace?
    let deepest: Int
    var position = 0

    init(bytes: [UInt8], place: DataPlace?, deepest: Int) {
        self.bytes = bytes
        self.place = place
        self.deepest = deepest
    }

    mutating func document() throws -> JSONValue {
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw failure("the end") }
        return value
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 32 || byte == 10 || byte == 13 || byte == 9 { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws -> JSONValue {
        guard depth <= deepest else {
            throw Diagnostic("bad-data", "expected JSON nested at most \(deepest) deep, found more", data: here)
        }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw failure("a value") }
        position += word.utf8.count
        return value
    }

    private mutating func object(depth: Int) throws -> JSONValue {
        position += 1
        var members: [String: JSONValue] = [:]
        skipSpace()
        if take("}") { return .object(members) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw failure("a name in quotes") }
            let name = try string()
            skipSpace()
            guard take(":") else { throw failure("`:`") }
            let value = try value(depth: depth + 1)
            guard members.updateValue(value, forKey: name) == nil else {
                throw Diagnostic("bad-data", "expected every name once, found `\(name)` twice", data: here)
            }
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw failure("`,` or `}`") }
        }
    }

    private mutating func array(depth: Int) throws -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take("]") { return .array(elements) }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take("]") { return .array(elements) }
            guard take(",") else { throw failure("`,` or `]`") }
        }
    }

    private mutating func string() throws -> String {
        position += 1
        var text = ""
        while true {
            let start = position
            while let byte = next, byte != 0x22, byte != 0x5C, byte >= 0x20 { position += 1 }
            guard let plain = String(validating: bytes[start..<position], as: UTF8.self) else {
                position = start
                throw failure("UTF-8 text")
            }
            if text.isEmpty { text = plain } else { text += plain }
            guard let byte = next else { throw failure("a closing quote") }
            guard byte >= 0x20 else { throw failure("a control character as an escape") }
            position += 1
            if byte == 0x22 { return text }
            text.unicodeScalars.append(try escape())
        }
    }

    private mutating func escape() throws -> Unicode.Scalar {
        guard let byte = next else { throw failure("an escape") }
        position += 1
        switch Unicode.Scalar(byte) {
        case "\"": return "\""
        case "\\": return "\\"
        case "/": return "/"
        case "b": return "\u{8}"
        case "f": return "\u{C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u":
            var code = try fourDigits()
            if (0xD800..<0xDC00).contains(code), take("\\"), take("u") {
                let low = try fourDigits()
                guard (0xDC00..<0xE000).contains(low) else { throw failure("a pair of surrogates") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw failure("a pair of surrogates") }
            return scalar
        default: throw failure("an escape JSON knows")
        }
    }

    private mutating func fourDigits() throws -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            switch next {
            case let digit? where (0x30...0x39).contains(digit): code = code << 4 | UInt32(digit - 0x30)
            case let letter? where (0x61...0x66).contains(letter | 0x20): code = code << 4 | UInt32((letter | 0x20) - 0x57)
            default: throw failure("four hexadecimal digits")
            }
            position += 1
        }
        return code
    }

    private mutating func number() throws -> JSONValue {
        let start = position
        _ = take("-")
        let whole = digits()
        guard whole > 0 else {
            position = start
            throw failure("a value")
        }
        guard whole == 1 || bytes[position - whole] != UInt8(ascii: "0") else { throw failure("a number without leading zeros") }
        var isInteger = true
        if take(".") {
            isInteger = false
            guard digits() > 0 else { throw failure("digits after the point") }
        }
        if take("e") || take("E") {
            isInteger = false
            if !take("+") { _ = take("-") }
            guard digits() > 0 else { throw failure("digits in the exponent") }
        }
        if isInteger, whole <= 18, let value = shortInteger(start) { return .integer(value) }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        // `-0` is a double: an integer has no such value.
        if isInteger, text != "-0", let value = Int(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else {
            throw Diagnostic("bad-data", "expected a number that fits a double, found `\(text.prefix(40))`", data: here)
        }
        return .number(value)
    }

    /// The integer of at most 18 digits from `start` to the place at hand; nil for `-0`.
    private func shortInteger(_ start: Int) -> Int? {
        let isNegative = bytes[start] == UInt8(ascii: "-")
        let value = bytes[(isNegative ? start + 1 : start)..<position].reduce(0) { $0 * 10 + Int($1 - 48) }
        return isNegative ? (value == 0 ? nil : -value) : value
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = next, (48...57).contains(byte) { position += 1 }
        return position - start
    }

    /// The place in the file: the line counts from that of `place`.
    private var here: DataPlace? {
        guard let place else { return nil }
        let breaks = bytes[..<min(position, bytes.count)].reduce(0) { $1 == 10 ? $0 + 1 : $0 }
        return DataPlace(file: place.file, line: (place.line ?? 1) + breaks)
    }

    private func failure(_ expected: String) -> Diagnostic {
        let found = next.map { $0 > 0x20 && $0 < 0x7F ? "`\(Unicode.Scalar($0))`" : "byte \($0)" } ?? "the end"
        return Diagnostic("bad-data", "expected \(expected), found \(found) at byte \(position) of the JSON text", data: here)
    }
}
