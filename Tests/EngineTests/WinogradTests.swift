import COneDNN
import Models
import Tensors
import TestSupport
import Testing

@testable import Engine

/// Convolutions by Winograd's scheme. On a processor for which the library has none they are computed as all others, and
/// the same comparisons hold.
@Suite(.timed) struct WinogradTests {
    /// The scheme is there where AVX-512 is.
    private static let isThere: Bool = {
        var window = odn_window()
        (window.batch, window.in_channels, window.out_channels) = (1, 16, 16)
        (window.in, window.out, window.kernel, window.stride) = ((18, 18), (16, 16), (3, 3), (1, 1))
        window.winograd = 1
        let made = try? Computation { odn_convolution_forward($0, [window], 1, 1, ODN_LINEAR, nil, nil, nil, $1) }
        if made == nil { print("SKIPPED: no Winograd on this processor, its convolutions are computed directly") }
        return made != nil
    }()

    static let cases: [GradientCase] = [
        .init(shape: [16, 16, 32], layers: [conv(16, .same, .relu)], batch: 4),
        .init(shape: [18, 17, 32], layers: [conv(48, .valid)], batch: 4),
        .init(shape: [16, 15, 32], layers: [conv(64, .same), .activation(.relu), .globalAveragePool], batch: 5),
    ]

    /// Against double precision, as all convolutions are: outputs to 2e-5 of the largest, gradients too.
    @Test(arguments: cases) func gradients(_ test: GradientCase) throws {
        let graph = try network(test.shape, test.layers)
        try GradientTests.compare(graph, batch: test.batch)
        guard Self.isThere else { return }
        let program = try Program(graph, batch: test.batch, purpose: .training(trainable: graph.allParameters), inputGradients: ["x"])
        #expect(program.implementations.filter { $0.contains("wino") }.count == 3, "\(program.implementations)")
    }

    /// Where the library has no such scheme, as for channels that fill no block, the convolution is computed directly.
    @Test func fallsBack() throws {
        let graph = try network([16, 15, 24], [conv(40, .same, .tanh)])
        try GradientTests.compare(graph, batch: 5)
        let program = try Program(graph, batch: 5, purpose: .training(trainable: graph.allParameters))
        #expect(program.implementations.allSatisfy { !$0.contains("wino") && !$0.contains("ref") }, "\(program.implementations)")
    }

    /// A network that learns computes the same bits as one that predicts, on one thread and on two.
    @Test(arguments: [1, 2]) func predictsAsItLearns(_ threads: Int) throws {
        let graph = try network([19, 21, 32], [conv(32, .same, .relu), conv(64, .valid, .relu), .globalAveragePool])
        let values = numbers(6 * 19 * 21 * 32, seed: 3)
        let parameters = try graph.someParameters(seed: 4)
        var outputs: [[Float]] = []
        for purpose in [Program.Purpose.inference, .training(trainable: graph.allParameters), .training(trainable: [])] {
            let program = try Program(graph, batch: 6, purpose: purpose, threads: threads)
            try program.load(parameters)
            for _ in 0..<2 {
                try program.fill(values)
                try program.forward(dropout: nil)
                outputs.append(program.output())
            }
        }
        for output in outputs { #expect(output == outputs[0]) }
    }

    /// Where the scheme saves work, and where turning kernels and images into tiles would cost more than it saves.
    @Test func onlyWhereItPays() {
        func suits(
            _ batch: Int, _ channels: (Int, Int), _ out: (Int, Int), kernel: (Int, Int) = (3, 3), stride: (Int, Int) = (1, 1),
            groups: Int = 0
        ) -> Bool {
            var window = odn_window()
            (window.batch, window.in_channels, window.out_channels, window.groups) = (
                Int64(batch), Int64(channels.0), Int64(channels.1), Int64(groups)
            )
            window.out = (Int64(out.0), Int64(out.1))
            window.kernel = (Int64(kernel.0), Int64(kernel.1))
            window.stride = (Int64(stride.0), Int64(stride.1))
            return window.suitsWinograd
        }
        #expect(suits(6, (80, 192), (15, 45)) && suits(6, (32, 64), (35, 95)) && suits(6, (64, 64), (75, 75)))
        // Few tiles for large kernels, few channels, most of each tile beyond the image.
        #expect(
            !suits(6, (448, 384), (1, 4)) && !suits(6, (512, 512), (4, 12)) && !suits(6, (3, 32), (75, 75)) && !suits(64, (64, 64), (1, 1)))
        #expect(!suits(6, (64, 64), (75, 75), kernel: (5, 5)) && !suits(6, (64, 64), (75, 75), kernel: (3, 1)))
        #expect(!suits(6, (64, 64), (37, 37), stride: (2, 2)) && !suits(6, (64, 64), (75, 75), groups: 64))
        #expect(!suits(0, (0, 0), (0, 0)))
    }
}
