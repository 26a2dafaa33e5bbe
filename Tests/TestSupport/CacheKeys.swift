import Storage

extension Cache {
    /// The keys of all complete entries, sorted.
    public func keys() -> [Digest] {
        var keys: [Digest] = []
        for group in (try? listFolder(root)) ?? [] {
            for name in (try? listFolder(joined(root, group))) ?? [] {
                if let key = Digest(hex: name), has(key) { keys.append(key) }
            }
        }
        return keys.sorted()
    }
}
