import Diagnostics
import Storage

/// A value of a JSON file with the words for where it stands, for messages.
struct Field {
    var json: JSONValue
    /// Where the value stands, such as `model.merges`; empty for the whole of the file.
    var place: String
    var file: String

    /// A member; `null` and a missing one are nil.
    subscript(name: String) -> Field? {
        guard let value = json[name], value != .null else { return nil }
        return Field(json: value, place: place.isEmpty ? name : "\(place).\(name)", file: file)
    }

    /// A `bad-data` diagnostic: what was expected of this value.
    func fault(_ expected: String, found: String? = nil) -> Diagnostic {
        let what = found ?? kind
        return Diagnostic(
            "bad-data", "expected \(expected) as `\(place)`, found \(what)", data: DataPlace(file: file),
            hint: "fetch the files of the tokenizer again")
    }

    /// A `bad-data` diagnostic for what is not done here.
    func unsupported(_ what: String, supported: String) -> Diagnostic {
        Diagnostic(
            "bad-data", "expected a tokenizer as RoBERTa, ALBERT and BERT have it, found \(what)", data: DataPlace(file: file),
            notes: ["supported are \(supported)"], hint: "name an encoder whose tokenizer is one of these")
    }

    private var kind: String {
        switch json {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let value): "`\(value.prefix(40))`"
        case .array: "an array"
        case .object: "an object"
        }
    }

    func text() throws -> String {
        guard let value = json.stringValue else { throw fault("a text") }
        return value
    }

    func bytes() throws -> [UInt8] { Array(try text().utf8) }

    func bool() throws -> Bool {
        guard let value = json.boolValue else { throw fault("true or false") }
        return value
    }

    func count() throws -> Int {
        guard let value = json.intValue, value >= 0, value <= Int(Int32.max) else { throw fault("a number from 0 on") }
        return value
    }

    func id() throws -> Int32 { Int32(truncatingIfNeeded: try count()) }

    func elements() throws -> [Field] {
        guard let elements = json.arrayValue else { throw fault("an array") }
        return elements.enumerated().map { Field(json: $1, place: "\(place)[\($0)]", file: file) }
    }

    /// The member of this name, which must be there.
    func required(_ name: String) throws -> Field {
        guard json.objectValue != nil else { throw fault("an object") }
        guard let member = self[name] else { throw fault("an object with `\(name)`", found: "none") }
        return member
    }

    /// The truth value of a member; what stands for it where it is missing.
    func flag(_ name: String, default value: Bool) throws -> Bool { try self[name]?.bool() ?? value }

    /// The name of what the value is, as `tokenizers` writes it.
    func type() throws -> String { try required("type").text() }

    /// Refuses members that are not known, so that none is passed over in silence.
    func only(_ names: String...) throws {
        guard let members = json.objectValue else { throw fault("an object") }
        guard let other = members.keys.filter({ !names.contains($0) && $0 != "type" }).min() else { return }
        throw fault("an object without `\(other)`", found: "it")
    }
}

extension JSONPull {
    /// The deepest nesting of what is read as a tree.
    private static let deepestTree = 32

    /// Reads a value as a tree.
    func tree(depth: Int = 0) throws -> JSONValue {
        guard depth < Self.deepestTree else { throw fault("JSON nested at most \(Self.deepestTree) deep") }
        switch try kind() {
        case .object:
            var members: [String: JSONValue] = [:]
            try object { members[$0] = try tree(depth: depth + 1) }
            return .object(members)
        case .array:
            var elements: [JSONValue] = []
            try array { _ in elements.append(try tree(depth: depth + 1)) }
            return .array(elements)
        case .string: return .string(try string())
        case .number:
            let value = try number()
            return Int(exactly: value).map { .integer($0) } ?? .number(value)
        case .bool: return .bool(try bool())
        case .null:
            try skip()
            return .null
        }
    }
}
