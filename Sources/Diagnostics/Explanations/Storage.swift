/// Explanations of diagnostics about files that are written, and the store of runs and results.
let storageExplanations: [Explanation] = [
    Explanation(
        "cannot-write", "a file or folder that cannot be written",
        """
        The system refused: the disk is full, permissions forbid it, or something else has that name. Files appear whole or not at all, so
        nothing half-written is left behind. The store of results is `.ecdx` beside the script; `--store DIR` or ECDX_STORE puts it
        elsewhere.
        """),
    Explanation(
        "would-overwrite", "a file that ecdx did not write",
        """
        ecdx replaces files that it wrote and nobody edited since. This one is none of them, so it may be somebody's work. \
        Give another name,
        or say `--force` if it may be overwritten.
        """,
        wrong: "ecdx run script.ecdx", right: "ecdx run script.ecdx --force"),
    Explanation(
        "outside", "a place outside the script's folder",
        """
        A script writes below its own folder and nowhere else, and reads modules from there, so that a script from elsewhere can do no harm.
        Links are followed before this is decided. Another folder is allowed with `--allow-write DIR`.
        """,
        in: .crystals, wrong: "plot parity(bulk) to \"../parity.svg\"", right: "plot parity(bulk) to \"out/parity.svg\""),
    Explanation(
        "inside-store", "a place inside the store",
        """
        The store, `.ecdx` beside the script in most cases, holds runs and results, and what lies there counts as computed by ecdx. A
        script writes its files elsewhere, such as into a folder `out`.
        """,
        in: .crystals, wrong: "plot parity(bulk) to \".ecdx/parity.svg\"", right: "plot parity(bulk) to \"out/parity.svg\""),
    Explanation(
        "written-twice", "two actions that write one file",
        """
        The second action would replace what the first wrote, and only one of them could be looked at. A figure also writes its gnuplot
        script, which has `.gp` behind the name of the figure. Give each action a file of its own, and a document of `ecdx report` another
        name than what the script writes.
        """,
        in: .crystals, wrong: "plot parity(bulk) to \"out/bulk.svg\"\nplot curves(bulk) to \"out/bulk.svg\"",
        right: "plot parity(bulk) to \"out/parity.svg\"\nplot curves(bulk) to \"out/curves.svg\""),
    Explanation(
        "in-use", "another process writes to the same run",
        """
        One process at a time trains a run; this one found another at work, on this machine or another one. Wait for it, or look with `ps`
        whether it is alive. A process that was killed leaves a lease that ends by itself within minutes.
        """),
    Explanation(
        "lease-lost", "another process took the run over",
        """
        This process gave no sign of life for minutes, say because the machine slept, and another one went on with the run. To write now
        would mix the two. Nothing is lost but the last steps: start the command again once the other has ended.
        """),
    Explanation(
        "store-format", "a store of another version of ecdx",
        """
        The folder `.ecdx` was made by a version that keeps its files in another way. It is not touched. Use that version, or another folder
        with `--store DIR`; results are computed anew there.
        """),
    Explanation(
        "unknown-run", "no run, or no single run, of this id",
        """
        A run is named by its id or by a beginning of it that fits one run only. Type more of it where several fit. Runs are kept below
        `.ecdx/runs`.
        """),
    Explanation(
        "no-store", "no store of runs where one was expected",
        """
        Runs are kept in a folder `.ecdx` beside the script that was run, unless `--store` or ECDX_STORE say otherwise. \
        There is none at this
        place. Go to the folder of the script, or name the store. `ecdx runs import` makes a store where there is none.
        """,
        wrong: "ecdx runs list", right: "ecdx runs list --store /path/to/.ecdx"),
    Explanation(
        "same-run", "a copy of a run that is there already",
        """
        What was to be imported began at the same instant as a run of the store, \
        or came to the same result down to the time of each epoch: it
        is a copy. Two runs of one training say something about machines only if each was computed. \
        Run the script on the other machine, in a
        store of its own, and import that.
        """,
        wrong: "ecdx runs export 1e70 --to copy; ecdx runs import copy"),
    Explanation(
        "bad-condition", "a condition on runs that cannot be asked",
        """
        `--where` of `ecdx runs` takes a name, a sign and a value. The names are those of resolved values, such as `seed` or \
        `optimizer.rate`, of what a run came to, such as `holdout.r2`, and `id`, `name`, `state` and `machine`. In the value of a text `*` \
        stands for anything.
        """,
        wrong: "ecdx runs --where 'holdout r2'", right: "ecdx runs --where 'holdout.r2 > 0.8'"),
    Explanation(
        "unfinished-run", "a run without a result",
        """
        The record of a run is copied once it is whole: with its result and its weights. This one was interrupted, failed, or is under way.
        Run its script again; it goes on from where it was.
        """),
]
