import Diagnostics
import Storage

/// The task whose charge density stands for a material, and how it was found.
struct ChosenTask {
    var material: MaterialID
    /// The task and its spelling in the answer; nil where the material has no static calculation.
    var task: (id: MaterialID, given: String)?
    var candidates = 0
    var lastUpdated: String?
}

extension MaterialsProjectClient {
    /// The tasks of materials: of the GGA and GGA+U static calculations that the material's core document lists the one that was
    /// changed last, as mp-api's client takes it; of those changed at one time the one with the largest number.
    func chooseTasks(of materials: [MaterialID]) throws -> [ChosenTask] {
        var choices: [MaterialID: [MaterialID: String]] = [:]
        let core = try batches(materials, "core", "/materials/core/", "material_ids", fields: "material_id,calc_types")
        try documents(core) { json, place in
            let document = try MaterialDocument(json, in: place)
            for (text, type) in json["calc_types"]?.objectValue ?? [:] {
                guard let type = type.stringValue, ["GGA Static", "GGA+U Static"].contains(type) else { continue }
                choices[document.id, default: [:]][try MaterialID(reading: text, in: place)] = text
            }
        }
        // One candidate needs no comparison.
        let contested = choices.values.filter { $0.count > 1 }.flatMap(\.keys)
        var changes: [MaterialID: String] = [:]
        let tasks = try batches(contested, "tasks", "/materials/tasks/", "task_ids", fields: "last_updated,task_id")
        try documents(tasks) { json, place in
            guard let text = json["task_id"]?.stringValue else { return }
            changes[try MaterialID(reading: text, in: place)] = time(json["last_updated"])
        }
        return materials.map { material in
            let candidates = choices[material] ?? [:]
            let best = candidates.keys.max { a, b in
                let (x, y) = (comparable(changes[a]), comparable(changes[b]))
                return x == y ? a < b : x < y
            }
            return ChosenTask(
                material: material, task: best.map { ($0, candidates[$0] ?? $0.description) }, candidates: candidates.count,
                lastUpdated: best.flatMap { changes[$0] })
        }
    }

    /// Fetches the answers to questions and goes through their documents.
    private func documents(_ questions: [Question], _ body: (JSONValue, DataPlace) throws -> Void) throws {
        _ = try readThrough(questions) { _, _, _ in }
        let folder = store.folder
        for question in questions {
            for answer in folder.answers(inSection: question.section).answers {
                let place = DataPlace(file: joined(folder.path, answer.file))
                for document in try folder.documents(of: answer) { try body(document, place) }
            }
        }
    }
}

/// A time as text: ISO 8601, or within an object as databases write it.
private func time(_ json: JSONValue?) -> String? { (json?.stringValue ?? json?["$date"]?.stringValue).map { String($0.prefix(40)) } }

/// A time without what says that it is UTC, so that times order as texts.
private func comparable(_ time: String?) -> String {
    var text = time ?? ""
    for ending in ["Z", "+00:00"] where text.hasSuffix(ending) { text.removeLast(ending.count) }
    return text.replacing(" ", with: "T")
}
