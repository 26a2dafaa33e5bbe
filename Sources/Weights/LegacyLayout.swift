import Diagnostics

/// Reads the layers of a file of Keras 1 or 2, or of an `.h5` of Keras 3 (`keras/src/legacy/saving/legacy_h5_format.py`): the
/// attribute `layer_names` of a group lists the layers in the order of `model.layers`, the attribute `weight_names` of each
/// layer's group its arrays.
func legacyContents(of file: HDF5File, at root: String, layout: WeightOrigin.Layout) throws -> Contents {
    var survey = ArraySurvey(file)
    let orders = layout == .legacyModel ? try NestedOrder(file) : NestedOrder()
    var layers: [FoundLayer] = []
    var order = WeightOrigin.Order.model
    for name in try legacyNames(file, root, "layer_names") {
        let group = root + "/" + name
        guard try file.kind(group) == .group else { throw unusable("expected a group for the layer `\(name)`, found none") }
        var inner = try legacyLayer(file, group, name: name, survey: &survey)
        if inner.count > 1 {
            if let sorted = orders.sorted(inner, model: name) { inner = sorted } else if !orders.isSingle(name) { order = .trainedFirst }
        }
        layers += inner
    }
    // Weights of the model itself, which only models of one's own class have: a layer more, so that they are not lost unseen.
    let own = root + "/top_level_model_weights"
    if try file.kind(own) == .group { layers += try legacyLayer(file, own, name: "top_level_model_weights", survey: &survey) }
    let version = try file.texts(root.isEmpty ? "/" : root, "keras_version")?.first
    return Contents(layers: layers, origin: WeightOrigin(layout: layout, order: order, kerasVersion: version))
}

/// Reads the layers of one group. A nested model is one group to Keras, its arrays those that train, of all its layers, and then
/// the others: they are put together again by what stands before the last `/` of their names. Within a layer that keeps the
/// order: gamma and beta are among the first or, frozen, before the moving mean and variance among the others.
private func legacyLayer(_ file: HDF5File, _ group: String, name: String, survey: inout ArraySurvey) throws -> [FoundLayer] {
    var layers: [FoundLayer] = []
    var places: [Substring: Int] = [:]
    for weight in try legacyNames(file, group, "weight_names") {
        let slash = weight.lastIndex(of: "/")
        let prefix = slash.map { weight[..<$0] } ?? ""
        let last = slash.map { weight[weight.index(after: $0)...] } ?? weight[...]
        guard let array = try survey.array(withoutOutput(last), at: group + "/" + weight) else { continue }
        if let place = places[prefix], layers.indices.contains(place) {
            layers[place].arrays.append(array)
        } else {
            places[prefix] = layers.count
            let inner = prefix.isEmpty ? name : String(prefix)
            layers.append(FoundLayer(name: inner, path: [name, inner], place: nil, arrays: [array]))
        }
    }
    // A layer by itself: what its arrays are called besides depends on the version.
    if layers.count == 1, let only = layers.first { layers = [FoundLayer(name: name, path: [name], place: nil, arrays: only.arrays)] }
    return layers
}

/// The name of an array without the number of an output of TensorFlow: `kernel` of `kernel:0`.
private func withoutOutput(_ name: Substring) -> String {
    guard let colon = name.lastIndex(of: ":"), name[colon...].dropFirst().allSatisfy(\.isNumber) else { return String(name) }
    return String(name[..<colon])
}

/// Reads a list of names: one attribute, or, beyond 64512 bytes, several with numbers behind the name, from 0.
private func legacyNames(_ file: HDF5File, _ path: String, _ name: String) throws -> [String] {
    let path = path.isEmpty ? "/" : path
    if let names = try file.texts(path, name) { return names }
    var names: [String] = []
    var chunk = 0
    while let more = try file.texts(path, "\(name)\(chunk)") {
        names += more
        chunk += 1
    }
    return names
}
