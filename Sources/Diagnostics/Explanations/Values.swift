/// Explanations of diagnostics about values, types, and the limits of what a script may ask for.
let valueExplanations: [Explanation] = [
    Explanation(
        "type", "a value of another type than the place expects",
        """
        Every field, argument and operator expects values of certain types; the message says which, and what was found. Words such as `relu`
        stand without quotes, text such as a column's name in quotes. A function is called with its brackets.
        """,
        in: .crystals, wrong: "experiment other like bulk { epochs: \"20\" }", right: "experiment other like bulk { epochs: 20 }"),
    Explanation(
        "range", "a number outside what the place allows",
        """
        The value is a number, but not one this place can take: counts are whole and at least 1, shares lie from 0 to 1, rates are positive.
        A share may be written as a percentage: `20%` is 0.2.
        """,
        in: .script, wrong: "let layer = dropout(20)", right: "let layer = dropout(20%)"),
    Explanation(
        "out-of-range", "no such item in a list",
        """
        Positions count from 0, so the last item of a list of 3 is at 2. A slice `list[1:3]` has both ends inside the list. Picking by label
        must fit at least one item.
        """,
        in: .script, wrong: "let sizes = [30, 60, 90]\nshow sizes[3]", right: "let sizes = [30, 60, 90]\nshow sizes[2]"),
    Explanation(
        "unit", "values whose units do not go together",
        """
        Units are part of a value: a length and an energy cannot be added, an exponent has none, and a logarithm or a root needs a unit it
        can be taken of. Look whether the right values meet. Divide by a value with the unit to be rid of it; that is visible in the script.
        """,
        in: .script, wrong: "show tensor([1, 2], unit: \"GPa\") + tensor([1, 2], unit: \"eV\")",
        right: "show tensor([1, 2], unit: \"GPa\") + tensor([1, 2], unit: \"GPa\")"),
    Explanation(
        "cell", "densities of different cells",
        """
        Two densities are added or subtracted point by point, which means something only if their cells are the same. The lattice vectors of
        these differ. Compute both in one cell, or compare planes of them.
        """),
    Explanation(
        "not-a-number", "a computation without a finite result",
        """
        A division by zero, a root of a negative number or a result beyond about 1.8e308 is no number that could be used further. It is an
        error at once, rather than a result that is not a number later.
        """,
        in: .script, wrong: "let share = 1 / 0", right: "let share = 1 / 2"),
    Explanation(
        "deferred", "a decision that rests on something not yet computed",
        """
        A script is checked as a whole before anything is computed, so what it asks for cannot depend on a result of its own. \
        A metric may be
        shown and plotted, but not compared in an `if`. Decide with a `param`, or look at the result and write the next step.
        """,
        in: .crystals, wrong: "if bulk.holdout.r2 > 0.9 { show crystals }",
        right: "param detailed: Bool = true\nif detailed { show crystals }"),
    Explanation(
        "endless-recursion", "a function that calls itself without an end",
        """
        A function may call itself, directly or through others, up to a depth that no sensible script reaches. This one went beyond. Look at
        the condition that should end it.
        """,
        in: .script, wrong: "def down(n) = down(n - 1)\nlet x = down(3)",
        right: "def down(n) = if n > 0 { down(n - 1) } else { 0 }\nlet x = down(3)"),
    Explanation(
        "budget", "more than a script may ask for",
        """
        The steps of checking, the items of a list and the length of a text are limited, so that a slip such as `1..1e9` ends in a message
        rather than in a machine without memory. The message says which limit. Make the range, the loop or the text smaller.
        """,
        in: .script, wrong: "let seeds = for s in 1..1000000 { s }", right: "let seeds = for s in 1..9 { s }"),
    Explanation(
        "too-large", "an array of more elements than can be held",
        """
        A tensor may have 268,435,456 elements, so that a slip in a shape does not ask for all of the memory. Two tensors whose axes
        of extent 1 do not match spread over each other: a column of 20,000 numbers and a row of 20,000 make a matrix of 400 million. Look
        at the shapes of both sides.
        """),
    Explanation(
        "internal", "a mistake in ecdx itself",
        """
        Something happened that ecdx has no words for. The script may be right. Please report it, with the message and, if you can, the
        script.
        """),
    Explanation(
        "cannot-hash", "a SHA-256 that cannot be computed",
        """
        Results are kept under hashes of what they rest on, and the library that computes hashes refused. That is a matter of the
        installation of OpenSSL's libcrypto, not of the script.
        """),
]
