/// Explanations of diagnostics about backbones, schedules, folds, searches and models of files.
let transferExplanations: [Explanation] = [
    Explanation(
        "missing-weights", "pretrained weights that are not on this machine",
        """
        `weights: "imagenet"` looks for the file that Keras's authors publish, where Keras keeps it and in the cache of ecdx. The name of \
        an encoder, `"roberta-base"` or `"ORGANISATION/NAME@COMMIT"`, is looked for in the cache of Hugging Face and in that of ecdx; a \
        snapshot that lacks its weights or its tokenizer is not enough. `ecdx fetch weights` gets either and checks hashes; what was \
        fetched by others before is used as it is. `weights: none` starts from weights drawn by the seed of the experiment.
        """),
    Explanation(
        "weights-mismatch", "weights of another network",
        """
        The file holds other layers than the backbone has, or arrays of other shapes; the message lists the first, and a note says what the
        file holds. Names in a file decide which array belongs to which layer. Layers that Keras numbers, such as `conv2d_83`, are matched
        by their order in files of Keras 1 and 2, by class and number in those of Keras 3. A file that says neither is refused, and so are
        weights with the top, of another architecture, or of two networks.
        """),
    Explanation(
        "cut-texts", "texts that are longer than an encoder reads",
        """
        An encoder reads a text as so many tokens as its `length` says, the special ones among them; of longer texts the last tokens \
        are left out. `show tokens(encoder, column)` says how long the texts are, `show pieces(encoder, column)` which are cut. A \
        larger `length` reads more of them, up to what the encoder was made for.
        """),
    Explanation(
        "shared-layers", "the last layers of an encoder that are all of its layers",
        """
        The layers of ALBERT share their parameters: it has one set, which it uses twelve times. A stage that trains the last two layers \
        trains that set, and with it all layers; what comes before, the embeddings, stays frozen. Of RoBERTa and BERT each layer has \
        parameters of its own.
        """),
    Explanation(
        "image-size", "an image that is too small for a backbone",
        """
        Each architecture halves its image several times and needs some of it to be left. The message says how large an image it \
        takes at least, and so do `show` of a backbone and `ecdx help backbone`. Resize the input of the data set, and give the \
        model's input the new extents.
        """,
        in: .script,
        wrong:
            """
            backbone b { architecture: InceptionV3, weights: none }
            model net {
                input image: [60, 60, 3]
                image >> b >> globalAveragePool >> dense(1)
            }
            """,
        right:
            """
            backbone b { architecture: InceptionV3, weights: none }
            model net {
                input image: [75, 75, 3]
                image >> b >> globalAveragePool >> dense(1)
            }
            """
    ),
    Explanation(
        "channels", "an image whose channels do not fit a backbone",
        """
        Backbones were trained on red, green and blue. An image of one channel, such as a plane of charge density, \
        has to become one of three,
        and there is more than one way to do that: say `channels: repeat` in the backbone to have it three times over, `channels: sum`
        to have the first kernels summed over their three channels, or colour it.
        """,
        in: .script,
        wrong:
            """
            backbone b { architecture: VGG16, weights: none }
            model net {
                input plane: [32, 32, 1]
                plane >> b >> globalAveragePool >> dense(1)
            }
            """,
        right:
            """
            backbone b { architecture: VGG16, weights: none, channels: repeat }
            model net {
                input plane: [32, 32, 1]
                plane >> b >> globalAveragePool >> dense(1)
            }
            """
    ),
    Explanation(
        "no-match", "a selector that finds nothing",
        """
        A stage names what learns: `head` is what the model's own body declares, \
        `last` and `from` count and name layers of a backbone as Keras
        does, `matching` compares names of parameters. This one names nothing that is there, or more layers than there are. `show b.layers`
        lists the layers of a backbone.
        """,
        in: .script, wrong: "backbone b { architecture: VGG16, weights: none }\nschedule s {\n    stage all { train: last(50, of: b) }\n}",
        right: "backbone b { architecture: VGG16, weights: none }\nschedule s {\n    stage all { train: last(19, of: b) }\n}"),
    Explanation(
        "folds", "folds that cannot be made",
        """
        Folds divide the rows of the train and validation parts, and each is left out once: \
        there are at least two, and no more than there are
        rows. They are drawn as scikit-learn's `KFold` draws them, by the seed of the experiment.
        """,
        in: .crystals, wrong: "experiment folded like bulk { folds: 50 }", right: "experiment folded like bulk { folds: 5 }"),
    Explanation(
        "several-models", "several models where one is wanted",
        """
        An experiment with folds reports the mean of its folds unless it says otherwise, \
        and a mean of models is no model that could be written
        to a file. `report: best` is the fold with the least validation loss, `report: refit` one more training on all of the folded rows.
        """,
        in: .crystals, wrong: "experiment folded like bulk { folds: 3 }\nexport folded to \"out/m.safetensors\"",
        right: "experiment folded like bulk { folds: 3, report: refit }\nexport folded to \"out/m.safetensors\""),
    Explanation(
        "search", "a search that came to nothing",
        """
        Every trial of the search failed, mostly because its training diverged; or a Bayesian search could not compute the Gaussian process
        that it fits to the trials so far. Narrow the search spaces, for example to smaller learning rates, or search at random.
        """),
    Explanation(
        "other-preparation", "inputs prepared in another way than the model's",
        """
        A network learns from its inputs as the steps of their pipeline leave them, and answers any other with a number that means \
        nothing. The pipeline of each input is compared with that which the model was trained on, step by step; where the files of a \
        row lie makes no difference. Several files of a row are told apart by their names, and stand in the same order. A file that \
        is the same for every row is a part of the preparation. Prepare the input in the same way. Where the other way is meant, \
        `predict bulk on other as given to ...` and `--as-given` make a warning of it.
        """,
        in: .crystals,
        wrong:
            """
            dataset other like crystals {
                inputs.plane: chgcar("data/densities/{material_id}.CHGCAR")
                    |> plane([1, 1, 0], size: [12, 12], cell: file)
            }
            predict bulk on other to "out/p.csv"
            """,
        right:
            """
            dataset other like crystals {
                inputs.plane: chgcar("data/densities/{material_id}.CHGCAR")
                    |> plane([1, 1, 1], size: [12, 12], cell: file)
            }
            predict bulk on other to "out/p.csv"
            """
    ),
    Explanation(
        "bad-model", "a file that is no exported model",
        """
        `trained("model.safetensors")` and `ecdx predict` read files that `export EXPERIMENT to "model.safetensors"` wrote: \
        the numbers, and a
        description of the network, of the preparation of its inputs and of the scale of its output. \
        This file has none, or one that does not
        fit its numbers, or it was changed since: a hash of all that it holds stands in it. Weights alone belong in a backbone. \
        Files of older versions have no hash and are read with a warning, since damage to them would not show; export the model again.
        """),
]
