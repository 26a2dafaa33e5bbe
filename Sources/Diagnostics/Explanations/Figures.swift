/// Explanations of diagnostics about figures and gnuplot.
let figureExplanations: [Explanation] = [
    Explanation(
        "no-gnuplot", "gnuplot is not installed",
        """
        Figures are drawn by gnuplot, and no program of that name lies on the PATH. What was computed before is kept, so with gnuplot
        installed only the figure is left to do. On Debian: apt-get install gnuplot-nox.
        """),
    Explanation(
        "plot-failed", "gnuplot could not draw the figure",
        """
        gnuplot ended with an error or took too long; its words are in the notes. The script that it was given lies beside the figure, with
        `.gp` at its end, and can be tried by hand: gnuplot FILE.gp.
        """),
    Explanation(
        "plot-warning", "gnuplot drew the figure and complained",
        """
        This is a warning. The figure is there; the notes say what gnuplot had to remark, such as a font it did not find. The script it was
        given lies beside the figure, with `.gp` at its end.
        """),
    Explanation(
        "empty-figure", "nothing to draw",
        """
        No value of what was to be drawn is finite, so there is no range for the axes. Look at the data with `show`.
        """),
    Explanation(
        "unknown-graphics", "a way to show figures that is not known",
        """
        This is a warning. ECDX_GRAPHICS chooses how figures are drawn in the terminal, and its value is none of those the message lists.
        Without it the terminal is asked what it can do.
        """),
    Explanation(
        "bad-figure", "a plane whose values do not fill it",
        """
        A heat map of so many rows and columns needs one value for each. No script can ask for one that lacks some; where you see this,
        please report it.
        """),
    Explanation(
        "unknown-format", "a file name whose ending says no known format",
        """
        The ending of the path after `to` decides the format. Figures end in `.svg`, `.png` or `.pdf`, tables in `.csv`.
        """,
        in: .crystals, wrong: "plot parity(bulk) to \"out/parity.jpg\"", right: "plot parity(bulk) to \"out/parity.png\""),
]
