import Tensors

/// VGG16 and VGG19 (Simonyan and Zisserman, 2015) as keras.applications builds them: five blocks of 3x3 convolutions with bias
/// and ReLU, a pooling after each.
extension BackboneBuilder {
    mutating func vgg(convolutions: [Int]) throws -> Int {
        var x = 0
        for (block, (count, filters)) in zip(convolutions, [64, 128, 256, 512, 512]).enumerated() {
            for step in 0..<count {
                x = try conv(x, filters, [3, 3], activation: .relu, bias: true, named: "block\(block + 1)_conv\(step + 1)")
            }
            x = try maxPool(x, 2, strides: 2, named: "block\(block + 1)_pool")
        }
        return x
    }
}
