import Datasets
import Diagnostics
import Language
import Models
import Storage
import Tensors
import Texts
import Weights

private let encoders = Choices(
    EncoderArchitecture.all.map { Choice($0.name, "a transformer that reads texts, as Hugging Face defines it") })

private let tokenizers = Choices.each(of: Tokenizer.Variant.self) {
    switch $0 {
    case .fast: "that of transformers 5"
    case .slow: "ALBERT's own of transformers 4, which takes a comma behind a digit apart"
    }
}

/// The kind `encoder`: a pretrained network that reads texts.
let encoderKind = Kind(
    "encoder", "A pretrained transformer that reads texts, with its tokenizer, as Hugging Face defines both.",
    fields: [
        Parameter(
            "architecture", .word(encoders),
            "which network; its sizes are those of the `config.json` beside the weights"),
        Parameter(
            "weights", .text,
            """
            a model of the Hugging Face hub that is on this machine, `"roberta-base"` or `"NAME@REVISION"`, or a folder with \
            `config.json`, safetensors and a tokenizer
            """),
        Parameter(
            "length", .optional(.number(.count())), .fallback(.none), unit: "tokens",
            """
            how many tokens a text has for the encoder: longer ones are cut, shorter ones are filled up; where not given as many as it \
            reads, up to 512
            """),
        Parameter(
            "tokenizer", .word(tokenizers), .fallback(.word(Tokenizer.Variant.fast.rawValue)),
            "what cuts a text into tokens"),
    ],
    isApplied: true,
    examples: [Example(Example.encoder + "show letters")],
    members: [
        Member("width", "a number", "numbers that the encoder gives for each token")
    ],
    check: { object, context in _ = try context.encoder(object) },
    member: { object, name, _, context in
        name == "width" ? .number(Double(try context.encoder(object).configuration.hidden)) : nil
    })

/// An encoder as it was found on this machine: its files, its sizes and its tokenizer. Its weights are read when they are needed.
public struct FoundEncoder: Sendable {
    /// The name that it was declared with.
    public var label: String
    /// Where its files are.
    public var files: EncoderFiles
    /// The sizes of the network.
    public var configuration: EncoderConfiguration
    /// The tokenizer.
    public var tokenizer: Tokenizer
    /// The number of tokens of a text.
    public var length: Int
    /// What is odd about the files, in words.
    public var remarks: [String]

    /// The network with its parameters, whatever the length of texts, without what only training needs.
    public func network() throws -> Encoder {
        var builder = NetworkBuilder()
        let text = try builder.textInput("text", length: tokenizer.specialCount + 1)
        return try builder.encoder(configuration, to: text, dropout: false).encoder
    }
}

/// Key of an encoder that is remembered, by the state of its files.
private struct FoundEncoderOf: Hashable {
    var object: Object
    var version: Int
}

/// Key of the files of an encoder as they were found at one look.
private struct EncoderFilesOf: Hashable {
    var weights: String
    var look: Int
}

extension CheckContext {
    /// The encoder that an object declares: its files are found, their headers and the tokenizer read. Throws what is wrong with them,
    /// `missing-weights` with the command that fetches them, and `bad-data` where they are not of one model.
    public func encoder(_ object: Object) throws -> FoundEncoder {
        let (files, version) = try filesAndVersion(ofEncoder: object)
        return try remembered(FoundEncoderOf(object: object, version: version), most: 16) { try found(object, files) }
    }

    /// The number of times that files of the encoders in a model were found changed, so that what was built of them is built anew.
    func encoderVersion(of model: Object?) throws -> Int {
        try (model?.network?.applications ?? []).reduce(0) { sum, application in
            guard let object = application.layer.object, object.kind == encoderKind.name else { return sum }
            return try sum + filesAndVersion(ofEncoder: object).version
        }
    }

    private func filesAndVersion(ofEncoder object: Object) throws -> (files: EncoderFiles, version: Int) {
        let written = object[field: "weights"].string ?? ""
        let files = try located(object.span(of: "weights")) {
            try remembered(EncoderFilesOf(weights: written, look: look), most: 16) {
                try EncoderFiles.find(written, relativeTo: folder)
            }
        }
        return (files, files.all.reduce(0) { $0 + version(ofFile: $1) })
    }

    private func found(_ object: Object, _ files: EncoderFiles) throws -> FoundEncoder {
        let name = object[field: "architecture"].word ?? ""
        let configuration = try located(object.span(of: "weights")) { try EncoderConfiguration(reading: files.config) }
        guard configuration.architecture?.name == name else {
            throw Diagnostic(
                "weights-mismatch",
                "expected weights of \(name), found those of \(configuration.architecture?.name ?? configuration.modelType)",
                at: object.span(of: "weights"), data: DataPlace(file: files.config),
                hint: "write `architecture: \(configuration.architecture?.name ?? name)`, or name other weights")
        }
        let length = object[field: "length"].integer ?? min(512, configuration.longest)
        try located(object.span(of: "length") ?? object.span(of: "weights")) {
            try configuration.check(length: length, name: object.label ?? "encoder")
        }
        let variant = object[field: "tokenizer"].word.flatMap(Tokenizer.Variant.init(rawValue:)) ?? .fast
        let tokenizer = try located(object.span(of: variant == .slow ? "tokenizer" : "weights")) {
            try Tokenizer(folder: files.folder, variant: variant)
        }
        try located(object.span(of: "weights")) {
            try configuration.check(vocabularyOf: tokenizer.vocabularySize, file: tokenizer.files.first ?? files.folder)
            guard tokenizer.padID != nil else {
                throw Diagnostic(
                    "bad-data", "expected a tokenizer with a token for padding, found none",
                    data: tokenizer.files.first.map { DataPlace(file: $0) }, hint: "name it as `pad_token` in tokenizer_config.json")
            }
            if let said = tokenizer.architecture, said != name {
                throw Diagnostic(
                    "weights-mismatch", "expected the tokenizer of \(name), found that of \(said)",
                    data: tokenizer.files.first.map { DataPlace(file: $0) }, hint: "take the tokenizer and the weights of one model")
            }
        }
        guard length > tokenizer.specialCount else {
            throw Diagnostic(
                "range", "expected a length over the \(tokenizer.specialCount) tokens that stand around every text, found \(length)",
                at: object.span(of: "length"))
        }
        var result = FoundEncoder(
            label: object.label ?? name, files: files, configuration: configuration, tokenizer: tokenizer, length: length,
            remarks: [files.remark].compactMap { $0 })
        // Names and shapes of all tensors: no number is read.
        let matched = try located(object.span(of: "weights")) {
            try EncoderWeights(files.weights).matched(to: result.network())
        }
        result.remarks += matched.notes
        return result
    }
}
