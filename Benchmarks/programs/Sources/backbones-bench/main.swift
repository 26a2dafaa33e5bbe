import Engine
import Foundation
import Models
import Tensors

// Times programs of one backbone with a head of global average, dropout and one number: an epoch of 137 images in batches of 6 with
// all of the backbone frozen, with its last 50 layers training, with all of it training, and inference. One line of JSON for
// each: milliseconds (least and median of the rounds; `compile` once), GFLOP counted from the graph, MiB of the arena.
//
//     backbones-bench ARCHITECTURE HEIGHT WIDTH [ROUNDS] [PURPOSE ...]

let arguments = CommandLine.arguments.dropFirst()
guard arguments.count >= 3, let architecture = Architecture.named(arguments[1]), let height = Int(arguments[2]),
    let width = Int(arguments[3])
else {
    print("usage: backbones-bench ARCHITECTURE HEIGHT WIDTH [ROUNDS] [PURPOSE ...]")
    exit(64)
}
let rounds = arguments.count > 3 ? Int(arguments[4]) ?? 5 : 5
let wanted = arguments.count > 4 ? Array(arguments[5...]) : ["frozen", "inference", "last50", "all"]
let images = 137
let batch = 6

struct Timing: Encodable {
    var architecture: String, size: String, purpose: String
    var compile, least, median: Double
    var gflop: Double
    var arena: Int
}

func milliseconds(_ body: () throws -> Void) rethrows -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    try body()
    return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e6
}

/// Two operations for each multiplication of a forward pass of one image, and twice that again where the kernel trains.
func operations(_ graph: Graph, trainable: Set<String>) -> Double {
    let shapes = Dictionary(graph.parameters.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
    return graph.nodes.reduce(0) { sum, node in
        let positions: Int
        let kernel: String
        switch node.operation {
        case .convolution(_, _, _, _, let name, _), .depthwise(_, _, _, let name):
            (positions, kernel) = (node.shape.extents[0] * node.shape.extents[1], name)
        case .dense(_, let name, _): (positions, kernel) = (1, name)
        default: return sum
        }
        return sum + 2 * Double((shapes[kernel]?.count ?? 0) * positions) * (trainable.contains(kernel) ? 3 : 1)
    }
}

var builder = NetworkBuilder()
let input = try builder.input("image", shape: [height, width, 3])
var (node, backbone) = try builder.apply(architecture, to: input, preparation: architecture.preparation)
node = try builder.apply(.globalAveragePool, to: node)
node = try builder.apply(.dropout(rate: 0.2), to: node)
node = try builder.apply(.dense(units: 1, activation: nil, bias: true), to: node)
builder.graph.outputs = [node]
let graph = builder.graph

var stream = Philox(RandomKey(seed: 1, purpose: .sampling))
var store = ParameterStore()
for spec in graph.parameters {
    let kernel = spec.shape.rank > 1
    let fan = Double(spec.shape.extents.dropLast().reduce(1, *))
    store[spec.name] = try Tensor(
        shape: spec.shape,
        values: (0..<spec.shape.count).map { _ in kernel ? Float(stream.nextNormal() * (2 / fan).squareRoot()) : spec.isStatistic ? 1 : 0.1
        })
}
let head: Set = ["dense_1.kernel", "dense_1.bias"]
let statistics = Set(graph.parameters.filter(\.isStatistic).map(\.name))
let pixels = (0..<batch * height * width * 3).map { _ in Float(stream.next32() & 255) }

for purpose in wanted {
    var program: Program?
    let trainable: Set<String> =
        switch purpose {
        case "last50": head.union(backbone.layers.suffix(50).flatMap(\.parameters)).subtracting(statistics)
        case "all": Set(graph.parameters.map(\.name)).subtracting(statistics)
        default: head
        }
    let compile = try milliseconds {
        program = try Program(graph, batch: batch, purpose: purpose == "inference" ? .inference : .training(trainable: trainable))
        try program?.load(store)
    }
    guard let program else { continue }
    try program.withInput("image") { buffer in for index in buffer.indices { buffer[index] = pixels[index] } }
    var step = 0
    func one() throws {
        try program.forward(dropout: nil)
        guard purpose != "inference" else { return }
        let values = program.withOutput(0) { Array($0) }
        try program.withOutputGradient(0) { buffer in for index in buffer.indices { buffer[index] = 2 * (values[index] - 1) / Float(batch) }
        }
        try program.backward()
        step += 1
        try program.adam(rate: 1e-5, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, step: step)
    }
    let steps = (images + batch - 1) / batch
    for _ in 0..<2 { try one() }
    var times: [Double] = []
    for _ in 0..<rounds { times.append(try milliseconds { for _ in 0..<steps { try one() } }) }
    times.sort()
    let flops = operations(graph, trainable: purpose == "inference" ? [] : trainable) * Double(steps * batch)
    let timing = Timing(
        architecture: architecture.name, size: "\(height)x\(width)", purpose: purpose, compile: compile, least: times.first ?? 0,
        median: times[times.count / 2], gflop: flops / 1e9, arena: program.arenaBytes >> 20)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    print(String(decoding: try encoder.encode(timing), as: UTF8.self))
}
