import Language
import Models
import Tensors

private let window: ValueType = .either([.number(.count()), .list(.number(.count()), count: 2)])
private let padding = Parameter(
    "padding",
    .word(["valid": "there is none, so that the result is smaller", "same": "zeros, so that a stride of 1 keeps the size"]),
    .fallback(.word("valid")), "what stands around the input")
private let activation = Parameter(
    "activation", .varying(.either([.none, .word(activations)])), .fallback(.none), "applied to the output")
private let activations: Choices = [
    "relu": "what is below 0 becomes 0", "tanh": "the hyperbolic tangent, from -1 to 1", "sigmoid": "from 0 to 1",
]
private let bias = Parameter("bias", .bool, .fallback(.bool(true)), "whether a bias is added")

private func example(_ layers: String) -> [Example] {
    [Example("model m {\n    input image: [12, 12, 3]\n    image >> \(layers)\n}\nshow m")]
}

/// Layers of a model. Shapes, paddings, initialisers and parameter layouts follow Keras.
let layers = Vocabulary<Layer>([
    Word(
        "meanTokens", family: "Layers",
        [
            Parameter(
                "padding", .word(["excluded": "do not count, as in Keras", "included": "count as zeros"]), .fallback(.word("excluded")),
                "whether positions of padding count, as in Table 3 of arXiv:2401.09301")
        ],
        gives: .sort(.layer), "The mean over the tokens of a text, behind an encoder.",
        examples: [
            Example(
                Example.encoder + """
                    model m {
                        input text: [2, 32]
                        text >> letters >> meanTokens >> dense(1)
                    }
                    show m
                    """)
        ]
    ) { .meanTokens(masked: try $0.word("padding") == "excluded") },
    Word(
        "firstToken", family: "Layers", [], gives: .sort(.layer), "The first token of a text, `<s>` or `[CLS]`, behind an encoder.",
        examples: [
            Example(
                Example.encoder + """
                    model m {
                        input text: [2, 32]
                        text >> letters >> firstToken >> dense(1)
                    }
                    show m
                    """)
        ]
    ) { _ in .firstToken },
    Word(
        "conv", family: "Layers",
        [
            Parameter("filters", .varying(.number(.count())), "channels of the output"),
            Parameter("kernel", window, "rows and columns of the window, or one number for both"),
            Parameter("strides", window, .fallback(.number(1)), "steps of the window"),
            padding, activation, bias,
        ],
        gives: .sort(.layer), "A two-dimensional convolution.",
        examples: example("conv(4, kernel: 3, activation: relu) >> flatten >> dense(1)")
    ) {
        .conv(
            filters: try $0.integer("filters"), kernel: try $0.pair("kernel"), strides: try $0.pair("strides"),
            padding: try $0.choice("padding"),
            activation: try $0.activation(), bias: try $0.flag("bias"))
    },
    Word(
        "depthwiseConv", family: "Layers",
        [
            Parameter("kernel", window, "rows and columns of the window, or one number for both"),
            Parameter("strides", window, .fallback(.number(1)), "steps of the window"), padding, activation,
        ],
        gives: .sort(.layer), "A two-dimensional convolution with one filter a channel.",
        examples: example("depthwiseConv(kernel: 3) >> globalAveragePool >> dense(1)")
    ) {
        .depthwise(
            kernel: try $0.pair("kernel"), strides: try $0.pair("strides"), padding: try $0.choice("padding"),
            activation: try $0.activation())
    },
    Word(
        "separableConv", family: "Layers",
        [
            Parameter("filters", .varying(.number(.count())), "channels of the output"),
            Parameter("kernel", window, "rows and columns of the window, or one number for both"),
            Parameter("strides", window, .fallback(.number(1)), "steps of the window"),
            padding, activation, bias,
        ],
        gives: .sort(.layer), "A depthwise convolution, then one of 1x1.",
        examples: example("separableConv(4, kernel: 3, activation: relu) >> globalAveragePool >> dense(1)")
    ) {
        .separable(
            filters: try $0.integer("filters"), kernel: try $0.pair("kernel"), strides: try $0.pair("strides"),
            padding: try $0.choice("padding"),
            activation: try $0.activation(), bias: try $0.flag("bias"))
    },
    Word(
        "batchNorm", family: "Layers",
        [
            Parameter("scale", .bool, .fallback(.bool(true)), "whether it learns a factor for each channel, gamma"),
            Parameter("center", .bool, .fallback(.bool(true)), "whether it learns a shift for each channel, beta"),
            Parameter("epsilon", .number(.positive), .fallback(.number(0.001)), "added to the variance"),
            Parameter(
                "momentum", .number(.within(0, 1)), .fallback(.number(0.99)), "the share of the moving statistics that stays in each step"),
        ],
        gives: .sort(.layer),
        "Batch normalisation. While it learns it takes the statistics of the batch unless a stage says `statistics: frozen`.",
        examples: example("conv(4, kernel: 3, bias: false) >> batchNorm >> activation(relu) >> globalAveragePool >> dense(1)")
    ) {
        .batchNorm(
            gamma: try $0.flag("scale"), beta: try $0.flag("center"), epsilon: try $0.number("epsilon"), momentum: try $0.number("momentum")
        )
    },
    Word(
        "zeroPad", family: "Layers", [Parameter("margin", window, "rows above and below, columns left and right, or one number for both")],
        gives: .sort(.layer), "Zeros around an image.",
        examples: example("zeroPad(1) >> conv(4, kernel: 3) >> globalAveragePool >> dense(1)")
    ) { .zeroPad(before: try $0.pair("margin"), after: try $0.pair("margin")) },
    Word(
        "maxPool", family: "Layers",
        [
            Parameter("size", window, "rows and columns of the window, or one number for both"),
            Parameter("strides", .optional(window), .fallback(.none), "steps of the window; the window itself where not given"),
            padding,
        ],
        gives: .sort(.layer), "The largest value in each window.", examples: example("maxPool(2) >> flatten >> dense(1)")
    ) { try $0.pool(.max) },
    Word(
        "averagePool", family: "Layers",
        [
            Parameter("size", window, "rows and columns of the window, or one number for both"),
            Parameter("strides", .optional(window), .fallback(.none), "steps of the window; the window itself where not given"),
            padding,
        ],
        gives: .sort(.layer), "The mean of each window; padding does not count.",
        examples: example("averagePool(2) >> flatten >> dense(1)")
    ) { try $0.pool(.average) },
    Word(
        "globalAveragePool", family: "Layers", [], gives: .sort(.layer), "The mean of each channel over the whole image.",
        examples: example("globalAveragePool")
    ) { _ in .globalAveragePool },
    Word(
        "flatten", family: "Layers", [], gives: .sort(.layer), "The image as one vector, row by row, channels last.",
        examples: example("flatten")
    ) { _ in .flatten },
    Word(
        "dense", family: "Layers",
        [Parameter("units", .varying(.number(.count())), "length of the output"), activation, bias],
        gives: .sort(.layer), "A fully connected layer on a vector.",
        examples: example("flatten >> dense(4, activation: relu) >> dense(1)")
    ) { .dense(units: try $0.integer("units"), activation: try $0.activation(), bias: try $0.flag("bias")) },
    Word(
        "activation", family: "Layers", [Parameter("kind", .varying(.word(activations)), "the function")],
        gives: .sort(.layer),
        "A function of every element.", examples: example("conv(4, kernel: 3) >> activation(relu) >> flatten >> dense(1)")
    ) { .activation(try $0.choice("kind")) },
    Word(
        "dropout", family: "Layers", [Parameter("rate", .varying(.number(.share)), "the share of elements set to 0")],
        gives: .sort(.layer),
        "In training, sets a random share of the elements to 0 and scales the others by 1/(1 - rate).",
        examples: example("flatten >> dropout(0.2) >> dense(1)")
    ) { .dropout(rate: try $0.number("rate")) },
    Word(
        "concatenate", family: "Layers", signals, gives: .signal,
        "Images one after another along their channels, or vectors along their length.",
        examples: [
            Example(
                """
                model m {
                    input image: [12, 12, 3]
                    let a = image >> conv(4, kernel: 3, padding: same)
                    let b = image >> conv(4, kernel: 5, padding: same)
                    concatenate(a, b) >> globalAveragePool >> dense(1)
                }
                show m
                """
            )
        ]
    ) { _ in .concatenate },
    Word(
        "add", family: "Layers", signals, gives: .signal, "The sum of images or vectors of one shape.",
        examples: [
            Example(
                """
                model m {
                    input image: [12, 12, 3]
                    let a = image >> conv(3, kernel: 3, padding: same)
                    add(image, a) >> globalAveragePool >> dense(1)
                }
                show m
                """
            )
        ]
    ) { _ in .add },
])

private let signals: [Parameter] =
    [
        Parameter("a", .signal, "a signal of the model"), Parameter("b", .signal, "another"),
    ] + ["c", "d", "e", "f"].map { Parameter($0, .optional(.signal), .fallback(.none), "one more") }

extension Arguments {
    fileprivate func activation() throws -> Activation? { try optional("activation") { try choice($0) } }

    fileprivate func pool(_ pooling: Pooling) throws -> Layer {
        let size = try pair("size")
        return .pool(pooling, size: size, strides: try optional("strides", pair) ?? size, padding: try choice("padding"))
    }
}
