/// What a diagnostic means, why it is said, and what to do: a page of `ecdx explain`.
public struct Explanation: Sendable, Hashable {
    /// What an example stands on.
    public enum Setting: Sendable, Hashable {
        /// A whole script; it is checked in the folder of the test corpus.
        case script
        /// Follows `Explanations.preamble`, which declares a data set, a model and an experiment.
        case crystals
        /// A command line, a file of data, or something that only a run meets: shown, not checked.
        case shown
    }

    public var id: String
    /// Lower case, without a full stop.
    public var title: String
    /// Two to six sentences. An end of line is a space.
    public var text: String
    public var setting: Setting
    /// An example that gives the diagnostic.
    public var wrong: String?
    /// The same, put right.
    public var right: String?

    public init(_ id: String, _ title: String, _ text: String, in setting: Setting = .shown, wrong: String? = nil, right: String? = nil) {
        self.id = id
        self.title = title
        self.text = text
        self.setting = setting
        self.wrong = wrong
        self.right = right
    }
}

/// The explanations of one part of the program, under a heading.
public struct ExplanationArea: Sendable {
    public var name: String
    public var explanations: [Explanation]
}

/// The explanation of every diagnostic. A test compares them with the ids in the sources.
public enum Explanations {
    /// In the order in which they are listed.
    public static let areas = [
        ExplanationArea(name: "Writing", explanations: writingExplanations),
        ExplanationArea(name: "Names", explanations: nameExplanations),
        ExplanationArea(name: "Values", explanations: valueExplanations),
        ExplanationArea(name: "Models and experiments", explanations: modelExplanations),
        ExplanationArea(name: "Backbones, schedules, folds and searches", explanations: transferExplanations),
        ExplanationArea(name: "Data sets", explanations: datasetExplanations),
        ExplanationArea(name: "Files of data", explanations: dataExplanations),
        ExplanationArea(name: "Training and results", explanations: trainingExplanations),
        ExplanationArea(name: "Figures", explanations: figureExplanations),
        ExplanationArea(name: "Files and the store", explanations: storageExplanations),
        ExplanationArea(name: "Command and prompt", explanations: commandExplanations),
    ]

    /// The explanation of an id; nil where nothing has that id.
    public static func explanation(of id: String) -> Explanation? {
        areas.lazy.flatMap(\.explanations).first { $0.id == id }
    }

    /// All ids, in the order in which they are listed.
    public static var ids: [String] { areas.flatMap(\.explanations).map(\.id) }

    /// What examples of the setting `.crystals` follow.
    public static let preamble = """
        dataset crystals {
            rows:   csv("data/crystals.csv")
            id:     "material_id"
            inputs: { plane: chgcar("data/densities/{material_id}.CHGCAR") |> plane([1, 1, 1], size: [12, 12]) }
            target: { column: "k_vrh", unit: "GPa" }
            split:  random(train: 50%, validation: 25%, holdout: 25%, seed: 7)
        }
        model net {
            input plane: [12, 12, 1]
            plane >> conv(4, kernel: 3, activation: relu) >> globalAveragePool >> dense(1)
        }
        experiment bulk { data: crystals, model: net, loss: mse, seed: 1 }

        """
}
