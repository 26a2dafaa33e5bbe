import Language
import Models

/// The name of the published weights of a backbone, in place of the path of a file.
let publishedWeights = "imagenet"

/// The least sizes of the images that architectures take, `75x75 (InceptionV3), 32x32 (VGG16 and VGG19)`.
private var leastSizes: String {
    let sizes = Architecture.all.reduce(into: [Int]()) { if !$0.contains($1.minimumSize) { $0.append($1.minimumSize) } }
    let texts = sizes.map { size in "\(size)x\(size) (\(listed(Architecture.all.filter { $0.minimumSize == size }.map(\.name))))" }
    return texts.joined(separator: ", ")
}

/// The architectures for which summed kernels give what a repeated channel does.
private var alike: String { listed(Architecture.all.filter(\.preparation.treatsChannelsAlike).map(\.name)) }

private let architectures = Choices(
    Architecture.all.map { Choice($0.name, "a convolutional network for images of at least \($0.minimumSize)x\($0.minimumSize)") })

private let greyImages = Choices.each(of: GreyImages.self) {
    switch $0 {
    case .repeated: "three equal channels are made of the one"
    case .summed: "the first kernels are summed over their three channels, the same for \(alike) and cheaper"
    }
}

/// The kind `backbone`: a pretrained network without its top.
let backboneKind = Kind(
    "backbone",
    "A pretrained convolutional network of keras.applications without its top, with the preparation of pixels that belongs to it.",
    fields: [
        Parameter("architecture", .word(architectures), "which network; it takes images of at least \(leastSizes)"),
        Parameter(
            "weights", .either([.none, .path]), .fallback(.text(Text(publishedWeights))),
            """
            `"imagenet"`, looked for where Keras keeps it and in the cache of ecdx; \
            a file of Keras that ends in `.h5`, or one that ends in `.safetensors`; or `none` for weights drawn by the experiment's seed
            """
        ),
        Parameter(
            "channels", .either([.none, .word(greyImages)]), .fallback(.none),
            """
            what is done with images of one channel; they are refused where not given
            """
        ),
        Parameter(
            "preprocess",
            .either([.none, .word(["own": "as the architecture's own `preprocess_input` does it", "unit": "divided by 255"])]),
            .fallback(.word("own")),
            """
            of pixels from 0 to 255 in the order red, green, blue; `none` leaves them
            """
        ),
    ],
    isApplied: true,
    examples: [Example(Example.inception + "show net")],
    members: [Member("layers", "a list of text", "names of its layers in the order of Keras's `model.layers`")],
    check: checkBackbone, member: backboneMember)

/// The kind `stage`: one stage of a schedule.
let stageKind = Kind(
    "stage", "A stretch of training in which the same layers learn. Written inside a schedule.",
    fields: [
        Parameter(
            "train", .either([.word(learning), .sort(.selector), .list(selectorType, count: nil)]),
            """
            what learns: `head`, `all`, `last(50, of: b)`, `from("mixed7", of: b)`, \
            `matching("*.beta")`, or a list of these
            """
        ),
        Parameter("rate", .optional(rateType), .fallback(.none), "the learning rate; the optimizer's where not given"),
        Parameter(
            "groups", .list(.sort(.group), count: nil), .fallback(.list([])),
            "other rates for some of what learns: `[group(head, rate: 1e-3)]`"),
        Parameter(
            "epochs", .optional(.varying(.number(.count()))), .fallback(.none), unit: "epochs",
            "at most; the experiment's where not given"),
        Parameter(
            "batch", .optional(.varying(.number(.count()))), .fallback(.none), unit: "rows", "rows a step; the experiment's where not given"
        ),
        Parameter(
            "stop", .either([.none, .sort(.stop), .word(["never": "all epochs are trained"])]), .fallback(.none),
            "when to stop before that; the experiment's where not given"),
        Parameter(
            "keep", .either([.none, .word(lastEpoch), .sort(.keep)]), .fallback(.none),
            "which epoch's weights go on to the next stage; the experiment's where not given"),
        Parameter(
            "statistics", .optional(.word(["frozen": "kept as they are", "moving": "those of each batch"])), .fallback(.none),
            """
            of all batch normalisations that learn; where not given, those of a backbone \
            are kept and those of the model's own `batchNorm` layers follow the batches
            """
        ),
    ],
    isInner: true,
    examples: [
        Example(
            Example.inception + """
                schedule gradual {
                    stage head     { train: head, rate: 1e-3 }
                    stage finetune { train: [head, last(50, of: net)], rate: 1e-5 }
                }
                show gradual
                """
        )
    ],
    adjust: adjustStage, check: checkStage)

/// The kind `schedule`: which parameters train in which stage.
let scheduleKind = Kind(
    "schedule",
    """
    Stages of training, one after another: each goes on from the weights that the one before it kept, with an optimizer that starts afresh.
    """,
    fields: [Parameter("stages", .list(.object("stage"), count: nil), "written as members: `stage head { train: head, rate: 1e-3 }`")],
    inner: InnerObjects(kind: "stage", field: "stages"),
    examples: [
        Example(
            Example.inception + """
                schedule gradual {
                    stage head     { train: head, rate: 1e-3 }
                    stage finetune { train: [head, from("mixed9", of: net)], rate: cosine(1e-4), epochs: 20 }
                }
                show gradual
                """
        )
    ])
