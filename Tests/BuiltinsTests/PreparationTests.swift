import Language
import TestSupport
import Testing

@testable import Builtins

/// Preparations of inputs compared step by step, by the text that `export` keeps of them.
@Suite(.timed) struct PreparationTests {
    private func difference(_ given: String, _ trained: String) throws -> String? {
        let preparations = try [given, trained].map { try #require(Preparation(pipeline: $0, in: catalogue), "\($0)") }
        return preparations[0].difference(from: preparations[1], input: "x", model: "m")
    }

    private static let density = "chgcar(pair: key, path: \"a/{id}.CHGCAR\")"
    private static let plane = "plane(density: \(density), miller: [1, 1, 1], size: [60, 60])"

    @Test(arguments: [
        // Paths and pairs, defaults that were not written, and the names of arguments make no difference.
        ("plane(density: chgcar(pair: position, path: \"b/*.gz\"), miller: [1, 1, 1])", plane), ("log(x: \(plane))", "log(\(plane))"),
        ("picture(path: \"a.png\")", "picture(channels: rgb, grey: refuse, pair: key, path: \"{id}.png\")"),
        ("(\(density) - chgcar(path: \"r.CHGCAR\"))", "(\(density) - chgcar(path: \"s.CHGCAR\"))"),
        ("(2 * \(plane))[0, 1:3]", "(2.0 * \(plane))[0, 1:3]"),
    ])
    func whatMeansTheSameIsTheSame(given: String, trained: String) throws {
        #expect(try difference(given, trained) == nil)
        #expect(try difference(trained, given) == nil)
    }

    @Test(arguments: [
        (plane, "log(x: \(plane))", "x lacks the step `log` that m was trained with"),
        ("log(x: \(plane))", plane, "x has the step `log` that m was trained without"),
        ("standardize(x: \(plane))", "standardize(x: log(x: \(plane)))", "x lacks the step `log` that m was trained with"),
        (plane, "standardize(x: log(x: \(plane)))", "x lacks the steps `log`, `standardize` that m was trained with"),
        (
            "log(x: plane(density: \(density), miller: [1, 0, 0], size: [60, 60]))", "log(x: \(plane))",
            "x has `plane([1, 0, 0])` where m was trained with `plane([1, 1, 1])`"
        ),
        (
            "plane(density: \(density), miller: [1, 1, 1], size: [12, 12])", plane,
            "x has `plane([1, 1, 1], size: [12, 12])` where m was trained with `plane([1, 1, 1], size: [60, 60])`"
        ),
        (
            "picture(channels: bgr, path: \"a.png\")", "picture(path: \"a.png\")",
            "x has `picture(channels: bgr)` where m was trained with `picture(channels: rgb)`"
        ),
        ("(\(plane) * 2)", plane, "x has the step `* 2` that m was trained without"),
        ("\(plane)[0]", "\(plane)[1]", "x has `[0]` where m was trained with `[1]`"),
        (
            "(\(density) - electrons(density: \(density)))", "(\(density) - 1)",
            "x has `- chgcar |> electrons` where m was trained with `- 1`"
        ),
    ])
    func whatDiffersIsNamed(given: String, trained: String, said: String) throws {
        #expect(try difference(given, trained) == said)
    }

    @Test(arguments: ["", "?", "let a = 1", "log(x: ", "1\n2"]) func whatIsNoPipelineHasNoPreparation(text: String) {
        #expect(Preparation(pipeline: text, in: catalogue) == nil)
    }
}
