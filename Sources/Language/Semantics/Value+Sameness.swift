extension Value {
    /// Whether two values are the same to `==`: a range is the list of its numbers.
    func isSame(as other: Value) -> Bool {
        switch (self, other) {
        case (.range, .range), (.range, .list), (.list, .range), (.list, .list):
            guard let count = itemCount, count == other.itemCount else { return false }
            return (0..<count).allSatisfy { item($0).isSame(as: other.item($0)) }
        default: return self == other
        }
    }

    /// The number of items of a list or a range; nil for other values.
    private var itemCount: Int? {
        switch self {
        case .list(let items): items.count
        case .range(let from, let to, let by):
            by == 0 || (to - from) / by < 0 ? 0 : Int(exactly: ((to - from) / by + 1e-9).rounded(.down)).map { $0 + 1 }
        default: nil
        }
    }

    private func item(_ index: Int) -> Value {
        switch self {
        case .list(let items): items[index].value
        case .range(let from, _, let by): .number(from + Double(index) * by)
        default: self
        }
    }
}
