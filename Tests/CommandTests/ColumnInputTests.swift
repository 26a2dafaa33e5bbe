import Diagnostics
import Storage
import Tensors
import TestSupport
import Testing

/// Inputs of data sets that are made of columns of their rows.
@Suite(.timed) struct ColumnInputTests {
    private static let table =
        "id,volume [A^3],gap [eV],name,K [GPa],part\n"
        + (0..<24).map { row in
            "r\(row),\(10 + row * row % 17),\(Double(row % 7) / 4),crystal \(row),\(50 + row * 37 % 90),"
                + "\(row < 14 ? "train" : row < 19 ? "validation" : "holdout")\n"
        }.joined()

    private func script(_ inputs: String, more: String = "", after: String = "") -> String {
        """
        dataset d {
            inputs: { \(inputs) }
            rows:   csv("data/rows.csv")
            id:     "id"
            target: { column: "K", scale: standard }
            split:  given(by: "part")
            \(more)
        }
        \(after)
        """
    }

    private func run(_ script: String, _ table: String = Self.table, _ command: String = "run") throws -> (
        out: String, err: String, status: Int32, project: Project
    ) {
        let project = try Project(script: script)
        try project.write("rows.csv", in: "data", table)
        let run = try project.ecdx(command, "SCRIPT")
        return (run.out, run.err, Int32(run.status), project)
    }

    @Test func numbersOfColumnsAreItems() throws {
        let run = try run(
            script(
                "x: columnStack([row[\"volume\"], log(row[\"volume\"]), row[\"gap\"]^2]), one: row[\"gap\"]",
                after: "show d\nexport d.inputs.x to \"x.npy\"\nexport d.inputs.one to \"one.npy\"\n"))
        #expect(run.status == 0, "\(run.err)")
        #expect(run.out.contains("input x: 3") && run.out.contains("input one: 1, eV"), "\(run.out)")
        let x = try readNpy(joined(run.project.folder, "x.npy"))
        #expect(x.shape == [24, 3] && x.values.prefix(2).elementsEqual([10, Double(Float(2.302585092994046))]))
        // r10 stands behind r9: natural order, and 10 * 10 % 17 is 15.
        #expect(x.values[30] == 25 && x.values[32] == Double(Float(0.75 * 0.75)))
        #expect(try readNpy(joined(run.project.folder, "one.npy")).shape == [24, 1])
    }

    @Test func networksAndRidgesLearnFromThem() throws {
        let run = try run(
            script(
                "x: columnStack([row[\"volume\"], row[\"gap\"]]) |> standardize",
                after: """
                    model m {
                        input x: [2]
                        x >> dense(1)
                    }
                    experiment e { data: d, model: m, loss: mse, seed: 1, epochs: 3 }
                    table metrics(e, baselines: [mean, ridge(inputs, penalty: 1e-6)])
                    """))
        #expect(run.status == 0 && run.out.contains("ridge of inputs"), "\(run.out)\(run.err)")
    }

    /// Other rows under the same inputs: `row` is the table of the data set at hand.
    @Test func rowsGivenAnew() throws {
        let run = try run(
            script(
                "x: row[\"volume\"]",
                after: """
                    dataset few like d { rows: csv("data/rows.csv") |> where(row["volume"] > 15) }
                    show few.inputs.x.min
                    show d.inputs.x.min
                    """))
        #expect(run.status == 0 && run.out.contains("18.0 A^3") && run.out.contains("10.0 A^3"), "\(run.out)\(run.err)")
    }

    @Test func missingCells() throws {
        let table = Self.table.replacing("r3,19,", with: "r3,,")
        let refused = try run(script("x: row[\"volume\"]"), table, "check")
        let place = "expected a number in column `volume` of each row, found none in one"
        #expect(refused.status == 3 && refused.err.contains(place) && refused.err.contains("missing: drop"), "\(refused.err)")
        let dropped = try run(script("x: row[\"volume\"]", more: "missing: drop", after: "show d"), table)
        #expect(dropped.status == 0 && dropped.out.contains("23 rows") && dropped.out.contains("`r3`"), "\(dropped.out)\(dropped.err)")
    }

    @Test(
        arguments: [
            ("x: row[\"K\"]", "the input `x` is made of the target `K`"),
            ("x: row[\"volume\"] - mean(row[\"volume\"])", "found `mean`, which takes more"),
            ("x: csv(\"data/rows.csv\")[\"volume\"] + row[\"volume\"]", "found `volume` of another table"),
            ("x: row[\"volum\"]", "`volume`"),
            ("x: chgcar(\"{id}.CHGCAR\") * row[\"gap\"]", "from files of a row or from columns"),
            ("x: standardize(row[\"volume\"]) * 2", "comes last in the input `x`"),
        ]) func whatIsRefused(_ inputs: String, _ message: String) throws {
        let run = try run(script(inputs), Self.table, "check")
        #expect(run.status == 3 && run.err.contains(message), "\(run.err)")
    }

    /// A column of text is read through an encoder: as a vector, or as tokens of a model that holds it.
    @Test func textsInModels() throws {
        let encoder = "encoder e { architecture: BERT, weights: \"\(Place.experiments)/data/small-encoder\", length: 16 }\n"
        let run = try run(
            encoder
                + script(
                    "text: tokens(e, row[\"name\"]), vector: embed(e, row[\"name\"])",
                    after: """
                        model frozen {
                            input vector: [12]
                            vector >> dense(1)
                        }
                        model whole {
                            input text: [2, 16]
                            text >> e >> meanTokens(padding: included) >> dense(1)
                        }
                        schedule gradual {
                            stage head { train: head, rate: 1e-2 }
                            stage finetune { train: [head, last(1, of: e)], rate: 1e-3 }
                        }
                        experiment a { data: d, model: frozen, loss: mse, seed: 1, epochs: 2 }
                        experiment b { data: d, model: whole, schedule: gradual, loss: mse, seed: 1, epochs: 2, batch: 5 }
                        let both = [a, b]
                        table metrics(both)
                        show b
                        """))
        #expect(run.status == 0, "\(run.err)")
        #expect(run.err.contains("computing what the frozen layers give") && run.err.contains("encoding 24 texts"), "\(run.err)")
        // A block of BERT and the head: 4 (12^2 + 12) + 2 norms of 24 + 12 x 20 + 20 + 20 x 12 + 12, and 13.
        #expect(run.err.contains("b: 1197 parameters train in BERT_1, dense_1, 3860 frozen"), "\(run.err)")
        #expect(!run.err.contains("like-contents"), "\(run.err)")
    }

    @Test func tokensOfAnotherEncoder() throws {
        let fixtures = Place.tests + "/ModelsTests/Fixtures/encoders"
        let run = try run(
            "encoder e { architecture: BERT, weights: \"\(fixtures)/BERT\", length: 16 }\n"
                + "encoder f { architecture: RoBERTa, weights: \"\(fixtures)/RoBERTa\", length: 16 }\n"
                + script(
                    "text: tokens(f, row[\"name\"])",
                    after: """
                        model whole {
                            input text: [2, 16]
                            text >> e >> firstToken >> dense(1)
                        }
                        experiment b { data: d, model: whole, loss: mse, seed: 1, epochs: 2 }
                        """), Self.table, "check")
        #expect(run.status == 3 && run.err.contains("found those of `f`"), "\(run.err)")
    }
}
