/// Explanations of diagnostics of the command line and the prompt.
let commandExplanations: [Explanation] = [
    Explanation(
        "unknown-command", "a word that is no command",
        """
        The first word after `ecdx` is a subcommand, such as `run` or `check`; at the prompt, a line that begins with `:` is a command, and
        `:help` lists them. A script is run by `ecdx run SCRIPT`.
        """,
        wrong: "ecdx script.ecdx", right: "ecdx run script.ecdx"),
    Explanation(
        "notebook-given", "a notebook where a script is expected",
        """
        Commands on scripts read text, and a notebook of Jupyter is JSON around text. `ecdx notebook FILE.ipynb` makes the script of it,
        with a cell for each cell; then work on with the script. `ecdx report SCRIPT --format ipynb` writes the notebook anew, with its
        outputs.
        """,
        wrong: "ecdx run work.ipynb", right: "ecdx notebook work.ipynb"),
    Explanation(
        "bad-notebook", "a notebook that cannot be read as a script",
        """
        A notebook of nbformat 4 is read, as Jupyter has written it since 2015, whose cells are in the language of ecdx. One of an older
        format is written anew by `jupyter nbconvert --to notebook FILE.ipynb`. The cells of a notebook in Python are no script of ecdx, so
        none is made of them. In a file that a program wrote otherwise, a cell lacks its type or its text.
        """),
    Explanation(
        "usage", "a command line that cannot be read",
        """
        An argument is missing, or an option is none of those the subcommand takes. `ecdx help NAME` shows what a subcommand takes.
        """,
        wrong: "ecdx check --json", right: "ecdx check --json script.ecdx"),
    Explanation(
        "new-script", "a table or a folder that no first script can be written for",
        """
        `ecdx new` needs a table of at least 8 rows, with a column of numbers to predict, a column in which every row has another cell, and
        something to predict from: further columns of numbers, or with `--files` a folder in whose names the cells of a column stand. The
        message says what is missing. `--target COLUMN` names the column to predict.
        """,
        wrong: "ecdx new first --from names.csv", right: "ecdx new first --from properties.csv --target k_vrh"),
    Explanation(
        "no-outputs", "no run of a script to look at",
        """
        `ecdx attach` shows the outputs that the store keeps of the latest run of a script, and `ecdx stop` stops one that is at work. There
        is none: the script was not run yet, or with another store (`--store`, ECDX_STORE), or as a smoke run, which `--smoke` looks at.
        """,
        wrong: "ecdx attach other.ecdx", right: "ecdx run other.ecdx"),
    Explanation(
        "cannot-start", "a run that cannot be put into the background",
        """
        `ecdx run --detach` starts the program once more without the terminal, and the system refused: no process is left to this user, or
        the program's file was replaced or removed meanwhile. Try again, or run the script in the foreground, in tmux or screen.
        """),
    Explanation(
        "ambiguous-command", "a beginning of several commands of the prompt",
        """
        A command of the prompt may be shortened as long as it is plain which is meant. Several begin like this. Type one letter more.
        """),
    Explanation(
        "command-argument", "a command of the prompt with too much or too little behind it",
        """
        Some commands of the prompt need a word behind them, such as a file; others take none. `:help` shows which.
        """,
        wrong: ":load", right: ":load script.ecdx"),
    Explanation(
        "nothing-shown", "a line that goes on from nothing",
        """
        At the prompt a line that begins with `|>` or `>>` goes on from the last value shown. Nothing was shown yet. \
        Show something first, or
        begin the line with a value.
        """),
    Explanation(
        "editor", "the editor cannot be used",
        """
        The prompt hands its text to the editor that VISUAL or EDITOR names, and that editor could not be started or ended with an error.
        The text is as it was. Set VISUAL to an editor that runs in a terminal.
        """),
    Explanation(
        "bad-input", "a script on standard input, or a typed line, that cannot be read",
        """
        Without arguments, and where standard input is no terminal, ecdx reads a script from it: UTF-8 text of at most 16 MiB. What came is
        not that. Name the file instead: `ecdx run FILE`. A line at the prompt, with all of a paste, has at most 64 KiB: write a longer
        one to a file and `:load` it.
        """),
    Explanation(
        "terminal", "the terminal cannot be read",
        """
        The prompt could not read what is typed. Where there is no terminal, pipe a script in: `ecdx < script.ecdx`.
        """),
    Explanation(
        "history", "the history of the prompt cannot be kept",
        """
        This is a warning: the prompt works, but its lines will not be there next time. The history lies in `~/.local/state/ecdx/history`,
        or where XDG_STATE_HOME or ECDX_HISTORY say.
        """),
    Explanation(
        "cannot-catch-signals", "signals cannot be caught",
        """
        A training is stopped by Ctrl-C, SIGTERM or SIGUSR1 with its state saved, so ecdx must be able to catch these. The system refused.
        """),
    Explanation(
        "unknown-data", "a data set that ecdx cannot fetch",
        """
        `ecdx fetch data NAME` knows a few data sets that others have published. None has this name. \
        `ecdx fetch data --help` tells which there are.
        """,
        wrong: "ecdx fetch data sfes", right: "ecdx fetch data sfe"),
    Explanation(
        "unknown-weights", "weights that ecdx cannot fetch",
        """
        `ecdx fetch weights NAME` knows the weights that the Keras project publishes for the backbones of ecdx, by the names of their
        architectures, and `all` for all of them. Encoders of the Hugging Face hub have names such as `ORGANISATION/NAME`, with `@` and a
        branch, a tag or a commit behind it where that matters; some are known under short names. Nothing has this name. The message
        lists what there is.
        """,
        wrong: "ecdx fetch weights inception", right: "ecdx fetch weights InceptionV3"),
    Explanation(
        "fetch-failed", "a file that did not come",
        """
        The server was not reached, does not have the file, refused it, or broke off. The message names the server and what it said. What
        came of a file is kept as `NAME.part` where the server can go on from there, and never under the final name: \
        the same command goes on.
        """),
    Explanation(
        "refused-address", "an address that files are not fetched from",
        """
        Files come over https alone, since what is not encrypted can be changed on its way. \
        Plain http is for this machine, where a mirror may
        be tried. A redirect may not lead to anything less, nor from another machine to this one. An address holds no user and no password.
        """,
        wrong: "ecdx fetch data sfe --from http://example.org/CNN", right: "ecdx fetch data sfe --from https://example.org/CNN"),
    Explanation(
        "wrong-hash", "a file that is not the one that was meant",
        """
        Its hash is not the one that the publisher gives, or not the one that was noted in `fetched.json` at the first fetch. \
        Either the file
        was damaged or changed, on its way, here or by its publisher. \
        A file that comes wrong is not kept; one that is here is left alone, and
        fetched anew once you remove it.
        """),
]
