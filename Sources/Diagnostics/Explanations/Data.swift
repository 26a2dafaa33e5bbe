/// Explanations of diagnostics about the contents of data files.
let dataExplanations: [Explanation] = [
    Explanation(
        "bad-data", "a file that does not hold what it should",
        """
        The file was read and something in it is not as its format says: a cell that is no number, a grid that ends too early, NaN in an
        input, a potential where a density is read. The message names the file and, where it can, the line. Nothing is guessed and no row is
        dropped in silence; `missing: drop` leaves out rows without a target, and those with NaN or infinity in an input. Mend the file, or
        take the row out. As a warning it names a file of the store that is not as ecdx wrote it, or a run of other rows or weights; what it
        held is computed anew.
        """,
        in: .crystals, wrong: "dataset other like crystals { rows: csv(\"data/gap.csv\") }",
        right: "dataset other like crystals {\n    rows: csv(\"data/gap.csv\")\n    missing: drop\n}"),
    Explanation(
        "raw-target", "a target that is far from 0 and learned as it is",
        """
        The last layer of a network begins with outputs near 0. Where the mean of the target is many times its deviation, its bias has to
        climb there first, at the learning rate, and early stopping may end the training on the way. `scale: standard` in the target
        subtracts the mean of the training part and divides by its deviation; every metric and every prediction is in the target's own
        unit all the same. On the stacking-fault images of the paper it was worth 0.14 of R2.
        """),
    Explanation(
        "file-changed", "a file that changed while it was used",
        """
        Results are kept under the contents of the files that they were made from, as these were when the action began. This file held
        something else when it was read, so nothing was made of it. Another program may write it, or the script itself writes it in an
        action and reads it with another shape in the next. Run the script again once the file is at rest.
        """),
    Explanation(
        "bad-lattice", "lattice vectors that span no cell",
        """
        A cell has three lattice vectors of finite numbers that do not lie in one plane. \
        These do, so the cell has no volume and a density in
        it has no meaning.
        """),
    Explanation(
        "bad-plane", "a lattice plane that cannot be cut",
        """
        Miller indices are three whole numbers, not all 0, without a common divisor: [2, 2, 2] is the plane [1, 1, 1]. They refer to the
        conventional cell of the crystal, as in the literature, or with `cell: file` to the cell of the file, which may be a primitive one.
        A plane passes through an atom that there is, and three points of one are not on a line. The picture has from 1 to 16384 rows and
        columns.
        """,
        in: .script, wrong: "let al = chgcar(\"data/Al-fcc.CHGCAR.gz\")\nshow plane(al, [0, 0, 0])",
        right: "let al = chgcar(\"data/Al-fcc.CHGCAR.gz\")\nshow plane(al, [1, 1, 1])"),
    Explanation(
        "lost-electrons", "electrons that a change of the grid lost or made",
        """
        This is a warning. Linear interpolation between the points of a grid does not keep the integral over the cell: a coarser grid misses
        the peaks near the atoms, or hits them. `method: fourier` keeps the number of electrons exactly; a finer grid keeps it better.
        """),
    Explanation(
        "other-field", "numbers that may be another field than they are taken for",
        """
        This is a warning. The word that reads a file, or the file's name, says what its numbers are, and they look like something else: a
        density is positive but for ripples and comes to a number of electrons, a potential is mostly negative, an ELF lies between 0 and
        1, and the title of a cube may say `POTENTIAL`. A difference of two densities looks so too, and then all is well. Otherwise
        use the word that fits, or say `quantity: spin` or `quantity: other` of a cube or an XSF file.
        """),
    Explanation(
        "no-repeat", "a density that does not repeat in a smaller cell",
        """
        This is a warning. `primitive` and `conventional` go by the atoms. Where their cell is smaller than the file's, the numbers have to
        repeat in it, and these do not: the spin density of an antiferromagnet changes its sign from one atom to the next of its kind. What
        the smaller cell shows is one part of the density for all. Work in the file's cell.
        """),
    Explanation(
        "part-of-cell", "a grid over a part of a crystal's cell",
        """
        This is a warning. An XSF file may hold a grid over any box in a crystal. The vectors of this one span no cell of the crystal that
        the file names, so what is computed from it treats a box as if it were a cell: its planes go on at the far side with the near one,
        its integral is that of the box, and the atoms are those of the whole cell. Let the program write a grid over the whole cell.
        """),
    Explanation(
        "other-cell", "two densities in cells that are not quite one",
        """
        This is a warning. Densities are added and subtracted point by point, so both have to lie in one cell. Cells whose vectors differ by
        less than a thousandth of their length are taken for one, and by more than a ten-thousandth this is said: a cell that was relaxed a
        little moves the points, and what is left near the atoms is partly that.
        """),
    Explanation(
        "other-electrons", "a deformation density of different numbers of electrons",
        """
        This is a warning. A deformation density is a density minus the free atoms of its crystal, and these have more or fewer electrons
        than it: the density holds core electrons and the atoms do not, or the file's pseudopotentials have other valence electrons than the
        table of free atoms. What is left shows that difference around the atoms, not only bonds.
        """),
    Explanation(
        "bad-image", "a picture that cannot be used as it is",
        """
        The file is read as a picture and is not what the place needs: it is cut off, of another format than its name says, too large, or it
        has other channels than were asked for. The message says which. Nothing is converted in silence; say what should be done with it.
        """),
    Explanation(
        "unknown-tensor", "a tensor that a file does not hold",
        """
        A safetensors file holds tensors under names, and none of these is the one asked for; or it holds several, and none was asked for.
        Choose one with `name:`. The message says which there are.
        """,
        wrong: "show tensor(\"weights.safetensors\")", right: "show tensor(\"weights.safetensors\", name: \"conv_1.kernel\")"),
    Explanation(
        "unknown-sheet", "a sheet that a workbook does not have",
        """
        A workbook holds sheets under names, and none of these is the one asked for; or it holds several, and none was named. Names are
        matched exactly. The message gives the nearest name, or lists them.
        """,
        in: .script, wrong: "show xlsx(\"data/crystals.xlsx\", sheet: \"crystal\")",
        right: "show xlsx(\"data/crystals.xlsx\", sheet: \"crystals\")"),
    Explanation(
        "cannot-read", "a file that cannot be read",
        """
        The system did not give the contents of the file: there is none of that name, it is a folder, its permissions forbid it, or it is
        not UTF-8 text where text is expected. Relative paths start from the folder of the script.
        """,
        in: .script, wrong: "show csv(\"data/crystal.csv\")", right: "show csv(\"data/crystals.csv\")"),
    Explanation(
        "bad-weights", "a weight file that cannot be used",
        """
        Weights are read from HDF5 files of Keras (`.h5`, `.weights.h5`) and from safetensors files, one or several with an index. This file
        is none of these, is damaged or cut off, leads to other files, or holds arrays of a type that is not read, or numbers that are \
        NaN or infinite; the message says which. A file that breaks the HDF5 library is said here too: it is read in a process of its own. \
        Pickles of PyTorch are refused, since reading
        one runs whatever its writer wanted. Fetch the file again, or save it again with Keras or safetensors.
        """),
]
