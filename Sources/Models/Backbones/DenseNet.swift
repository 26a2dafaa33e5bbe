import Tensors

extension Architecture {
    /// DenseNet121 (keras/src/applications/densenet.py).
    public static let DenseNet121 = Architecture(
        name: "DenseNet121", minimumSize: 32, defaultSize: 224, preparation: .torch,
        weights: .keras("densenet121", in: "densenet", md5: "30ee3e1110167f948a6b9946edeeb738", licence: "BSD 3-clause"),
        build: { try $0.denseNet(units: [6, 12, 24, 16]) })
}

/// DenseNet121 (Huang et al., 2017) as keras.applications builds it: growth 32, compression one half, 427 layers.
extension BackboneBuilder {
    private static let epsilon = 1.001e-5, growth = 32

    private mutating func activated(_ x: Int, _ norm: String, _ relu: String) throws -> Int {
        try self.relu(try self.norm(x, epsilon: Self.epsilon, named: norm), named: relu)
    }

    mutating func denseNet(units: [Int]) throws -> Int {
        var x = try conv(try zeroPad(0, 3), 64, [7, 7], strides: 2, .valid, named: "conv1_conv")
        x = try activated(x, "conv1_bn", "conv1_relu")
        x = try maxPool(try zeroPad(x, 1), 3, strides: 2, named: "pool1")
        var channels = 64
        for (block, count) in units.enumerated() {
            for unit in 1...max(1, count) {
                let name = "conv\(block + 2)_block\(unit)"
                var new = try activated(x, name + "_0_bn", name + "_0_relu")
                new = try conv(new, 4 * Self.growth, [1, 1], .valid, named: name + "_1_conv")
                new = try activated(new, name + "_1_bn", name + "_1_relu")
                new = try conv(new, Self.growth, [3, 3], named: name + "_2_conv")
                x = try concatenate([x, new], named: name + "_concat")
                channels += Self.growth
            }
            guard block < units.count - 1 else { break }
            let name = "pool\(block + 2)"
            channels /= 2
            x = try conv(try activated(x, name + "_bn", name + "_relu"), channels, [1, 1], .valid, named: name + "_conv")
            x = try averagePool(x, 2, strides: 2, named: name + "_pool")
        }
        return try activated(x, "bn", "relu")
    }
}
