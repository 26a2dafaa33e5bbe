/// Explanations of diagnostics about names, fields, arguments and words.
let nameExplanations: [Explanation] = [
    Explanation(
        "unknown-name", "a name that nothing has",
        """
        The name is neither declared in the script or a module it uses, nor one of the builtins, nor a word that fits this place. If it is
        near one that exists, that one is suggested. Text must stand in double quotes. Names are case-sensitive.
        """,
        in: .crystals, wrong: "plot parity(bluk)", right: "plot parity(bulk)"),
    Explanation(
        "unknown-kind", "a declaration of a kind there is not",
        """
        A declaration begins with its kind: `dataset`, `model` or `experiment`. The word before this name is none of them. A plain value is
        declared with `let`, a function with `def`.
        """,
        in: .script, wrong: "modell net {\n    input plane: [12, 12, 1]\n    plane >> flatten >> dense(1)\n}",
        right: "model net {\n    input plane: [12, 12, 1]\n    plane >> flatten >> dense(1)\n}"),
    Explanation(
        "unknown-field", "a field that is not there",
        """
        A declaration, a record or a value has a fixed set of fields, and this is none of them. A misspelt field would otherwise be ignored
        and its default used in silence. `ecdx help NAME` lists the fields of a kind.
        """,
        in: .crystals, wrong: "experiment longer like bulk { epohcs: 200 }", right: "experiment longer like bulk { epochs: 200 }"),
    Explanation(
        "missing-field", "a field that must be given",
        """
        Fields without a default must be written. They have none because any default would be a guess that decides the result, such as a
        seed or the column of the target. `ecdx help NAME` says which fields have defaults.
        """,
        in: .crystals, wrong: "experiment other { data: crystals, model: net, loss: mse }",
        right: "experiment other { data: crystals, model: net, loss: mse, seed: 1 }"),
    Explanation(
        "unknown-argument", "an argument that a function does not take",
        """
        The function has no parameter of this name. Its signature is shown, or the nearest name. Arguments may be given by position, in the
        order of the signature, or by name, as in `kernel: 3`.
        """,
        in: .script, wrong: "let layer = conv(4, kernal: 3)", right: "let layer = conv(4, kernel: 3)"),
    Explanation(
        "missing-argument", "an argument that must be given",
        """
        The function has a parameter without a default that got no value. The message names it and says what it is for. A seed has no
        default on purpose: where random numbers decide something, the script says which.
        """,
        in: .script, wrong: "let layer = conv(4)", right: "let layer = conv(4, kernel: 3)"),
    Explanation(
        "too-many-arguments", "more arguments than a function takes",
        """
        More values were given by position than the function has parameters. Look whether brackets close where they should, and whether
        several values were meant to be one list, as in `size: [60, 60]`.
        """,
        in: .script, wrong: "let layer = flatten(2)", right: "let layer = flatten"),
    Explanation(
        "twice", "something given or declared twice",
        """
        A field, an argument, a parameter or an input stands here a second time. Which of the two counts would depend on their order, so
        neither does. Remove one.
        """,
        in: .crystals, wrong: "experiment other { data: crystals, model: net, loss: mse, seed: 1, seed: 2 }",
        right: "experiment other { data: crystals, model: net, loss: mse, seed: 2 }"),
    Explanation(
        "module-actions", "actions in a module",
        """
        A file taken in with `use` gives its declarations. What it asks for with `show`, `table`, `plot`, `export` or `predict` is not
        carried out, since the script that uses it did not ask for it. Keep the declarations that scripts share in a file of its own.
        """),
    Explanation(
        "redeclared", "a name declared twice",
        """
        In a script a name means one thing, wherever it is used and in whatever order the declarations stand. So it cannot be given a second
        value. Take another name; to vary something, write `experiment longer like bulk { ... }` or `bulk with { ... }`. \
        At the prompt a name
        may be declared again.
        """,
        in: .script, wrong: "let n = 1\nlet n = 2", right: "let n = 1\nlet m = 2"),
    Explanation(
        "cycle", "a declaration that rests on itself",
        """
        To know this value, the value itself would have to be known. The cycle may go through several names. Declarations may stand in any
        order, but each must rest on others in the end.
        """,
        in: .script, wrong: "let a = b + 1\nlet b = a", right: "let a = b + 1\nlet b = 2"),
    Explanation(
        "unknown-label", "a label that the items of a list do not have",
        """
        The items of a list made by `for` remember the loop variables that made them, and `runs[seed: 2]` picks by these. This list has no
        such variable. Lists written in brackets have no labels at all; their items have positions, counted from 0.
        """,
        in: .script, wrong: "let squares = for n in 1..3 { n * n }\nshow squares[m: 2]",
        right: "let squares = for n in 1..3 { n * n }\nshow squares[n: 2]"),
    Explanation(
        "unknown-monitor", "a quantity that a run does not have, or that cannot be watched",
        """
        What `stop` and `keep` watch is a part and a quantity: `train` or `validation`, then `loss`, `mse`, `rmse` or `mae`, as in
        `validation.loss`. `loss` is in the space of training, the others are in the unit of the target. R2 cannot be watched.
        """,
        in: .crystals, wrong: "experiment other like bulk { keep: best(on: validation.r2) }",
        right: "experiment other like bulk { keep: best(on: validation.mse) }"),
    Explanation(
        "unknown-type", "a type that a parameter cannot have",
        """
        The types of parameters are Number, Text, Bool, Path and List. A Path is text that is resolved against the folder of the script.
        Whole numbers are Numbers too.
        """,
        in: .script, wrong: "param epochs: Integer = 50", right: "param epochs: Number = 50"),
    Explanation(
        "unknown-unit", "a unit that is not known",
        """
        The unit of a target stands at every metric and axis, so a slip in it is found early. A unit is a product of powers of names: \
        `kJ/mol`, `W/(m*K)`, `g cm^-3`. Names are SI units with their prefixes and those of the field, such as eV, Ha, bohr, mu_B, kbar, \
        atom, f.u. Case matters, `A` is the Angstrom, and nothing is converted. Leave the field out where the target has no unit.
        """,
        in: .crystals, wrong: "dataset other like crystals { target.unit: \"Gpa\" }",
        right: "dataset other like crystals { target.unit: \"GPa\" }"),
    Explanation(
        "unknown-column", "a column that the table does not have",
        """
        The header line of the file names its columns, and this is none of them. Case and blanks count. `show csv("file.csv")` shows the
        columns.
        """,
        in: .crystals, wrong: "plot histogram(crystals, \"volum\")", right: "plot histogram(crystals, \"volume\")"),
    Explanation(
        "unknown-override", "`--set` names nothing in the script",
        """
        What stands before `=` must be a `param` of the script, or a declaration and one of its fields, as in `--set bulk.epochs=5`. A name
        that reaches nothing is an error, since the run would not be the one that was asked for.
        """,
        wrong: "ecdx run script.ecdx --set epohcs=5", right: "ecdx run script.ecdx --set epochs=5"),
    Explanation(
        "bad-override", "`--set` without a name or a value that reads",
        """
        `--set` takes `name=value` or `name.field=value`, without blanks or quotes around the names. The value is written as in a \
        script: a number, a list, a word, text in quotes. \
        For a `param` of type Text
        or Path the quotes may be left out. Quote the whole for the shell where it holds spaces or brackets.
        """,
        wrong: "ecdx run script.ecdx --set epochs", right: "ecdx run script.ecdx --set epochs=5 --set 'sizes=[30, 60]'"),
]
