import Storage

/// An event that a reader of XML reports. Names are without their prefixes, values with their references replaced.
enum XMLEvent: Equatable {
    /// The start of an element; one without contents is followed by its end.
    case start(String, [XMLAttribute])
    case end(String)
    case text(String)
}

struct XMLAttribute: Equatable {
    let name: String
    /// Whether the name was written with a prefix: `r:id` is not `id`.
    let isPrefixed: Bool
    let value: String
}

/// The reason why an XML text cannot be read, and the line.
struct XMLFault: Error {
    let message: String
    let line: Int
}

/// A strict reader of XML 1.0 in UTF-8, piece by piece. Document types, and with them entities of a text's own, are
/// refused; so is nesting deeper than 64. Comments and instructions are passed over.
struct XMLReader {
    private let bytes: [UInt8]
    private var place = 0
    /// The places of the names of the elements that are open, prefixes included.
    private var open: [Range<Int>] = []
    private var pending: String?
    private var hasRoot = false

    static let mostDepth = 64, mostAttributes = 256

    /// Starts at the beginning of a text. Throws `XMLFault` for bytes that are not UTF-8.
    init(_ bytes: [UInt8]) throws {
        self.bytes = bytes
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw XMLFault(message: "expected UTF-8 text, found other bytes", line: 1)
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    }

    /// The next event; nil at the end of a whole text.
    mutating func next() throws -> XMLEvent? {
        if let name = pending {
            pending = nil
            return .end(name)
        }
        while place < bytes.count {
            guard bytes[place] == UInt8(ascii: "<") else {
                let text = try text()
                if !open.isEmpty { return .text(text) }
                guard text.utf8.allSatisfy(isXMLBlank) else { throw fault("expected an element, found text outside of all") }
                continue
            }
            if skip("<!--") {
                try skipPast("-->", "comment")
            } else if skip("<?") {
                try skipPast("?>", "instruction")
            } else if starts("<![CDATA[") {
                guard !open.isEmpty else { throw fault("expected an element, found text outside of all") }
                place += 9
                let start = place
                try skipPast("]]>", "text")
                return .text(String(decoding: bytes[start..<(place - 3)], as: UTF8.self))
            } else if starts("<!") {
                throw fault("expected elements, found a document type")
            } else if skip("</") {
                return try endTag()
            } else {
                return try startTag()
            }
        }
        guard open.isEmpty else { throw fault("expected the end of `\(shown(open[open.count - 1]))`, found the end of the text") }
        guard hasRoot else { throw fault("expected an element, found none") }
        return nil
    }

    private mutating func startTag() throws -> XMLEvent {
        place += 1
        guard !open.isEmpty || !hasRoot else { throw fault("expected one outer element, found a second") }
        guard open.count < XMLReader.mostDepth else {
            throw fault("expected at most \(XMLReader.mostDepth) elements within each other, found more")
        }
        let name = try name()
        var attributes: [XMLAttribute] = []
        var keys: [Range<Int>] = []
        while true {
            let hasBlank = skipBlanks()
            if skip("/>") {
                hasRoot = true
                pending = local(name)
                return .start(local(name), attributes)
            }
            if skip(">") {
                hasRoot = true
                open.append(name)
                return .start(local(name), attributes)
            }
            guard hasBlank else { throw fault("expected a blank or the end of the tag `\(shown(name))`") }
            let key = try self.name()
            guard !keys.contains(where: { bytes[$0] == bytes[key] }) else {
                throw fault("expected each attribute once, found `\(shown(key))` twice")
            }
            keys.append(key)
            guard keys.count <= XMLReader.mostAttributes else {
                throw fault("expected at most \(XMLReader.mostAttributes) attributes, found more")
            }
            skipBlanks()
            guard skip("=") else { throw fault("expected `=` behind the attribute `\(shown(key))`") }
            skipBlanks()
            attributes.append(XMLAttribute(name: local(key), isPrefixed: bytes[key].contains(UInt8(ascii: ":")), value: try quoted()))
        }
    }

