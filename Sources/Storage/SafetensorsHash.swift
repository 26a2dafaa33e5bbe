import Diagnostics

extension Safetensors {
    /// The name of the hash in the metadata; no other program's.
    private static let hashName = "ecdx.sha256"

    /// The contents with a hash of themselves in the metadata: the SHA-256 of the file that they are without it, over names, shapes,
    /// numbers and metadata. Throws as `digest`.
    public func hashed() throws -> Safetensors {
        var result = self
        result.metadata[Self.hashName] = nil
        result.metadata[Self.hashName] = try result.digest().hex
        return result
    }

    /// Whether the contents are those that the hash in their metadata was taken of; nil where there is none.
    public var agreesWithHash: Bool? {
        get throws {
            guard let said = metadata[Self.hashName] else { return nil }
            return try hashed().metadata[Self.hashName] == said
        }
    }

    /// Checks the hash in the metadata, where there is one. Throws what `refuse` makes of the message.
    public func checkHash(_ refuse: (_ message: String) -> Diagnostic) throws {
        if try agreesWithHash == false { throw refuse("expected the contents as ecdx wrote them, found others") }
    }
}
