import TestSupport
import Testing

/// What is odd about the numbers of items is said as long as they are used, wherever they come from.
@Suite(.timed) struct KeptWarningTests {
    @Test func rowsOfTheStoreKeepTheirWarnings() throws {
        let project = try Project(
            script: """
                dataset crystals {
                    rows:   csv("data/table.csv")
                    id:     "material_id"
                    inputs: { grid: chgcar("data/{file}") |> regrid([5, 5, 5]) }
                    target: { column: "k_vrh", unit: "GPa" }
                    split:  random(train: 50%, validation: 25%, holdout: 25%, seed: 7)
                }
                show mean(crystals.inputs.grid)

                """)
        func run(_ count: Int) throws -> (out: String, err: String) {
            let rows = Project.crystals.prefix(count).enumerated().map { index, name in
                "\(name),\(name).CHGCAR\(name == "Cu-fcc" ? "" : ".gz"),\(index + 100)\n"
            }
            try project.write("table.csv", in: "data", "material_id,file,k_vrh\n" + rows.joined())
            let run = try project.ecdx("run", "SCRIPT")
            #expect(run.status == 0, "\(run.err)")
            return (run.out, run.err)
        }
        func lost(_ text: String) -> [Substring] { text.split(separator: "\n").filter { $0.contains("warning[lost-electrons]") } }
        let first = try run(8)
        #expect(lost(first.err).count == 1, "\(first.err)")
        // All from the store, then all but one.
        #expect(try lost(run(8).err) == lost(first.err))
        let more = try run(9)
        #expect(more.err.contains("8 rows are in the store") && lost(more.err).contains(lost(first.err)[0]), "\(more.err)")
        #expect(try lost(run(9).err).contains(lost(first.err)[0]))
    }
}
