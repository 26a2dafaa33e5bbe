import Densities
import Diagnostics
import Language
import Storage
import Tensors

/// The parameters for what the numbers of a file are that does not tell it itself.
private let quantityParameters = [
    Parameter(
        "quantity", .either([.none, .word(["density": "a density of electrons", "spin": "a density of spin", "other": "another field"])]),
        .fallback(.none),
        "what the numbers are, which the file does not tell; `none` takes a density of electrons"
    ),
    Parameter("per", .word(["bohr": "per bohr^3, as is usual", "angstrom": "per A^3"]), .fallback(.word("bohr")), "what a density is per"),
    Parameter("unit", .optional(.text), .fallback(.none), "with `quantity: other`: of the numbers, such as \"Ha\" or \"Ry\""),
]

/// The builtins that read densities and other fields of other programs than VASP.
let fieldFiles = Vocabulary([
    Word(
        "cube", family: "Sources",
        [
            pathParameter("a Gaussian cube file, plain or packed"),
            Parameter(
                "dataset", .optional(.number(.count(0))), .fallback(.none),
                "which of several values at each point: the number of an orbital where the file lists them, else counted from 1"),
        ] + quantityParameters + [pairParameter],
        gives: anyDensity,
        """
        The density of a Gaussian cube file (e/A^3, from e/bohr^3): of periodic codes the cell that the steps of the grid span. Grid and \
        atoms are in one frame, whose origin is the first point. A cube that `export` wrote tells what its numbers are.
        """,
        examples: [Example("show cube(\"data/fields/triclinic.cube\")")],
        role: .source(argument: "path") { call, path, context in try context.cubeType(call, path: path) },
        check: { call, context in
            let meaning = try call.saidMeaning()
            guard let path = context.library.literalPath(of: call) else { return call.typed(meaning.type) }
            return call.typed(
                try located(context.library.pathSpan(of: call)) { try context.cubeType(call, path: context.resolve(path)) })
        },
        computes: { call, context in
            let path = context.path(of: call)
            return try located(context.library.pathSpan(of: call)) {
                let (density, title) = try FieldFormat.cube.reading(path) {
                    let title = try readCubeHeader(path: path).title
                    let quantity = try call.quantity(toldBy: title)
                    return (try readCube(path: path, dataset: call["dataset"].integer, quantity: quantity), title)
                }
                if call.saysNothing, FieldMeaning(title) == nil {
                    context.warn(of: density, as: .density, path: path, title: title, isNamed: true, hint: quantityHint, call)
                }
                return .density(density, unit: try call.meaning(toldBy: title).unit)
            }
        }),
    Word(
        "xsf", family: "Sources",
        [
            pathParameter("an XSF file of XCrySDen, plain or packed"),
            Parameter(
                "grid", .either([.none, .number(.count()), .text]), .fallback(.none),
                "which of several data grids: its number, counted from 1, or its name in quotes"),
            Parameter(
                "step", .optional(.number(.count())), .fallback(.none), "which step of an animated file; `none` is the last with a grid"),
            Parameter(
                "planes",
                .word([
                    "told": "as the file tells it", "repeated": "its last planes repeat the first", "once": "every point once",
                    "box": "a box that does not repeat",
                ]), .fallback(.word("told")), "how the grid lies in the cell"),
        ] + quantityParameters + [pairParameter],
        gives: anyDensity,
        """
        The density of a data grid of an XSF file (e/A^3; the file states no unit, and e/bohr^3 is the convention). Last planes that \
        repeat the first are cut off.
        """,
        examples: [Example("show xsf(\"data/fields/Al.xsf\").electrons")],
        role: .source(argument: "path") { call, path, context in try context.xsfType(call, path: path) },
        check: { call, context in
            let meaning = try call.saidMeaning()
            guard let path = context.library.literalPath(of: call) else { return call.typed(meaning.type) }
            return call.typed(
                try located(context.library.pathSpan(of: call)) { try context.xsfType(call, path: context.resolve(path)) })
        },
        computes: { call, context in
            let path = context.path(of: call)
            return try located(context.library.pathSpan(of: call)) {
                let field = try call.xsfField(path: path)
                context.warnOfPart(field.density, path, call)
                if call.saysNothing {
                    context.warn(
                        of: field.density, as: .density, path: path, title: field.title, isNamed: true, hint: quantityHint, call)
                }
                return .density(field.density, unit: try call.saidMeaning().unit)
            }
        }),
    Word(
        "mpchgcar", family: "Sources",
        [
            pathParameter("a CHGCAR as JSON, as the Materials Project serves it and pymatgen writes it, plain or packed"),
            Parameter(
                "component", .word(.each(of: FieldComponent.self, \.phrase)), .fallback(.word("total")), "the part of the file"),
            pairParameter,
        ],
        gives: anyDensity,
        """
        The charge density of a CHGCAR that pymatgen made JSON of (e/A^3), as in the parsed calculations of the Materials Project: the \
        numbers are those of `chgcar`.
        """,
        examples: [Example("show mpchgcar(\"data/fields/spin.json.gz\").moment")],
        role: .source(argument: "path") { call, path, context in try context.jsonType(call, path: path) },
        check: { call, context in
            guard let path = context.library.literalPath(of: call) else { return call.typed(FieldMeaning(.density, call.component).type) }
            let written = call.component == .total ? "path" : "component"
            return call.typed(try located(call.span(of: written)) { try context.jsonType(call, path: context.resolve(path)) })
        },
        whole: { _, path in
            let density = try readMaterialsProjectDensity(path: path)
            return try VolumetricFile(density, title: density.comment.isEmpty ? lastName(of: path) : density.comment)
        },
        computes: { call, context in
            let path = context.path(of: call)
            return try located(context.library.pathSpan(of: call)) {
                let density = try FieldFormat.json.reading(path) {
                    try call.component.density(in: try readMaterialsProjectDensity(path: path), path)
                }
                if !call.component.isSpin {
                    context.warn(
                        of: density, as: .density, path: path, isNamed: true, hint: "its density of spin is its `.magnetization`", call)
                }
                return .density(density, unit: FieldMeaning(.density, call.component).unit)
            }
        }),
])

