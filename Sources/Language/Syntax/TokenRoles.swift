/// What the parser knows of tokens that look alike: where they start, in bytes. The formatter spaces them by it.
public struct TokenRoles: Sendable, Hashable {
    /// A `-` that turns a sign, unlike one that subtracts.
    public var signs: Set<Int> = []
    /// A `(` or `[` that belongs to what stands before it: a call, a position, the parameters of a function.
    public var attached: Set<Int> = []
    /// A `:` between the ends of a slice, unlike one behind a name.
    public var slices: Set<Int> = []
    /// A `,` between the variables of a `for`, unlike one between members.
    public var loopCommas: Set<Int> = []
}
