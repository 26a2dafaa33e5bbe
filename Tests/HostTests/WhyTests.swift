import Experiments
import Storage
import TestSupport
import Testing

@Suite(.timed) struct WhyTests {
    private func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text) }

    private let base = """
        {"node": "experiment", "version": 1, "data": "abc", "batch": 8, "epochs": 200, "stop": null, "loss": {"word": "mse"},
         "optimizer": {"call": "adam", "arguments": {"rate": 0.001, "beta1": 0.9}},
         "model": {"inputs": [{"name": "plane", "shape": [60, 60, 1]}], "output": 2,
                   "applications": [{"layer": {"call": "conv", "arguments": {"filters": 16, "activation": {"word": "relu"}}}, "of": [0]},
                                    {"layer": {"call": "dense", "arguments": {"units": 1}}, "of": [1]}]}}
        """

    private func changed(_ old: String, _ new: String) throws -> [String] {
        #expect(base.contains(old))
        return try differences(from: json(base), to: json(base.replacing(old, with: new))).map(\.text)
    }

    @Test func fieldsThatDifferAreNamed() throws {
        #expect(try changed("\"node\"", "\"node\"") == [])
        #expect(try changed("200", "20") == ["epochs: 20 (was 200)"])
        #expect(try changed("0.001", "0.0007") == ["optimizer.rate: 0.0007 (was 0.001)"])
        #expect(try changed("\"abc\"", "\"abd\"") == ["data: other rows, files or split"])
        #expect(try changed("\"word\": \"mse\"", "\"word\": \"mae\"") == ["loss: mae (was mse)"])
        #expect(
            try changed("\"stop\": null", "\"stop\": {\"call\": \"early\", \"arguments\": {\"patience\": 3}}") == [
                "stop: early(patience: 3) (was none)"
            ])
        #expect(try changed("\"version\": 1", "\"version\": 2") == ["the version of training in ecdx: 2 (was 1)"])
    }

    @Test func layersThatDifferAreNamed() throws {
        #expect(try changed("\"filters\": 16", "\"filters\": 32") == ["filters of layer 1: 32 (was 16)"])
        #expect(try changed("[60, 60, 1]", "[12, 12, 1]") == ["model inputs: plane [12, 12, 1] (was plane [60, 60, 1])"])
        #expect(
            try changed("}, \"of\": [0]},", "}, \"of\": [0]}, {\"layer\": {\"call\": \"flatten\", \"arguments\": {}}, \"of\": [1]},") == [
                "model: 3 layers (was 2)"
            ])
        #expect(try changed("\"output\": 2", "\"output\": 1") == ["model: another output"])
        #expect(
            try changed("\"call\": \"dense\", \"arguments\": {\"units\": 1}", "\"call\": \"flatten\", \"arguments\": {}") == [
                "layer 2: flatten() (was dense(units: 1))"
            ])
    }

    @Test func severalAreNamedInOrder() throws {
        let both = base.replacing("200", with: "20").replacing("\"batch\": 8", with: "\"batch\": 4")
        #expect(try differences(from: json(base), to: json(both)).map(\.text) == ["batch: 4 (was 8)", "epochs: 20 (was 200)"])
        #expect(try differences(from: json("{}"), to: json("{\"seed\": 1}")).map(\.text) == ["seed: 1 (was not given)"])
        #expect(try differences(from: json("{\"seed\": 1}"), to: json("{}")).map(\.text) == ["no seed (was 1)"])
    }

    private let staged = """
        {"node": "experiment", "augment": [{"call": "rotate", "arguments": {"turns": 0.2}}], "fold": {"index": 0, "of": 10},
         "model": {"inputs": [], "output": 1, "applications": [\
        {"layer": {"backbone": {"word": "VGG16"}, "weights": "aa", "preprocess": {"word": "own"}}, "of": [0]}]},
         "optimizer": {"call": "adam", "arguments": {"beta1": 0.9}},
         "stages": [{"train": {"word": "head"}, "rate": 0.007, "epochs": 20},
                    {"train": [{"word": "head"}, {"call": "last", "arguments": {"count": 50, \
        "of": {"backbone": {"word": "VGG16"}, "weights": "aa", "preprocess": {"word": "own"}}}}], "rate": 0.0001, "epochs": 20}]}
        """

    private func changedStages(_ old: String, _ new: String) throws -> [String] {
        #expect(staged.contains(old))
        return try differences(from: json(staged), to: json(staged.replacing(old, with: new)), stages: ["head", "finetune"]).map(\.text)
    }

    @Test func stagesFoldsAndBackbonesThatDiffer() throws {
        #expect(try changedStages("0.0001", "0.001") == ["rate of stage finetune: 0.001 (was 0.0001)"])
        #expect(try changedStages("\"count\": 50", "\"count\": 100") == ["train.last.count of stage finetune: 100 (was 50)"])
        #expect(try changedStages("0.2", "0.3") == ["augment.rotate.turns: 0.3 (was 0.2)"])
        #expect(
            try changedStages("[{\"call\": \"rotate\", \"arguments\": {\"turns\": 0.2}}]", "null") == [
                "augment: none (was [rotate(turns: 0.2)])"
            ])
        #expect(try changedStages("\"index\": 0", "\"index\": 3") == ["fold: 4 of 10 (was 1 of 10)"])
        // Said once, though it stands in the model and in a stage.
        #expect(try changedStages("\"aa\"", "\"bb\"") == ["VGG16: other weights"])
        #expect(try changedStages("\"aa\"", "null") == ["weights of VGG16: none (was from a file)"])
        #expect(try changedStages("VGG16", "VGG19") == ["backbone: VGG19 (was VGG16)"])
        guard case .object(var members) = try json(staged) else { return }
        members["stages"] = members["stages"]?.arrayValue.map { .array(Array($0.prefix(1))) }
        #expect(try differences(from: .object(members), to: json(staged)).map(\.text) == ["schedule: 2 stages (was 1 stage)"])
        let scheduled = base.replacing("\"epochs\": 200", with: "\"stages\": [{}]").replacing("\"batch\": 8, ", with: "").replacing(
            "\"rate\": 0.001, ", with: "")
        #expect(try differences(from: json(base), to: json(scheduled)).map(\.text) == ["schedule: 1 stage (was none)"])
    }
}
