import Builtins
import Diagnostics
import Foundation
import Language
import SessionTestSupport
import TestSupport
import Testing

@testable import Experiments

/// What a gallery of an input draws: the density that was cut, through functions of it, and anything else as it is.
@Suite(.timed) struct GalleryTests {
    private func figure(_ pipeline: String) throws -> String {
        try onLargeStack {
            let copy = try CorpusCopy()
            var options = SessionOptions()
            options.standardLibrary = Place.library
            let session = try Session(base: copy.path + "/language/", options: options, reporter: CollectingReporter())
            let script =
                crystalsScript + "dataset other like crystals { inputs: { plane: \(pipeline) } }\n"
                + "plot gallery(other.inputs.plane, count: 3, scale: linear) to \"out/a.svg\"\n"
            let checked = session.check(script, file: "script.ecdx")
            #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
            try session.perform(checked)
            return try String(contentsOfFile: copy.path + "/language/out/a.svg.gp", encoding: .utf8)
        }
    }

    @Test func functionsShowTheDensityAndDifferencesThemselves() throws {
        let cut = "plane(chgcar(\"../data/densities/{material_id}.CHGCAR\"), [1, 1, 1], size: [12, 12])"
        let al = cut.replacing("{material_id}", with: "Al-fcc")
        let plain = try figure(cut)
        #expect(try figure("\(cut) |> log |> standardize") == plain)
        #expect(try figure("abs(sqrt(\(cut)))") == plain)
        for other in ["\(cut) - \(al)", "0 * \(cut)", "(\(cut))[0:6]"] { #expect(try figure(other) != plain, "\(other)") }
        #expect(try figure("\(al) - \(cut)") != figure("\(cut) - \(al)"))
    }

    /// Which plane was cut stands under the gallery, in words that hold for every crystal.
    @Test func thePlaneIsNamedUnderTheGallery() throws {
        let file = "chgcar(\"../data/densities/{material_id}.CHGCAR\")"
        for (pipeline, words) in [
            ("\(file) |> plane([1, 1, 0]) |> log", "(1 1 0) of the conventional cell, through atom 0."),
            ("\(file) |> plane([1, 1, 1], cell: file, through: [0, 0, 0.5])", "(1 1 1) of the file’s cell, through 0 0 0.500."),
            ("\(file) |> plane([1, 0, 0], through: { height: 1.2 })", "(1 0 0) of the conventional cell, through the height 1.20 A."),
            ("\(file) |> slice(2, -1) |> resize(size: [12, 12])", "the last layer of the grid along c."),
        ] { #expect(try figure(pipeline).contains("'\(words)'"), "\(pipeline)") }
        // What is made of two cuts is no plane of a crystal.
        let cut = "(\(file) |> plane([1, 1, 1], size: [12, 12]))"
        #expect(try !figure("\(cut) - \(cut) / 2").contains("conventional cell"))
    }
}
