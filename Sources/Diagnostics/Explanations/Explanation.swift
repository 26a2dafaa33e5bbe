/// The explanation of a diagnostic: what it means, why it is said, and what to do. A page of `ecdx explain`.
public struct Explanation: Sendable, Hashable {
    /// The context in which an example stands and is checked.
    public enum Setting: Sendable, Hashable {
        /// A whole script, checked in the folder of the test corpus.
        case script
        /// Statements that follow `Explanations.preamble`, which declares a data set, a model and an experiment.
        case crystals
        /// A command line, a file of data, or something that only a run meets: shown, not checked.
        case shown
    }

    /// The identifier of the diagnostic.
    public var id: String
    /// The title, in lower case, without a full stop.
    public var title: String
    /// The explanation in two to six sentences. An end of line is a space.
    public var text: String
    /// The context of the examples.
    public var setting: Setting
    /// An example that gives the diagnostic.
    public var wrong: String?
    /// The same example, put right.
    public var right: String?

    /// Creates an explanation, without an example or with one.
    public init(_ id: String, _ title: String, _ text: String, in setting: Setting = .shown, wrong: String? = nil, right: String? = nil) {
        self.id = id
        self.title = title
        self.text = text
        self.setting = setting
        self.wrong = wrong
        self.right = right
    }
}

/// A group of explanations under a heading, for one part of the program.
public struct ExplanationArea: Sendable {
    /// The heading.
    public var name: String
    /// The explanations of the group, in the order in which they are listed.
    public var explanations: [Explanation]
}

/// The collection of explanations of every diagnostic. A test compares them with the ids in the sources.
public enum Explanations {
    /// The groups, in the order in which they are listed.
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

    /// The ids of all diagnostics, in the order in which they are listed.
    public static var ids: [String] { areas.flatMap(\.explanations).map(\.id) }

    /// The declarations that examples of the setting `.crystals` follow.
    public static let preamble = """
        dataset crystals {
            rows:   csv("data/crystals.csv")
            id:     "material_id"
            inputs: { plane: chgcar("data/densities/{material_id}.CHGCAR") |> plane([1, 1, 1], size: [12, 12], cell: file) }
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
