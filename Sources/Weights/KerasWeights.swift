import Diagnostics
import Glibc
import Storage

/// Reads the weights of a Keras file in HDF5 of any layout (`WeightOrigin.Layout`). Arrays of float16 and float64 become single
/// precision. `program` is this very program, or another that gives `weightReaderSubcommand` to `weightReaderMain`: the file is
/// read in a child process, so that what breaks the HDF5 library is a diagnostic here.
///
/// Throws `cannot-read`, and `bad-weights` for a file that is no HDF5, is damaged, has no weights, leads to other files, or has
/// arrays that are compressed, of another type, or larger than it is itself.
public func readKerasWeights(_ path: String, program: String) throws -> WeightFile {
    try answer(about: path, program: program) { try $0.file() }
}

/// Reads the layers of a Keras file in HDF5 without their numbers, in a child process as `readKerasWeights` does. Throws as it.
public func readKerasOutline(_ path: String, program: String) throws -> WeightOutline {
    // The child, which goes on to the numbers, is ended when nobody holds it any more.
    try answer(about: path, program: program) { WeightOutline(try $0.contents()) }
}

private func answer<Result>(about path: String, program: String, _ read: (Answer) throws -> Result) throws -> Result {
    let format = try weightFormat(of: path)
    guard format == .hdf5 else {
        throw badWeights(path, "expected weights of Keras in HDF5, found safetensors", hint: "give it a name that ends in .safetensors")
    }
    let size = fileStatus(path)?.bytes ?? 0
    guard size <= ReaderLimits.largestFile else {
        throw badWeights(path, "expected a weight file of at most \(ReaderLimits.largestFile) bytes, found \(size)")
    }
    let limits = ReaderLimits(fileSize: size)
    let child = try ReaderProcess(program: program, weightReaderSubcommand, try absolutePath(path), seconds: limits.seconds)
    do {
        return try read(Answer(child: child, path: path, fileSize: size))
    } catch let ending as ReaderProcess.Ending {
        throw badWeights(
            path, "expected a sound HDF5 file, found one \(words(ending, limits))", hint: "fetch it again, or save it again with Keras")
    }
}

private func words(_ ending: ReaderProcess.Ending, _ limits: ReaderLimits) -> String {
    switch ending {
    case .signal(SIGKILL): "whose reader was killed, for want of memory perhaps"
    case .signal(SIGXCPU): "on which the HDF5 library came to no end within \(limits.processorSeconds) seconds"
    case .signal(let signal): "that broke the HDF5 library (signal \(signal))"
    case .late: "on which the HDF5 library came to no end within \(Int(limits.seconds)) seconds"
    case .exited(let status): "on which its reader gave up (exit status \(status))"
    }
}

/// The answer of the child, none of which is believed: the child has read a file that may have taken it over.
private struct Answer {
    let child: ReaderProcess
    let path: String
    let fileSize: Int

    func contents() throws -> Contents { try json(try next(.contents)) }

    func file() throws -> WeightFile {
        let found = try contents()
        // Numbers of 2 bytes become 4; no sound answer has more.
        var allowance = 2 * fileSize
        var layers: [WeightLayer] = []
        for layer in found.layers {
            var arrays: [WeightArray] = []
            for array in layer.arrays {
                guard let count = count(array.shape), count <= allowance / MemoryLayout<Float>.stride else { throw senseless }
                allowance -= count * MemoryLayout<Float>.stride
                arrays.append(WeightArray(name: array.name, shape: array.shape, values: try values(count)))
            }
            layers.append(WeightLayer(name: layer.name, path: layer.path, place: layer.place, arrays: arrays))
        }
        guard try next(.end) == 0 else { throw senseless }
        let ending = child.ending()
        guard ending == .exited(0) else { throw ending }
        return WeightFile(layers: layers, origin: found.origin)
    }

    private var senseless: Diagnostic {
        badWeights(
            path, "expected a sound HDF5 file, found one whose reader gave an answer without sense",
            hint: "fetch it again, or save it again with Keras")
    }

    private func count(_ shape: [Int]) -> Int? {
        var count = 1
        for extent in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            guard extent >= 0, !overflow else { return nil }
            count = product
        }
        return count
    }

    /// The length of the next frame, of the kind that must come. A failure in its place is thrown.
    private func next(_ expected: Frame) throws -> Int {
        var header: (kind: UInt64, length: UInt64) = (0, 0)
        try withUnsafeMutableBytes(of: &header) { try child.read(into: $0) }
        guard let frame = Frame(rawValue: header.kind), let length = Int(exactly: header.length) else { throw senseless }
        if frame == .failure {
            let failure: Frame.Failure = try json(length)
            var diagnostic = badWeights(path, failure.message)
            diagnostic.hints = failure.hints
            throw diagnostic
        }
        guard frame == expected else { throw senseless }
        return length
    }

    private func json<Value: Decodable>(_ length: Int) throws -> Value {
        guard length <= Frame.mostText else { throw senseless }
        var bytes = [UInt8](repeating: 0, count: length)
        try bytes.withUnsafeMutableBytes { try child.read(into: $0) }
        do { return try JSONValue(parsing: bytes).decoded() } catch { throw senseless }
    }

    private func values(_ count: Int) throws -> [Float] {
        guard try next(.values) == count * MemoryLayout<Float>.stride else { throw senseless }
        return try [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            let wanted = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
            try child.read(into: UnsafeMutableRawBufferPointer(wanted))
            initialized = count
        }
    }
}
