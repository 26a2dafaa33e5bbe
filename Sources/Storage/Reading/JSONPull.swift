import Diagnostics

/// A JSON document, plain or gzip, that is read value by value in the order of the file, a piece of it in memory at a time: for documents
/// whose values are too many to be held as a tree. What is asked for must be there; everything else is passed over.
package final class JSONPull {
    /// The kind of the value that comes next.
    package enum Kind { case object, array, string, number, null, bool }

    private let text: TextPieces
    private var p: UnsafePointer<UInt8>
    private var end: UnsafePointer<UInt8>
    /// The deepest nesting of what is passed over.
    private static let deepest = 1 << 16

    private init(_ text: TextPieces) {
        self.text = text
        p = text.place
        end = text.end
    }

    /// Opens a document, lets `body` read its value, and checks that nothing follows. Throws `cannot-read`, `bad-data` with the place in
    /// the file for what is not JSON, and what `body` throws. `size` and `whole` are those of `TextPieces`.
    package static func read<R>(
        path: String, size: Int = TextPieces.usualSize, whole: Int = TextPieces.packedWhole, _ body: (JSONPull) throws -> R
    ) throws -> R {
        try TextPieces.read(path: path, size: size, whole: whole) { text in
            let json = JSONPull(text)
            let result = try body(json)
            if try json.nextByte() != nil { throw json.fault("the end of the JSON document") }
            return result
        }
    }

    // MARK: Values

    /// The kind of the value that comes next, which is not read yet. Throws `bad-data` where no value begins.
    package func kind() throws -> Kind {
        guard let byte = try nextByte() else { throw fault("a JSON value") }
        switch byte {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        default: throw fault("a JSON value")
        }
    }

    /// Reads an object: calls `member` with each name, which must read its value or pass over it.
    package func object(_ member: (String) throws -> Void) throws {
        try take("{", "a JSON object")
        if try takes("}") { return }
        repeat {
            let name = try string("a name in quotes")
            try take(":", "`:`")
            try member(name)
        } while try takes(",")
        try take("}", "`,` or `}`")
    }

    /// Reads an array: calls `element` with the place of each element from 0, which must read it or pass over it.
    package func array(_ element: (Int) throws -> Void) throws {
        try take("[", "a JSON array")
        if try takes("]") { return }
        var index = 0
        repeat {
            try element(index)
            index += 1
        } while try takes(",")
        try take("]", "`,` or `]`")
    }

    /// Reads a text.
    package func string(_ expected: String = "a text in quotes") throws -> String {
        guard try nextByte() == UInt8(ascii: "\"") else { throw fault(expected) }
        let stop = try endOfString()
        let bytes = UnsafeBufferPointer(start: p, count: stop - p)
        let content = UnsafeBufferPointer(rebasing: bytes[1..<(bytes.count - 1)])
        guard let plain = String(validating: content, as: UTF8.self) else { throw fault("UTF-8 text") }
        var result = plain
        if content.contains(where: { $0 == UInt8(ascii: "\\") || $0 < 0x20 }) {
            guard case .string(let unescaped)? = try? JSONValue(parsing: bytes) else { throw fault("a text as JSON writes it") }
            result = unescaped
        }
        p = stop
        return result
    }

    /// Reads a finite number.
    package func number() throws -> Double {
        _ = try nextByte()
        return try numberHere()
    }

    /// Reads `true` or `false`.
    package func bool() throws -> Bool {
        guard try kind() == .bool else { throw fault("`true` or `false`") }
        let isTrue = p.pointee == UInt8(ascii: "t")
        try skipWord()
        return isTrue
    }

    /// Reads an array of finite numbers to the end of `values`. Throws `bad-data` for anything else in it.
    package func numbers(into values: inout [Double]) throws {
        try take("[", "an array of numbers")
        if try takes("]") { return }
        while true {
            // The blanks that Python puts between numbers, without a call for each.
            if p < end, p.pointee == 32 { p += 1 }
            if p == end || isBlank(p.pointee) { _ = try nextByte() }
            values.append(try numberHere())
            if p < end, p.pointee == UInt8(ascii: ",") {
                p += 1
                continue
            }
            guard try takes(",") else { break }
        }
        try take("]", "`,` or `]` behind a number")
    }

    /// Passes over a value of any kind.
    package func skip() throws {
        // What opened and is not closed yet: true for an object.
        var open: [Bool] = []
        while true {
            switch try kind() {
            case .object:
                p += 1
                if try !takes("}") {
                    try push(true, on: &open)
                    try skipName()
                    continue
                }
            case .array:
                p += 1
                if try !takes("]") {
                    try push(false, on: &open)
                    continue
                }
            case .string: p = try endOfString()
            case .number, .null, .bool: try skipWord()
            }
            // Behind a value: what is complete with it is closed, and then another one follows or none.
            while let isObject = open.last {
                if try takes(",") {
                    if isObject { try skipName() }
                    break
                }
                try take(isObject ? "}" : "]", isObject ? "`,` or `}`" : "`,` or `]`")
                open.removeLast()
            }
            if open.isEmpty { return }
        }
    }

    /// A `bad-data` diagnostic with the place that is read next: `expected` is what should be there.
    package func fault(_ expected: String) -> Diagnostic {
        // The word that is shown is whole, wherever the pieces end.
        while end - p < 32, (try? more()) == true {}
        text.place = p
        let cursor = text.cursor
        var found = "the end of the file"
        if p < end {
            var stop = p + 1
            let isWord = !Self.isMark(p.pointee)
            while isWord, stop < end, stop - p < 24, !isBlank(stop.pointee), !Self.isMark(stop.pointee) { stop += 1 }
            found = shown([TextCursor.Token(start: p, count: stop - p)])
            if isWord, stop == end, text.isLast { found += " and the end of the file" }
        }
        return cursor.fault("expected \(expected), found \(found) at byte \(text.placeInText + 1)", line: cursor.lineNumber(at: p))
    }

    /// A `bad-data` diagnostic in other words, with the place that was read last.
    package func failure(_ message: String) -> Diagnostic {
        text.place = p
        let cursor = text.cursor
        return cursor.fault("\(message), at byte \(text.placeInText + 1)", line: cursor.lineNumber(at: max(cursor.start, p - 1)))
    }

    // MARK: Bytes

    /// Brings more of the text into memory, that from `p` on kept; false at the end of it.
    private func more() throws -> Bool {
        let known = end - p
        while end - p == known {
            guard !text.isLast else { return false }
            p = try text.more(from: p)
            end = text.end
        }
        return true
    }

    /// The next byte that is no blank, which is not taken; nil at the end of the text.
    private func nextByte() throws -> UInt8? {
        while true {
            while p < end, isBlank(p.pointee) { p += 1 }
            if p < end { return p.pointee }
            guard try more() else { return nil }
        }
    }

    private func takes(_ character: Unicode.Scalar) throws -> Bool {
        guard try nextByte() == UInt8(ascii: character) else { return false }
        p += 1
        return true
    }

    private func take(_ character: Unicode.Scalar, _ expected: String) throws {
        guard try takes(character) else { throw fault(expected) }
    }

    private func push(_ isObject: Bool, on open: inout [Bool]) throws {
        guard open.count < Self.deepest else { throw fault("JSON nested at most \(Self.deepest) deep") }
        open.append(isObject)
    }

    private func skipName() throws {
        guard try nextByte() == UInt8(ascii: "\"") else { throw fault("a name in quotes") }
        p = try endOfString()
        try take(":", "`:`")
    }

    /// The place behind the closing quote of the text at `p`, all of which is in memory then.
    private func endOfString() throws -> UnsafePointer<UInt8> {
        var distance = 1
        while true {
            while p + distance >= end {
                guard try more() else { throw failure("expected a closing quote, found the end of the file") }
            }
            let byte = p[distance]
            if byte == UInt8(ascii: "\"") { return p + distance + 1 }
            // What is escaped may be a quote; behind the end there is none.
            distance += byte == UInt8(ascii: "\\") ? 2 : 1
        }
    }

    /// The place behind the word at `p`, all of which is in memory then.
    private func endOfWord() throws -> UnsafePointer<UInt8> {
        var distance = 0
        while true {
            while p + distance < end {
                let byte = p[distance]
                if isBlank(byte) || Self.isMark(byte) { return p + distance }
                distance += 1
            }
            guard try more() else { return end }
        }
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "{"),
            UInt8(ascii: "\""):
            true
        default: false
        }
    }

    private func skipWord() throws {
        let stop = try endOfWord()
        let word = UnsafeBufferPointer(start: p, count: stop - p)
        let isKnown = word.elementsEqual("null".utf8) || word.elementsEqual("true".utf8) || word.elementsEqual("false".utf8)
        guard isKnown || decimal(word) != nil else { throw fault("a JSON value") }
        p = stop
    }

    /// The number at `p`, where no blank stands.
    @inline(__always)
    private func numberHere() throws -> Double {
        var value = 0.0
        if p < end, let next = scanDecimal(p, &value), next < end, value.isFinite {
            let byte = next.pointee
            if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") {
                p = next
                return value
            }
        }
        return try otherNumber()
    }

    /// The number at `p` where it is cut at the end of what is in memory, or is none.
    private func otherNumber() throws -> Double {
        let stop = try endOfWord()
        guard let value = decimal(UnsafeBufferPointer(start: p, count: stop - p)), value.isFinite else { throw fault("a number") }
        p = stop
        return value
    }
}
