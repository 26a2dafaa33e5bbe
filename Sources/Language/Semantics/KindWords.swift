/// The objects of one kind that are members of another's body, written `kind name { ... }` and kept in order in one of its fields.
public struct InnerObjects: Sendable, Hashable {
    /// Kind of the objects.
    public var kind: String
    /// Field that holds the list of them.
    public var field: String
    /// Creates the description of such members.
    public init(kind: String, field: String) {
        self.kind = kind
        self.field = field
    }
}

/// The words for the network in the bodies of a kind, as messages need them.
public struct NetworkWords: Sendable, Hashable {
    /// What a body holds, where nothing was found.
    public var contents: String
    /// Name of an input, as an example.
    public var input: String
    /// What an input goes through, as an example.
    public var chain: String
    /// Advice where an `input` stands in the body of another kind.
    public var misplaced: String
    /// Creates the words.
    public init(contents: String, input: String, chain: String, misplaced: String) {
        self.contents = contents
        self.input = input
        self.chain = chain
        self.misplaced = misplaced
    }
}

/// The types of what is written in an action; nil for what is checked by whoever carries it out.
public struct ActionTypes: Sendable {
    /// Type that the value behind the verb is made to be.
    public var subject: ValueType?
    /// Type that is offered behind the verb where any value may stand.
    public var offered: ValueType?
    /// Type of what stands behind `on`.
    public var on: ValueType?
    /// Creates the types of an action.
    public init(subject: ValueType? = nil, offered: ValueType? = nil, on: ValueType? = nil) {
        self.subject = subject
        self.offered = offered
        self.on = on
    }
}
