/// What the child writes and its parent reads: frames of a kind and a length, 8 bytes each in this machine's order, and then as
/// many bytes. First `contents`, then for each array in turn `values`, then `end`; or, at any time, `failure` and no more.
enum Frame: UInt64 {
    /// JSON of `Contents`.
    case contents = 0x6563_6478_0000_0001
    /// Single precision numbers.
    case values
    /// JSON of `Failure`.
    case failure
    case end

    static let headerSize = 16
    /// The most bytes of a frame that is not numbers.
    static let mostText = 64 << 20

    struct Failure: Codable {
        var message: String
        var hints: [String]
    }
}
