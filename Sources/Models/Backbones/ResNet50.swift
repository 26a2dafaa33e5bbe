import Tensors

extension Architecture {
    /// ResNet50 (keras/src/applications/resnet.py, the first version; the weights are ported from those of Kaiming He).
    public static let ResNet50 = Architecture(
        name: "ResNet50", minimumSize: 32, defaultSize: 224, preparation: .caffe,
        weights: .keras("resnet50", in: "resnet", md5: "4d473c1dd8becc155b73f8504c6f6626", licence: "MIT (Kaiming He)"),
        blocks: resNet50.flatMap { stage in (1...stage.blocks).map { "\(stage.name)_block\($0)_out" } },
        build: { try $0.resNet(resNet50) })
}

/// A stage of a ResNet: blocks of one width, the first of which halves the image unless it is the first of all.
private struct Stage: Sendable {
    var name: String
    var blocks: Int
    var filters: Int
    var strides: Int
}

private let resNet50 = [
    Stage(name: "conv2", blocks: 3, filters: 64, strides: 1), Stage(name: "conv3", blocks: 4, filters: 128, strides: 2),
    Stage(name: "conv4", blocks: 6, filters: 256, strides: 2), Stage(name: "conv5", blocks: 3, filters: 512, strides: 2),
]

/// ResNet50 (He et al., 2016) as keras.applications 3.15.1 builds it: 175 layers, convolutions with bias. The strides of a stage
/// are those of the 1x1 convolutions that its first block begins with.
extension BackboneBuilder {
    fileprivate mutating func resNet(_ stages: [Stage]) throws -> Int {
        var x = try zeroPad(0, 3, named: "conv1_pad")
        x = try relu(try normalized(x, 64, 7, strides: 2, .valid, named: "conv1"), named: "conv1_relu")
        x = try maxPool(try zeroPad(x, 1, named: "pool1_pad"), 3, strides: 2, named: "pool1_pool")
        for stage in stages {
            for block in 1...max(1, stage.blocks) {
                x = try residual(
                    x, stage.filters, strides: block == 1 ? stage.strides : 1, isFirst: block == 1, named: "\(stage.name)_block\(block)")
            }
        }
        return x
    }

    /// Appends a convolution and its batch normalisation, `conv1_conv` and `conv1_bn`.
    private mutating func normalized(
        _ x: Int, _ filters: Int, _ size: Int, strides: Int = 1, _ padding: Padding = .same, named name: String
    ) throws -> Int {
        let conv = try conv(x, filters, [size, size], strides: strides, padding, bias: true, named: name + "_conv")
        return try norm(conv, epsilon: 1.001e-5, named: name + "_bn")
    }

    /// Appends a block: three convolutions beside what they are added to, which the first block of a stage brings to their shape.
    private mutating func residual(_ x: Int, _ filters: Int, strides: Int, isFirst: Bool, named name: String) throws -> Int {
        let shortcut = isFirst ? try normalized(x, 4 * filters, 1, strides: strides, .valid, named: name + "_0") : x
        var y = try relu(try normalized(x, filters, 1, strides: strides, .valid, named: name + "_1"), named: name + "_1_relu")
        y = try relu(try normalized(y, filters, 3, named: name + "_2"), named: name + "_2_relu")
        y = try normalized(y, 4 * filters, 1, .valid, named: name + "_3")
        return try relu(try add([shortcut, y], named: name + "_add"), named: name + "_out")
    }
}
