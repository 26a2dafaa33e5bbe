import Diagnostics
import Storage

/// A way through one image of a volumetric file, to its end: which of its blocks are read, and how far the file must be sound.
struct VolumetricPlan {
    /// The blocks whose numbers are read, from 0; nil for all.
    var read: Set<Int>?
    /// The last block that must be there; behind it faults end the walk and are noted alone. Nil: all of the image must be sound.
    var last: Int?
    /// Whether there must be no block behind the last one.
    var isWhole = false
    /// Whether what follows the image is no matter, since it was asked for by its number.
    var isOfNumber = false
    /// Whether a number of a grid that is not finite ends the walk with `NotFiniteNumber`, and not with a diagnostic.
    var tellsNotFinite = false

    /// All numbers, occupancies and all.
    static let everything = Self(read: nil, last: nil)
    /// Nothing but what there is.
    static let contents = Self(read: [], last: 0)

    /// The way to a component.
    static func component(_ component: FieldComponent, of kind: FieldKind) -> Self {
        let (read, last) = component.blocks(of: kind)
        // The first block of a density is the total whatever follows.
        return Self(read: read, last: last, isWhole: component != .total || kind != .density)
    }

    func reads(_ block: Int) -> Bool { read?.contains(block) ?? true }
    func needs(_ block: Int) -> Bool { last.map { block <= $0 } ?? true }
    var keepsAll: Bool { read == nil }
}

/// The error of a walk that met a number which is not finite, where that is all that was asked.
struct NotFiniteNumber: Error {}

/// What a walk found of one image.
struct VolumetricImage {
    var header: DensityHeader
    var headerText = ""
    /// The numbers of the blocks that were read.
    var stored: [Int: [Double]] = [:]
    /// The numbers in front of each block, and the occupancies behind it, where all is kept.
    var atomNumbers: [Int: [Double]] = [:], occupancies: [Int: [VolumetricFile.Occupancies]] = [:]
    /// The blocks that were passed, whole, and whether a further one begins behind the last that was to be there.
    var blocks = 0, hasMore = false
    var hasOccupancies = false
    /// Whether a further image follows.
    var isFollowed = false
    /// What is wrong behind what had to be sound.
    var fault: Diagnostic?
    /// Whether that is a line which belongs to no part of the image: a further one may begin with it, and be cut off.
    var isStray = false
}

extension TextPieces {
    /// Walks through the image that begins at `place`. Throws `cannot-read` and `bad-data`.
    func image(_ plan: VolumetricPlan) throws -> VolumetricImage {
        var image = try parse { cursor in
            let start = cursor.place
            let header = try cursor.densityHeader()
            let text = Token(start: start, count: cursor.place - start)
            return VolumetricImage(header: header, headerText: plan.keepsAll ? String(validating: text, as: UTF8.self) ?? "" : "")
        }
        try walk(plan, &image)
        return image
    }

    /// Walks through what is behind the first block of an image of this header, which ends at `place`. What is wrong there is noted.
    func image(behindFirstBlockOf header: DensityHeader, width: Int?) throws -> VolumetricImage {
        try parse { try $0.endOfRow(header.grid, width: width) }
        var image = VolumetricImage(header: header, blocks: 1)
        try walk(.contents, &image, isBehindBlock: true)
        return image
    }

    private func walk(_ plan: VolumetricPlan, _ image: inout VolumetricImage, isBehindBlock: Bool = false) throws {
        var index = 0
        while true {
            var isChecked = plan.needs(index)
            do {
                if index > 0 || !isBehindBlock { try block(index, plan, &image) }
                image.blocks = index + 1
                isChecked = plan.needs(index + 1) || plan.reads(index)
                guard try tail(index, plan, &image, isKnown: { isChecked = plan.needs(index + 1) }) else { return }
            } catch let fault as Diagnostic where !isChecked || plan.isOfNumber && image.isStray {
                image.fault = fault
                return
            } catch let fault as Diagnostic {
                throw fault.inBlock(index, of: plan, hasFirst: image.blocks > 0)
            }
            index += 1
        }
    }

    private typealias Token = TextCursor.Token

