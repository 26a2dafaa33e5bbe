import Diagnostics

extension JSONValue {
    /// The JSON form of a Swift value. Infinities and not-a-number become the texts of `canonical`.
    public init(encoding value: some Encodable) throws {
        do {
            guard let made = try JSONMaker.make(value) else {
                let context = EncodingError.Context(codingPath: [], debugDescription: "the value encodes nothing")
                throw EncodingError.invalidValue(value, context)
            }
            self = made
        } catch let error as EncodingError {
            throw Diagnostic("bad-data", "expected a value that can be written as JSON, found: \(error)")
        }
    }

    /// The Swift value this JSON stands for. Throws `bad-data` where a member is missing or of another kind, naming it.
    public func decoded<Value: Decodable>(as type: Value.Type = Value.self, in place: DataPlace? = nil) throws -> Value {
        do {
            return try JSONSource(self).decode(type)
        } catch let error as DecodingError {
            throw Diagnostic("bad-data", JSONValue.describe(error), data: place)
        }
    }

    private static func describe(_ error: DecodingError) -> String {
        func path(_ context: DecodingError.Context) -> String { context.codingPath.map(\.stringValue).joined(separator: ".") }
        switch error {
        case .keyNotFound(let key, let context):
            return "expected a member `\((context.codingPath + [key]).map(\.stringValue).joined(separator: "."))`, found none"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            return "expected another kind of value for `\(path(context))`, found one that does not fit"
        @unknown default:
            return "expected JSON of another form"
        }
    }
}
