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
    private static let other = "chgcar(path: \"b/{name}.charge.CHGCAR\")"
    private static let plane = "plane(density: \(density), miller: [1, 1, 1], size: [60, 60])"

    @Test(arguments: [
        // Paths and pairs, defaults that were not written, and the names of arguments make no difference.
        ("plane(density: chgcar(pair: position, path: \"b/*.gz\"), miller: [1, 1, 1])", plane), ("log(x: \(plane))", "log(\(plane))"),
        ("plane(density: \(density), miller: [1, 1, 1], cell: file, through: none, sampling: trilinear)", plane),
        ("picture(path: \"{name}.png\")", "picture(channels: rgb, grey: refuse, pair: key, path: \"{id}.png\")"),
        ("(2 * \(plane))[0, 1:3]", "(2.0 * \(plane))[0, 1:3]"),
        // Plain numbers may stand on either side of `+` and `*`.
        ("(1 * \(plane))", "(\(plane) * 1)"), ("(-1 + \(plane))", "(\(plane) + -1)"),
        ("(\(density) - (2 * chgcar(path: \"r.CHGCAR\")))", "(\(density) - (chgcar(path: \"r.CHGCAR\") * 2))"),
        // The folder of a file that is the same for all rows, and the folders and columns of several files of a row.
        ("(\(density) - chgcar(path: \"b/r.CHGCAR\"))", "(\(density) - chgcar(path: \"a/r.CHGCAR\"))"),
        (
            "(chgcar(path: \"b/{name}.CHGCAR\") - chgcar(path: \"c/*.atoms.CHGCAR.gz\"))",
            "(chgcar(path: \"a/{id}.CHGCAR.gz\") - chgcar(path: \"a/{id}.atoms.CHGCAR.gz\"))"
        ), ("(\(density) - electrons(density: \(density)))", "(\(other) - electrons(density: \(other)))"),
        (
            "(tensor(of: \"new/full/{id}.npy\") - tensor(of: \"new/atoms/{id}.npy\"))",
            "(tensor(of: \"full/{id}.npy\") - tensor(of: \"atoms/{id}.npy\"))"
        ),
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
            "x has `plane([1, 0, 0], cell: file)` where m was trained with `plane([1, 1, 1], cell: file)`"
        ),
        // What a model was trained on before planes had other cells than the file's.
        (
            "plane(density: \(density), miller: [1, 1, 1], cell: conventional)", plane,
            "x has `plane([1, 1, 1], cell: conventional)` where m was trained with `plane([1, 1, 1], cell: file)`"
        ),
        (
            "plane(density: \(density), miller: [1, 1, 1], size: [12, 12])", plane,
            """
            x has `plane([1, 1, 1], size: [12, 12], cell: file)` where m was trained with `plane([1, 1, 1], size: [60, 60], cell: file)`
            """
        ),
        (
            "picture(channels: bgr, path: \"{id}.png\")", "picture(path: \"{id}.png\")",
            "x has `picture(channels: bgr)` where m was trained with `picture(channels: rgb)`"
        ),
        ("(\(plane) * 2)", plane, "x has the step `* 2` that m was trained without"),
        ("\(plane)[0]", "\(plane)[1]", "x has `[0]` where m was trained with `[1]`"),
        (
            "(\(density) - electrons(density: \(density)))", "(\(density) - 1)",
            "x has `- chgcar |> electrons` where m was trained with `- 1`"
        ), ("(1 - \(plane))", "(\(plane) - 1)", "x has `1 -` where m was trained with `- 1`"),
        ("(2 / \(plane))", "(\(plane) / 2)", "x has `2 /` where m was trained with `/ 2`"),
        // A file that is the same for all rows.
        (
            "(tensor(of: \"y/{id}.npy\") - tensor(of: \"refB.npy\"))", "(tensor(of: \"x/{id}.npy\") - tensor(of: \"refA.npy\"))",
            "x has `- tensor(\"refB.npy\")` where m was trained with `- tensor(\"refA.npy\")`"
        ),
        (
            "(tensor(of: \"refB.npy\") - tensor(of: \"y/{id}.npy\"))", "(tensor(of: \"refA.npy\") - tensor(of: \"x/{id}.npy\"))",
            "x has `tensor(\"refB.npy\")` where m was trained with `tensor(\"refA.npy\")`"
        ),
        (
            "(tensor(of: \"y/{id}.npy\") - tensor(of: \"{id}.npy\"))", "(tensor(of: \"x/{id}.npy\") - tensor(of: \"refA.npy\"))",
            "x has `- tensor` where m was trained with `- tensor(\"refA.npy\")`"
        ),
    ])
    func whatDiffersIsNamed(given: String, trained: String, said: String) throws {
        #expect(try difference(given, trained) == said)
    }

    @Test(arguments: [
        // Names, folders and columns that change places, another name, and one file for two.
        ("{id}.atoms.CHGCAR.gz", "{id}.CHGCAR.gz", "{id}.CHGCAR.gz", "{id}.atoms.CHGCAR.gz"),
        ("b/{name}.atoms.CHGCAR", "b/*.CHGCAR", "a/{id}.CHGCAR.gz", "a/{id}.atoms.CHGCAR.gz"),
        ("atoms/{id}.CHGCAR", "full/{id}.CHGCAR", "full/{id}.CHGCAR", "atoms/{id}.CHGCAR"),
        ("atoms/new/{id}.CHGCAR", "full/new/{id}.CHGCAR", "full/old/{id}.CHGCAR", "atoms/old/{id}.CHGCAR"),
        ("{atoms}.CHGCAR", "{full}.CHGCAR", "{full}.CHGCAR", "{atoms}.CHGCAR"),
        ("a/{id}.one.CHGCAR", "b/{id}.two.CHGCAR", "a/{id}.CHGCAR", "b/{id}.CHGCAR"),
    ])
    func severalFilesOfARowKeepTheirPlaces(first: String, second: String, trainedFirst: String, trainedSecond: String) throws {
        func pipeline(_ a: String, _ b: String) -> String { "log(x: (chgcar(path: \"\(a)\") - chgcar(path: \"\(b)\")))" }
        #expect(
            try difference(pipeline(first, second), pipeline(trainedFirst, trainedSecond))
                == "x reads `\(first)` and `\(second)` where m was trained with `\(trainedFirst)` and `\(trainedSecond)`")
    }

    @Test func oneFileReadTwiceIsNotTwo() throws {
        let two = "(tensor(of: \"a/{id}.npy\") - tensor(of: \"b/{id}.npy\"))"
        let one = "(tensor(of: \"a/{id}.npy\") - tensor(of: \"a/{id}.npy\"))"
        #expect(try difference(one, two) == "x reads `a/{id}.npy` where m was trained with `b/{id}.npy`")
        #expect(try difference(two, one) == "x reads `b/{id}.npy` where m was trained with `a/{id}.npy`")
    }

    @Test func contentsDecideWhereTheyAreKnown() throws {
        func preparation(_ file: String) throws -> Preparation {
            try #require(Preparation(pipeline: "(tensor(of: \"{id}.npy\") - tensor(of: \"\(file)\"))", in: catalogue))
        }
        func difference(_ own: String, _ trained: String, same: Bool) throws -> String? {
            try preparation(own).difference(from: preparation(trained), input: "x", model: "m", same: { _, _ in same })
        }
        #expect(try difference("copy.npy", "ref.npy", same: true) == nil)
        #expect(try difference("a/ref.npy", "a/ref.npy", same: true) == nil)
        #expect(
            try difference("b/ref.npy", "a/ref.npy", same: false)
                == "x has `- tensor(\"b/ref.npy\")` where m was trained with `- tensor(\"a/ref.npy\")`")
    }

    @Test(arguments: ["", "?", "let a = 1", "log(x: ", "1\n2"]) func whatIsNoPipelineHasNoPreparation(text: String) {
        #expect(Preparation(pipeline: text, in: catalogue) == nil)
    }
}
