import Builtins
import Diagnostics
import Models
import SessionTestSupport
import Tensors
import TestSupport
import Testing

@testable import Language

@Suite(.timed) struct EvaluatorTests {
    /// A record keeps the order in which it was written through `with` and through the command line.
    @Test func recordsKeepTheirOrder() throws {
        let script = """
            let r = { zeta: [1, 2], alpha: [3, 4], mid: [5, 6] }
            let changed = r with { alpha: [9, 9] }
            """
        for overrides in [[], [Override(path: ["r", "mid"], text: "[7, 8]")]] {
            let found = try values(script, set: overrides)
            #expect(found["r"]?.record?.keys == ["zeta", "alpha", "mid"])
            #expect(found["changed"]?.record?.keys == ["zeta", "alpha", "mid"])
        }
        let turned = try values("let a = { x: 1, y: 2 }\nlet b = { y: 2, x: 1 }")
        #expect(turned["a"] == turned["b"] && turned["a"]?.hashValue == turned["b"]?.hashValue)
    }

    private func number(_ text: String) throws -> Double? { try values("let x = \(text)")["x"]?.number }
    private func text(_ source: String) throws -> String? { try values("let x = \(source)")["x"]?.string }

    @Test(
        arguments: [
            ("1 + 2 * 3", 7), ("2 ^ 10", 1024), ("-2 ^ 2", -4), ("7 / 2", 3.5), ("70% * 2", 1.4), ("[4, 5, 6][1]", 5),
            ("{ a: { b: 3 } }.a.b", 3),
            ("(for i in 1..9 by 2 { i })[4]", 9), ("(for i in 1..3 { let j = i * i, j + 1 })[2]", 10), ("if 1 < 2 { 3 } else { 4 }", 3),
            ("if 1 > 2 { 3 } else if true { 4 } else { 5 }", 4), ("(for a in [1, 2], b in [10, 20] { a + b })[a: 2, b: 20]", 22),
            ("(for a in [1, 2], b in [10, 20] { a + b })[a: 2][1]", 22), ("[1, 2, 3][1:][1]", 3), ("[1, 2, 3][:2][1]", 2),
            ("(for i in 3..1 { i } == []) == true == false", 0),
        ].filter { $0.1 != 0 })
    func numbers(_ source: String, _ expected: Double) throws {
        #expect(try number(source) == expected)
    }

    @Test func text() throws {
        #expect(try text(#""a\(1 + 1)b""#) == "a2b")
        #expect(try text(#""\(0.1) \(70%) \(1e20) \(3 > 2) \(relu)""#) == "0.1 0.7 1e+20 true relu")
        #expect(try text(#""\u{e9}\{x\}""#) == "é{x}")
    }

    @Test func placeholdersStandInLiteralPartsOnly() throws {
        let found = try values("let name = \"{a}\"\nlet x = \"{id}/\\(name)/\\{b\\}\"")
        guard case .text(let text) = found["x"] else {
            Issue.record("expected text")
            return
        }
        #expect(text.placeholders == ["id"])
        #expect(text.string == "{id}/{a}/{b}")
    }

    @Test func functions() throws {
        let found = try values(
            """
            def area(height: Number = 2, width = 3) = height * width
            let a = area()
            let b = area(5)
            let c = area(width: 7)
            let d = 4 |> area(width: 10)
            def all(n) = for i in 1..n { area(i, i) }
            let e = all(3)[2]
            """)
        #expect(["a", "b", "c", "d", "e"].map { found[$0]?.number } == [6, 15, 14, 40, 9])
    }

    @Test func aFunctionSeesItsParametersAndTheScriptAlone() throws {
        #expect(try diagnostics("def f(x) = x + y\ndef g(y) = f(y)\nlet a = g(1)").map(\.id) == ["unknown-name"])
        #expect(try values("def f(x) = x + y\nlet y = 2\nlet a = f(1)")["a"]?.number == 3)
    }

    @Test func likeAndWith() throws {
        let found = try values(
            crystalsScript + """
                experiment longer like bulk { epochs: 20, optimizer: adam(rate: 0.01) }
                let again = bulk with { epochs: 20, optimizer: adam(rate: 0.01) }
                dataset volumes like crystals { target.column: "volume", target.unit: "A^3" }
                dataset narrow like crystals { \
                inputs.plane: chgcar("../data/densities/{material_id}.CHGCAR") |> plane([1, 0, 0], size: [6, 6], cell: file) }
                let runs = for n in [1, 2] { bulk with { seed: n } }
                """)
        #expect(found["longer"] == found["again"])
        #expect(found["longer"] != found["bulk"])
        #expect(found["longer"]?.object?[field: "epochs"].number == 20)
        #expect(found["longer"]?.object?[field: "seed"].number == 1)
        let target = try #require(found["volumes"]?.object?[field: "target"].record)
        #expect(target["column"]?.value.string == "volume")
        #expect(target["transform"]?.value.isNone == true)
        #expect(found["volumes"]?.object?[field: "split"] == found["crystals"]?.object?[field: "split"])
        guard case .call(let plane) = found["narrow"]?.object?[field: "inputs"].record?["plane"]?.value else {
            Issue.record("expected a plane")
            return
        }
        #expect(plane["size"].integers == [6, 6])
        #expect(found["runs"]?.items?.compactMap { $0.object?[field: "seed"].integer } == [1, 2])
        guard case .list(let runs) = found["runs"] else { return }
        #expect(runs.map { $0.labels["n"]?.number } == [1, 2])
    }

