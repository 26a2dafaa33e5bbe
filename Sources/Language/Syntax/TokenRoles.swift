/// The roles of tokens that look alike, by the bytes where they start. The parser finds them, and the formatter spaces the
/// tokens by them.
public struct TokenRoles: Sendable, Hashable {
    /// The `-` that turn a sign, unlike those that subtract.
    public var signs: Set<Int> = []
    /// The `(` and `[` that belong to what stands before them: a call, a position, the parameters of a function.
    public var attached: Set<Int> = []
    /// The `:` between the ends of a slice, unlike those behind a name.
    public var slices: Set<Int> = []
    /// The `,` between the variables of a `for`, unlike those between members.
    public var loopCommas: Set<Int> = []
    /// The strings that name a field, unlike those that are values.
    public var names: Set<Int> = []
}
