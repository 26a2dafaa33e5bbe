import Language
import Models

/// A pretrained network without its top.
let backboneKind = Kind(
    "backbone", "A pretrained convolutional network of keras.applications without its top, with the preparation of pixels that belongs to it.",
    fields: [
        Parameter("architecture", .word(Architecture.allCases.map(\.rawValue)), "which network"),
        Parameter(
            "weights", .either([.none, .path]), .fallback(.text(Text("imagenet"))),
            "`\"imagenet\"`, looked for where Keras keeps it and in the cache of ecdx; a file of Keras that ends in `.h5`, or one that ends in `.safetensors`; or `none` for weights drawn by the experiment's seed"),
        Parameter(
            "channels", .either([.none, .word(GreyImages.allCases.map(\.rawValue))]), .fallback(.none),
            "what is done with images of one channel: `repeat` makes three of it; `sum` sums the first kernels over their three channels, the same for InceptionV3 and Xception and cheaper; refused where not given"),
        Parameter(
            "preprocess", .either([.none, .word(["own", "unit"])]), .fallback(.word("own")),
            "of pixels from 0 to 255 in the order red, green, blue: as the architecture's own `preprocess_input` does it; `unit` divides by 255; `none` leaves them"),
    ],
    examples: [Example(Example.inception + "show net")],
    members: [Member("layers", "a list of text", "names of its layers in the order of Keras's `model.layers`")],
    check: checkBackbone, member: backboneMember)

private let selector: ValueType = .either([.word(["head", "all"]), .sort("selector")])
private let rate: ValueType = .varying(.either([.number(.positive), .sort("rate")]))

/// One stage of a schedule.
let stageKind = Kind(
    "stage", "A stretch of training in which the same layers learn. Written inside a schedule.",
    fields: [
        Parameter("train", .either([.word(["head", "all"]), .sort("selector"), .list(selector, count: nil)]), "what learns: `head` (what the model's own body declares), `all`, `last(50, of: b)`, `from(\"mixed7\", of: b)`, `matching(\"*.beta\")`, or a list of these"),
        Parameter("rate", .optional(rate), .fallback(.none), "the learning rate; the optimizer's where not given"),
        Parameter("groups", .list(.sort("group"), count: nil), .fallback(.list([])), "other rates for some of what learns: `[group(head, rate: 1e-3)]`"),
        Parameter("epochs", .optional(.varying(.number(.count()))), .fallback(.none), unit: "epochs", "at most; the experiment's where not given"),
        Parameter("batch", .optional(.varying(.number(.count()))), .fallback(.none), unit: "rows", "rows a step; the experiment's where not given"),
        Parameter("stop", .either([.none, .sort("stop"), .word(["never"])]), .fallback(.none), "when to stop before that; the experiment's where not given, `never` for all epochs"),
        Parameter("keep", .either([.none, .word(["last"]), .sort("keep")]), .fallback(.none), "which epoch's weights go on to the next stage; the experiment's where not given"),
        Parameter("statistics", .word(["frozen", "moving"]), .fallback(.word("frozen")), "of batch normalisations that learn: kept as they are, or those of each batch"),
    ],
    isInner: true,
    examples: [Example(Example.inception + "schedule gradual {\n    stage head     { train: head, rate: 1e-3 }\n    stage finetune { train: [head, last(50, of: net)], rate: 1e-5 }\n}\nshow gradual")],
    settle: settleStage, check: checkStage)

/// What learns when.
let scheduleKind = Kind(
    "schedule", "Stages of training, one after another: each goes on from the weights that the one before it kept, with an optimizer that starts afresh.",
    fields: [Parameter("stages", .list(.object("stage"), count: nil), "written as members: `stage head { train: head, rate: 1e-3 }`")],
    stageKind: "stage",
    examples: [Example(Example.inception + "schedule gradual {\n    stage head     { train: head, rate: 1e-3 }\n    stage finetune { train: [head, from(\"mixed9\", of: net)], rate: cosine(1e-4), epochs: 20 }\n}\nshow gradual")])