    @Test func whatAThingIsHasNothingToDoWithItsNamePlaceOrLayout() throws {
        let found = try values(
            crystalsScript + """
                experiment other {
                    # another order, and a comment
                    epochs: 2
                    seed: 1, loss: mse
                    model: model {
                        input plane: [12, 12, 1]
                        plane >> conv(kernel: 3, filters: 4, activation: relu)
                              >> globalAveragePool() >> dense(1)
                    }
                    data: crystals
                }
                """)
        #expect(found["bulk"] == found["other"])
        #expect(found["bulk"]?.hashValue == found["other"]?.hashValue)
    }

    @Test func defaultsCountAsIfTheyWereWritten() throws {
        let found = try values(
            crystalsScript + "let spelt = bulk with { batch: 32, optimizer: adam(), stop: none, keep: best(on: validation.loss) }")
        #expect(found["spelt"] == found["bulk"])
    }

    @Test func declarationsStandInAnyOrder() throws {
        let statements = crystalsScript.components(separatedBy: "\nmodel")
        let turned = "show bulk\nmodel" + statements[1] + statements[0] + "\n"
        let (forward, backward) = (try values(crystalsScript), try values(turned))
        #expect(forward["bulk"] == backward["bulk"])
    }

    @Test func overrides() throws {
        let script = "param count: Number = 3\nparam name: Text = \"a\"\nlet twice = 2 * count\n" + crystalsScript
        let set = [("count", "7"), ("name", "two words"), ("bulk.epochs", "5"), ("crystals.target.unit", "\"MPa\"")]
        let found = try values(script, set: set.map { Override(path: $0.0.split(separator: ".").map(String.init), text: $0.1) })
        #expect(found["twice"]?.number == 14)
        #expect(found["name"]?.string == "two words")
        #expect(found["bulk"]?.object?[field: "epochs"].number == 5)
        #expect(found["crystals"]?.object?[field: "target"].record?["unit"]?.value.string == "MPa")
        #expect(found["bulk"]?.object?[field: "data"] == found["crystals"])
    }

    /// A field that takes a path takes it bare, and a word that it knows is still that word.
    @Test(
        arguments: [("weights/a.h5", "weights/a.h5"), ("/a b.h5", "/a b.h5"), ("\"/c.h5\"", "/c.h5"), ("none", nil)] as [(String, String?)])
    func pathsInFields(_ text: String, _ expected: String?) throws {
        let script = "backbone b { architecture: InceptionV3, weights: none }\nlet c = b with { channels: repeat }\n"
        for name in ["b", "c"] {
            let checked = try onLargeStack { try check(script, set: [Override(path: [name, "weights"], text: text)]).script }
            // There are no such files, and that is what is said.
            #expect(checked.diagnostics.map(\.id) == (expected == nil ? [] : ["missing-file"]), "\(checked.diagnostics)")
            if let expected { #expect(checked.diagnostics.first?.message.contains("`\(expected)`") == true, "\(checked.diagnostics)") }
        }
    }

    @Test func wordsNeedNoQuotesWhereTheyAreTaken() throws {
        // A name of the script wins nowhere a word is taken, and everywhere else.
        let found = try values("let relu = 3\nlet x = relu + 1\nlet layer = activation(relu)")
        #expect(found["x"]?.number == 4)
        #expect(found["layer"]?.call?["kind"].word == "relu")
    }

    @Test func modules() throws {
        let found = try values("use \"module-common.ecdx\"\nlet x = doubled(4) + offset")
        #expect(found["x"]?.number == 8.5)
    }

    @Test func theNetworkOfTable1() throws {
        let model = try #require(try values("let m = arora()")["m"]?.object)
        let summary = try CheckContext(folder: "", library: catalogue).graph(of: model).summary
        #expect(summary.reduce(0) { $0 + $1.parameters } == 1_746_433)
        // Table 1 of arXiv:2401.09301, from the image to the number.
        #expect(
            summary.map { $0.outputShape.extents }.filter { !$0.isEmpty } == [
                [73, 196, 3], [72, 195, 32], [71, 194, 64], [35, 97, 64], [34, 96, 96], [33, 95, 192], [16, 47, 192], [15, 46, 192],
                [15, 46, 192],
                [14, 45, 256], [7, 22, 256], [6, 21, 256], [32256], [32], [1],
            ])
    }

    @Test func conditionsAreActionsToo() throws {
        let ids = try onLargeStack {
            let checked = try check("param draw: Bool = false\nif draw { show 1 } else {\n let n = 2\n show n\n show n + 1\n}")
            return checked.script.actions.map { $0.value.number }
        }
        #expect(ids == [2, 3])
    }

    @Test func oneMistakeIsSaidOnce() throws {
        let script =
            crystalsScript.replacing("\"k_vrh\"", with: "\"k_vhr\"")
            + "show bulk\nplot parity(bulk) to \"out/a.svg\"\ntable metrics([bulk, bulk with { seed: 2 }])\n"
        #expect(try diagnostics(script).filter { $0.severity == .error }.map(\.id) == ["unknown-column"])
    }
}
