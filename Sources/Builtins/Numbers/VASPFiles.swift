import Densities
import Diagnostics
import Language
import Tensors

/// The parameter for the path of a file of a row.
func pathParameter(_ file: String) -> Parameter {
    Parameter("path", .template, file + "; `{column}` stands for a column of the row, `*` for its id")
}

/// The parameter that says how the files of a pattern meet the rows.
let pairParameter = Parameter(
    "pair", .word(["key": "by the id that `*` stands for", "position": "by position, both sorted naturally"]), .fallback(.word("key")),
    "how the files of a pattern with `*` meet the rows")

/// The builtins that read files in the layout of VASP.
let vaspFiles = Vocabulary([
    source(
        of: .density, "a CHGCAR file, also CHG, PARCHG or AECCAR, plain or packed (gzip, bzip2, xz, zstd)", FieldComponent.allCases,
        """
        The charge density of a file of VASP, divided by the volume of the cell (e/A^3): the total, or with `component` a part that spin \
        makes of it (`chgcar("CHGCAR").up` is the same); the density of spin, up minus down, is in mu_B/A^3. What is named LOCPOT or \
        ELFCAR is refused; numbers that may be no density are a warning.
        """,
        example: "show chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\")"),
    source(
        of: .potential, "a LOCPOT file, plain or packed", [.total, .up, .down, .mx, .my, .mz],
        """
        The local potential of a file of VASP (eV), which is not divided by the volume. Of a spin-polarised calculation there are `up` \
        and `down`, and no total: `locpot("LOCPOT").up`.
        """,
        example: "show locpot(\"data/fields/nospin.LOCPOT\")"),
    source(
        of: .localization, "an ELFCAR file, plain or packed", [.total, .up, .down],
        """
        The electron localisation function (ELF) of a file of VASP, a pure number from 0 to 1. Of a spin-polarised calculation there are \
        `up` and `down`, and no total: `elfcar("ELFCAR").up`.
        """,
        example: "show elfcar(\"data/fields/spin.ELFCAR\", component: up)"),
])

private func source(
    of kind: FieldKind, _ file: String, _ components: [FieldComponent], _ summary: String, example: String
) -> Word<ComputedWord> {
    Word(
        kind.word, family: "Sources",
        [
            pathParameter(file),
            Parameter(
                "component", .word(Choices(components.map { Choice($0.rawValue, $0.phrase) })), .fallback(.word("total")),
                "the part of the file"),
            Parameter(
                "image", .optional(.number(.count())), .fallback(.none),
                "which of several images of a relaxation, counted from 1; `none` is the last"),
            pairParameter,
        ],
        gives: .tensor(FieldMeaning(kind, .total).type), summary, examples: [Example(example)],
        role: .source(argument: "path") { call, path, context in try context.vaspType(kind, call, path: path) },
        check: { call, context in
            let call = call.leavingOut(["component": .word("total"), "image": .none])
            guard let path = context.library.literalPath(of: call) else { return call.typed(FieldMeaning(kind, call.component).type) }
            let written = ["component", "image"].first { call.arguments[$0] != nil } ?? "path"
            return call.typed(try located(call.span(of: written)) { try context.vaspType(kind, call, path: context.resolve(path)) })
        },
        remarks: { call, context in
            try located(context.library.pathSpan(of: call)) { try remarks(on: call, path: context.path(of: call), kind) }
        },
        whole: { call, path in try readVolumetricFile(path: path, kind: kind, image: call["image"].integer) },
        computes: { call, context in
            let path = context.path(of: call)
            let component = call.component
            return try located(context.library.pathSpan(of: call)) {
                if case .tensor(let type) = call.type, let fault = type.cell?.bothSpinsFault { throw fault }
                let read = try FieldFormat.vasp.reading(path) {
                    try readField(
                        path: path, kind: kind, component: component, image: call["image"].integer, refusesNaN: !context.asksForNaN)
                }
                guard let read else { throw NotFinite() }
                if !component.isSpin {
                    let title = kind == .density ? FieldTitle(vaspComment: try readVolumetricHeader(path: path, kind: kind).comment) : nil
                    context.warn(of: read, as: kind, path: path, title: title, hint: kind.otherWords, call)
                }
                return .density(read, unit: FieldMeaning(kind, component).unit)
            }
        })
}

extension FieldKind {
    /// Which words read what a file of the kind may be instead.
    fileprivate var otherWords: String {
        switch self {
        case .density: "`locpot` reads a local potential, `elfcar` an ELF; the density of spin of a CHGCAR is its `.magnetization`"
        case .potential: "`chgcar` reads a charge density"
        case .localization: "`locpot` reads a local potential, `chgcar` a charge density"
        }
    }
}

extension CheckContext {
    /// The type of a field of a file of VASP: by the header of its image, and the blocks that there are. Throws `bad-data`,
    /// `missing-file`, `cannot-read`.
    fileprivate func vaspType(_ kind: FieldKind, _ call: Call, path: String) throws -> TensorType {
        try fieldType(call, .vasp, path: path) {
            let component = call.component
            let image = call["image"].integer
            let isUsual = kind == .density && component == .total && image == nil
            if isUsual, let header = try readHeaderOfOneBlock(path: path, kind: kind) {
                return FieldMeaning(kind, component).type(header.lattice, header.atoms, header.grid)
            }
            return try lastingFieldType(call, path: path) {
                var header = try readVolumetricHeader(path: path, kind: kind)
                do {
                    let contents = try readVolumetricContents(path: path, kind: kind, image: image)
                    if component == .total, contents.components == [.up, .down] {
                        return FieldMeaning.ofBothSpins(kind).type(contents.header.lattice, contents.header.atoms, contents.header.grid)
                    }
                    try contents.check(component, path: path)
                    header = contents.header
                } catch is Diagnostic where isUsual && ((try? hasOneImage(path: path)) ?? true) {
                    // What is wrong behind the header is told when the numbers are read, with the place in them. Of several images
                    // the header of the first is not that of the last.
                }
                return FieldMeaning(kind, component).type(header.lattice, header.atoms, header.grid)
            }
        }
    }
}

/// What is to be said of a file of VASP: which image was read, what else it holds, and what is wrong with it.
private func remarks(on call: Call, path: String, _ kind: FieldKind) throws -> FileRemarks {
    let image = call["image"].integer
    let contents = try readVolumetricContents(path: path, kind: kind, image: image)
    var remarks = FileRemarks()
    if contents.images > 1 { remarks.choice.append("image \(image ?? contents.images) of \(contents.images)") }
    let others = contents.components.filter { $0 != call.component }.map(\.rawValue)
    if !others.isEmpty {
        remarks.others.append(
            "also in the file: \(others.joined(separator: ", "))" + (contents.hasOccupancies ? "; augmentation occupancies" : ""))
    }
    if let fault = contents.fault {
        let line = fault.data?.line.map { " line \($0):" } ?? ""
        remarks.others.append("the file is not whole:\(line) \(fault.message)")
    }
    return remarks
}
