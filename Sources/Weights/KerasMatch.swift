import Models
import Tensors

/// A network in a file of Keras: layers that stand in one group.
struct FileNetwork {
    /// Name of the group; empty for the layers of the model itself.
    var name: String
    /// Numbers of the layers in the file.
    var layers: [Int]
}

/// The networks in a file, in the order in which they come.
func networks(in file: WeightOutline) -> [FileNetwork] {
    var networks: [FileNetwork] = []
    var places: [String: Int] = [:]
    for (index, layer) in file.layers.enumerated() {
        let name = layer.path.dropLast().joined(separator: "/")
        if let place = places[name] {
            networks[place].layers.append(index)
        } else {
            places[name] = networks.count
            networks.append(FileNetwork(name: name, layers: [index]))
        }
    }
    return networks
}

/// The attempt to take a network of a file for a backbone.
struct KerasMatch {
    /// The array of each parameter, by its full name; those that were found.
    private(set) var places: [String: ArrayPlace] = [:]
    /// What is missing, misshapen or cannot be known; empty where the network fits.
    private(set) var problems: [String] = []
    /// Numbers of the layers in the file that the backbone does not have.
    private(set) var surplus: [Int] = []
    /// Whether the file does not say which array belongs to which layer.
    private(set) var isUnsure = false
    /// The number of layers that have found their arrays.
    private(set) var found = 0

    private let file: WeightOutline
    private let backbone: Backbone

    init(_ file: WeightOutline, _ network: FileNetwork, _ backbone: Backbone) {
        (self.file, self.backbone) = (file, backbone)
        let wanted = backbone.layers.filter { !$0.parameters.isEmpty }
        // Layers that stand in no model inside another are in its order.
        let order: WeightOrigin.Order = network.name.isEmpty && file.origin.order == .trainedFirst ? .model : file.origin.order
        let named = byName(wanted, network)
        let placed = byPlace(wanted, network, order)
        // Names that layers of the architecture have, on arrays that would go to others.
        let isContradicted = placed.contains { layer, index in named.contains { $0.key != layer && $0.value == [index] } }
        let fixed = wanted.indices.filter { !wanted[$0].isNumbered }
        let isNamed = !fixed.isEmpty && fixed.allSatisfy { named[$0]?.count == 1 }
        var pairs: [Int: Int] = [:]
        var isDoubled = false
        var isInOrder = false
        // In the order of the model, names that are only partly known may be those of another day, if nothing is left over.
        func namesDecide(_ order: WeightOrigin.Order) -> Bool {
            switch order {
            case .model: !named.isEmpty && network.layers.count != wanted.count
            case .trainedFirst: fixed.isEmpty || !named.isEmpty
            case .byClass: false
            }
        }
        if let twice = fixed.first(where: { (named[$0]?.count ?? 0) > 1 }) {
            problems.append("`\(wanted[twice].name)` more than once")
            isDoubled = true
        } else if isNamed || isContradicted || namesDecide(order) {
            for layer in fixed { pairs[layer] = named[layer]?.first }
            pair(rest: wanted, network, order, placed, into: &pairs)
        } else if order == .trainedFirst {
            refuse(fixed.map { wanted[$0].name })
        } else {
            pairs = placed
            isInOrder = order == .model
        }
        for (index, layer) in wanted.enumerated() where !isUnsure && !isDoubled {
            if let place = pairs[index] { take(place, for: layer) } else { problems.append("no weights for `\(layer.name)`") }
        }
        let taken = Set(pairs.values)
        surplus = network.layers.filter { !taken.contains($0) }
        guard !problems.isEmpty, !isUnsure else { return }
        // In order alone, one layer more or less moves all behind it.
        if isInOrder, network.layers.count != wanted.count {
            problems = ["\(network.layers.count) layer\(network.layers.count == 1 ? "" : "s") with weights, expected \(wanted.count)"]
        } else {
            problems += surplus.map { "surplus layer `\(file.layers[$0].name)`" }.sorted()
        }
    }

    /// The layers of the file that bear the name of a layer of the architecture, by the number of that.
    private func byName(_ wanted: [KerasLayer], _ network: FileNetwork) -> [Int: [Int]] {
        let fixed = Dictionary(
            wanted.indices.filter { !wanted[$0].isNumbered }.map { (wanted[$0].name, $0) }, uniquingKeysWith: { first, _ in first })
        var named: [Int: [Int]] = [:]
        for index in network.layers {
            // `vgg19/block1_conv1` in a nested model of old, `conv1/conv` for what is `conv1_conv` today.
            var rest = file.layers[index].name.split(separator: "/")[...]
            while !rest.isEmpty {
                if let layer = fixed[rest.joined(separator: "_")] {
                    named[layer, default: []].append(index)
                    break
                }
                rest = rest.dropFirst()
            }
        }
        return named
    }

