import Diagnostics
import Storage
import Tensors

extension EncoderConfiguration {
    /// Reads a config.json of transformers. A field that is left out has the default of the architecture's class. Throws
    /// `cannot-read`, and `bad-data` for a model type, an activation or positions that are not supported, for a field that is no
    /// number, and for sizes that make no sense.
    public init(reading path: String) throws {
        try self.init(JSONValue(parsing: readFile(path, limit: 16 << 20), in: DataPlace(file: path)), file: path)
    }

    /// Reads the object of a config.json; `file` is its path, for messages.
    public init(_ document: JSONValue, file: String) throws {
        let reader = FieldReader(document: document, file: file)
        guard document.objectValue != nil else { throw reader.bad("expected an object in a config.json, found another value") }
        guard let type = document["model_type"]?.stringValue else {
            throw reader.bad("expected a `model_type`, found none", hint: "give the config.json of the model itself")
        }
        guard let architecture = EncoderArchitecture.ofType(type) else {
            let known = EncoderArchitecture.all.map { "`\($0.modelType)`" }.joined(separator: ", ")
            throw reader.bad("expected a `model_type` among \(known), found `\(type)`", hint: "choose a model of one of these")
        }
        self = architecture.defaults
        vocabulary = try reader.size("vocab_size", vocabulary)
        hidden = try reader.size("hidden_size", hidden)
        embedding = groups == nil ? hidden : try reader.size("embedding_size", embedding)
        layers = try reader.size("num_hidden_layers", layers, most: 1 << 12)
        heads = try reader.size("num_attention_heads", heads)
        intermediate = try reader.size("intermediate_size", intermediate)
        positions = try reader.size("max_position_embeddings", positions)
        tokenTypes = try reader.size("type_vocab_size", tokenTypes)
        epsilon = try reader.number("layer_norm_eps", epsilon, in: 0...1)
        hiddenDropout = try reader.number("hidden_dropout_prob", hiddenDropout, in: 0...0.999)
        attentionDropout = try reader.number("attention_probs_dropout_prob", attentionDropout, in: 0...0.999)
        if let found = document["pad_token_id"] { padding = found == .null ? nil : try reader.whole("pad_token_id", found, from: 0) }
        if groups != nil {
            groups = try reader.size("num_hidden_groups", groups ?? 1, most: 1 << 12)
            innerLayers = try reader.size("inner_group_num", innerLayers, most: 1 << 12)
        }
        activation = try reader.activation("hidden_act", activation)
        try check(document, reader)
    }

    private func check(_ document: JSONValue, _ reader: FieldReader) throws {
        if let positions = document["position_embedding_type"], positions != .null, positions.stringValue != "absolute" {
            let found = positions.stringValue.map { "`\($0)`" } ?? "another value"
            throw reader.bad("expected `absolute` as `position_embedding_type`, found \(found), which is not supported")
        }
        if document["is_decoder"]?.boolValue == true {
            throw reader.bad("expected an encoder, found a decoder (`is_decoder` is true)", hint: "choose a model that encodes")
        }
        guard hidden % heads == 0 else {
            throw reader.bad("expected `num_attention_heads` that divide the `hidden_size` \(hidden), found \(heads)")
        }
        if let padding, padding >= vocabulary {
            throw reader.bad("expected a `pad_token_id` below the `vocab_size` \(vocabulary), found \(padding)")
        }
        if let groups, layers % groups != 0 {
            throw reader.bad("expected `num_hidden_groups` that divide the \(layers) layers, found \(groups)")
        }
        guard !countsAfterPadding || padding != nil, longest >= 1 else {
            throw reader.bad("expected more `max_position_embeddings` than those that padding takes, found \(positions)")
        }
        // Sizes are at most 2^24 and blocks 2^24: sums of products fit.
        let block = Double(4 * hidden) * Double(hidden) + 2 * Double(hidden) * Double(intermediate)
        let tables = (Double(vocabulary) + Double(positions) + Double(tokenTypes)) * Double(embedding)
        let bytes = 4 * (Double(blockCount) * block + tables)
        guard bytes < Self.mostBytes else {
            throw reader.bad("expected sizes of a model below \(Int(Self.mostBytes) >> 30) GiB, found one of \(Int(bytes / 0x1p30)) GiB")
        }
    }

    /// The most bytes of parameters: a slip in a file must not ask for all of the memory.
    private static let mostBytes: Double = 0x1p36
}

/// Reads the fields of a config.json.
private struct FieldReader {
    let document: JSONValue
    let file: String

    func bad(_ message: String, hint: String? = nil) -> Diagnostic {
        Diagnostic("bad-data", message, data: DataPlace(file: file), hint: hint)
    }

    func whole(_ field: String, _ value: JSONValue, from least: Int, to most: Int = 1 << 24) throws -> Int {
        guard let number = value.intValue else { throw bad("expected a whole number as `\(field)`, found \(described(value))") }
        guard (least...most).contains(number) else { throw bad("expected a `\(field)` from \(least) to \(most), found \(number)") }
        return number
    }

    func size(_ field: String, _ fallback: Int, most: Int = 1 << 24) throws -> Int {
        try document[field].map { try whole(field, $0, from: 1, to: most) } ?? fallback
    }

    func number(_ field: String, _ fallback: Double, in range: ClosedRange<Double>) throws -> Double {
        guard let value = document[field] else { return fallback }
        guard let number = value.doubleValue else { throw bad("expected a number as `\(field)`, found \(described(value))") }
        guard range.contains(number) else {
            throw bad("expected a `\(field)` from \(range.lowerBound) to \(range.upperBound), found \(number)")
        }
        return number
    }

    func activation(_ field: String, _ fallback: Activation) throws -> Activation {
        guard let value = document[field] else { return fallback }
        let found = value.stringValue ?? ""
        if let activation = Activation.ofTransformers[found] { return activation }
        let known = Activation.ofTransformers.keys.sorted().map { "`\($0)`" }.joined(separator: ", ")
        throw bad("expected a `\(field)` among \(known), found \(described(value))")
    }

    private func described(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): "`\(String(text.prefix(60)))`"
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .bool(let flag): "\(flag)"
        case .null: "null"
        default: "another value"
        }
    }
}

extension Activation {
    /// The activations by their names in transformers (`ACT2FN`); several names mean one function.
    static let ofTransformers: [String: Activation] = [
        "gelu": .gelu, "gelu_python": .gelu, "gelu_new": .geluTanh, "gelu_fast": .geluTanh, "gelu_pytorch_tanh": .geluTanh,
        "relu": .relu, "tanh": .tanh, "sigmoid": .sigmoid,
    ]
}
