/// What a script can look at behind the dot of a value that is computed later, such as `al.volume` of a density.
///
/// A word with one argument may stand behind a dot as well, as in `al.max`; members are what has no word of its own.
public struct ValueMembers: Sendable {
    /// Type of the values that have the members.
    public var type: ValueType
    /// Descriptions of the members.
    public var members: [Member]
    /// Gives the value of a member, whose name is that of one of `members`; nil where the value at hand has none of that name.
    public var member: @Sendable (Field, String, Origin, CheckContext) throws -> Value?

    /// Creates the description of members.
    public init(
        of type: ValueType, _ members: [Member],
        member: @escaping @Sendable (Field, String, Origin, CheckContext) throws -> Value?
    ) {
        self.type = type
        self.members = members
        self.member = member
    }
}
