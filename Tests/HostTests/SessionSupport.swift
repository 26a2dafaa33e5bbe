import Diagnostics
import Experiments
import Glibc
import TestSupport
import Testing

@testable import Host

/// A prompt's session without a keyboard, in a folder of its own that holds the project's data as `data`.
final class SpokenSession {
    let folder: Scratch
    let session: PromptSession
    private let capture: Capture
    private var seen = (out: 0, err: 0)

    init() throws {
        folder = try Scratch()
        #expect(symlink(Place.experiments + "/data", folder.path + "/data") == 0)
        let (terminal, capture) = Terminal.captured()
        self.capture = capture
        var options = SessionOptions()
        options.store = folder.path + "/store"
        options.standardLibrary = Place.library
        session = try PromptSession(folder: folder.path, options: options, terminal: terminal)
    }

    /// Types an input, or a command with its colon; returns what it printed.
    @discardableResult
    func type(_ text: String) -> (out: String, err: String) {
        if text.hasPrefix(":") {
            do throws(Diagnostic) {
                let call = try CommandCall(text, among: session.commands)
                let command = session.commands.first { $0.name == call.name }
                if call.isForced { command?.forced?(call.argument) } else { command?.run(call.argument) }
            } catch {
                Issue.record("\(text): \(error.message)")
            }
        } else {
            session.submit(text)
        }
        defer { seen = (capture.out.utf8.count, capture.err.utf8.count) }
        return (
            slice(of: capture.out, from: seen.out, to: capture.out.utf8.count),
            slice(of: capture.err, from: seen.err, to: capture.err.utf8.count)
        )
    }

    /// What Tab offers at the end of a text, as it would be inserted.
    func offers(_ text: String) -> [String] {
        session.completions(of: text, at: text.utf8.count).candidates.map { $0.text + $0.suffix }
    }
}

/// A data set of twelve crystals, a small model and an experiment that trains in no time.
let smallScript = """
    dataset crystals {
        rows: csv("data/fcc-dft/properties.csv"), id: "material_id"
        inputs: { plane: chgcar("data/fcc-dft/densities/{material_id}.CHGCAR.gz") |> plane([1, 1, 1], size: [12, 12], cell: file) }
        target: { column: "k_vrh", unit: "GPa", transform: log, scale: standard }
        split: random(train: 70%, validation: 15%, holdout: 15%, seed: 7)
    }
    model cnn {
        input plane: [12, 12, 1]
        plane >> conv(4, kernel: 3, activation: relu) >> globalAveragePool >> dense(1)
    }
    experiment bulk { data: crystals, model: cnn, loss: mse, seed: 1, epochs: 1 }
    let al = chgcar("data/fcc-dft/densities/Al-fcc.CHGCAR.gz")
    def net(filters, units = 8) = model {
        input plane: [12, 12, 1]
        plane >> conv(filters, kernel: 3) >> flatten >> dense(units) >> dense(1)
    }
    """
