/// The types of what is written in an action; nil for what is checked by whoever carries it out.
public struct ActionTypes: Sendable {
    /// Type that the value behind the verb is made to be.
    public var subject: ValueType?
    /// Type that is offered behind the verb where any value may stand.
    public var offered: ValueType?
    /// Type of what stands behind `on`.
    public var on: ValueType?
}

extension Verb {
    /// The types of what is written with the verb.
    public var types: ActionTypes {
        switch self {
        case .show, .export: ActionTypes()
        case .table: ActionTypes(subject: .sort("table"))
        case .plot: ActionTypes(subject: .sort("figure"))
        case .predict: ActionTypes(offered: .object("experiment"), on: .object("dataset"))
        }
    }
}
