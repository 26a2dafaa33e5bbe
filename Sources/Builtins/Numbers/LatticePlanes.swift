import Densities
import Diagnostics
import Language
import Plotting
import Tensors

/// The type of Miller indices: three whole numbers.
let millerType: ValueType = .list(.number(integerRule), count: 3)

/// The type of a point in fractional coordinates.
let placeType: ValueType = .list(.number(.any), count: 3)

/// The parameter for the rows and columns of a picture.
let sizeParameter = Parameter(
    "size", .list(.number(.count()), count: 2), .fallback(.list([ListItem(.number(60)), ListItem(.number(60))])),
    "rows and columns of the picture")

/// The parameter for values between the points of a grid, where one value is asked for at a time.
let samplingParameter = Parameter(
    "sampling", .word(betweenPoints), .fallback(.word("trilinear")),
    "how values between the points of the grid are found")

/// The ways to values between the points of a grid.
let betweenPoints: Choices = [
    "trilinear": "linear along each axis, as in pyrho",
    "fourier": "the trigonometric polynomial through the points, which keeps the electrons",
]

private let sideRule: NumberRule = {
    var rule = NumberRule.positive
    rule.most = 1e4
    return rule
}()

/// The parameters for the part of a plane that is cut.
private let windowParameters = [
    Parameter(
        "window", .optional(.list(.number(sideRule), count: 2)), .fallback(.none), unit: "A",
        "sides of a rectangle in the plane, the first along the window's first vector; the window of the plane itself where not given"),
    Parameter(
        "anchor", .word(["centre": "in the middle", "corner": "at its first corner"]), .fallback(.word("centre")),
        "where the point stands in the `window` that is given"),
]

private let cellParameter = Parameter(
    "cell", .word(["conventional": "the conventional cell that the symmetry tells", "file": "the file's own cell"]),
    .fallback(.word("conventional")), "whose axes name the plane")

private let throughParameter = Parameter(
    "through",
    .either([
        .none, placeType,
        .record([
            Parameter("atom", .optional(.number(.count(0))), .fallback(.none), "its number, from 0 in the order of the file"),
            Parameter("height", .optional(.number(.any)), .fallback(.none), unit: "A", "along the normal, from the cell's origin"),
        ]),
    ]), .fallback(.none),
    "`{ atom: 3 }`, `{ height: 1.2 }` in A, or a point in fractional coordinates of the file's cell; the first atom where not given")