    private mutating func endTag() throws -> XMLEvent {
        let name = try name()
        skipBlanks()
        guard skip(">") else { throw fault("expected `>` behind the end of `\(shown(name))`") }
        guard let last = open.popLast(), bytes[last] == bytes[name] else {
            throw fault("found the end of `\(shown(name))`, which is not open")
        }
        return .end(local(name))
    }

    private mutating func name() throws -> Range<Int> {
        let start = place
        while place < bytes.count, isName(bytes[place]) { place += 1 }
        guard place > start, place - start <= 256 else { throw fault("expected a name") }
        return start..<place
    }

    private mutating func quoted() throws -> String {
        guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") || bytes[place] == UInt8(ascii: "'") else {
            throw fault("expected a quoted value")
        }
        let quote = bytes[place]
        let start = place + 1
        place = start
        while place < bytes.count, bytes[place] != quote, bytes[place] != UInt8(ascii: "<") { place += 1 }
        guard place < bytes.count, bytes[place] == quote else { throw fault("expected the closing quote of a value") }
        place += 1
        return try replaced(bytes[start..<(place - 1)])
    }

    private mutating func text() throws -> String {
        let start = place
        while place < bytes.count, bytes[place] != UInt8(ascii: "<") { place += 1 }
        return try replaced(bytes[start..<place])
    }

    /// The text with `&amp;` and its kind, and numbers of characters, replaced.
    private func replaced(_ raw: ArraySlice<UInt8>) throws -> String {
        guard raw.contains(UInt8(ascii: "&")) else { return String(decoding: raw, as: UTF8.self) }
        var result: [UInt8] = []
        var rest = raw
        while let start = rest.firstIndex(of: UInt8(ascii: "&")) {
            result += rest[rest.startIndex..<start]
            guard let end = rest[start...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else { throw fault("expected `;` behind `&`") }
            let word = String(decoding: rest[(start + 1)..<end], as: UTF8.self)
            switch word {
            case "amp": result.append(UInt8(ascii: "&"))
            case "lt": result.append(UInt8(ascii: "<"))
            case "gt": result.append(UInt8(ascii: ">"))
            case "quot": result.append(UInt8(ascii: "\""))
            case "apos": result.append(UInt8(ascii: "'"))
            default:
                let digits = word.hasPrefix("#x") ? word.dropFirst(2) : word.dropFirst()
                guard word.hasPrefix("#"), !digits.hasPrefix("+"), let value = UInt32(digits, radix: word.hasPrefix("#x") ? 16 : 10),
                    value != 0,
                    let scalar = Unicode.Scalar(value)
                else { throw fault("expected a character, found `&\(word);`") }
                result += Array(String(Character(scalar)).utf8)
            }
            rest = rest[(end + 1)...]
        }
        return String(decoding: result + rest, as: UTF8.self)
    }

    private func starts(_ text: StaticString) -> Bool {
        bytes.count - place >= text.utf8CodeUnitCount && (0..<text.utf8CodeUnitCount).allSatisfy { bytes[place + $0] == text.utf8Start[$0] }
    }

    private mutating func skip(_ text: StaticString) -> Bool {
        guard starts(text) else { return false }
        place += text.utf8CodeUnitCount
        return true
    }

    private mutating func skipPast(_ text: StaticString, _ what: String) throws {
        let first = place
        while place < bytes.count {
            if skip(text) { return }
            place += 1
        }
        place = first
        throw fault("expected the end of a \(what), found the end of the text")
    }

    @discardableResult private mutating func skipBlanks() -> Bool {
        let start = place
        while place < bytes.count, isXMLBlank(bytes[place]) { place += 1 }
        return place > start
    }

    private func local(_ name: Range<Int>) -> String {
        let start = bytes[name].lastIndex(of: UInt8(ascii: ":")).map { $0 + 1 } ?? name.lowerBound
        return String(decoding: bytes[start..<name.upperBound], as: UTF8.self)
    }

    private func shown(_ name: Range<Int>) -> String { String(decoding: bytes[name].prefix(40), as: UTF8.self) }

    private func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), 0x80...: true
        default: false
        }
    }

    private func fault(_ message: String) -> XMLFault {
        XMLFault(message: message, line: 1 + bytes[..<min(place, bytes.count)].count { $0 == UInt8(ascii: "\n") })
    }
}

private func isXMLBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 10 || byte == 13 }
