import Datasets
import Diagnostics
import Experiments
import Fetching
import Storage

/// The order of `ecdx fetch materials FOLDER`: what to ask the Materials Project for, and where to keep the answers.
public struct MaterialsFetch: Sendable {
    private let folder: String
    private let query: MaterialsProjectQuery
    private let endpoints: MaterialsProjectEndpoints
    private let key: APIKey?
    private let withDescriptions: Bool
    private let withDensities: Bool
    private let asksForMissingAgain: Bool

    /// Makes an order. `spaceGroups` empty asks for cubic crystals with a face-centred lattice. The key is that of the environment.
    /// Throws `range`, `refused-address`, and what is wrong with the key.
    public init(
        folder: String, spaceGroups: [Int], isStable: Bool?, withDescriptions: Bool, withDensities: Bool, asksForMissingAgain: Bool
    ) throws {
        self.folder = folder
        query = try MaterialsProjectQuery(
            isStable: isStable, spaceGroups: spaceGroups.isEmpty ? MaterialsProjectQuery.cubicFaceCentred : spaceGroups)
        endpoints = try MaterialsProjectEndpoints()
        key = try APIKey.materialsProject()
        (self.withDescriptions, self.withDensities) = (withDescriptions, withDensities)
        self.asksForMissingAgain = asksForMissingAgain
    }

    /// Asks for what is not in the folder yet, with progress on the terminal. Throws what `MaterialsProjectClient` throws; what came
    /// stays.
    public func run(on terminal: Terminal) throws {
        var options = MaterialsProjectOptions()
        options.asksForMissingAgain = asksForMissingAgain
        options.tell = { terminal.write(err: $0 + "\n") }
        let client = try MaterialsProjectClient(
            folder: folder, query: query, key: key, endpoints: endpoints, agent: "ecdx/\(Installation.version)", options: options)
        terminal.write(err: "from \(endpoints.interface.host) to \(folder)\n")
        let found = try following("materials", on: terminal) { try client.fetchMaterials(progress: $0) }
        let materials = try MaterialsProjectFolder(folder).materials()
        terminal.write(out: "\(materials.count) materials in \(found.documents) documents; \(found.asked) answers asked for now\n")
        do {
            let reading = try readMaterialsProject(MaterialsProjectFolder(folder))
            let left = [
                (reading.repeated, "repeated"), (reading.deprecated, "deprecated"), (reading.otherStability, "of the other stability"),
                (reading.otherSpaceGroup, "of another space group"),
            ].filter { $0.0 > 0 }.map { "\($0) \($1)" }
            let others = left.isEmpty ? "" : "; left out: \(left.joined(separator: ", "))"
            terminal.write(out: "the table has \(reading.table.count) rows\(others)\n")
        } catch let error as Diagnostic {
            terminal.write(err: "no table can be made of it yet: \(error.message)\n")
        }
        if withDescriptions {
            let found = try following("descriptions", on: terminal) { try client.fetchDescriptions(of: materials, progress: $0) }
            terminal.write(out: "\(found.documents) descriptions; \(found.asked) answers asked for now\n")
        }
        if withDensities {
            let bar = FetchBar("densities", on: terminal)
            defer { bar.end() }
            let found = try client.fetchDensities(of: materials) { done, total, _ in bar.update(done, of: total) }
            bar.end()
            let missing = found.missing.prefix(5).map(\.description).joined(separator: ", ") + (found.missing.count > 5 ? ", ..." : "")
            terminal.write(
                out: "\(found.fetched) densities fetched, \(found.there) there already, \(found.missing.count) not to be had"
                    + (found.missing.isEmpty ? "\n" : ": \(missing) (`--missing-again` asks for them again)\n"))
        }
        terminal.write(out: "licence: the data of the Materials Project (materialsproject.org) are CC BY 4.0\n")
        terminal.write(out: "cite: A. Jain et al., APL Materials 1, 011002 (2013)\n")
    }

    private func following<Found>(
        _ name: String, on terminal: Terminal, _ body: ((Int, Int, Int) -> Void) throws -> Found
    ) throws -> Found {
        let bar = FetchBar(name, on: terminal)
        defer { bar.end() }
        return try body { done, total, _ in bar.update(done, of: total) }
    }
}

/// The progress of answers: a bar on a terminal, now and then a line in a log. One thread at a time.
private final class FetchBar: @unchecked Sendable {
    private let name: String
    private let terminal: Terminal
    private var bar: ProgressBar?
    private var total = 0
    private var told = steadySeconds()

    init(_ name: String, on terminal: Terminal) { (self.name, self.terminal) = (name, terminal) }

    func update(_ done: Int, of total: Int) {
        guard total > 0, done <= total else { return }
        if total != self.total { end() }
        self.total = total
        let bar = self.bar ?? ProgressBar(name, unit: "document", total: total, doneBefore: done, on: terminal)
        self.bar = bar
        let now = steadySeconds()
        guard terminal.redraws || now - told >= 30 || done == total else { return }
        told = now
        bar.update(done: done)
    }

    func end() {
        bar?.cancel()
        bar = nil
    }
}
