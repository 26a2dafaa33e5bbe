/// Explanations of diagnostics about data sets: paths, pairs of rows and files, splits, targets.
let datasetExplanations: [Explanation] = [
    Explanation(
        "answers-left-out", "materials and properties that a table leaves out",
        """
        This is a warning. A folder of answers of the Materials Project is read without deprecated materials, repeated ones are merged, and
        with `incomplete: drop` a property that some material lacks is no column. What was left out, and which materials lack a density or a
        description that was asked for, is said so that the table is not taken for more than it is.
        """),
    Explanation(
        "no-value", "rows without a value, in a number that is taken of a whole column",
        """
        This is a warning. An empty cell, or `NaN`, in a column of numbers holds no value; `min`, `max`, `mean`, `std` and `sum` are those
        of the rows that have one. Where other rows should be left out too, do so first: `t |> where(not missing(row["K"]))`.
        """),
    Explanation(
        "odd-rows", "rows that cannot be, or that lie far from all others",
        """
        This is a warning, given before anything is trained. A target that no crystal has (a negative bulk modulus), a Reuss average above
        the Voigt average, a value more than 15 robust deviations (1.4826 times the median distance from the median) from the median, or one
        id in two spellings: such rows decide a squared error, or stand in two parts. Correct them, or leave them out with `where`.
        """),
    Explanation(
        "other-rows", "a column of another table, taken row by row",
        """
        In the arguments behind a table `row["name"]` is a column of it. A column of another table, or of the same before it was sorted or
        thinned out, has rows of its own: taken one after the other its values would come to other things. Write `row["name"]`, or bring
        both tables together by an id with `join`. A single number, such as `max(t["K"])`, may be of any table.
        """),
    Explanation(
        "unmatched-rows", "rows of a table that have no partner in another",
        """
        This is a warning. `join` sets the columns of two tables side by side in the rows that have one id. Rows of either table whose id
        the other does not have are left out, or keep empty cells with `how: left`; how many, and the first of them, is said so that nobody
        takes the joined table for all of the data.
        """),
    Explanation(
        "target-leak", "an input whose file is named by the target",
        """
        The path of an input names the column that is to be predicted, or one with the same numbers: which file is read tells the answer, \
        and a network that learns to read it predicts nothing of a row whose target is not known. Name the files by the id of the row, \
        or by a column that says nothing of the target. Numbers that are computed from the target (rounded, shifted, scaled ones, and ids \
        that are) are warned of; serial numbers are not, even where the table is sorted by the target, since a row gets one before its \
        target is known.
        """,
        in: .crystals,
        wrong:
            """
            dataset other like crystals {
                inputs.plane: chgcar("data/densities/{k_vrh}.CHGCAR") |> plane([1, 1, 1], size: [12, 12])
            }
            """,
        right:
            """
            dataset other like crystals {
                inputs.plane: chgcar("data/densities/{material_id}.CHGCAR") |> plane([1, 1, 1], size: [12, 12])
            }
            """
    ),
    Explanation(
        "same-contents", "rows of different parts that have the same files",
        """
        The inputs of a row of one part hold, byte for byte, what those of a row of another part hold, under one name or several: what a \
        network has learned it then knows, and its scores there are better than on rows that it has never seen. Leave the copies out, or \
        keep them in one part with `split: grouped(by: ...)`, which holds rows of one group together.
        """,
        wrong: "a3,copy.png,train,1.2\na17,copy.png,holdout,1.2", right: "a3,copy.png,train,1.2"),
    Explanation(
        "like-contents", "rows of different parts whose inputs are all but the same",
        """
        The inputs of a row of one part differ from those of a row of another by less than a fiftieth of what most rows differ \
        by, and they from the mean: one picture saved twice, one crystal under two ids, a calculation that was repeated. What a \
        network has learned it then knows, and its scores there are better than on rows that it has never seen. Rows are \
        compared when a network is trained on them, where an input has at least 16 numbers, up to 20,000 rows and 500 million \
        numbers. Leave the copies out, or keep them in one part with `split: grouped(by: ...)`.
        """,
        wrong: "a3,Cu.png,train,1.2\na17,Cu-again.jpg,holdout,1.2", right: "a3,Cu.png,train,1.2"),
    Explanation(
        "split-over", "the parts of a split add up to more than all",
        """
        Every row belongs to exactly one part, so the shares of `train`, `validation` and `holdout` add up to 100 %. These add up to more.
        Make one of them smaller.
        """,
        in: .script, wrong: "let parts = random(train: 80%, validation: 15%, holdout: 15%, seed: 7)",
        right: "let parts = random(train: 70%, validation: 15%, holdout: 15%, seed: 7)"),
    Explanation(
        "split-under", "the parts of a split add up to less than all",
        """
        Every row belongs to exactly one part, so the shares of `train`, `validation` and `holdout` add up to 100 %. These leave rows over,
        which would be dropped in silence. Make one of them larger.
        """,
        in: .script, wrong: "let parts = random(train: 70%, validation: 15%, holdout: 10%, seed: 7)",
        right: "let parts = random(train: 70%, validation: 15%, holdout: 15%, seed: 7)"),
    Explanation(
        "split-part", "a share or a seed that a split cannot have",
        """
        Each share lies between 0 and 100 %. `trainTestSplit` follows scikit-learn, which takes neither 0 nor all, and seeds below 2^32.
        """,
        in: .script, wrong: "let parts = trainTestSplit(rest: 100%, holdoutOfRest: 50%, seed: 42)",
        right: "let parts = trainTestSplit(rest: 30%, holdoutOfRest: 50%, seed: 42)"),
    Explanation(
        "split-empty", "a part of the split without rows",
        """
        With so few rows, a share rounds to none of them. A training without training data, or metrics without a holdout, mean nothing. Take
        other shares, or more rows.
        """,
        in: .crystals, wrong: "dataset other like crystals { split: random(train: 96%, validation: 3%, holdout: 1%, seed: 7) }",
        right: "dataset other like crystals { split: random(train: 50%, validation: 25%, holdout: 25%, seed: 7) }"),
    Explanation(
        "split-column", "a column that cannot divide the rows so",
        """
        `grouped` needs three groups or more, so that each part has one. `stratified` needs classes of at least three rows each, or numbers
        and `bins`. `given` reads one of the words `train`, `validation` and `holdout` in every row. Take another column, or another split.
        """,
        in: .crystals,
        wrong:
            "dataset other like crystals {\n    split: stratified(by: \"volume\", train: 50%, validation: 25%, holdout: 25%, seed: 7)\n}",
        right:
            """
            dataset other like crystals {
                split: stratified(by: "volume", train: 50%, validation: 25%, holdout: 25%, seed: 7, bins: 3)
            }
            """
    ),
    Explanation(
        "left-out", "something to leave out that leaves no holdout or nothing else",
        """
        `leaveOut` holds out the rows whose formula contains an element, or with `match: value` those with one value in a column. What is
        left out must be the symbol of an element, or such a value; some rows must have it, and some not. `N` is not in `Ni`.
        """,
        in: .crystals, wrong: "dataset other like crystals { split: leaveOut(\"Ni\", validation: 20%, seed: 7) }",
        right: "dataset other like crystals { split: leaveOut(\"Al\", validation: 20%, seed: 7) }"),
    Explanation(
        "bad-template", "a path that does not lead from rows to files",
        """
        An input reads one file for each row. Its path names columns in braces, as in `{material_id}`, or holds one `*` that stands for the
        id, not both. A path without either would be the same file for every row. A brace that is meant as such is written `\\{`.
        """,
        in: .crystals,
        wrong: "dataset other like crystals {\n    inputs.plane: chgcar(\"data/densities/Al-fcc.CHGCAR\") |> plane([1, 1, 1])\n}",
        right: "dataset other like crystals {\n    inputs.plane: chgcar(\"data/densities/{material_id}.CHGCAR\") |> plane([1, 1, 1])\n}"),
    Explanation(
        "bad-glob", "a pattern with `*` that cannot be followed",
        """
        A pattern holds one `*`, in the last part of the path: it stands for the id within a file's name. Folders are named in full.
        """,
        in: .crystals,
        wrong: "dataset other like crystals {\n    inputs.plane: chgcar(\"data/*/Al-fcc.CHGCAR\") |> plane([1, 1, 1])\n}",
        right: "dataset other like crystals {\n    inputs.plane: chgcar(\"data/densities/*.CHGCAR\") |> plane([1, 1, 1])\n}"),
    Explanation(
        "empty-glob", "a pattern that no file fits",
        """
        The folder is there, and no name in it fits the pattern. Look at the ending: `.gz` belongs to the name, and case counts.
        """,
        in: .crystals,
        wrong: "dataset other like crystals {\n    inputs.plane: chgcar(\"data/densities/*.CHG\") |> plane([1, 1, 1])\n}",
        right: "dataset other like crystals {\n    inputs.plane: chgcar(\"data/densities/*.CHGCAR\") |> plane([1, 1, 1])\n}"),
    Explanation(
        "no-partner", "a row without a file",
        """
        With `*` in the path, each row takes the file whose name holds the row's id at that place. For this row there is none. The id may be
        misspelt in the table, or the file may be missing. A row without its file is never paired with another.
        """,
        in: .crystals,
        wrong:
            """
            dataset other like crystals {
                rows: csv("data/lost.csv")
                inputs.plane: chgcar("data/densities/*.CHGCAR") |> plane([1, 1, 1])
            }
            """,
        right: "dataset other like crystals {\n    inputs.plane: chgcar(\"data/densities/*.CHGCAR\") |> plane([1, 1, 1])\n}"),
    Explanation(
        "count-mismatch", "not as many files as rows",
        """
        `pair: position` pairs the first row with the first file and so on, which means something only if there are as many of one as of the
        other. A file too many or too few would shift every pair after it. Add or remove what is wrong, or pair by the id: leave `pair` out.
        """,
        in: .crystals,
        wrong: """
            dataset other like crystals {
                rows: csv("data/lost.csv")
                inputs.plane: chgcar("data/densities/*.CHGCAR", pair: position) |> plane([1, 1, 1])
            }
            """,
        right: """
            dataset other like crystals {
                inputs.plane: chgcar("data/densities/*.CHGCAR", pair: position) |> plane([1, 1, 1])
            }
            """),
    Explanation(
        "unmatched-files", "files that belong to no row",
        """
        This is a warning. The pattern finds more files than the table has rows for; the others are not read. That is as it should be where
        the table is a selection, and a sign of a misspelt id where it is not.
        """,
        in: .crystals,
        wrong: """
            dataset other like crystals {
                rows: csv("data/some.csv")
                inputs.plane: chgcar("data/densities/*.CHGCAR") |> plane([1, 1, 1])
            }
            """),
    Explanation(
        "duplicate-id", "an id that stands in two rows",
        """
        The id names a row: it pairs rows with files and stands in tables of predictions. Here two rows have the same one, so it is not
        clear which is meant. Remove one of the rows, or take another column as the id.
        """,
        in: .crystals, wrong: "dataset other like crystals { rows: csv(\"data/twice.csv\") }",
        right: "dataset other like crystals { rows: csv(\"data/crystals.csv\") }"),
    Explanation(
        "missing-file", "a file that is not there",
        """
        The path was made from the script or from the columns of a row, and nothing lies there. Relative paths start from the folder of the
        script, not from where the command was started. Where many files are missing, the folder or the ending is wrong; where one is, look
        at its row.
        """,
        in: .crystals,
        wrong: "dataset other like crystals {\n    inputs.plane: chgcar(\"data/density/{material_id}.CHGCAR\") |> plane([1, 1, 1])\n}",
        right: "dataset other like crystals {\n    inputs.plane: chgcar(\"data/densities/{material_id}.CHGCAR\") |> plane([1, 1, 1])\n}"),
    Explanation(
        "log-domain", "a logarithm of something that is not positive",
        """
        The natural logarithm exists for positive numbers only. A target with `transform: log` must be positive in every row; the message
        counts those that are not, and names the first. Leave the transform out, or drop these rows from the table.
        """,
        in: .crystals, wrong: "dataset other like crystals { target: { column: \"band_gap\", unit: \"eV\", transform: log } }",
        right: "dataset other like crystals { target: { column: \"band_gap\", unit: \"eV\" } }"),
    Explanation(
        "constant-target", "a target with one value in the training part",
        """
        `scale` shifts and stretches the target by what it finds in the training part. Where all values there are the same, there is nothing
        to stretch by, and nothing to learn either. Look at the column, or leave `scale` out.
        """,
        in: .shown, wrong: "target: { column: \"nelements\", scale: minmax }", right: "target: { column: \"nelements\" }"),
    Explanation(
        "misplaced-standardize", "`standardize` before the last step of an input",
        """
        `standardize` learns means and deviations from the training part, so it needs the whole of every item, and nothing may come after
        it. Make it the last step of the input.
        """,
        in: .crystals,
        wrong:
            """
            dataset other like crystals {
                inputs.plane: chgcar("data/densities/{material_id}.CHGCAR") |> plane([1, 1, 1]) |> standardize |> log
            }
            """,
        right:
            """
            dataset other like crystals {
                inputs.plane: chgcar("data/densities/{material_id}.CHGCAR") |> plane([1, 1, 1]) |> log |> standardize
            }
            """
    ),
]