/// The builtins that cut crystals along planes.
let latticePlaneWords = Vocabulary([
    Word(
        "plane", family: "Densities",
        [
            Parameter("density", anyDensity, "the density to cut"),
            Parameter("miller", millerType, "Miller indices of the plane"),
            sizeParameter, cellParameter, throughParameter,
            Parameter(
                "repeats", .optional(.list(.number(.whole(1, 1000)), count: 2)), .fallback(.none),
                "how often the window of the plane is repeated along its vectors"),
            samplingParameter, toleranceParameter,
        ] + windowParameters,
        gives: anyTensor,
        """
        The density on a lattice plane, by indices of the conventional cell: one cell of the plane (the shortest vectors of the \
        file's lattice in it), or the `window` or `repeats` asked for.
        """,
        examples: [
            Example(
                """
                let al = chgcar("data/fcc-dft/densities/Al-fcc.CHGCAR.gz")
                show plane(al, [1, 1, 0], size: [12, 12])
                show mean(plane(al, [1, 1, 0], cell: file, through: [0, 0, 0.5], sampling: fourier))
                """)
        ],
        role: .transform,
        check: { call, context in
            guard let miller = call["miller"].integers, let size = call["size"].integers else { return .call(call) }
            try located(call.span(of: "miller")) { try checkMiller(miller) }
            guard call["repeats"].isNone || call["window"].isNone else {
                throw Diagnostic("twice", "`plane` expected `window` or `repeats`, found both", at: call.span(of: "repeats"))
            }
            return try context.checkedCut(call, size: size, miller: miller)
        },
        keepsFinite: { _ in true },
        later: [
            "cell": .word("file"), "through": .none, "repeats": .none, "sampling": .word("trilinear"), "tolerance": .number(0.01),
            "window": .none, "anchor": .word("centre"),
        ], cuts: \.latticePlaneInWords,
        computes: { call, context in
            let arguments = context.arguments(of: call)
            let (density, unit) = try context.density(call["density"])
            let named = try context.namedPlane(arguments.integers("miller"), call, of: density)
            let size = try arguments.integers("size")
            let sampling: Sampling = try arguments.choice("sampling")
            let window = try context.window(of: named.geometry, call, in: density.lattice)
            // One cell of the plane is what there was before the others, to the bit.
            let isPlain = call["window"].isNone && call["repeats"].isNone
            let picture =
                try isPlain
                ? density.plane(named.geometry, size: size, sampling: sampling)
                : density.plane(window, size: size, sampling: sampling, threads: context.threads)
            return .cut(NumericArray(picture), unit: unit, plane: CutPlane(window, of: density, named.words))
        }),
    Word(
        "planeThrough", family: "Densities",
        [
            Parameter("density", anyDensity, "the density to cut"),
            Parameter(
                "atoms", .optional(.list(.number(.count(0)), count: 3)), .fallback(.none),
                "three atoms, numbered from 0 in the order of the file; of the second and third the images nearest to the first"),
            Parameter(
                "points", .optional(.list(placeType, count: 3)), .fallback(.none),
                "in place of atoms: three points in fractional coordinates of the file's cell"),
            Parameter(
                "vectors", .optional(.list(placeType, count: 2)), .fallback(.none),
                "in place of atoms: two vectors of the plane in units of the axes of `cell`"),
            sizeParameter, cellParameter, throughParameter, samplingParameter, toleranceParameter,
        ] + windowParameters,
        gives: anyTensor,
        """
        The density on the plane through three atoms or points, or along two vectors: on the parallelogram that they span, or on a \
        rectangle whose first side lies along the first vector.
        """,
        examples: [
            Example(
                """
                let al = chgcar("data/fcc-dft/densities/Al-fcc.CHGCAR.gz")
                show planeThrough(al, vectors: [[1, 0, 0], [0, 1, 0]], size: [12, 12])
                show planeThrough(al, points: [[0, 0, 0], [1, 0, 0], [0, 1, 0]], window: [6, 4]).shape
                """)
        ],
        role: .transform,
        check: { call, context in
            let given = ["atoms", "points", "vectors"].filter { !call[$0].isNone }
            guard given.count == 1 else {
                throw given.isEmpty
                    ? Diagnostic(
                        "missing-argument", "`planeThrough` expected `atoms`, `points` or `vectors`", hint: "as in `atoms: [0, 4, 7]`")
                    : Diagnostic("twice", "`planeThrough` expected one of `atoms`, `points` and `vectors`", at: call.span(of: given[1]))
            }
            guard call["through"].isNone || given == ["vectors"] else {
                throw Diagnostic("twice", "`\(given[0])` say already where the plane passes through", at: call.span(of: "through"))
            }
            guard call["through"].record?["height"]?.value.isNone ?? true else {
                throw Diagnostic(
                    "bad-plane", "a height is along the normal of indices: with `vectors`, `through` expected an atom or a point",
                    at: call.span(of: "through"))
            }
            return try context.checkedCut(call, size: call["size"].integers ?? [], miller: nil)
        },
        keepsFinite: { _ in true }, cuts: \.latticePlaneInWords,
        computes: { call, context in
            let arguments = context.arguments(of: call)
            let (density, unit) = try context.density(call["density"])
            let (points, words) = try context.spanned(call, of: density)
            guard points.count == 3 else {
                throw Diagnostic("internal", "a plane is spanned by \(points.count) points", at: call.origin.span)
            }
            let window: PlaneWindow
            if call["window"].isNone {
                let sides = points.dropFirst().map { zip($0, points[0]).map { $0 - $1 } }
                window = try PlaneWindow(lattice: density.lattice, origin: points[0], u: sides[0], v: sides[1])
            } else {
                let sides = try arguments.numbers("window")
                window = try PlaneWindow(
                    lattice: density.lattice, through: points, sides: (sides[0], sides[1]), anchor: arguments.choice("anchor"))
            }
            let picture = try density.plane(
                window, size: arguments.integers("size"), sampling: arguments.choice("sampling"), threads: context.threads)
            return .cut(NumericArray(picture), unit: unit, plane: CutPlane(window, of: density, words))
        }),
])

extension CheckContext {
    /// A call that cuts a density, with its type, after what is known of the crystal was compared with it. `miller`: nil where no indices
    /// name the plane. Throws `bad-plane`, `bad-data`.
    fileprivate func checkedCut(_ call: Call, size: [Int], miller: [Int]?) throws -> Value {
        try located(call.span(of: "size")) { try checkPlaneSize(size) }
        guard call["anchor"].word != "corner" || !call["window"].isNone else {
            throw Diagnostic(
                "missing-argument", "`anchor` is where the point stands in a `window`, and none is given", at: call.span(of: "anchor"),
                hint: "add one, as in `window: [10, 10]`, in A")
        }
        let through = call["through"].record
        if let through, (through["atom"]?.value.isNone ?? true) == (through["height"]?.value.isNone ?? true) {
            throw Diagnostic(
                "bad-plane", "`through` expected `atom` or `height`", at: call.span(of: "through"),
                hint: "as in `through: { atom: 3 }` or `through: { height: 1.2 }`")
        }
        guard let density = try facts(of: call["density"])?.tensor else { return .call(call) }
        if let atoms = density.cell?.atoms {
            var indices = call["atoms"].integers ?? []
            if let atom = through?["atom"]?.value.integer { indices.append(atom) }
            if let wrong = indices.first(where: { !atoms.indices.contains($0) }) {
                throw Diagnostic(
                    "bad-plane",
                    atoms.isEmpty
                        ? "expected a density with atoms, found one without"
                        : "expected an atom from 0 to \(atoms.count - 1), found \(wrong)",
                    at: call.span(of: call["atoms"].isNone ? "through" : "atoms"))
            }
        }
        let namesAxes = miller != nil || !call["vectors"].isNone
        if namesAxes, call["cell"].word == "conventional", let crystal = try density.cell?.crystal() {
            // The symmetry takes some milliseconds to find: here only where it may be at fault.
            let isLarge = miller?.contains { abs($0) > 10 } ?? false
            if isLarge || crystal.atoms.isEmpty || crystal.atoms.contains(where: { $0.element == "X" }) {
                let tolerance = try Arguments(call, library: library).number("tolerance")
                let found = try located(call.span(of: "density")) { try crystal.symmetry(tolerance: tolerance) }
                if let miller { try located(call.span(of: "miller")) { _ = try found.millerInCell(ofConventional: miller) } }
            }
        }
        return call.typed(TensorType(shape: size + [1], unit: density.unit, cut: density.cell))
    }
}

