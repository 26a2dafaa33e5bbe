import COneDNN
import Tensors

// Winograd's scheme multiplies 36 numbers for 4 x 4 outputs of a 3 x 3 kernel where 144 are multiplied otherwise, after sums
// that turn image and kernel into such tiles. It rounds differently: a few units in a million of the largest output.
// A. Lavin, S. Gray, "Fast algorithms for convolutional neural networks", CVPR 2016.

extension odn_window {
    /// Whether Winograd's scheme is clearly faster for this window: the multiplications saved outweigh the sums over kernel and
    /// image. A matter of shapes alone, so that the same network rounds the same way everywhere the scheme is there. The numbers
    /// were fitted to 860 convolutions of version 2.6.3 of the library on a processor with AVX-512.
    var suitsWinograd: Bool {
        guard groups <= 1, kernel == (3, 3), stride == (1, 1), in_channels > 0, out_channels > 0, out.0 > 0, out.1 > 0 else { return false }
        let tiles = Double(batch) * Double((out.0 + 3) / 4) * Double((out.1 + 3) / 4)
        let used = Double(batch) * Double(out.0) * Double(out.1) / (16 * tiles)
        return 1 + 28 / tiles + 7 * (1 / Double(in_channels) + 1 / Double(out_channels)) < 2.2 * used
    }

    /// The first candidate that Winograd's scheme can make, where `winograd` of this window says so and the library has it; the
    /// best one without the scheme otherwise.
    func best(_ candidates: [(odn_window) throws -> Computation]) throws -> Computation {
        if winograd != 0 {
            for candidate in candidates { if let made = try? candidate(self) { return made } }
        }
        var direct = self
        direct.winograd = 0
        return try Computation.best(candidates.map { candidate in { try candidate(direct) } })
    }
}

extension Compiler {
    /// Makes the forward computation of a convolution, in the layouts that suit it. Sets `winograd` of the window.
    func forwardConvolution(_ window: inout odn_window, hasBias: Bool, _ fused: Activation?) throws -> Computation {
        func make(_ window: odn_window, _ source: Layout?, _ weights: Layout?, _ destination: Layout?) throws -> Computation {
            try Computation {
                // As in training everywhere: a network that learns and one that predicts compute the same bits.
                odn_convolution_forward(
                    $0, [window], hasBias ? 1 : 0, 1, fused?.code ?? ODN_LINEAR, source?.handle, weights?.handle, destination?.handle, $1)
            }
        }
        window.winograd = 0
        let direct = try make(window, nil, nil, nil)
        guard window.suitsWinograd else { return direct }
        window.winograd = 1
        // In the same layouts, so that what is around it finds kernel and image as it would.
        let source = try direct.layout(ODN_SOURCE)
        let weights = try direct.layout(ODN_WEIGHTS)
        let destination = try direct.layout(ODN_DESTINATION)
        if let made = try? make(window, source, weights, destination) { return made }
        window.winograd = 0
        return direct
    }
}