/// How a script says what the numbers of a file are.
private let quantityHint = "say what they are: `quantity: spin`, `quantity: other, unit: \"Ha\"`, or `quantity: density`"

extension Call {
    /// Whether no argument says what the numbers of a file are.
    fileprivate var saysNothing: Bool { self["quantity"].word == nil && saidQuantity == nil && self["unit"].string == nil }

    /// What the numbers of a cube file are, as an argument says it, or else the file.
    fileprivate func meaning(toldBy title: FieldTitle?) throws -> FieldMeaning {
        try saysNothing ? FieldMeaning(title) ?? saidMeaning() : saidMeaning()
    }

    /// What the numbers of a cube file are multiplied by, as an argument says it, or else the file; nil where neither does.
    fileprivate func quantity(toldBy title: FieldTitle?) throws -> GridQuantity? {
        guard saysNothing, let meaning = FieldMeaning(title) else { return saidQuantity }
        return meaning.isPerVolume ? .perCubicBohr : .asWritten
    }

    /// What the arguments say of the numbers of a file; nil where they say nothing.
    fileprivate var saidQuantity: GridQuantity? {
        switch self["quantity"].word {
        case "other": .asWritten
        case nil where self["per"].word != "angstrom": nil
        default: self["per"].word == "angstrom" ? .perCubicAngstrom : .perCubicBohr
        }
    }

