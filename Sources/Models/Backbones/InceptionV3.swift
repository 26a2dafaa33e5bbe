import Tensors

extension Architecture {
    /// InceptionV3 (keras/src/applications/inception_v3.py).
    public static let InceptionV3 = Architecture(
        name: "InceptionV3", minimumSize: 75, defaultSize: 299, preparation: .plusMinusOne,
        weights: .keras("inception_v3", in: "inception_v3", md5: "bcbd6486424b2319ff4ef7d526e38f63", licence: "Apache 2.0"),
        blocks: (0...10).map { "mixed\($0)" },
        build: { try $0.inceptionV3() })
}

/// InceptionV3 (Szegedy et al., 2016) as keras.applications builds it: 311 layers, of which 94 convolutions, each with a batch
/// normalisation without gamma and ReLU.
extension BackboneBuilder {
    private mutating func unit(
        _ input: Int, _ filters: Int, _ rows: Int, _ columns: Int, strides: Int = 1, _ padding: Padding = .same
    ) throws -> Int {
        let conv = try conv(input, filters, [rows, columns], strides: strides, padding)
        return try relu(try norm(conv, gamma: false))
    }

    mutating func inceptionV3() throws -> Int {
        var x = try unit(0, 32, 3, 3, strides: 2, .valid)
        x = try unit(x, 32, 3, 3, .valid)
        x = try unit(x, 64, 3, 3)
        x = try maxPool(x, 3, strides: 2)
        x = try unit(x, 80, 1, 1, .valid)
        x = try unit(x, 192, 3, 3, .valid)
        x = try maxPool(x, 3, strides: 2)
        for (block, pooled) in [32, 64, 64].enumerated() { x = try inceptionA(x, pooled: pooled, named: "mixed\(block)") }
        x = try reduction(x)
        for (block, width) in [128, 160, 160, 192].enumerated() { x = try inceptionB(x, width: width, named: "mixed\(block + 4)") }
        x = try secondReduction(x)
        for block in 0..<2 { x = try inceptionC(x, block) }
        return x
    }

    private mutating func inceptionA(_ x: Int, pooled: Int, named name: String) throws -> Int {
        let one = try unit(x, 64, 1, 1)
        let five = try unit(try unit(x, 48, 1, 1), 64, 5, 5)
        let three = try unit(try unit(try unit(x, 64, 1, 1), 96, 3, 3), 96, 3, 3)
        let pool = try unit(try averagePool(x, 3, strides: 1, .same), pooled, 1, 1)
        return try concatenate([one, five, three, pool], named: name)
    }

    private mutating func reduction(_ x: Int) throws -> Int {
        let three = try unit(x, 384, 3, 3, strides: 2, .valid)
        let double = try unit(try unit(try unit(x, 64, 1, 1), 96, 3, 3), 96, 3, 3, strides: 2, .valid)
        return try concatenate([three, double, try maxPool(x, 3, strides: 2)], named: "mixed3")
    }

    private mutating func inceptionB(_ x: Int, width: Int, named name: String) throws -> Int {
        let one = try unit(x, 192, 1, 1)
        let seven = try unit(try unit(try unit(x, width, 1, 1), width, 1, 7), 192, 7, 1)
        var double = try unit(try unit(x, width, 1, 1), width, 7, 1)
        double = try unit(try unit(try unit(double, width, 1, 7), width, 7, 1), 192, 1, 7)
        let pool = try unit(try averagePool(x, 3, strides: 1, .same), 192, 1, 1)
        return try concatenate([one, seven, double, pool], named: name)
    }

    private mutating func secondReduction(_ x: Int) throws -> Int {
        let three = try unit(try unit(x, 192, 1, 1), 320, 3, 3, strides: 2, .valid)
        let seven = try unit(try unit(try unit(try unit(x, 192, 1, 1), 192, 1, 7), 192, 7, 1), 192, 3, 3, strides: 2, .valid)
        return try concatenate([three, seven, try maxPool(x, 3, strides: 2)], named: "mixed8")
    }

    private mutating func inceptionC(_ x: Int, _ block: Int) throws -> Int {
        let one = try unit(x, 320, 1, 1)
        let three = try unit(x, 384, 1, 1)
        let threes = try concatenate([try unit(three, 384, 1, 3), try unit(three, 384, 3, 1)], named: "mixed9_\(block)")
        let double = try unit(try unit(x, 448, 1, 1), 384, 3, 3)
        let doubles = try concatenate([try unit(double, 384, 1, 3), try unit(double, 384, 3, 1)])
        let pool = try unit(try averagePool(x, 3, strides: 1, .same), 192, 1, 1)
        return try concatenate([one, threes, doubles, pool], named: "mixed\(9 + block)")
    }
}
