/// Explanations of diagnostics about models, and whether an experiment's parts fit one another.
let modelExplanations: [Explanation] = [
    Explanation(
        "shape", "extents that do not fit",
        """
        Images are height, width, channels; vectors have one length. A layer, a model or a data set gives other extents here than the next
        thing takes. `dense` wants a vector, so `flatten` or `globalAveragePool` comes before it; a pooling must leave at least one row and
        column; the inputs of a model must be those the data set gives. `show` of a model prints the extents after each layer.
        """,
        in: .script, wrong: "model net {\n    input plane: [12, 12, 1]\n    plane >> conv(4, kernel: 3) >> dense(1)\n}",
        right: "model net {\n    input plane: [12, 12, 1]\n    plane >> conv(4, kernel: 3) >> flatten >> dense(1)\n}"),
    Explanation(
        "empty-model", "a model without an input or without layers",
        """
        A model holds at least one `input NAME: [height, width, channels]` and ends in an expression that takes it through layers. Without
        these it gives nothing that could be compared with a target.
        """,
        in: .script, wrong: "model net {\n    input plane: [12, 12, 1]\n}",
        right: "model net {\n    input plane: [12, 12, 1]\n    plane >> flatten >> dense(1)\n}"),
    Explanation(
        "two-outputs", "a model that ends in two expressions",
        """
        A model gives one thing: its last expression. A second one on a line of its own would leave open which counts. Where a chain of
        layers goes on in the next line, that line begins with `>>`; a part that is used later gets a name with `let`.
        """,
        in: .script, wrong: "model net {\n    input plane: [12, 12, 1]\n    plane >> flatten\n    plane >> dense(1)\n}",
        right: "model net {\n    input plane: [12, 12, 1]\n    let flat = plane >> flatten\n    flat >> dense(1)\n}"),
    Explanation(
        "open-output", "a model that ends in an image",
        """
        This is a warning. The model is well formed, but its output still has rows and columns, and a target is one number. An experiment
        with it would be refused. End in `flatten` or `globalAveragePool`, then `dense(1)`.
        """,
        in: .script, wrong: "model net {\n    input plane: [12, 12, 1]\n    plane >> conv(4, kernel: 3)\n}",
        right: "model net {\n    input plane: [12, 12, 1]\n    plane >> conv(4, kernel: 3) >> globalAveragePool >> dense(1)\n}"),
    Explanation(
        "unused-input", "an input that the model never uses",
        """
        This is a warning. The input is declared and no layer takes it, so it cannot change what the model gives. \
        Remove it, or begin a chain
        with it.
        """,
        in: .script,
        wrong: "model net {\n    input plane: [12, 12, 1]\n    input other: [12, 12, 1]\n    plane >> flatten >> dense(1)\n}",
        right: "model net {\n    input plane: [12, 12, 1]\n    plane >> flatten >> dense(1)\n}"),
    Explanation(
        "layer-argument", "a layer or an input of an impossible size",
        """
        An input is `[height, width, channels]` or `[length]`, and no layer may be larger than can be held in memory. The message says which
        number is at fault. A picture in grey has one channel: `[60, 60, 1]`.
        """,
        in: .script, wrong: "model net {\n    input plane: [12, 12]\n    plane >> flatten >> dense(1)\n}",
        right: "model net {\n    input plane: [12, 12, 1]\n    plane >> flatten >> dense(1)\n}"),
    Explanation(
        "no-input", "a model's input that the data set does not have",
        """
        The inputs of a model meet those of a data set by name, never by order. The model names one that the data set lacks. Give both the
        same name.
        """,
        in: .crystals,
        wrong: """
            model other {
                input image: [12, 12, 1]
                image >> flatten >> dense(1)
            }
            experiment second like bulk { model: other }
            """,
        right: """
            model other {
                input plane: [12, 12, 1]
                plane >> flatten >> dense(1)
            }
            experiment second like bulk { model: other }
            """),
    Explanation(
        "search-space", "a search space that nothing searches",
        """
        A field or an argument that may vary takes a search space such as `loguniform(0.0001, 0.01)` in place of a value. \
        The experiment then
        has to say how the space is searched: `randomSearch`, `gridSearch`, `bayesian` or `hyperband`. And a search without a space has
        nothing to search. `sample` draws values from a space for a `for` of your own.
        """,
        in: .crystals, wrong: "experiment searched like bulk { optimizer: adam(rate: loguniform(0.0001, 0.01)) }",
        right:
            "experiment searched like bulk {\n    optimizer: adam(rate: loguniform(0.0001, 0.01))\n    search: randomSearch(trials: 4)\n}"),
    Explanation(
        "holdout-leak", "a decision that looks at the holdout",
        """
        `stop` and `keep` decide which weights count. If they watch the holdout, its metrics say how well the choice fits the holdout, not
        how well the model does on data it has not seen. The holdout may only be reported. Watch `validation.loss`, or another quantity of
        the validation or training part.
        """,
        in: .crystals, wrong: "experiment other like bulk { stop: early(on: holdout.loss, patience: 10) }",
        right: "experiment other like bulk { stop: early(on: validation.loss, patience: 10) }"),
    Explanation(
        "small-holdout", "metrics over few samples",
        """
        This is a warning. R2 and RMSE over fewer than 20 samples say little: another split could give quite other numbers. Tables print a
        bootstrap 95 % interval beside each. Give the holdout a larger share, or repeat the experiment over seeds and use `repeats`.
        """,
        in: .crystals, wrong: "show bulk"),
]
