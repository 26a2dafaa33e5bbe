import Datasets
import Diagnostics
import Language

private let ruleParameter = Parameter(
    "rule",
    .word([
        "paper": "the sentences of the paper's example", "wide": "those of shorter and longer bonds and of spreads too",
        "authors": "what the authors' code takes",
    ]), .fallback(.word("paper")), "which words state a bond length")

private let sentence = "Cu is Copper structured. All Cu(1)-Cu(1) bond lengths are 2.55 Å."

/// The words for the texts of Table 2 of arXiv:2401.09301: parts of the description of a crystal.
let textWords = Vocabulary([
    Word(
        "variant", family: "Tables",
        [
            Parameter("column", .sort(.texts), "descriptions of crystals in the words of robocrystallographer"),
            Parameter(
                "which", .word(["all": "the whole text", "single": "the composition", "key": "the composition and the bond lengths"]),
                "what of the text"),
            ruleParameter,
        ],
        gives: .sort(.texts), "The part of each description that a model is given, as in Table 2 of arXiv:2401.09301.",
        examples: [
            Example(
                """
                let t = csv("data/fcc-dft/elements.csv")
                    |> derive({ text: "\(sentence)" }) |> first(1)
                show t |> derive({ key: variant(row["text"], key) })
                """)
        ],
        role: .transform, takesRowsAlone: true,
        texts: { call, context in
            let variant = try context.arguments(of: call).descriptionVariant(call["which"].word ?? "all")
            return try context.texts(call["column"]).map { CrystalDescription($0).reduced(to: variant) }
        },
        computes: { call, context in .table(try context.tableOfTexts(call)) }),
    Word(
        "variants", family: "Tables",
        [Parameter("description", .text, "the description of a crystal in the words of robocrystallographer"), ruleParameter],
        gives: .sort(.table), "The texts Single, Key and All of one description, a row each: Table 2 of arXiv:2401.09301.",
        examples: [Example("show variants(\"\(sentence)\")")],
        role: .derived { call, context in
            let arguments = Arguments(call, library: context.library)
            let description = CrystalDescription(try arguments.text("description"))
            let names = ["Single", "Key", "All"]
            let texts = try names.map { description.reduced(to: try arguments.descriptionVariant($0.lowercased())) }
            return try Table(
                file: "variants",
                columns: [Column(name: "variant", cells: names, numbers: nil), Column(name: "text", cells: texts, numbers: nil)],
                lines: [1, 2, 3])
        },
        check: { call, _ in .call(call) }, computes: computeTable),
])

extension Arguments {
    /// The variant of a description that a word names, with the rule that the arguments say.
    fileprivate func descriptionVariant(_ word: String) throws -> DescriptionVariant {
        let rules: [String: KeyRule] = ["paper": .paper, "wide": .wide, "authors": .authors]
        let rule = rules[try self.word("rule")] ?? .paper
        return word == "single" ? .single : word == "key" ? .key(rule) : .all
    }
}
