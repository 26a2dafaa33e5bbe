import Builtins
import Datasets
import Diagnostics
import Engine
import Models
import Storage
import Tensors
import Texts
import Weights

/// The vectors that encoders give for texts. A text is encoded once for an encoder, its weights, length, layer and pooling, and kept in
/// the store under what it rests on, so that targets, variants, folds, seeds and experiments share it.
extension Runner {
    private static let vectorsName = "vectors"
    private static let vectorsFile = "vectors.safetensors"
    private static let textsFile = "texts.json"
    /// Texts after which what was encoded is kept.
    private static let textsAtOnce = 256

    /// The vectors of texts, rows x width. Texts that the store has are read, the others are encoded, each once. Throws what is wrong
    /// with the encoder's files, and `Interrupted`.
    public func vectors(of texts: [String], _ question: TextQuestion) throws -> Tensor {
        let width = question.encoder.configuration.hidden
        let names = try texts.map { try sha256($0).hex }
        let kin = try keys.vectors(question)
        let key = try sha256(([kin.hex] + names).joined(separator: " "))
        if let known = textVectors[key] { return known }
        var places: [String: Int] = [:]
        var order: [String] = []
        for (place, name) in names.enumerated() where places[name] == nil {
            places[name] = order.count
            order.append(texts[place])
        }
        var found = [[Float]?](repeating: nil, count: order.count)
        if usesFeatureCache { try fillKnown(&found, places, kin, width: width) }
        let missing = found.indices.filter { found[$0] == nil }
        if !missing.isEmpty {
            let what = missing.count == 1 ? "1 text" : "\(missing.count) texts"
            let known = found.count - missing.count
            let there = known == 0 ? "" : "; \(known) \(known == 1 ? "is" : "are") in the store"
            reporter.note("encoding \(what) with `\(question.encoder.label)`" + there)
            let hashes = places.sorted { $0.value < $1.value }.map(\.key)
            for start in stride(from: 0, to: missing.count, by: Self.textsAtOnce) {
                let these = Array(missing[start..<min(missing.count, start + Self.textsAtOnce)])
                // What was encoded before somebody stopped is kept too.
                defer { keep(these.compactMap { place in found[place].map { (hashes[place], $0) } }, kin, width: width) }
                try encode(these.map { order[$0] }, question) { found[these[$0]] = $1 }
            }
        }
        var values: [Float] = []
        values.reserveCapacity(texts.count * width)
        for name in names {
            guard let place = places[name], let vector = found[place] else { throw Diagnostic("internal", "a text without a vector") }
            values += vector
        }
        let result = try Tensor(shape: [texts.count, width], values: values)
        // The latest few: figures and tables of one action ask for the same.
        if textVectors.count >= 8 { textVectors.removeAll() }
        textVectors[key] = result
        return result
    }

    /// The texts, each once, that are neither in the store nor at hand.
    func unencoded(_ texts: [String], _ question: TextQuestion) throws -> [String] {
        var (places, order): ([String: Int], [String]) = ([:], [])
        for text in texts where places.updateValue(places[try sha256(text).hex] ?? order.count, forKey: try sha256(text).hex) == nil {
            order.append(text)
        }
        var found = [[Float]?](repeating: nil, count: order.count)
        let width = question.encoder.configuration.hidden
        if usesFeatureCache { try fillKnown(&found, places, keys.vectors(question), width: width) }
        return order.indices.filter { found[$0] == nil }.map { order[$0] }
    }

    /// Reads the vectors that entries of the same kin have.
    private func fillKnown(_ found: inout [[Float]?], _ places: [String: Int], _ kin: Digest, width: Int) throws {
        for entry in store.cache.keys(of: kin) where found.contains(where: { $0 == nil }) {
            guard let bytes = try? store.cache.bytes(Self.textsFile, of: entry),
                let names: [String] = try? JSONValue(parsing: bytes).decoded(),
                let contents = try cachedTensors(Self.vectorsFile, of: entry), let tensor = contents[Self.vectorsName],
                case .float(let values) = tensor.values, tensor.shape == [names.count, width]
            else { continue }
            for (row, name) in names.enumerated() {
                guard let place = places[name], found[place] == nil else { continue }
                found[place] = Array(values[row * width..<(row + 1) * width])
            }
        }
    }

    /// Keeps vectors by the hashes of their texts. What cannot be written only has to be computed again.
    private func keep(_ vectors: [(name: String, values: [Float])], _ kin: Digest, width: Int) {
        guard usesFeatureCache, !vectors.isEmpty else { return }
        let names = JSONValue.array(vectors.map { .string($0.name) })
        do {
            let key = try sha256(JSONValue.object(["node": "texts", "kin": .string(kin.hex), "texts": names]).canonical)
            try store.cache.insert(key) { folder in
                let tensor = NamedTensor(name: Self.vectorsName, shape: [vectors.count, width], values: vectors.flatMap(\.values))
                try writeSafetensors(Safetensors(tensors: [tensor]), to: joined(folder, Self.vectorsFile))
                try writeWhole(names.canonical, to: joined(folder, Self.textsFile))
            }
            try store.cache.add(key, to: kin)
        } catch {
            guard var diagnostic = error as? Diagnostic else { return }
            diagnostic.severity = .warning
            warn(diagnostic)
        }
    }

