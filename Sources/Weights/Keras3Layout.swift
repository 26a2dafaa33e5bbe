import Diagnostics

/// Reads the layers of a `.weights.h5` file of Keras 3 (`keras/src/saving/saving_lib.py`): a group for each layer,
/// `layers/conv2d_1` for the second convolution of `model.layers`, with its arrays in a group `vars` under their numbers. The
/// group may have the layer's name as an attribute.
func keras3Contents(of file: HDF5File) throws -> Contents {
    var walk = Keras3Walk(file)
    try walk.visit("", path: [], place: nil)
    return Contents(layers: walk.layers, origin: WeightOrigin(layout: .keras3, order: .byClass))
}

/// The walk through the groups of a Keras 3 file that collects the layers.
private struct Keras3Walk {
    /// Limits to the depth and the number of groups: a file may hold a group within itself.
    static let deepest = 24, mostGroups = 100_000
    /// Names of groups that are lists of layers, which are no part of a layer's path. The second is that of TensorFlow 2.13.
    static let lists: Set<String> = ["layers", "_layer_checkpoint_dependencies"]

    let file: HDF5File
    var survey: ArraySurvey
    var layers: [FoundLayer] = []
    private var groups = 0

    init(_ file: HDF5File) {
        self.file = file
        survey = ArraySurvey(file)
    }

    mutating func visit(_ location: String, path: [String], place: ClassPlace?, depth: Int = 0) throws {
        groups += 1
        guard depth <= Self.deepest, groups <= Self.mostGroups else {
            throw unusable("expected at most \(Self.mostGroups) groups, \(Self.deepest) deep, found more at `\(location.prefix(80))`")
        }
        let inList = Self.lists.contains(String(location.split(separator: "/").last ?? ""))
        var children: [(name: String, place: ClassPlace)] = []
        for name in try file.children(location.isEmpty ? "/" : location) where try file.kind(location + "/" + name) == .group {
            if name == "vars" {
                try take(location + "/vars", path: path, place: place)
            } else if !(location.isEmpty && name == "optimizer") {
                children.append((name, classPlace(name)))
            }
        }
        // By number, where the file has the tenth before the second.
        children.sort { ($0.place.className, $0.place.index, $0.name) < ($1.place.className, $1.place.index, $1.name) }
        for child in children {
            let isList = !inList && Self.lists.contains(child.name)
            try visit(
                location + "/" + child.name, path: isList ? path : path + [child.name], place: inList ? child.place : nil, depth: depth + 1)
        }
    }

    private mutating func take(_ location: String, path: [String], place: ClassPlace?) throws {
        var numbered: [(number: Int, name: String)] = []
        for name in try file.children(location) {
            guard let number = Int(name), number >= 0 else {
                throw unusable("expected arrays named by numbers in `\(location)`, found `\(name)`")
            }
            numbered.append((number, name))
        }
        var arrays: [FoundLayer.Array] = []
        for (_, name) in numbered.sorted(by: { $0.number < $1.number }) {
            if let array = try survey.array(name, at: location + "/" + name) { arrays.append(array) }
        }
        guard !arrays.isEmpty else { return }
        let name = try file.texts(location, "name")?.first
        layers.append(FoundLayer(name: name ?? path.last ?? "", path: path, place: place, arrays: arrays))
    }
}

/// The place among the layers of a class that a group's name says: `conv2d` is the first of its class, `conv2d_2` the third.
private func classPlace(_ name: String) -> ClassPlace {
    guard let line = name.lastIndex(of: "_"), let index = Int(name[name.index(after: line)...]), index > 0 else {
        return ClassPlace(className: name, index: 0)
    }
    return ClassPlace(className: String(name[..<line]), index: index)
}