/// What a stage trains, and how fast.
let scheduleBuiltins: [Builtin] = [
    Builtin(
        "last", family: "Schedules",
        [Parameter("count", .varying(.number(.count())), "how many layers"), Parameter("of", .object("backbone"), "the backbone")],
        gives: .sort("selector"), "The last layers of a backbone, counted as Keras counts `model.layers`: a convolution, a normalisation and an activation are three.",
        examples: [Example(Example.inception + "schedule s { stage end { train: last(50, of: net) } }\nshow s")], check: checkLast),
    Builtin(
        "from", family: "Schedules",
        [Parameter("layer", .text, "the name of a layer, as in Keras: `\"mixed7\"`"), Parameter("of", .optional(.object("backbone")), .fallback(.none), "the backbone; the model's only one where not given")],
        gives: .sort("selector"), "The layer of that name and all that come after it in Keras's `model.layers`.",
        examples: [Example(Example.inception + "schedule s { stage end { train: from(\"mixed9\", of: net) } }\nshow s")], check: checkFrom),
    Builtin(
        "matching", family: "Schedules", [Parameter("pattern", .text, "of a parameter's name, `*` for any letters: `\"*.beta\"`, `\"dense_1.*\"`, `\"InceptionV3_1.conv2d_9*\"`")],
        gives: .sort("selector"), "The parameters whose names fit a pattern.",
        examples: [Example("schedule s { stage biases { train: matching(\"*.bias\") } }\nshow s")]),
    Builtin(
        "group", family: "Schedules", [Parameter("of", selector, "which of what learns"), Parameter("rate", rate, "its learning rate")],
        gives: .sort("group"), "A learning rate of their own for some of what a stage trains.",
        examples: [Example("schedule s { stage whole { train: all, rate: 1e-4, groups: [group(head, rate: 1e-3)] } }\nshow s")]),
    Builtin(
        "cosine", family: "Schedules",
        [Parameter("start", .varying(.number(.positive)), "at the first step"), Parameter("end", .varying(.number(.nonNegative)), .fallback(.number(0)), "after the last epoch")],
        gives: .sort("rate"), "A learning rate that falls along half a cosine over all declared epochs.",
        examples: [Example("experiment slow like bulk { optimizer: adam(rate: cosine(0.01)) }\nshow slow", with: .crystals)]),
    Builtin(
        "exponential", family: "Schedules",
        [Parameter("start", .varying(.number(.positive)), "at the first step"), Parameter("factor", .varying(.number(decay)), "by which it is multiplied each epoch")],
        gives: .sort("rate"), "A learning rate that shrinks by one factor each epoch, step by step.",
        examples: [Example("experiment slow like bulk { optimizer: adam(rate: exponential(0.01, factor: 0.95)) }\nshow slow", with: .crystals)]),
    Builtin(
        "plateau", family: "Schedules",
        [
            Parameter("start", .varying(.number(.positive)), "at the first step"),
            Parameter("factor", .varying(.number(decay)), .fallback(.number(0.1)), "by which it is multiplied"),
            Parameter("patience", .varying(.number(.count())), .fallback(.number(10)), unit: "epochs", "epochs without improvement before that"),
            Parameter("on", .monitor, .fallback(.word("validation.loss")), "the quantity to watch"),
            Parameter("minDelta", .varying(.number(.nonNegative)), .fallback(.number(1e-4)), "an improvement is more than this"),
            Parameter("least", .varying(.number(.nonNegative)), .fallback(.number(0)), "the rate does not fall below"),
        ],
        gives: .sort("rate"), "A learning rate that is reduced once a quantity no longer improves, as Keras's `ReduceLROnPlateau` does.",
        examples: [Example("experiment slow like bulk { optimizer: adam(rate: plateau(0.01, patience: 5)) }\nshow slow", with: .crystals)], check: refuseHoldout("plateau")),
]

private let decay: NumberRule = {
    var rule = NumberRule.positive
    rule.most = 1
    return rule
}()