    /// Encodes texts. Those of like length go together, so that little padding is computed; how many tokens a text is computed with, and
    /// with how many others, follows from its own length alone, so that it has the same bits whatever else is encoded.
    private func encode(_ texts: [String], _ question: TextQuestion, _ take: (Int, [Float]) -> Void) throws {
        let encoder = question.encoder
        let tokens = try encoder.tokenizer.encode(texts, length: encoder.length, threads: Program.threads)
        var groups: [Int: [Int]] = [:]
        for (place, text) in tokens.enumerated() { groups[question.computedLength(of: text.count), default: []].append(place) }
        let weights = try TextWeights(encoder)
        for (length, places) in groups.sorted(by: { $0.key < $1.key }) {
            let network = try TextNetwork(question, length: length, weights: weights)
            for start in stride(from: 0, to: places.count, by: network.batch) {
                try stopIfAsked("encoding texts")
                let these = Array(places[start..<min(places.count, start + network.batch)])
                for (place, vector) in zip(these, try network.vectors(of: these.map { tokens[$0] })) { take(place, vector) }
            }
        }
        for file in encoder.files.all { try confirm(file) }
    }
}

extension TextQuestion {
    /// The number of tokens that a text of `count` tokens is computed with: a multiple of 8. Where all positions count, padding
    /// is computed as often as it is different.
    func computedLength(of count: Int) -> Int {
        let isPadded = pooling == .all
        // Padding that has not the id of `pad_token_id` counts as tokens do, as where `</s>` stands for it.
        let isEqual = encoder.configuration.paddingIsEqual && encoder.tokenizer.padID == encoder.configuration.padding
        if isPadded, !isEqual { return encoder.length }
        // One token of padding stands for all of it.
        let least = count + (isPadded && count < encoder.length ? 1 : 0)
        return min(encoder.length, (least + Self.step - 1) / Self.step * Self.step)
    }

    /// Lengths are multiples of it.
    private static let step = 8
}

/// The weights of an encoder, for networks of several lengths: read once where they are small, else anew for each network, since two
/// copies would take the memory of two models.
private final class TextWeights {
    private static let mostHeld = 1 << 26
    private let file: EncoderWeights
    private let isHeld: Bool
    private var held: ParameterStore?

    init(_ encoder: FoundEncoder) throws {
        file = try EncoderWeights(encoder.files.weights)
        isHeld = try encoder.network().counts.graph <= Self.mostHeld
    }

    func load(_ encoder: Encoder, into program: Program) throws {
        guard isHeld else { return try file.load(encoder, into: program) }
        if held == nil { held = try file.parameters(of: encoder) }
        if let held { try program.load(held) }
    }
}

/// A compiled encoder for texts of one length.
private struct TextNetwork {
    let batch: Int
    private let program: Program
    private let length: Int
    private let width: Int

    init(_ question: TextQuestion, length: Int, weights: TextWeights) throws {
        self.length = length
        // About as many tokens at once, whatever the length.
        batch = max(1, min(32, 256 / length))
        var builder = NetworkBuilder()
        let text = try builder.textInput("text", length: length)
        let (_, encoder) = try builder.encoder(question.encoder.configuration, to: text, dropout: false)
        guard encoder.hiddenStates.indices.contains(question.layer) else { throw Diagnostic("internal", "an encoder without that layer") }
        let states = encoder.hiddenStates[question.layer]
        let pooled =
            switch question.pooling {
            case .mean: try builder.tokenMean(of: states, text: text, masked: true)
            case .first: try builder.firstToken(of: states)
            case .all:
                try builder.tokenMean(of: states, text: text, masked: false, lastCount: question.encoder.length - length + 1)
            }
        builder.graph.outputs = [pooled]
        width = builder.graph.nodes[pooled].shape.count
        program = try Program(builder.graph, batch: batch, purpose: .inference)
        try weights.load(encoder, into: program)
    }

    func vectors(of texts: [TokenizedText]) throws -> [[Float]] {
        try program.withInput("text") { buffer in
            for row in 0..<batch {
                // What fills a batch up is one of its texts once more.
                let text = texts[row < texts.count ? row : 0]
                for place in 0..<length {
                    buffer[2 * row * length + place] = Float(text.ids[place])
                    buffer[(2 * row + 1) * length + place] = place < text.count ? 1 : 0
                }
            }
        }
        try program.forward(dropout: nil)
        return program.withOutput(0) { output in texts.indices.map { Array(output[$0 * width..<($0 + 1) * width]) } }
    }
}
