import CFFTW
import Diagnostics

/// Memory for numbers of double precision at a multiple of 64 bytes, as the plans of `FourierPlan` want it.
final class AlignedNumbers: @unchecked Sendable {
    let start: UnsafeMutablePointer<Double>

    /// Makes room for `count` numbers, set to 0.
    init(_ count: Int) {
        let raw = UnsafeMutableRawPointer.allocate(byteCount: max(1, count) * 8, alignment: 64)
        start = raw.initializeMemory(as: Double.self, repeating: 0, count: max(1, count))
    }

    deinit { UnsafeMutableRawPointer(start).deallocate() }
}

/// A plan of a Fourier transform; it may run on several threads at a time, each with memory of its own.
final class FourierPlan: @unchecked Sendable {
    private let plan: OpaquePointer

    /// A plan for a real line; see `ecdx_fftw_line`.
    static func line(_ n: Int, forward: Bool) throws -> FourierPlan {
        try FourierPlan { ecdx_fftw_line(Int64(n), forward ? 1 : 0, $0, $1, $2) }
    }

    /// A plan for the columns of an array of complex numbers; see `ecdx_fftw_columns`.
    static func columns(_ n: Int, count: Int, forward: Bool) throws -> FourierPlan {
        try FourierPlan { ecdx_fftw_columns(Int64(n), Int64(count), forward ? 1 : 0, $0, $1, $2) }
    }

    /// A plan from a real field to its waves; see `ecdx_fftw_field`.
    static func field(_ grid: [Int]) throws -> FourierPlan {
        try FourierPlan { ecdx_fftw_field(grid.map(Int64.init), $0, $1, $2) }
    }

    /// A plan of sums over waves in a plane; see `ecdx_fftw_picture`.
    static func picture(_ rows: Int, _ columns: Int) throws -> FourierPlan {
        try FourierPlan { ecdx_fftw_picture(Int64(rows), Int64(columns), $0, $1, $2) }
    }

    private init(_ make: (UnsafeMutablePointer<OpaquePointer?>, UnsafeMutablePointer<CChar>, Int) -> Int32) throws {
        var made: OpaquePointer?
        var message = [CChar](repeating: 0, count: 256)
        let status = message.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { make(&made, $0, buffer.count) } ?? 1
        }
        guard status == 0, let made else {
            throw Diagnostic("shape", String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        plan = made
    }

    func run(_ real: UnsafeMutablePointer<Double>?, _ waves: UnsafeMutablePointer<Double>) { ecdx_fftw_run(plan, real, waves) }

    deinit { ecdx_fftw_free(plan) }
}

/// A pointer that threads share, each of which writes elsewhere.
struct Shared<Pointee>: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<Pointee>
    init(_ pointer: UnsafeMutablePointer<Pointee>) { self.pointer = pointer }
}

/// Numbers that threads read together.
struct SharedNumbers: @unchecked Sendable {
    let pointer: UnsafePointer<Double>
}

/// An array of `count` numbers that `body` fills, all of them, on however many threads.
func filled(_ count: Int, _ body: (Shared<Double>) -> Void) -> [Double] {
    guard count > 0 else { return [] }
    return [Double](unsafeUninitializedCapacity: count) { buffer, filled in
        guard let start = buffer.baseAddress else { return }
        body(Shared(start))
        filled = count
    }
}

/// Lets `body` read numbers on several threads; not called where there are none.
func shared(_ values: [Double], _ body: (SharedNumbers) -> Void) {
    values.withUnsafeBufferPointer { buffer in
        if let start = buffer.baseAddress { body(SharedNumbers(pointer: start)) }
    }
}
