import CHDF5
import Diagnostics
import Glibc
import Storage

/// The hidden subcommand that a program gives to `weightReaderMain`.
public let weightReaderSubcommand = "read-weights"

/// Runs the child process that reads an HDF5 file for `readKerasWeights`: gives up what it does not need, reads, writes what it
/// found to standard output, and returns the exit status. Call it first of all, before threads and large stacks.
///
/// libhdf5 was not made for files that mean harm, and some still crash it or make it turn in circles. Here it has no more than
/// three times the size of the file and half a gigabyte of memory, at most two minutes, and can write nowhere but to its parent.
public func weightReaderMain(path: String) -> Int32 {
    do {
        let size = fileStatus(path)?.bytes ?? 0
        let limits = ReaderLimits(fileSize: size)
        try call { ecdx_h5_confine(limits.memory, limits.processorSeconds, $0, $1) }
        try send(HDF5File(path))
        return 0
    } catch let diagnostic as Diagnostic {
        try? send(.failure, json: Frame.Failure(message: diagnostic.message, hints: diagnostic.hints))
    } catch {}
    return 1
}

/// The memory and the time that reading a file of some size may take.
struct ReaderLimits {
    /// Size of the largest file that is read, in bytes: those of this project have less than a tenth of it.
    static let largestFile = 8 << 30
    /// Memory of the child, in bytes.
    var memory: UInt64
    /// Processor time of the child, in seconds.
    var processorSeconds: UInt64
    /// Time of everything by the clock, in seconds: the disk may be slow.
    var seconds: Double

    init(fileSize: Int) {
        let size = max(0, min(fileSize, Self.largestFile))
        memory = UInt64(size) * 3 + 512 << 20
        processorSeconds = UInt64(min(120, 10 + size >> 22))
        seconds = 150 + Double(size) / 4e6
    }
}

private func send(_ file: HDF5File) throws {
    let found = try contents(of: file)
    try send(.contents, json: found)
    var largest = 0
    for layer in found.layers { for array in layer.arrays { largest = max(largest, array.shape.reduce(1, *)) } }
    let values = UnsafeMutableBufferPointer<Float>.allocate(capacity: largest)
    defer { values.deallocate() }
    for layer in found.layers {
        for array in layer.arrays {
            let part = UnsafeMutableBufferPointer(rebasing: values[..<array.shape.reduce(1, *)])
            try file.read(array.location, into: part)
            try send(.values, UnsafeRawBufferPointer(part))
        }
    }
    try send(.end, UnsafeRawBufferPointer(start: nil, count: 0))
}

private func send(_ frame: Frame, json value: some Encodable) throws {
    try Array(JSONValue(encoding: value).canonical.utf8).withUnsafeBytes { try send(frame, $0) }
}

private func send(_ frame: Frame, _ bytes: UnsafeRawBufferPointer) throws {
    try withUnsafeBytes(of: (frame.rawValue, UInt64(bytes.count))) { try writeAll($0) }
    try writeAll(bytes)
}

private func writeAll(_ bytes: UnsafeRawBufferPointer) throws {
    var done = 0
    while done < bytes.count {
        let count = write(STDOUT_FILENO, bytes.baseAddress.map { $0 + done }, bytes.count - done)
        if count < 0 && errno == EINTR { continue }
        // The parent is gone, and with it everybody who could be told.
        guard count > 0 else { throw unusable("the parent does not listen") }
        done += count
    }
}