    /// The layers of the file that have the places of those of the architecture: in order, or by class and number.
    private func byPlace(_ wanted: [KerasLayer], _ network: FileNetwork, _ order: WeightOrigin.Order) -> [Int: Int] {
        guard order == .byClass else { return Dictionary(uniqueKeysWithValues: zip(wanted.indices, network.layers)) }
        let known = Dictionary(
            network.layers.compactMap { index in file.layers[index].place.map { ($0, index) } }, uniquingKeysWith: { first, _ in first })
        var counts: [String: Int] = [:]
        var pairs: [Int: Int] = [:]
        for (number, layer) in wanted.enumerated() {
            let kind = KerasLayer.snakeCase(layer.kind)
            pairs[number] = known[ClassPlace(className: kind, index: counts[kind, default: 0])]
            counts[kind, default: 0] += 1
        }
        return pairs
    }

    /// Pairs the layers that Keras numbers by itself, `conv2d_83`: their numbers are those of a session, but they rise in the
    /// order in which the layers were made.
    private mutating func pair(
        rest wanted: [KerasLayer], _ network: FileNetwork, _ order: WeightOrigin.Order, _ placed: [Int: Int], into pairs: inout [Int: Int]
    ) {
        let taken = Set(pairs.values)
        let left = wanted.indices.filter { pairs[$0] == nil && wanted[$0].isNumbered }
        let free = network.layers.filter { !taken.contains($0) }
        switch order {
        case .model: for (layer, index) in zip(left, free) { pairs[layer] = index }
        case .byClass: for layer in left where placed[layer].map({ !taken.contains($0) }) == true { pairs[layer] = placed[layer] }
        case .trainedFirst:
            var numbered: [String: [(number: Int, index: Int)]] = [:]
            for index in free {
                let name = file.layers[index].name.split(separator: "/").last.map(String.init) ?? ""
                let place = numbers(of: name)
                numbered[place.stem, default: []].append((place.number, index))
            }
            for (stem, layers) in Dictionary(grouping: left, by: { KerasLayer.snakeCase(wanted[$0].kind) }) {
                let found = (numbered[stem] ?? []).sorted { $0 < $1 }
                guard found.count == layers.count, Set(found.map(\.number)).count == found.count else {
                    refuse(["\(layers.count) layers `\(stem)`"])
                    continue
                }
                let made = layers.sorted { numbers(of: wanted[$0].name).number < numbers(of: wanted[$1].name).number }
                for (layer, place) in zip(made, found) { pairs[layer] = place.index }
            }
        }
    }

    private mutating func refuse(_ missing: [String]) {
        isUnsure = true
        let names = missing.prefix(3).map { $0.contains("`") ? $0 : "`\($0)`" }.joined(separator: ", ")
        problems.append(
            "the file does not say which array belongs to which layer" + (missing.isEmpty ? "" : " (looked for \(names) by name)"))
    }

    /// Takes the arrays of a layer of the file: by their names, where these are those of the parameters, else in order.
    private mutating func take(_ place: Int, for layer: KerasLayer) {
        let arrays = file.layers[place].arrays
        guard arrays.count == layer.parameters.count else {
            problems.append("\(arrays.count) arrays for `\(layer.name)`, expected \(layer.parameters.count)")
            return
        }
        let locals = layer.parameters.map { $0.split(separator: ".").last.map(String.init) ?? "" }
        let isNamed = Set(locals) == Set(arrays.map(\.name)) && Set(locals).count == locals.count
        for (number, name) in layer.parameters.enumerated() {
            let index = isNamed ? arrays.firstIndex { $0.name == locals[number] } ?? number : number
            guard backbone.takes(arrays[index].shape, for: name) else {
                problems.append(
                    "`\(layer.name)`: \(Shape(arrays[index].shape)) for `\(locals[number])`, expected "
                        + (backbone.shapes[name]?.description ?? "none"))
                continue
            }
            places[name] = ArrayPlace(layer: place, array: index)
        }
        found += 1
    }
}

extension KerasLayer {
    /// Whether Keras named the layer by its class and a number, so that its name depends on what was made before.
    fileprivate var isNumbered: Bool { numbers(of: name).stem == KerasLayer.snakeCase(kind) }
}

/// The name of a layer without the number behind it, and that number, 0 where there is none: `conv2d`, 83.
private func numbers(of name: String) -> (stem: String, number: Int) {
    guard let line = name.lastIndex(of: "_"), let number = Int(name[name.index(after: line)...]), number >= 0 else { return (name, 0) }
    return (String(name[..<line]), number)
}