    /// The meaning of the numbers of a file, by what is said of it. Throws `unit` and `unknown-unit`.
    fileprivate func saidMeaning() throws -> FieldMeaning {
        let quantity = self["quantity"].word
        let unit = self["unit"].string
        guard quantity == "other" else {
            let meaning = quantity == "spin" ? FieldMeaning.spin : .density
            guard unit == nil || isSameUnit(unit, meaning.unit) else {
                throw Diagnostic(
                    "unit", "a \(meaning.noun) is in \(meaning.unit ?? ""), and `unit` says \(unit ?? "")", at: span(of: "unit"),
                    hint: "say `quantity: other` for numbers that are to stay as they are")
            }
            return meaning
        }
        guard self["per"].word != "angstrom" else {
            throw Diagnostic(
                "unit", "`per: angstrom` is said of a density, and `quantity: other` leaves numbers as they are",
                at: span(of: "per"), hint: "leave out `per`, or `quantity: other`")
        }
        if let given = arguments["unit"] { try checkUnit(given) }
        return .other(unit)
    }

    /// The data grid of an XSF file that the call reads. Throws `bad-data`, `cannot-read`.
    fileprivate func xsfField(path: String) throws -> XSFField {
        try FieldFormat.xsf.reading(path) {
            let grid: XSFChoice? = self["grid"].string.map { .name($0) } ?? self["grid"].integer.map { .number($0) }
            let planes: XSFPlanes =
                switch self["planes"].word {
                case "repeated": .repeated
                case "once": .once
                case "box": .box
                default: .told
                }
            return try readXSF(
                path: path, grid: grid, step: self["step"].integer, planes: planes, quantity: saidQuantity ?? .perCubicBohr)
        }
    }
}

extension FieldComponent {
    /// The component of a density with its spin. Throws `bad-data` where the file has none such.
    fileprivate func density(in file: SpinDensity, _ path: String) throws -> Density {
        let vector = file.magnetizationVector
        let found: Density? =
            switch self {
            case .total: file.total
            case .magnetization: vector.isEmpty ? file.magnetization : nil
            case .up: vector.isEmpty ? file.up : nil
            case .down: vector.isEmpty ? file.down : nil
            case .mx: vector.first
            case .my: vector.count == 3 ? vector[1] : nil
            case .mz: vector.last
            }
        if let found { return found }
        let names =
            !vector.isEmpty ? "`total`, `mx`, `my`, `mz`" : file.magnetization == nil ? "`total`" : "`total`, `magnetization`, `up`, `down`"
        throw Diagnostic(
            "bad-data", "expected \(phrase), found a charge density without it", data: DataPlace(file: path), hint: "the file has \(names)")
    }
}

extension CheckContext {
    /// The type of the density of a cube file, by its header. Throws `bad-data`, `cannot-read`.
    fileprivate func cubeType(_ call: Call, path: String) throws -> TensorType {
        return try fieldType(call, .cube, path: path) {
            let header = try readCubeHeader(path: path)
            try header.check(dataset: call["dataset"].integer, quantity: call.quantity(toldBy: header.title), path: path)
            return try call.meaning(toldBy: header.title).type(header.lattice, header.atoms, header.grid, header.frame)
        }
    }

    /// The type of the density of an XSF file, of which only its planes tell the grid. Throws `bad-data`, `cannot-read`.
    fileprivate func xsfType(_ call: Call, path: String) throws -> TensorType {
        let meaning = try call.saidMeaning()
        return try fieldType(call, .xsf, path: path) {
            try lastingFieldType(call, path: path) { meaning.type(try call.xsfField(path: path).density) }
        }
    }

    /// The type of a density of JSON, whose header stands anywhere in it. Throws `bad-data`, `cannot-read`.
    fileprivate func jsonType(_ call: Call, path: String) throws -> TensorType {
        try fieldType(call, .json, path: path) {
            try lastingFieldType(call, path: path) {
                let density = try call.component.density(in: readMaterialsProjectDensity(path: path), path)
                return FieldMeaning(.density, call.component).type(density)
            }
        }
    }
}
