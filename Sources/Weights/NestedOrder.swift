import Storage

/// The order of layers in nested models, from the description of the model that a whole-model file has.
struct NestedOrder {
    /// The places of the layers of each nested model, by its name, those of models nested in it among them. Nil without a
    /// description.
    private var places: [String: [String: Int]]?

    /// Makes an order that knows no places.
    init() {}

    /// Reads the order from the file's description of the model; without places where the file has none, or one that cannot be
    /// read: it is a help, not the weights.
    init(_ file: HDF5File) throws {
        guard let text = try file.texts("/", "model_config")?.first, let model = try? JSONValue(parsing: text),
            let layers = Self.layers(of: model)
        else { return }
        places = [:]
        for layer in layers {
            let inner = Self.names(in: layer)
            guard let name = Self.name(of: layer), !inner.isEmpty else { continue }
            places?[name] = Dictionary(inner.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// Whether `layer` is known to be no model, so that its arrays are in the order of its parts.
    func isSingle(_ layer: String) -> Bool { places.map { $0[layer] == nil } ?? false }

    /// The layers in the order of the nested model; nil where one of them is not in its description.
    func sorted(_ layers: [FoundLayer], model: String) -> [FoundLayer]? {
        guard let places = places?[model] else { return nil }
        var keyed: [(place: Int, layer: FoundLayer)] = []
        for layer in layers {
            guard let place = Self.place(of: layer.name, in: places) else { return nil }
            keyed.append((place, layer))
        }
        return keyed.sorted { $0.place < $1.place }.map(\.layer)
    }

    /// The place of a layer by the longest end of its name that is known: a name may stand behind those of the models around it,
    /// and may have `/` in itself.
    private static func place(of name: String, in places: [String: Int]) -> Int? {
        var rest = name[...]
        while true {
            if let place = places[String(rest)] { return place }
            guard let slash = rest.firstIndex(of: "/") else { return nil }
            rest = rest[rest.index(after: slash)...]
        }
    }

    /// The names of all layers of a model, depth first. The depth of the description is bounded by the parser.
    private static func names(in model: JSONValue) -> [String] {
        (layers(of: model) ?? []).flatMap { layer in (name(of: layer).map { [$0] } ?? []) + names(in: layer) }
    }

    /// The layers in a model's description. The configuration of a sequential model was once the list itself.
    private static func layers(of model: JSONValue) -> [JSONValue]? {
        model["config"]?["layers"]?.arrayValue ?? model["config"]?.arrayValue
    }

    private static func name(of layer: JSONValue) -> String? { (layer["config"]?["name"] ?? layer["name"])?.stringValue }
}
