/// The frames that the reading child process writes and its parent reads: a kind and a length, 8 bytes each in this machine's
/// order, and then as many bytes. First `contents`, then for each array in turn `values`, then `end`; or, at any time, `failure`
/// and no more.
enum Frame: UInt64 {
    /// The table of contents: JSON of `Contents`.
    case contents = 0x6563_6478_0000_0001
    /// The values of one array: single precision numbers.
    case values
    /// The reason why the file cannot be read: JSON of `Failure`.
    case failure
    /// The end of the answer, without bytes of its own.
    case end

    /// The most bytes of a frame that is not numbers.
    static let mostText = 64 << 20

    /// The message and the hints of the child's diagnostic.
    struct Failure: Codable {
        var message: String
        var hints: [String]
    }
}
