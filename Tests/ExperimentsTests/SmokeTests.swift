import Builtins
import Diagnostics
import Experiments
import Foundation
import Language
import SessionTestSupport
import Storage
import TestSupport
import Testing

/// Smoke runs: short, apart from the real ones, and the test of every script there is.
@Suite(.timed) struct SmokeTests {
    private struct Outcome: Sendable {
        var shown: [String]
        var warnings: [Diagnostic]
    }

    private func run(_ text: String, in folder: String, smoke: Bool, set overrides: [Override] = []) throws -> Outcome {
        try onLargeStack {
            let reporter = CollectingReporter()
            var options = SessionOptions()
            options.standardLibrary = Place.library
            options.smoke = smoke
            options.overrides = overrides
            let session = try Session(base: folder + "/", options: options, reporter: reporter)
            let checked = session.check(text, file: "script.ecdx")
            #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
            if !checked.script.hasErrors { try session.perform(checked) }
            return Outcome(shown: reporter.lines, warnings: reporter.warnings)
        }
    }

    @Test func everyExperimentRunsThrough() throws {
        let names = try listFolder(Place.experiments).filter { $0.hasSuffix(".ecdx") && !$0.hasPrefix(".") }
        #expect(names.count >= 3)
        let copy = try CorpusCopy()
        let folder = copy.path + "/experiments"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: folder + "/data", withDestinationPath: Place.experiments + "/data")
        for name in names.sorted() {
            let outcome = try run(readText("\(Place.experiments)/\(name)"), in: folder, smoke: true)
            #expect(outcome.warnings.filter { $0.severity == .warning } == [], "\(name)")
            let written = outcome.shown.filter { $0.hasPrefix("wrote ") }
            #expect(!outcome.shown.isEmpty && written.allSatisfy { $0.contains(".smoke.") }, "\(name): \(written)")
        }
    }

    private static let stackingFaults = PublishedData.stackingFaults.folder(for: "the scripts of the paper over the 137 images")
    private static let crystals = PublishedData.crystals.folder(for: "the scripts of the paper over the 781 crystals")

    /// What the scripts say of the published crystals: sizes, splits, and whose spin density the pictures show.
    @Test func theCrystalsAreThoseOfThePaper() throws {
        guard let crystals = Self.crystals else { return }
        let copy = try CorpusCopy()
        func shown(_ name: String) throws -> String {
            let text = try readText(Place.experiments + "/paper/" + name)
            let found = try run(text, in: copy.path, smoke: false, set: [Override(path: ["mp_fcc"], text: crystals)])
            #expect(found.warnings == [], "\(name)")
            return found.shown.joined(separator: "\n")
        }
        let audit = try shown("audit-v3.ecdx")
        for said in [
            "train | 414", "validation | 89", "holdout | 89", "573 of 592 pictures", "170 of 781 crystals have one; 19 are left",
        ] {
            #expect(audit.contains(said), "\(said): \(audit)")
        }
        let properties = try shown("table11.ecdx")
        #expect(properties.contains("781 crystals; version 3 keeps 592") && properties.contains("g_vrh | -3476 |"), "\(properties)")
        #expect(properties.hasSuffix("4\n14"), "\(properties.suffix(20))")
        #expect(try shown("figure6.ecdx").contains("781 crystals"))
        #expect(try shown("table2.ecdx").contains("Both Ti(1)-Ti(1) bond lengths are 2.83 Å. All Ti(1)-Ti(2) bond lengths are 2.99 Å."))
    }

    /// Weights of whole backbones as Keras wrote them, hundreds of megabytes: made on demand by
    /// `Tests/ModelsTests/Fixtures/make_backbones.py --weights FOLDER`.
    private static let kerasWeights: String? = {
        if let folder = ProcessInfo.processInfo.environment["ECDX_KERAS_WEIGHTS"] { return folder }
        print(
            """
            SKIPPED: the scripts of the paper with weights that Keras wrote (they run with drawn ones): \
            set ECDX_KERAS_WEIGHTS to what make_backbones.py --weights makes
            """
        )
        return nil
    }()

    /// The scripts that make the paper's tables and figures. Those that need no images run everywhere. ImageNet weights are not
    /// part of the project: backbones have weights drawn by the seed.
    @Test func everyScriptOfThePaperRunsThrough() throws { try runThePaper { _ in "none" } }

    /// The same with files that Keras wrote, in the old layout and in that of Keras 3: the same numbers come of both.
    @Test func everyScriptOfThePaperRunsThroughWithKerasWeights() throws {
        guard let folder = Self.kerasWeights, Self.stackingFaults != nil else { return }
        let old = try runThePaper(only: "imagenet") { "\(folder)/\($0).h5" }
        let new = try runThePaper(only: "imagenet") { "\(folder)/\($0).weights.h5" }
        #expect(old.count == 5 && old == new)
    }

    /// Runs the scripts of the paper, those that contain `only`, each backbone with what `weights` says of its architecture. What
    /// each shows.
    @discardableResult
    private func runThePaper(only: String = "", weights: (String) -> String) throws -> [String: [String]] {
        let source = Place.experiments + "/paper"
        let copy = try CorpusCopy()
        let folder = copy.path + "/paper"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: folder + "/reported", withDestinationPath: source + "/reported")
        // Figures 2 and 3 are drawn of the project's own crystals.
        try FileManager.default.createSymbolicLink(atPath: copy.path + "/data/fcc-dft", withDestinationPath: Place.crystals)
        let names = try listFolder(source).filter { $0.hasSuffix(".ecdx") && !$0.hasPrefix(".") }.sorted()
        #expect(Set(names).isSuperset(of: ["audit.ecdx", "figure1.ecdx", "table1.ecdx", "table8.ecdx"]))
        var shown: [String: [String]] = [:]
        for name in names {
            let text = try readText("\(source)/\(name)")
            if !only.isEmpty, !text.contains(only) { continue }
            if Self.stackingFaults == nil, text.contains("param sfe_folder: Path") { continue }
            if Self.crystals == nil, text.contains("param mp_fcc: Path") { continue }
            var overrides: [Override] = []
            if let crystals = Self.crystals, text.contains("param mp_fcc") {
                overrides.append(Override(path: ["mp_fcc"], text: crystals))
            }
            if let data = Self.stackingFaults, text.contains("param sfe_folder") {
                overrides.append(Override(path: ["sfe_folder"], text: data))
            }
            for match in text.matches(of: /(?m)^backbone (\w+) \{ *architecture: (\w+).*"imagenet"/) {
                overrides.append(Override(path: [String(match.1), "weights"], text: weights(String(match.2))))
            }
            if text.contains("param seeds") { overrides.append(Override(path: ["seeds"], text: "2")) }
            let outcome = try run(text, in: folder, smoke: true, set: overrides)
            #expect(outcome.warnings.filter { $0.id != "small-holdout" } == [], "\(name)")
            let written = outcome.shown.filter { $0.hasPrefix("wrote ") }
            #expect(!outcome.shown.isEmpty && written.allSatisfy { $0.contains(".smoke.") }, "\(name): \(written)")
            shown[name] = outcome.shown
            if name == "unfreezing.ecdx" {
                let drawn = try readText(folder + "/out/unfreezing.smoke.svg")
                #expect(drawn.contains("layers fine-tuned") && drawn.contains("R2 of the holdout"))
            }
        }
        return shown
    }

    /// What the audit says of the paper, with the deviations that stand in the script and, where the data are, with those computed.
    @Test func theAuditFindsWhichSplitEachTableRestsOn() throws {
        let copy = try CorpusCopy()
        let folder = copy.path + "/paper"
        let source = Place.experiments + "/paper"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: folder + "/reported", withDestinationPath: source + "/reported")
        let text = try readText("\(source)/audit.ecdx")
        let overrides = [[]] + (Self.stackingFaults.map { [[Override(path: ["sfe_folder"], text: $0)]] } ?? [])
        for overrides in overrides {
            let shown = try run(text, in: folder, smoke: false, set: overrides).shown
            let rows = shown.filter { $0.hasPrefix("Table ") }.map { $0.components(separatedBy: " | ") }
            #expect(rows.map { $0[0] } == ["Table 4", "Table 5", "Table 8", "Table 9", "Table 10"])
            for row in rows where row.count == 3 {
                // Columns: the split of seed 54, that of seed 42.
                let isOld = row[0] == "Table 8"
                #expect((Double(row[1]) == 0) == isOld && (Double(row[2]) == 0) == !isOld, "\(row)")
            }
            #expect(shown.contains { $0.hasPrefix("B, GPT-4 | 0.0245") })
        }
    }

    @Test func aSmokeRunAndARealOneDoNotMeet() throws {
        let copy = try CorpusCopy()
        let folder = copy.path + "/language"
        let script = crystalsScript + "show crystals.count\nshow bulk.epochs\ntable metrics(bulk, resamples: 100) to \"out/m.csv\"\n"
        func text(_ name: String) throws -> String { try readText("\(folder)/out/\(name)") }

        let smoke = try run(script, in: folder, smoke: true)
        #expect(smoke.shown.prefix(2) == ["12", "1"])
        #expect(smoke.shown.contains(Smoke.note))
        let smoked = try text("m.smoke.csv")
        #expect(fileStatus("\(folder)/out/m.csv") == nil)
        #expect(try listFolder("\(folder)/.ecdx") == ["smoke"])

        let real = try run(script, in: folder, smoke: false)
        #expect(real.shown.prefix(2) == ["24", "2"])
        #expect(!real.shown.contains(Smoke.note))
        let metrics = try text("m.csv")
        #expect(metrics != smoked)
        #expect(try text("m.smoke.csv") == smoked)

        // Each finds its own again.
        #expect(try run(script, in: folder, smoke: true).shown.last == "unchanged out/m.smoke.csv")
        #expect(try run(script, in: folder, smoke: false).shown.last == "unchanged out/m.csv")
        #expect(try text("m.csv") == metrics)
    }

    /// Every part keeps two rows, the sizes follow the shares, and the rows are the same ones each time.
    @Test(arguments: [
        ("random(train: 80%, validation: 10%, holdout: 10%, seed: 1)", [8, 2, 2]),
        ("random(train: 50%, validation: 25%, holdout: 25%, seed: 7)", [6, 3, 3]),
    ])
    func partsShrink(_ split: String, _ sizes: [Int]) throws {
        let parts = try onLargeStack {
            var options = SessionOptions()
            options.smoke = true
            let session = try Session(base: Place.corpus + "/language/", options: options, reporter: CollectingReporter())
            let checked = session.check(
                crystalsScript + "let other = crystals with { split: \(split) }\n" + """
                    let parts = [other.train, other.validation, other.holdout]
                    let counts = for part in parts { part.count }
                    let ids = for part in parts { part.ids }
                    """, file: "script.ecdx")
            #expect(!checked.script.hasErrors)
            return Dictionary(uniqueKeysWithValues: checked.script.names.map { ($0.name, $0.value) })
        }
        #expect(parts["counts"]?.integers == sizes)
        let ids = parts["ids"]?.items?.flatMap { $0.items ?? [] }.compactMap(\.string) ?? []
        #expect(ids.count == 12 && Set(ids).count == 12)
    }
}
