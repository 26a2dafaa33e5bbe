import Diagnostics

/// The values a parameter may take in a search, as far as a type has to know them.
public struct SearchSpace: Sendable, Hashable {
    /// The values of a search space: between two bounds, or one by one.
    public enum Values: Sendable, Hashable {
        /// Numbers between two bounds, both included; whole ones alone where `whole`.
        case numbers(low: Double, high: Double, whole: Bool)
        /// Values of a list.
        case choices([Value])
    }
    /// Values that the parameter may take.
    public var values: Values
    /// Source text of the space, as it is written in a script.
    public var source: String

    /// Creates a search space.
    public init(_ values: Values, source: String) {
        self.values = values
        self.source = source
    }

    /// The space as a phrase for messages, such as `a search space from 0.1 to 0.5`.
    public var phrase: String {
        switch values {
        case .numbers(let low, let high, _): "a search space from \(written(low)) to \(written(high))"
        case .choices(let items): "a search space of \(items.count) choice\(items.count == 1 ? "" : "s")"
        }
    }
}

extension Value {
    /// The search space that the value is; nil for another value.
    public var searchSpace: SearchSpace? {
        if case .call(let call) = self, case .space(let space) = call.type { space } else { nil }
    }
}

extension Evaluator {
    /// Whether every value of a search space is one of the type.
    func fits(_ space: SearchSpace, _ type: ValueType) -> Bool {
        switch space.values {
        case .choices(let items): items.allSatisfy { accepts($0, type) }
        case .numbers(let low, let high, let whole):
            type.alternatives.contains { alternative in
                guard case .number(let rule) = alternative else { return false }
                return (whole || !rule.integer) && rule.accepts(low) && rule.accepts(high)
            }
        }
    }
}
