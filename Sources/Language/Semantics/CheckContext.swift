import Diagnostics

/// The error that ends a check, since somebody asked to stop: no fault of the script.
public protocol CheckStop: Error {}

/// The context of checks: what they may ask for and say. One for a whole script or session.
public final class CheckContext {
    /// Folder that relative paths start from.
    public let folder: String
    /// The words of the language.
    public let library: Library
    /// Whether this is a smoke run, where data sets and trainings are cut short.
    public var isSmoke = false
    /// Bytes of memory that data, trainings and figures may take.
    public var memory = Int.max
    /// Diagnostics that do not stop the check at hand: warnings, further errors.
    public var reported: [Diagnostic] = []
    /// Asks whether somebody wants the check to stop, told what it is at. Throws what ends the check, and all that was to follow.
    public var stopIfAsked: (_ doing: String) throws -> Void = { _ in }
    /// Number of times that files were looked at anew: tables are read again where their files changed since the last.
    public private(set) var look = 0
    private var memories: [ObjectIdentifier: AnyObject] = [:]

    /// Creates a context that remembers nothing yet.
    public init(folder: String, library: Library) {
        self.folder = folder
        self.library = library
    }

    /// Looks at files anew from now on, since they may have changed.
    public func lookAgain() { look += 1 }

    /// The path with the folder before it, where it is relative.
    public func resolve(_ path: String) -> String { Self.resolve(path, in: folder) }

    /// The path with a folder before it, where it is relative.
    public static func resolve(_ path: String, in folder: String) -> String {
        if path.hasPrefix("/") || folder.isEmpty { return path }
        return folder.hasSuffix("/") ? folder + path : folder + "/" + path
    }

    /// The value that `make` gives for a key, made once a session. Keys are values of a type of their own, so those of two
    /// kinds of knowledge never meet. What is thrown is not remembered.
    public func remembered<Key: Hashable, Value>(_ key: Key, most: Int = .max, _ make: () throws -> Value) rethrows -> Value {
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
        // A long search would fill the memory with what is hardly asked for again.
        if memory.values.count >= most { memory.values.removeAll() }
        memory.values[key] = value
        return value
    }

    /// Whether this key is asked for the first time: for what is to be said once.
    public func isFirst(_ key: some Hashable) -> Bool {
        var isNew = false
        remembered(key) { isNew = true }
        return isNew
    }
}

/// The values that are remembered for keys of one type.
private final class Memory<Key: Hashable, Value> {
    var values: [Key: Value] = [:]
}
