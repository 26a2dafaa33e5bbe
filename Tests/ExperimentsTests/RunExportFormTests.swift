import Datasets
import Diagnostics
import Storage
import TestSupport
import Testing

@testable import Experiments
@testable import SessionTestSupport

/// Runs in the forms of other tools. `Tests/Soak/check_exports.py` opens the same files with the tools themselves.
@Suite(.timed) struct RunExportFormTests {
    private let bench: StoreBench

    init() throws {
        bench = try StoreBench()
        _ = try bench.run("experiment two like one { seed: 2, epochs: 3 }\ntable metrics(one)\ntable metrics(two)\n")
    }

    private func export(_ name: String, _ path: String) throws -> (paths: [String], notes: [String]) {
        let form = try #require(RunForm.all.first { $0.name == name })
        return try form.export(bench.runs, to: bench.scratch.file(path))
    }

    private func text(_ path: String) throws -> String { String(decoding: try readFile(path), as: UTF8.self) }

    @Test func checksumsOfTFRecord() {
        // The check value of CRC-32C in the catalogues of checksums.
        let sum: UInt32 = 0xE306_9283
        #expect(maskedCRC32C(Array("123456789".utf8)) == (sum >> 15 | sum << 17) &+ 0xA282_EAD8)
    }

    @Test func tablesHaveEveryValue() throws {
        let table = try readCSV(path: try #require(export("csv", "runs.csv").paths.first))
        let header = table.columnNames
        #expect(table.count == 2 && header.prefix(3) == ["id", "name", "state"])
        #expect(try Set(table.column("seed").cells) == ["1", "2"])
        let models = try table.column("model").cells
        #expect(models.allSatisfy { $0.hasPrefix("shape [3] >> dense(") }, "\(models)")
        for name in ["epochs", "optimizer.rate", "validation.loss", "holdout.rmse"] { #expect(header.contains { $0 == name }, "\(name)") }
        let json = try JSONValue(parsing: readFile(try #require(export("json", "runs.json").paths.first))).arrayValue ?? []
        #expect(json.count == 2 && json.allSatisfy { ($0["numbers"]?["holdout.n"]?.doubleValue ?? 0) > 1 })
        #expect(throws: Diagnostic.self) { try export("csv", "") }
    }

    /// The records of an event file with their checksums: steps, and numbers by tag.
    private func events(_ bytes: [UInt8]) throws -> [(step: Int, numbers: [String: Float])] {
        var found: [(step: Int, numbers: [String: Float])] = []
        func little(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
        func fields(_ bytes: ArraySlice<UInt8>) -> [(Int, ArraySlice<UInt8>)] {
            var (rest, all) = (bytes, [(Int, ArraySlice<UInt8>)]())
            func varint() -> Int {
                var (value, shift) = (0, 0)
                while let byte = rest.popFirst() {
                    value |= Int(byte & 127) << shift
                    shift += 7
                    if byte < 128 { break }
                }
                return value
            }
            while !rest.isEmpty {
                let key = varint()
                let start = rest
                let count =
                    switch key & 7 {
                    case 1: 8
                    case 5: 4
                    case 2: varint()
                    default: 0
                    }
                if key & 7 == 0 {
                    _ = varint()
                    all.append((key >> 3, start.prefix(start.count - rest.count)))
                } else {
                    all.append((key >> 3, rest.prefix(count)))
                    rest = rest.dropFirst(count)
                }
            }
            return all
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            let length = Int(little(rest.prefix(8)))
            #expect(little(rest.dropFirst(8).prefix(4)) == UInt64(maskedCRC32C(Array(rest.prefix(8)))))
            let record = rest.dropFirst(12).prefix(length)
            #expect(little(rest.dropFirst(12 + length).prefix(4)) == UInt64(maskedCRC32C(Array(record))))
            var event: (step: Int, numbers: [String: Float]) = (0, [:])
            for (number, value) in fields(record) {
                if number == 2 { event.step = Int(value.first ?? 0) }
                for (_, one) in number == 5 ? fields(value) : [] {
                    let parts = Dictionary(fields(one)) { first, _ in first }
                    let tag = String(decoding: parts[1] ?? [], as: UTF8.self)
                    event.numbers[tag] = Float(bitPattern: UInt32(little(parts[2] ?? [])))
                }
            }
            found.append(event)
            rest = rest.dropFirst(length + 16)
        }
        return found
    }

    @Test func eventFilesHoldTheCourse() throws {
        let paths = try export("tensorboard", "board").paths
        #expect(paths.count == 2 && paths.allSatisfy { $0.contains("/events.out.tfevents.") })
        for (path, run) in zip(paths, bench.runs) {
            let history = try #require(RecordedRun(run).result).history
            let found = try events(readFile(path))
            // The version of the file, an event an epoch, and what it came to.
            #expect(found.count == history.count + 2)
            for (event, record) in zip(found.dropFirst(), history) {
                #expect(event.step == record.epoch && event.numbers["train/loss"] == Float(record.train.loss))
                #expect(event.numbers["validation/loss"] == record.validationLoss.map { Float($0) })
            }
            #expect(found.last?.numbers["kept/holdout/rmse"] != nil)
        }
    }

    @Test func foldersOfMLflow() throws {
        let (paths, notes) = try export("mlflow", "mlruns")
        #expect(notes.last?.contains("mlflow migrate-filestore --source") == true)
        let first = try #require(paths.first)
        #expect(try text(first + "/params/optimizer") == "adam")
        let losses = try text(first + "/metrics/train.loss").split(separator: "\n")
        #expect(losses.allSatisfy { $0.split(separator: " ").count == 3 } && [2, 3].contains(losses.count))
        #expect(try text(first + "/meta.yaml").contains("\nlifecycle_stage: active\n"))
        #expect(fileStatus(first + "/artifacts/weights.safetensors") != nil)
        #expect(diagnostic { _ = try export("mlflow", "mlruns") }.id == "would-overwrite")
    }

    @Test func modelCards() throws {
        let card = try text(try #require(export("card", "cards").paths.first))
        #expect(card.hasPrefix("---\nlibrary_name: ecdx\n") && card.contains("\n---\n\n# "))
        #expect(card.contains("The target is `mark`. The data set has 24 rows.") && card.contains("| holdout | "))
        #expect(card.contains("type: rmse\n      name: \"RMSE (holdout)\"\n"))
    }

    @Test func conditionsChooseRuns() throws {
        let facts = bench.runs.map { RunFacts(RecordedRun($0)) }
        func count(_ text: String) throws -> Int {
            let condition = try RunCondition(text)
            try condition.check(against: facts)
            return facts.count { condition.holds(for: $0) }
        }
        #expect(try count("seed = 1") == 1 && count("seed==1") == 1 && count("ranEpochs >= 2") == 2 && count("ranEpochs>2") == 1)
        #expect(try count("name = \"one\"") == 1 && count("ranEpochs > 250%") == 1 && count("epochs = 3") == 1)
        #expect(try count("name = o*e") == 1 && count("name != one") == 1 && count("name = *") == 2 && count("loss = mse") == 2)
        #expect(try count("holdout.rmse < 1e9") == 2 && count("state = done") == 2)
        for wrong in ["seed", "seed > x", "seed => 1", "seed > 1 and seed < 2", "name > 3", "seed ="] {
            #expect(diagnostic { _ = try count(wrong) }.id == "bad-condition", "\(wrong)")
        }
        #expect(diagnostic { _ = try count("holdout.rms < 1") }.hints == ["did you mean `holdout.rmse`?"])
    }

    /// A file that is there and another is not overwritten.
    @Test func filesOfOthersStay() throws {
        let path = try #require(export("csv", "runs.csv").paths.first)
        #expect(try export("csv", "runs.csv").paths == [path])
        try writeWhole("mine", to: path)
        for name in ["csv", "json"] { #expect(diagnostic { _ = try export(name, "runs.csv") }.id == "would-overwrite") }
        #expect(try text(path) == "mine")
        let form = try #require(RunForm.all.first { $0.name == "csv" })
        _ = try form.export(bench.runs, to: path, force: true)
        #expect(try text(path) != "mine")
    }

    @Test func unfinishedRunsAreRefused() throws {
        let run = try #require(bench.runs.first)
        try removeTree(run.file("result.json"))
        for name in ["csv", "json", "tensorboard", "mlflow", "card"] {
            #expect(diagnostic { _ = try export(name, name) }.id == "unfinished-run")
        }
    }
}
