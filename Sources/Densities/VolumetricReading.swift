import Diagnostics
import Storage

/// Reads a file in the layout of VASP: CHGCAR, CHG, AECCAR, PARCHG, LOCPOT or ELFCAR, plain or packed as `readCHGCAR` takes it.
///
/// `component` nil reads everything, with the numbers of the atoms and the augmentation occupancies; a component reads no more of the
/// file than it takes, and what is wrong behind it is not looked at. `kind` nil takes the kind that the name of the file tells, or else
/// its numbers. `image` nil reads the last image of a relaxation; `images` of the result says how many there are.
///
/// Numbers are kept as the file has them (`stored`), x running fastest in the file and z in the result. Formats: VASP manual, pages
/// "CHGCAR", "LOCPOT" and "ELFCAR". Throws `cannot-read`, and `bad-data` with the line for whatever is no such file, for a component or
/// an image that it does not have, and for a kind that its name or its augmentation occupancies contradict.
public func readVolumetricFile(
    path: String, kind: FieldKind? = nil, component: FieldComponent? = nil, image: Int? = nil
) throws -> VolumetricFile {
    try VolumetricReader(path: path, said: kind).read(component, image: image)
}

/// Reads one component of a file in the layout of VASP as a field on the grid of the crystal, in the unit of the file's kind: the part
/// of `readVolumetricFile` that most want. Throws what that throws.
public func readVolumetric(
    path: String, kind: FieldKind? = nil, component: FieldComponent = .total, image: Int? = nil
) throws -> Density {
    try readVolumetricFile(path: path, kind: kind, component: component, image: image).density(component)
}

/// Tells what a file in the layout of VASP holds, without reading its numbers: the crystal, the grid, the components, and how many images
/// there are. `image` nil tells it of the last image. Throws `cannot-read`, and `bad-data` where not even the first block is there, or
/// the image is not.
public func readVolumetricContents(path: String, kind: FieldKind? = nil, image: Int? = nil) throws -> VolumetricContents {
    let reader = try VolumetricReader(path: path, said: kind)
    let images = try reader.images()
    var last = images.last
    if let image {
        try reader.check(image, of: images.count)
        if image < images.count || !images.isLastRead { last = try reader.image(image, .contents) }
    } else if let fault = images.fault {
        throw fault
    }
    let kind = reader.kind ?? .density
    try checkKind(kind, hasOccupancies: last.hasOccupancies, path: path)
    // A third block without a fourth is the beginning of four.
    let blocks = last.blocks == 3 ? kind.components(ofBlocks: 4)?.prefix(3) : kind.components(ofBlocks: min(last.blocks, 4))?[...]
    return VolumetricContents(
        kind: kind, kindSource: reader.source, header: last.header, components: derivedComponents(Array(blocks ?? []), kind),
        hasOccupancies: last.hasOccupancies, images: images.count, fault: last.fault)
}

/// Whether a file in the layout of VASP has one image as far as can be told, and not several, of which the last may be cut off. Throws
/// `cannot-read`, and `bad-data` where not even the first block is there.
public func hasOneImage(path: String) throws -> Bool {
    let images = try VolumetricReader(path: path, said: nil).images()
    return images.count == 1 && images.fault == nil
}

/// The images of a file.
struct VolumetricImages {
    /// What is in the last one; where that is cut off too early to be read, in the one before.
    var last: VolumetricImage
    /// How many there are, one that is cut off included.
    var count: Int
    /// Whether `last` is the last one.
    var isLastRead = true
    /// Why it cannot be told which image is the last, or why that one cannot be read.
    var fault: Diagnostic?
}

/// The reading of one file, and what is known of it beforehand.
struct VolumetricReader {
    let path: String
    /// The kind that the caller says or the name tells, and which of the two.
    let kind: FieldKind?, source: VolumetricFile.KindSource?
    /// The bytes of text that are read at once, and the most bytes of a gzip file that is unpacked whole.
    var piece = TextPieces.usualSize, packedWhole = TextPieces.packedWhole
    /// Whether a number of a grid that is not finite is told by `NotFiniteNumber`.
    var tellsNotFinite = false

