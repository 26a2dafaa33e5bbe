import Diagnostics
import Language

/// A part of an action and the least memory in bytes that computing it takes at one time.
struct MemoryNeed {
    var bytes: Double
    var span: SourceSpan?
}

extension CheckContext {
    /// Refuses an action that takes more memory than is allowed: the numbers, tables and figures that are computed for it, as far
    /// as their shapes are known. `what`: the action as a phrase for the message. Throws `memory`, at what takes the most.
    public func checkMemory(of value: Value, _ what: String) throws {
        var walk = Walk()
        let most = try need(of: value, &walk)
        guard most.bytes > Double(memory) else { return }
        throw Diagnostic(
            "memory", "\(what) takes at least \(sizeInWords(most.bytes)), and \(sizeInWords(Double(memory))) may be used", at: most.span,
            hint: "take fewer rows or points or smaller planes, or allow more with `--memory`")
    }

    /// The call in a value that takes the most while it is computed: its own result stands beside those of its arguments.
    private func need(of value: Value, _ walk: inout Walk) throws -> MemoryNeed {
        var most = MemoryNeed(bytes: 0, span: nil)
        for child in walk.enters(value) ? value.children : [] {
            let inner = try need(of: child, &walk)
            if inner.bytes > most.bytes { most = inner }
        }
        guard let call = value.call else { return most }
        if let taken = try library.computed(call)?.taken?(call, self) { return MemoryNeed(bytes: taken, span: call.origin.span) }
        let arguments = try value.children.reduce(0) { try $0 + held($1) }
        // The points and pixels of a figure are copies of what it is made of.
        let own = call.type == .sort(.figure) ? arguments : try held(value)
        return own + arguments > most.bytes ? MemoryNeed(bytes: own + arguments, span: call.origin.span) : most
    }

    /// The bytes that the results in a value take, as far as they are known: 8 for a number, 1 for that of a picture, 16 for a cell.
    private func held(_ value: Value) throws -> Double {
        guard let call = value.call else { return try value.children.reduce(0) { try $0 + held($1) } }
        if call.type == .sort(.figure) { return try value.children.reduce(0) { try $0 + held($1) } }
        if library.givesRows(call) {
            let table = try table(call)
            return 16 * Double(table.count) * Double(table.columns.count)
        }
        guard let facts = try facts(of: value), let shape = facts.shape else { return 0 }
        return shape.reduce(facts.tensor.pixels == nil ? 8 : 1) { $0 * Double($1) }
    }
}