/// A lattice plane, and which it is in words.
private struct NamedPlane {
    var geometry: PlaneGeometry
    var words: String
}

extension ComputeContext {
    /// The plane that indices name, through the point that `through` says.
    fileprivate func namedPlane(_ miller: [Int], _ call: Call, of density: Density) throws -> NamedPlane {
        var indices = miller
        var words = "\(planeIndices(miller)) of the file's cell"
        if call["cell"].word == "conventional" {
            let symmetry = try density.crystal.symmetry(tolerance: arguments(of: call).number("tolerance"))
            indices = try located(call.span(of: "miller")) { try symmetry.millerInCell(ofConventional: miller) }
            words = "\(planeIndices(miller)) of the conventional cell (\(symmetry.symbol)), \(planeIndices(indices)) of the file's"
        }
        let (origin, point) = try located(call.span(of: "through")) { try self.origin(call, of: density, miller: indices) }
        let geometry = try density.planeGeometry(miller: indices, through: origin)
        return NamedPlane(geometry: geometry, words: words + ", through " + point)
    }

    /// The point that a plane passes through, as a phrase too.
    private func origin(_ call: Call, of density: Density, miller: [Int]) throws -> (PlaneOrigin, String) {
        if let point = call["through"].items?.compactMap(\.number), point.count == 3 {
            return (.fractional(point), placePhrase(point))
        }
        if let height = call["through"].record?["height"]?.value.number {
            return (try density.planeOrigin(atHeight: height, miller: miller), "the height \(threeDigits(height)) A")
        }
        let atom = call["through"].record?["atom"]?.value.integer
        guard atom != nil || !density.atoms.isEmpty else { return (.fractional([0, 0, 0]), "the origin") }
        let index = atom ?? 0
        let place = density.atoms.indices.contains(index) ? " at \(placePhrase(density.atoms[index].fractional))" : ""
        return (.atom(index), density.atomPhrase(index) + place)
    }

    /// The part of a lattice plane that is asked for.
    fileprivate func window(of geometry: PlaneGeometry, _ call: Call, in lattice: Lattice) throws -> PlaneWindow {
        let arguments = arguments(of: call)
        if let sides = try arguments.optional("window", arguments.numbers) {
            return try PlaneWindow(geometry, sides: (sides[0], sides[1]), anchor: arguments.choice("anchor"), in: lattice)
        }
        let repeats = try arguments.optional("repeats", arguments.integers) ?? [1, 1]
        return try PlaneWindow(geometry, repeats: (repeats[0], repeats[1]), in: lattice)
    }

    /// Three points of the plane that a call of `planeThrough` asks for, in fractional coordinates: one, and its neighbours along the
    /// sides of the window. Throws `bad-plane`.
    fileprivate func spanned(_ call: Call, of density: Density) throws -> (points: [[Double]], words: String) {
        if let atoms = call["atoms"].integers {
            let places = try located(call.span(of: "atoms")) { try density.places(ofAtoms: atoms) }
            let isMoved = zip(atoms, places).contains { density.atoms[$0].fractional != $1 }
            if isMoved {
                let words = zip(atoms, places).map { "\(density.atomPhrase($0)) at \(placePhrase($1))" }
                return (places, "the plane through " + joinedByAnd(words))
            }
            return (places, "the plane through " + joinedByAnd(atoms.map(density.atomPhrase)))
        }
        func rows(_ name: String) -> [[Double]]? { call[name].items?.map { $0.items?.compactMap(\.number) ?? [] } }
        if let points = rows("points") { return (points, "the plane through " + joinedByAnd(points.map(placePhrase))) }
        var vectors = rows("vectors") ?? []
        var words = "the plane along " + joinedByAnd(vectors.map(placePhrase))
        if call["cell"].word == "conventional" {
            let symmetry = try density.crystal.symmetry(tolerance: arguments(of: call).number("tolerance"))
            vectors = vectors.map { symmetry.conventional.fractional(ofNew: $0) }
            words += " of the conventional cell (\(symmetry.symbol))"
        } else {
            words += " of the file's cell"
        }
        let (origin, phrase) = try self.origin(call, of: density, miller: [0, 0, 1])
        let point = try density.planeGeometry(miller: [0, 0, 1], through: origin).origin
        return ([point] + vectors.map { zip(point, $0).map(+) }, words + ", through " + phrase)
    }
}