    /// Throws `bad-data` where the name contradicts what the caller says.
    init(path: String, said: FieldKind?) throws {
        self.path = path
        if let said { try checkKind(said, named: path) }
        let named = FieldKind(fileName: path)
        kind = said ?? named
        source = said != nil ? .caller : named != nil ? .name : nil
    }

    /// Reads a component, or everything.
    func read(_ component: FieldComponent?, image number: Int?) throws -> VolumetricFile {
        guard let component else {
            let (image, place) = try walk(.everything, number)
            guard let first = image.stored[0] else { throw noBlocks(image) }
            let (kind, source) =
                self.kind.map { ($0, self.source ?? .name) } ?? (FieldKind(judging: first, hasOccupancies: image.hasOccupancies), .content)
            guard let components = kind.components(ofBlocks: image.blocks) else { throw noBlocks(image) }
            return try file(image, place, kind, source, components)
        }
        if let kind { return try read(component, of: kind, source ?? .name, number) }
        // The first block is what tells the kind where nothing else does.
        let (image, place) = try walk(.component(.total, of: .density), number)
        let judged = FieldKind(judging: image.stored[0] ?? [], hasOccupancies: image.hasOccupancies)
        if component == .total, judged == .density { return try file(image, place, judged, .content, [.total]) }
        return try read(component, of: judged, .content, number)
    }

    private func read(
        _ component: FieldComponent, of kind: FieldKind, _ source: VolumetricFile.KindSource, _ number: Int?
    ) throws -> VolumetricFile {
        var plan = VolumetricPlan.component(component, of: kind)
        plan.tellsNotFinite = tellsNotFinite
        let (image, place) = try walk(plan, number)
        try checkKind(kind, hasOccupancies: image.hasOccupancies, path: path)
        try check(image, holds: component, of: kind, plan)
        let components = kind.components(ofBlocks: component.blocks(of: kind).last + 1) ?? []
        return try file(image, place, kind, source, components)
    }

    /// Checks that an image has the number of blocks that a component wants. Throws `bad-data`.
    private func check(_ image: VolumetricImage, holds component: FieldComponent, of kind: FieldKind, _ plan: VolumetricPlan) throws {
        let wanted = component.blocks(of: kind).last + 1
        guard image.blocks < wanted || image.hasMore else { return }
        let found = image.hasMore ? kind.components(ofBlocks: wanted < 2 ? 2 : 4) : kind.components(ofBlocks: image.blocks)
        let names = derivedComponents(found ?? [], kind).map { "`\($0.rawValue)`" }.joined(separator: ", ")
        var fault = Diagnostic(
            "bad-data",
            "expected \(component.phrase), found \(kind.phrase) \(image.hasMore ? "of more blocks" : "of \(blocksText(image.blocks))")",
            data: DataPlace(file: path))
        if image.blocks == 1, !image.hasMore { fault.notes = ["a calculation without spin (ISPIN = 1) writes one block alone"] }
        if !names.isEmpty { fault.hints = ["the file has \(names)"] }
        throw fault
    }

    private func blocksText(_ count: Int) -> String { count == 1 ? "one block" : "\(count) blocks" }

    private func noBlocks(_ image: VolumetricImage) -> Diagnostic {
        Diagnostic(
            "bad-data", "expected one, two or four blocks on the \(gridText(image.header.grid)) grid, found \(image.blocks)",
            data: DataPlace(file: path), hint: "read the total alone, without spin and occupancies")
    }

    /// Puts together what was read, and checks it against the kind. Throws `bad-data`.
    private func file(
        _ image: VolumetricImage, _ place: (number: Int, count: Int), _ kind: FieldKind, _ source: VolumetricFile.KindSource,
        _ components: [FieldComponent]
    ) throws -> VolumetricFile {
        let blocks = components.enumerated().compactMap { index, component in
            image.stored[index].map {
                VolumetricFile.Block(
                    component: component, stored: $0, atomNumbers: image.atomNumbers[index] ?? [],
                    occupancies: image.occupancies[index] ?? [])
            }
        }
        let layout = image.headerText.isEmpty ? nil : HeaderLayout(header: image.header, text: image.headerText)
        let file = VolumetricFile(
            kind: kind, kindSource: source, header: image.header, blocks: blocks, image: place.number, images: place.count, layout: layout)
        try checkKind(kind, hasOccupancies: image.hasOccupancies, path: path)
        return file
    }

