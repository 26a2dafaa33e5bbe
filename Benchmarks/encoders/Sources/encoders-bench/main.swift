// One measurement of ecdx, as run.py asks for it; prints a line `round SECONDS` for each repetition but the first.
//
//     encoders-bench forward WORK full|padded REPETITIONS OUT.npy
//     encoders-bench step WORK full|padded REPETITIONS
//     encoders-bench tokens FOLDER TEXTS.txt REPETITIONS
import Engine
import Glibc
import Models
import Storage
import Tensors
import Texts
import Weights

func timed(_ repetitions: Int, _ action: () throws -> Void) rethrows {
    for turn in 0...repetitions {
        let began = ContinuousClock.now
        try action()
        let seconds = began.duration(to: .now) / .seconds(1)
        if turn > 0 { print("round \(seconds)") }
    }
}

/// Items of shape [8, 2, 100]: ids and masks.
func items(_ work: String, _ which: String) throws -> (values: [Float], count: Int, length: Int) {
    let array = try readNpy("\(work)/\(which).npy")
    return (array.values.map { Float($0) }, array.shape.extents[0], array.shape.extents[2])
}

func fill(_ program: Program, _ input: String, _ texts: [[Float]]) throws {
    try program.withInput(input) { buffer in for (index, value) in texts.joined().enumerated() { buffer[index] = value } }
}

func forward(_ work: String, _ which: String, _ repetitions: Int, _ out: String) throws {
    let (values, count, length) = try items(work, which)
    let configuration = try EncoderConfiguration(reading: "\(work)/roberta/config.json")
    let weights = try EncoderWeights("\(work)/roberta/model.safetensors")
    let width = configuration.hidden
    /// Texts of one computed length, and the program that computes them.
    struct Group {
        var program: Program
        var length: Int
        var places: [Int]
    }
    let tokens = (0..<count).map { text in (0..<length).count { values[(2 * text + 1) * length + $0] == 1 } }
    let groups = try Dictionary(grouping: 0..<count) { place in
        // One token of padding, which stands for all of it.
        tokens[place] == length ? length : min(length, (tokens[place] + 1 + 7) / 8 * 8)
    }.map { short, places in
        var builder = NetworkBuilder()
        let text = try builder.textInput("text", length: short)
        let (node, encoder) = try builder.encoder(configuration, to: text, dropout: false)
        builder.graph.outputs = [node]
        let program = try Program(builder.graph, batch: places.count, purpose: .inference)
        try weights.load(encoder, into: program)
        return Group(program: program, length: short, places: places)
    }
    var hidden = [Float](repeating: 0, count: count * length * width)
    try timed(repetitions) {
        for group in groups {
            try fill(
                group.program, "text",
                group.places.flatMap { place in
                    (0...1).map { row in Array(values[(2 * place + row) * length..<(2 * place + row) * length + group.length]) }
                })
            try group.program.forward(dropout: nil)
            group.program.withOutput(0) { output in
                for (index, place) in group.places.enumerated() {
                    for position in 0..<length {
                        let from = (index * group.length + min(position, group.length - 1)) * width
                        let to = (place * length + position) * width
                        for column in 0..<width { hidden[to + column] = output[from + column] }
                    }
                }
            }
        }
    }
    let array = try NumericArray(shape: [count, length, width], values: hidden.map { Double($0) }, precision: .single)
    try writeWhole(npyBytes(array), to: out)
}

/// A step of training of the last two layers and a head, as a training of ecdx does it: what the frozen layers give was computed before.
func step(_ work: String, _ which: String, _ repetitions: Int) throws {
    let (values, count, length) = try items(work, which)
    let configuration = try EncoderConfiguration(reading: "\(work)/roberta/config.json")
    var builder = NetworkBuilder()
    let text = try builder.textInput("text", length: length)
    let (node, encoder) = try builder.encoder(configuration, to: text, dropout: false)
    let mean = try builder.tokenMean(of: node, text: text, masked: true)
    let output = try builder.apply(.dense(units: 1, activation: nil, bias: true), to: mean)
    builder.graph.outputs = [output]
    let head = builder.graph.parameters.map(\.name).filter { !$0.hasPrefix(encoder.name) }
    let names = Set(encoder.parameters(ofLast: 2).names + head)
    var parameters = try ParameterStore(initializing: builder.graph, seed: 1, except: Set(encoder.parameters.map(\.name)))
    let loaded = try EncoderWeights("\(work)/roberta/model.safetensors").parameters(of: encoder)
    for name in loaded.names { parameters[name] = loaded[name] }
    guard let split = try builder.graph.split(trainable: names, moving: []) else { fatalError("no cut") }
    let trunk = try Program(split.trunk, batch: count, purpose: .inference)
    try trunk.load(parameters)
    try fill(trunk, "text", [values])
    try trunk.forward(dropout: nil)
    let rest = try Program(split.rest, batch: count, purpose: .training(trainable: names))
    try rest.load(parameters)
    try trunk.withOutput(0) { features in
        try rest.withInput(split.features[0]) { buffer in for index in buffer.indices { buffer[index] = features[index] } }
    }
    try fill(rest, "text", [values])
    var turn = 0
    try timed(repetitions) {
        turn += 1
        try rest.forward(dropout: nil)
        let found = rest.withOutput(0) { Array($0) }
        try rest.withOutputGradient(0) { gradient in for index in gradient.indices { gradient[index] = 2 * found[index] / Float(count) } }
        try rest.backward()
        try rest.adam(rate: 1e-5, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: turn)
    }
}

func tokens(_ folder: String, _ file: String, _ repetitions: Int) throws {
    let tokenizer = try Tokenizer(folder: folder)
    let texts = String(decoding: try readFile(file), as: UTF8.self).split(separator: "\n").map(String.init)
    var count = 0
    try timed(repetitions) {
        count = 0
        for text in texts { count += try tokenizer.encode(text).count }
    }
    print("tokens \(count)")
}

let words = CommandLine.arguments
Program.setThreads(2)
switch (words.dropFirst().first, words.count) {
case ("forward", 6): try forward(words[2], words[3], Int(words[4]) ?? 5, words[5])
case ("step", 5): try step(words[2], words[3], Int(words[4]) ?? 5)
case ("tokens", 5): try tokens(words[2], words[3], Int(words[4]) ?? 5)
default:
    print("usage: encoders-bench forward WORK full|padded N OUT.npy | step WORK full|padded N | tokens FOLDER TEXTS.txt N")
    exit(2)
}
