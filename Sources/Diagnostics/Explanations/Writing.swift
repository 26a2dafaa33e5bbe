/// Explanations of syntax diagnostics: characters, brackets, statements.
let writingExplanations: [Explanation] = [
    Explanation(
        "syntax", "the text does not read as the language",
        """
        At this place the language expected something else than it found; the message says what. The rest of the statement is passed
        over, so one slip is one message. Often the place of the slip is just before the one that is marked. The first part of
        LANGUAGE.md shows the forms there are; `ecdx help NAME` shows those of a builtin or a kind.
        """,
        in: .script, wrong: "epochs = 20", right: "let epochs = 20"),
    Explanation(
        "unknown-character", "a character that means nothing in the language",
        """
        Outside strings and comments only letters, digits, `_`, brackets and the operators of the language mean something. Most such
        characters come from another language: `;` ends no statement here, strings stand in double quotes, and conditions are joined by
        `and`, `or` and `not`.
        """,
        in: .script, wrong: "let unit = 'GPa'", right: "let unit = \"GPa\""),
    Explanation(
        "unclosed-bracket", "a bracket that is never closed",
        """
        The bracket that is marked was opened, and the script or the statement ended without its partner. While a round or square bracket
        is open, ends of line are only spaces, so what follows was read as part of it. Add the bracket that is missing; it usually belongs
        on the line that is marked.
        """,
        in: .script, wrong: "let sizes = [30, 60\nlet seed = 1", right: "let sizes = [30, 60]\nlet seed = 1"),
    Explanation(
        "unclosed-string", "a string that is not closed on its line",
        """
        A string begins and ends with `"` on one line. The line ended before the closing quote. A line break inside a string is written
        `\\n`, a quote is written `\\"`.
        """,
        in: .script, wrong: "let unit = \"GPa", right: "let unit = \"GPa\""),
    Explanation(
        "bad-escape", "a backslash in a string that begins nothing known",
        """
        In a string a backslash begins one of `\\n \\t \\" \\\\ \\{ \\} \\u{e9}` or `\\(expression)`. Any other is refused, since it would
        hardly mean what was meant. A backslash itself is written twice; paths have forward slashes.
        """,
        in: .script, wrong: #"let folder = "data\densities""#, right: #"let folder = "data/densities""#),
    Explanation(
        "bad-number", "letters directly behind a number",
        """
        A number ends where its digits, its exponent or its `%` end, and an operator, a bracket or a space must follow. Numbers carry no
        suffixes and no units: units belong to fields such as `unit: "GPa"`. Names do not begin with a digit.
        """,
        in: .script, wrong: "let width = 60px", right: "let width = 60"),
    Explanation(
        "number-too-large", "a number beyond what can be held",
        """
        Numbers are held in double precision, the largest of which is about 1.8e308. This one would be infinite. Look at its exponent.
        """,
        in: .script, wrong: "let energy = 1e999", right: "let energy = 1e99"),
    Explanation(
        "too-deep", "something nested too deep",
        """
        Brackets, strings within strings, operators and names that rest on one another may go only so deep, so that no script can exhaust
        the memory of the program. The message says which of them and how deep. Scripts written by hand do not come near these limits.
        Give inner parts names with `let`.
        """),
    Explanation(
        "reserved", "a word of the language used as a name",
        """
        Words such as `plot`, `for` or `none` are part of the language and cannot name a value, a function or something declared. They may
        stand as the name of a field, before `:` and after `.`. Choose another name.
        """,
        in: .script, wrong: "let table = 3", right: "let results = 3"),
    Explanation(
        "action-in-loop", "an action inside a `for`",
        """
        A `for` is an expression: it gives a list. `show`, `plot` and `table` are statements of their own, so they cannot stand in it. Make
        the list first and act on it: `table metrics(runs)` takes a list of experiments, `grid` a list of figures.
        """,
        in: .script, wrong: "for n in 1..3 { show n }", right: "show for n in 1..3 { n * n }"),
    Explanation(
        "memory", "more memory than may be used",
        """
        What the trainings, the tables and the figures of a script take is estimated before anything is computed: weights
        with their gradients and moments, the values of a batch that learning reads again, the numbers, cells, points and pixels of
        what is shown, drawn and exported. The estimate is a lower bound, so what is refused would
        not have fitted. The limit is the memory of the machine, or what `--memory` says. Smaller batches take less; numbers stay
        comparable, though not the same.
        """),
]