    // MARK: Images

    private func walk(_ plan: VolumetricPlan, _ number: Int?) throws -> (VolumetricImage, (number: Int, count: Int)) {
        if let number {
            let count = try images().count
            try check(number, of: count)
            var plan = plan
            plan.isOfNumber = !plan.keepsAll
            return (try image(number, plan), (number, count))
        }
        let first = Result { try image(1, plan) }
        if case .success(let image) = first, !image.isFollowed, image.fault == nil { return (image, (1, 1)) }
        // What is wrong with the first of several images does not matter for the last.
        guard let images = try? images() else { return (try first.get(), (1, 1)) }
        if let fault = images.fault { throw fault }
        return (images.count == 1 ? try first.get() : try image(images.count, plan), (images.count, images.count))
    }

    /// Checks that a file of so many images has one of this number. Throws `bad-data`.
    func check(_ number: Int, of count: Int) throws {
        guard number >= 1, number <= count else {
            throw Diagnostic(
                "bad-data", "expected an image from 1 to \(count), found \(number)",
                data: DataPlace(file: path), hint: count == 1 ? "the file has one image" : nil)
        }
    }

    /// Reads an image. Those before it are walked over.
    func image(_ number: Int, _ plan: VolumetricPlan) throws -> VolumetricImage {
        try reading { text in
            for _ in 1..<max(1, number) where try !text.image(.contents).isFollowed { break }
            return try text.image(plan)
        }
    }

    /// Walks over all images. Throws for a file whose first image is wrong.
    func images() throws -> VolumetricImages {
        var images = try reading { text in
            var images = VolumetricImages(last: try text.image(.contents), count: 1)
            while images.last.isFollowed {
                images.count += 1
                do {
                    images.last = try text.image(.contents)
                } catch var fault as Diagnostic {
                    fault.notes.append("this is image \(images.count) of the file")
                    fault.hints = ["`image: \(images.count - 1)` reads the one before"]
                    (images.fault, images.isLastRead) = (fault, false)
                    return images
                }
            }
            // What cannot be told from the beginning of a header that is cut off is taken for one.
            if images.last.isStray, images.last.fault != nil, try text.endsWithin(lines: 6) {
                images.fault = unclear(images, "a further image, which is cut off, seems to begin behind image \(images.count)")
            }
            return images
        }
        // Behind what is wrong in an image the next is not found by walking.
        if images.fault == nil, images.last.fault != nil, try reading({ try $0.countModeLines() }) > images.count {
            images.fault = unclear(images, "further images seem to follow image \(images.count)")
        }
        return images
    }

    /// Whether there is one image alone. Throws what tells that it cannot be told, or that the last of several cannot be read.
    func hasOneImage() throws -> Bool {
        let images = try images()
        if let fault = images.fault { throw fault }
        return images.count == 1
    }

    private func unclear(_ images: VolumetricImages, _ note: String) -> Diagnostic? {
        var fault = images.last.fault
        fault?.notes.append(note)
        fault?.hints = ["`image: \(images.count)` reads that one alone"]
        return fault
    }

    private func reading<R>(_ body: (TextPieces) throws -> R) throws -> R {
        try TextPieces.read(path: path, size: piece, whole: packedWhole) { text in
            // A fault of the packed bytes, which is found at their end, comes before one of the text.
            guard !text.isEmpty else { return Result<R, any Error>.failure(emptyFile(path)) }
            return Result { try body(text) }
        }.get()
    }
}

/// Refuses a file of several images where one is expected. Throws `bad-data`.
func checkIsOneImage(_ path: String) throws {
    guard let images = try? VolumetricReader(path: path, said: nil).images() else { return }
    if let fault = images.fault { throw fault }
    guard images.count > 1 else { return }
    let count = images.count
    throw Diagnostic(
        "bad-data", "expected one image, found \(count), each with a header of its own", data: DataPlace(file: path),
        hint: "say which one to read by its number; the last is image \(count)")
}
