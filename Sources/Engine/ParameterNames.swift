import Tensors

extension Operation {
    /// Names of the parameters that the operation reads.
    public var parameterNames: [String] {
        switch self {
        case .convolution(_, _, _, _, let kernel, let bias), .dense(_, let kernel, let bias): [kernel] + (bias.map { [$0] } ?? [])
        case .depthwise(_, _, _, let kernel): [kernel]
        case .batchNorm(let norm): [norm.gamma, norm.beta, norm.mean, norm.variance].compactMap { $0 }
        case .textEmbedding(let embedding): [embedding.words, embedding.positions, embedding.types].compactMap { $0 }
        case .layerNorm(let norm): [norm.gamma, norm.beta]
        case .input, .pool, .globalAveragePool, .activation, .dropout, .learningDropout, .flatten, .zeroPad, .concatenate, .add, .pixels,
            .attention, .tokenMean, .firstToken:
            []
        }
    }
}
