extension Statement {
    /// The name this statement gives to something.
    public var declaredName: Name? {
        switch kind {
        case .param(let name, _, _), .function(let name, _, _): name
        case .binding(let binding): binding.name
        case .declaration(let declaration): declaration.name
        case .use, .action, .expression: nil
        }
    }
}
