import Diagnostics

/// What checks may ask for and say. One for a whole script or session.
public final class CheckContext {
    /// The folder relative paths start from.
    public let folder: String
    /// The words of the language.
    public let library: Library
    /// True for a smoke run: data sets and trainings are cut short.
    public var isSmoke = false
    /// Diagnostics that do not stop the check at hand: warnings, further errors.
    public var reported: [Diagnostic] = []
    private var memories: [ObjectIdentifier: AnyObject] = [:]

    public init(folder: String, library: Library) {
        self.folder = folder
        self.library = library
    }

    public func resolve(_ path: String) -> String {
        if path.hasPrefix("/") || folder.isEmpty { return path }
        return folder.hasSuffix("/") ? folder + path : folder + "/" + path
    }

    /// What `make` gives for a key, made once a session. Keys are values of a type of their own, so those of two kinds of
    /// knowledge never meet. What is thrown is not remembered.
    public func remembered<Key: Hashable, Value>(_ key: Key, _ make: () throws -> Value) rethrows -> Value {
        let id = ObjectIdentifier(Memory<Key, Value>.self)
        let memory: Memory<Key, Value>
        if let known = memories[id] as? Memory<Key, Value> {
            memory = known
        } else {
            memory = Memory()
            memories[id] = memory
        }
        if let known = memory.values[key] { return known }
        let value = try make()
        memory.values[key] = value
        return value
    }

    /// True the first time that it is asked with this key: for what is to be said once.
    public func isFirst(_ key: some Hashable) -> Bool {
        var isNew = false
        remembered(key) { isNew = true }
        return isNew
    }
}

private final class Memory<Key: Hashable, Value> {
    var values: [Key: Value] = [:]
}
