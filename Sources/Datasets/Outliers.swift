extension Samples {
    /// The row whose numbers are the largest by far: at least ten thousand times those of the middle row, as hardly another's are; nil
    /// where there is none. `times`: how many times.
    public func outlier() throws -> (id: String, input: String, times: Double)? {
        for (name, items) in inputs.sorted(by: { $0.key < $1.key }) where count > 2 {
            let largest = try (0..<count).map { row in try items.withItem(row) { $0.reduce(0) { max($0, abs(Double($1))) } } }
            let order = largest.indices.sorted { largest[$0] < largest[$1] }
            let middle = largest[order[count / 2]]
            guard middle > 0, let top = order.last, largest[top] >= 1e4 * middle,
                largest.count(where: { $0 >= 1e4 * middle }) * 10 <= max(10, count)
            else { continue }
            return (ids[top], name, largest[top] / middle)
        }
        return nil
    }
}
