extension MaterialsProjectFolder {
    /// The SHA-256 of what the folder says: its question, and the hashes of the answers that a reading goes through. Times, addresses
    /// and the version of the database are not in it, so that what rests on the folder can be kept under it.
    public func contents(withDescriptions: Bool = false, withDensities: Bool = false) throws -> Digest {
        func hashes(_ section: String) -> JSONValue { .array(answers(inSection: section).answers.map { .string($0.sha256.hex) }) }
        var members: [String: JSONValue] = ["query": .string(query.canonical)]
        for section in query.sections { members[section.name] = hashes(section.name) }
        if withDescriptions {
            for section in sections("robocrys/") { members[section] = hashes(section) }
        }
        if withDensities {
            let known = densities.values.compactMap { density in
                density.sha256.map {
                    ("\(density.material)", JSONValue.array([.string("\(density.task.map { "\($0)" } ?? "")"), .string($0.hex)]))
                }
            }
            members["densities"] = .object(Dictionary(known) { first, _ in first })
        }
        return try sha256(JSONValue.object(members).canonical)
    }
}
