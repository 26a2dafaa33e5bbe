import COneDNN
import Diagnostics

/// A oneDNN primitive whose arrays are bound to memory before the first run.
final class Computation {
    let handle: OpaquePointer

    /// Takes over the primitive that `create` makes; throws the diagnostic `engine` where the library refuses.
    init(_ create: (UnsafeMutablePointer<OpaquePointer?>, UnsafeMutablePointer<CChar>?) -> Int32) throws {
        var handle: OpaquePointer?
        try check { create(&handle, $0) }
        guard let handle else { throw Diagnostic("engine", "oneDNN: no computation") }
        self.handle = handle
    }

    deinit { odn_op_free(handle) }

    /// oneDNN's name of the implementation that it chose.
    var implementation: String { String(cString: odn_op_implementation(handle)) }

    /// Rank of the implementation: 2 where it is made for this processor, 1 where it goes through matrix products, 0 for a plain
    /// reference.
    var rank: Int { Int(odn_op_rank(handle)) }

    /// The layout of the array in a slot; nil where the computation has no array there.
    func optionalLayout(_ slot: odn_slot) throws -> Layout? {
        var layout: OpaquePointer?
        try check { odn_op_layout(&layout, handle, slot, $0) }
        return layout.map(Layout.init(adopting:))
    }

    /// The layout of the array in a slot. Throws `engine` where the computation has no array there.
    func layout(_ slot: odn_slot) throws -> Layout {
        guard let layout = try optionalLayout(slot) else { throw Diagnostic("engine", "oneDNN: \(implementation) lacks an array") }
        return layout
    }

    /// Binds the array in a slot to memory.
    func bind(_ slot: Slot, _ memory: UnsafeMutableRawPointer) throws {
        switch slot {
        case .named(let slot): try check { odn_op_bind(handle, slot, memory, $0) }
        case .source(let index): try check { odn_op_bind_source(handle, Int32(index), memory, $0) }
        }
    }

    /// Generates the code; called once, before the first run.
    func prepare() throws { try check { odn_op_prepare(handle, $0) } }

    @inline(__always)
    func run() throws { try check { odn_op_run(handle, $0) } }

    /// The candidate whose implementation ranks highest, the first among equals; candidates that cannot be made do not count.
    static func best(_ candidates: [() throws -> Computation]) throws -> Computation {
        var best: Computation?
        var failure: (any Error)?
        for candidate in candidates {
            do {
                let made = try candidate()
                if best.map({ made.rank > $0.rank }) ?? true { best = made }
            } catch { failure = error }
        }
        guard let best else { throw failure ?? Diagnostic("engine", "no computation was offered") }
        return best
    }

    /// A copy of an array from one layout to another.
    static func reorder(_ from: Layout, _ to: Layout) throws -> Computation {
        try Computation { odn_reorder($0, from.handle, to.handle, $1) }
    }

    /// An elementwise sum or product of two arrays of one layout.
    static func arithmetic(_ kind: odn_arithmetic, _ layout: Layout) throws -> Computation {
        try Computation { odn_binary($0, kind, layout.handle, $1) }
    }
}

/// An argument of a computation: one of its named arrays, or one of the sources of a concatenation.
enum Slot {
    case named(odn_slot)
    case source(Int)
}

/// A step that runs a plain loop of our own between the computations of the library.
final class HostStep {
    let operands: [Operand]
    private let body: ([UnsafeMutablePointer<Float>]) throws -> Void
    /// Addresses of the operands, in order. Set once memory is planned.
    var pointers: [UnsafeMutablePointer<Float>] = []

    init(_ operands: [Operand], _ body: @escaping ([UnsafeMutablePointer<Float>]) throws -> Void) {
        self.operands = operands
        self.body = body
    }

    func run() throws {
        if pointers.count == operands.count { try body(pointers) }
    }
}
