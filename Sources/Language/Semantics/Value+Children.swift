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
    /// first.
    public func collect<Found>(_ find: (Value) throws -> Found?) rethrows -> [Found] {
        if let found = try find(self) { return [found] }
        return try children.flatMap { try $0.collect(find) }
    }

    /// Whether a condition holds for this value, or for one inside it.
    public func contains(where holds: (Value) throws -> Bool) rethrows -> Bool {
        if try holds(self) { return true }
        for child in children where try child.contains(where: holds) { return true }
        return false
    }
}
