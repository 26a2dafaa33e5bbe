import Builtins
import Diagnostics
import Language
import Storage
import Tensors

/// The inputs that a trained model reads, and how those that it was trained on were prepared.
struct ModelInputs {
    /// Name of the model for messages.
    var name: String
    /// Name and shape of each input.
    var inputs: [(name: String, shape: Shape)]
    /// Pipeline of each input as text, by name; an input whose preparation is not known has none.
    var pipelines: [String: String]
    /// What is known of the numbers of each input, by name; none of a model of a file.
    var types: [String: TensorType] = [:]
    /// Whether the files that the model was trained on can be read.
    private var hasFiles = false

    /// Creates the inputs of the model that an experiment trains.
    init(of experiment: Experiment) {
        name = "`\(experiment.label ?? "the experiment")`"
        inputs = experiment.built.graph.inputs
        let plan = experiment.plan
        types = Dictionary(plan.inputs.compactMap { input in input.type.map { (input.name, $0) } }) { first, _ in first }
        hasFiles = true
        pipelines = Dictionary(plan.inputs.map { ($0.name, source(of: $0.pipeline)) }) { first, _ in first }
    }

    /// Creates the inputs of a model of the file at a path.
    init(of model: TrainedModel, from path: String) {
        name = "`\(lastName(of: path))`"
        inputs = model.description.graph.inputs
        pipelines = model.description.pipelines
    }

    /// The faults of a data set as what the model is to predict for: inputs that are not there, of other shapes, or prepared in
    /// another way. `asGiven`: the last are warnings. A preparation that is not known is a warning.
    func faults(for data: Object, _ context: CheckContext, asGiven: Bool) throws -> [Diagnostic] {
        let plan = try context.plan(of: data)
        let label = data.label ?? "the data set"
        var faults: [Diagnostic] = []
        for (input, shape) in inputs {
            guard let found = plan.input(input) else {
                let known = plan.inputs.map { "`\($0.name)`" }.joined(separator: ", ")
                return [Diagnostic("no-input", "the model's input `\(input)` is no input of `\(label)`", hint: "it has \(known)")]
            }
            if let given = found.type?.shape, given != shape.extents {
                return [Diagnostic("shape", "the model's input `\(input)` is \(shape), `\(label)` gives \(Shape(given))")]
            }
            let what = "`\(label).inputs.\(input)`"
            guard let given = Preparation(pipeline: source(of: found.pipeline), in: context.library),
                let trained = pipelines[input].flatMap({ Preparation(pipeline: $0, in: context.library) })
            else {
                faults.append(
                    Diagnostic(
                        "other-preparation",
                        "\(name) does not say how its input `\(input)` was prepared, so \(what) is not compared with it",
                        severity: .warning))
                continue
            }
            let difference =
                given.difference(from: trained, input: what, model: name, same: { self.areSame($0, $1, context) })
                ?? zipped(found.type, types[input]).flatMap { self.difference(of: $0, from: $1, what) }
            if let difference {
                faults.append(
                    Diagnostic(
                        "other-preparation", difference, severity: asGiven ? .warning : .error,
                        hint: asGiven
                            ? nil
                            : "prepare it as the model's was, or take it as it is: `predict ... on \(label) as given to ...`, `--as-given`"
                    ))
            }
        }
        return faults
    }

    /// Both values where both are there.
    private func zipped<A, B>(_ a: A?, _ b: B?) -> (A, B)? { a.flatMap { a in b.map { (a, $0) } } }

    /// Whether two files that are the same for all rows hold the same: by their contents, or by their names where those that the
    /// model was trained with are elsewhere.
    private func areSame(_ own: String, _ other: String, _ context: CheckContext) -> Bool {
        if hasFiles, let contents = try? sha256(ofFile: context.resolve(own)), let others = try? sha256(ofFile: context.resolve(other)) {
            return contents == others
        }
        return lastName(of: own) == lastName(of: other)
    }

    /// The difference between the numbers of two files that the same steps are done to, as far as their headers tell it.
    private func difference(of given: TensorType, from trained: TensorType, _ what: String) -> String? {
        if given.isLogarithm != trained.isLogarithm {
            let (own, other) = given.isLogarithm ? ("logarithms", "numbers that are none") : ("no logarithms", "logarithms")
            return "\(what) holds \(own), and \(name) was trained with \(other)"
        }
        if let own = given.pixels, let other = trained.pixels, own.isBGR != other.isBGR {
            return "\(what) has its colours in the order \(own.isBGR ? "BGR" : "RGB"), and \(name) was trained with the other"
        }
        return nil
    }
}
