import Diagnostics

/// The first bytes of a file, at most `count`, and the bytes it has in all: what is needed to tell one format from another.
/// Throws `cannot-read`.
public func readFileHead(_ path: String, count: Int) throws -> (head: [UInt8], size: Int) {
    let file = try OpenFile(reading: path)
    let size = try file.status().bytes
    var head = [UInt8](repeating: 0, count: max(0, min(count, size)))
    try head.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
    return (head, size)
}