    private func block(_ index: Int, _ plan: VolumetricPlan, _ image: inout VolumetricImage) throws {
        let grid = image.header.grid
        let row = try firstRow()
        // Nothing is read or asked for on the word of a header alone.
        guard let points = gridPoints(grid), points <= mostLeft / 2 + 1 else {
            throw faultAtLine("expected \(valuesText(grid)), found a file too short for them")
        }
        if plan.reads(index) {
            var isFinite = true
            do {
                image.stored[index] = try block(on: grid, divisor: 1, isFinite: &isFinite)
            } catch  where !isFinite && plan.tellsNotFinite {
                throw NotFiniteNumber()
            }
        } else {
            let found = try skipWords(points)
            guard found == points else {
                var fault = cursor.endFault("")
                fault.message = "expected \(valuesText(grid)), found \(found) before the end of the file"
                throw fault
            }
        }
        try cursor.checkLastWord("the whole of the last of \(valuesText(grid))", first: row.firstLength)
        try parse { try $0.endOfRow(grid, width: row.width) }
    }

    /// Reads what stands between a block and the next, and tells whether there is one that is to be walked. `isKnown` is called when
    /// the first thing behind the block has shown what it is.
    private func tail(_ index: Int, _ plan: VolumetricPlan, _ image: inout VolumetricImage, isKnown: () -> Void) throws -> Bool {
        let header = image.header
        var numbers: [Double] = []
        var records: [VolumetricFile.Occupancies] = []
        var known: Set<[Int]> = []
        var areRows = true
        let isLast = plan.last == index
        while true {
            // Until the line has shown to be one of the image.
            image.isStray = true
            switch try parse({ try $0.following(header, numbers: numbers.count) }) {
            case .occupancies(let line):
                image.isStray = false
                isKnown()
                image.hasOccupancies = true
                guard let line, line.atom <= header.atoms.count else {
                    throw faultAtLine("expected the number of an atom and that of its augmentation occupancies, found another line")
                }
                guard known.insert([line.atom, line.isImaginary ? 1 : 0]).inserted else {
                    throw faultAtLine("expected the augmentation occupancies of each atom once, found those of atom \(line.atom) twice")
                }
                records.append(try occupancies(line, keeps: plan.keepsAll))
            case .numbers(let values):
                // VASP's rows of them are full but for the last one; a header that is cut off has lines of one number and of three.
                areRows = areRows && values.count >= min(5, header.atoms.count - numbers.count)
                numbers += values
                guard numbers.count <= header.atoms.count else { throw faultAtLine("expected \(valuesText(header.grid)), found more") }
            case .grid:
                image.isStray = false
                isKnown()
                if plan.keepsAll {
                    image.atomNumbers[index + 1] = numbers
                    image.occupancies[index] = try checked(records, image, index, atEnd: false)
                }
                if isLast, plan.isWhole { image.hasMore = true }
                return true
            case .image:
                image.isFollowed = true
                fallthrough
            case .end:
                guard numbers.isEmpty || !records.isEmpty else { throw faultAtLine("expected \(valuesText(header.grid)), found more") }
                image.isStray = !areRows
                isKnown()
                guard numbers.isEmpty else {
                    throw faultAtLine(
                        "expected a number for each of \(header.atoms.count) atoms and a further grid, found \(numbers.count) and the end"
                    )
                }
                if plan.keepsAll { image.occupancies[index] = try checked(records, image, index, atEnd: true) }
                return false
            }
        }
    }

    private func faultAtLine(_ message: String) -> Diagnostic { cursor.lineFault(message) }
}

extension Diagnostic {
    /// The diagnostic with a remark that tells which block is meant, where it is not the first, and how to go on where all of a file was
    /// asked for and the first block is whole.
    fileprivate func inBlock(_ index: Int, of plan: VolumetricPlan, hasFirst: Bool) -> Diagnostic {
        var copy = self
        if index > 0 { copy.notes.append("this is block \(index + 1) of the file; the total is block 1") }
        if hasFirst, plan.keepsAll { copy.hints.append(firstBlockAlone) }
        return copy
    }
}

/// What to do with a file of which only the first block can be read.
let firstBlockAlone = "to go on with the first block alone, without spin and occupancies, multiply it by 1, as in `chgcar(\"CHGCAR\") * 1`"
