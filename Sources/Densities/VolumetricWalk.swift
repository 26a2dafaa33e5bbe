import Diagnostics
import Storage

/// A way through one image of a volumetric file: which of its blocks are read, and how far the file must be sound.
struct VolumetricPlan {
    /// Where the walk ends behind the last block that must be there.
    enum Stop {
        /// As soon as what follows it is known.
        case atOnce
        /// Where it is known whether there is a further block.
        case atNextBlock
        /// At the end of the image.
        case atEnd
    }

    /// The blocks whose numbers are read, from 0; nil for all.
    var read: Set<Int>?
    /// The last block that must be there; behind it faults end the walk and are noted alone. Nil: all of the image must be sound.
    var last: Int?
    var stop: Stop
    /// Whether a number of a grid that is not finite ends the walk with `NotFiniteNumber`, and not with a diagnostic.
    var tellsNotFinite = false

    /// All numbers, occupancies and all.
    static let everything = Self(read: nil, last: nil, stop: .atEnd)
    /// Nothing but what there is.
    static let contents = Self(read: [], last: 0, stop: .atEnd)

    /// The way to a component.
    static func component(_ component: FieldComponent, of kind: FieldKind) -> Self {
        let (read, last) = component.blocks(of: kind)
        // The first block of a density is the total whatever follows.
        return Self(read: read, last: last, stop: component == .total && kind == .density ? .atOnce : .atNextBlock)
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
    /// The blocks that were passed, whole, and whether a further one begins where the walk stopped.
    var blocks = 0, hasMore = false
    var hasOccupancies = false
    /// Whether a further image follows.
    var isFollowed = false
    /// What is wrong behind what had to be sound.
    var fault: Diagnostic?
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
        var index = 0
        while true {
            var isChecked = plan.needs(index)
            do {
                try block(index, plan, &image)
                image.blocks = index + 1
                isChecked = plan.needs(index + 1) || plan.reads(index)
                guard try tail(index, plan, &image, isKnown: { isChecked = plan.needs(index + 1) }) else { return image }
            } catch let fault as Diagnostic where !isChecked {
                image.fault = fault
                return image
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
        let isLast = plan.last == index
        while true {
            switch try parse({ try $0.following(header, numbers: numbers.count) }) {
            case .occupancies(let line):
                isKnown()
                image.hasOccupancies = true
                if isLast, plan.stop == .atOnce { return false }
                guard let line, line.atom <= header.atoms.count else {
                    throw faultAtLine("expected the number of an atom and that of its augmentation occupancies, found another line")
                }
                guard known.insert([line.atom, line.isImaginary ? 1 : 0]).inserted else {
                    throw faultAtLine("expected the augmentation occupancies of each atom once, found those of atom \(line.atom) twice")
                }
                records.append(try occupancies(line, keeps: plan.keepsAll))
            case .numbers(let values):
                numbers += values
                guard numbers.count <= header.atoms.count else { throw faultAtLine("expected \(valuesText(header.grid)), found more") }
            case .grid:
                isKnown()
                if plan.keepsAll {
                    image.atomNumbers[index + 1] = numbers
                    image.occupancies[index] = try checked(records, image, index, atEnd: false)
                }
                image.hasMore = isLast && plan.stop == .atNextBlock
                return !isLast || plan.stop == .atEnd
            case .image:
                image.isFollowed = true
                fallthrough
            case .end:
                guard numbers.isEmpty || !records.isEmpty else { throw faultAtLine("expected \(valuesText(header.grid)), found more") }
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
