import Tensors

extension Architecture {
    /// VGG16 (keras/src/applications/vgg16.py).
    public static let VGG16 = Architecture(
        name: "VGG16", minimumSize: 32, defaultSize: 224, preparation: .caffe,
        weights: .keras("vgg16", in: "vgg16", md5: "6d6bbae143d832006294945121d1f1fc", licence: "CC BY 4.0 (VGG, Oxford)"),
        build: { try $0.vgg(convolutions: [2, 2, 3, 3, 3]) })

    /// VGG19 (keras/src/applications/vgg19.py).
    public static let VGG19 = Architecture(
        name: "VGG19", minimumSize: 32, defaultSize: 224, preparation: .caffe,
        weights: .keras("vgg19", in: "vgg19", md5: "253f8cb515780f3b799900260a226db6", licence: "CC BY 4.0 (VGG, Oxford)"),
        build: { try $0.vgg(convolutions: [2, 2, 4, 4, 4]) })
}

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
