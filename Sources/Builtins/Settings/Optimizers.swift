import Diagnostics
import Language
import Training

/// The optimizers: `adam`.
let optimizers = Vocabulary<Optimizer>([
    Word(
        "adam", family: "Training",
        [
            Parameter(
                "rate", .varying(.either([.number(.positive), .sort(.rate)])), .fallback(.number(0.001)),
                "the learning rate: a number, or one that changes, such as `cosine(0.01)`"),
            Parameter("beta1", .varying(.number(.share)), .fallback(.number(0.9)), "decay of the mean of gradients"),
            Parameter("beta2", .varying(.number(.share)), .fallback(.number(0.999)), "decay of the mean of squared gradients"),
            Parameter(
                "epsilon", .varying(.number(.positive)), .fallback(.number(1e-7)),
                "added to the root of the uncorrected second moment, as Keras does"),
        ],
        gives: .sort(.optimizer), "The Adam optimizer in Keras's form.",
        examples: [Example("experiment faster like bulk { optimizer: adam(rate: 0.01) }\nshow faster.train.rmse", with: .crystals)]
    ) {
        .adam(rate: try $0.rate("rate"), beta1: try $0.number("beta1"), beta2: try $0.number("beta2"), epsilon: try $0.number("epsilon"))
    }
])
