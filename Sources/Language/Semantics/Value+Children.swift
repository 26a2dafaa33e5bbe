extension Value {
    /// The values that stand directly inside this one: items of a list, fields as written, arguments in the order of the
    /// parameters, layers. What is declared has none here: whoever wants to look into it asks for its fields.
    public var children: [Value] {
        switch self {
        case .list(let items): items.map(\.value)
        case .record(let fields): fields.map(\.value.value)
        case .call(let call): call.arguments.map(\.value.value)
        case .layers(let layers): layers.map(\.value)
        default: []
        }
    }

    /// The results of `find` for this value, or for the values inside it where it gives nothing, outermost and first ones
    /// first. What stands inside a value that a large one holds more than once is looked at once.
    public func collect<Found>(_ find: (Value) throws -> Found?) rethrows -> [Found] {
        var found: [Found] = []
        try descend { value in
            guard let result = try find(value) else { return .inside }
            found.append(result)
            return .past
        }
        return found
    }

    /// Whether a condition holds for this value, or for one inside it.
    public func contains(where holds: (Value) throws -> Bool) rethrows -> Bool {
        var found = false
        try descend { value in
            found = try holds(value)
            return found ? .out : .inside
        }
        return found
    }

    /// Where a walk through a value goes on: to the values inside, past them, or nowhere.
    public enum Descent { case inside, past, out }

    /// Calls `visit` with this value and those inside it, outermost and first ones first, as long as it says so.
    public func descend(_ visit: (Value) throws -> Descent) rethrows {
        // Only a large tree may be too large for a walk, and a small one is gone through faster without a memory.
        let isLarge = extent.size > Walk.small
        var walk = Walk()
        /// Whether the walk goes on.
        func go(_ value: Value) throws -> Bool {
            switch try visit(value) {
            case .out: return false
            case .past: return true
            case .inside: break
            }
            if isLarge, !walk.enters(value) { return true }
            for child in value.children where try !go(child) { return false }
            return true
        }
        _ = try go(self)
    }
}
