import Tensors

extension Architecture {
    /// Xception (keras/src/applications/xception.py).
    public static let Xception = Architecture(
        name: "Xception", minimumSize: 71, defaultSize: 299, preparation: .plusMinusOne,
        weights: .keras("xception", in: "xception", md5: "b0042744bf5b25fce3cb969f33bebb97", licence: "MIT"),
        build: { try $0.xception() })
}

/// Xception (Chollet, 2017) as keras.applications builds it: 132 layers.
extension BackboneBuilder {
    mutating func xception() throws -> Int {
        var x = try relu(
            try norm(try conv(0, 32, [3, 3], strides: 2, .valid, named: "block1_conv1"), named: "block1_conv1_bn"),
            named: "block1_conv1_act")
        x = try relu(try norm(try conv(x, 64, [3, 3], .valid, named: "block1_conv2"), named: "block1_conv2_bn"), named: "block1_conv2_act")
        // The input of block 2 is activated already.
        x = try shrinking(x, block: 2, [128, 128], activated: true)
        x = try shrinking(x, block: 3, [256, 256])
        x = try shrinking(x, block: 4, [728, 728])
        for block in 5...12 {
            let residual = x
            for step in 1...3 { x = try activatedUnit(x, 728, "block\(block)_sepconv\(step)") }
            x = try add([x, residual])
        }
        x = try shrinking(x, block: 13, [728, 1024])
        for (step, filters) in [(1, 1536), (2, 2048)] {
            let name = "block14_sepconv\(step)"
            x = try relu(try norm(try separable(x, filters, named: name), named: name + "_bn"), named: name + "_act")
        }
        return x
    }

    private mutating func activatedUnit(_ x: Int, _ filters: Int, _ name: String) throws -> Int {
        try norm(try separable(try relu(x, named: name + "_act"), filters, named: name), named: name + "_bn")
    }

    /// Appends a downsampling block: two separable convolutions and a pooling beside a convolution of stride 2, added.
    private mutating func shrinking(_ x: Int, block: Int, _ filters: [Int], activated: Bool = false) throws -> Int {
        let residual = try norm(try conv(x, filters[1], [1, 1], strides: 2))
        let first = "block\(block)_sepconv1"
        var y =
            activated ? try norm(try separable(x, filters[0], named: first), named: first + "_bn") : try activatedUnit(x, filters[0], first)
        y = try activatedUnit(y, filters[1], "block\(block)_sepconv2")
        y = try maxPool(y, 3, strides: 2, .same, named: "block\(block)_pool")
        return try add([y, residual])
    }
}
