import CSupport
import Diagnostics
import Storage

extension TextPieces {
    /// The bytes of text from which on several threads read one block: what takes one of them some milliseconds.
    static let sharedFrom = 1 << 22

    /// Reads one number for each point of the grid, x fastest, and returns them divided by `divisor`, z fastest. Leaves `place` behind
    /// the last number. `threads`: how many read; what they read does not depend on it. Throws `bad-data` for too few numbers, or
    /// anything else among them; where that is a number that is not finite, `isFinite` becomes false.
    func block(on grid: [Int], divisor: Double, isFinite: inout Bool, threads: Int? = nil) throws -> [Double] {
        try checkRoom(for: grid)
        let order = GridOrder(grid)
        let first = placeInText
        var found = 0
        // A grid of a number that takes two bytes is the shortest; that of 18 the usual one.
        let usual = order.points >= Self.sharedFrom / 16 && mostLeft >= Self.sharedFrom ? processors() : 1
        let readers = max(1, threads ?? usual)
        let values = try [Double](unsafeUninitializedCapacity: order.points) { target, count in
            guard let out = target.baseAddress else { return }
            ecdx_memory_in_large_pages(out, order.points * MemoryLayout<Double>.stride)
            if readers > 1 {
                found = try SharedBlock(self, order, divisor: divisor, out: out, threads: readers).read()
            } else {
                found = try read(order, divisor: divisor, into: out)
            }
            guard found == order.points else { throw fault(on: grid, found: found, since: first, isFinite: &isFinite) }
            count = found
        }
        return values
    }

    /// Reads as many numbers as there are, up to those of a grid, and moves `place` behind them. Throws as `read`.
    private func read(_ order: GridOrder, divisor: Double, into out: UnsafeMutablePointer<Double>) throws -> Int {
        let gathered = UnsafeMutablePointer<Double>.allocate(capacity: order.room)
        defer { gathered.deallocate() }
        var run = NumberRun()
        var found = 0
        for slab in 0..<order.slabs {
            let end = found + order.count(of: slab)
            while found < end {
                let (offset, most) = order.place(of: found)
                var p = place
                let words = endOfWords
                let count = run.read(&p, end: words, into: gathered + offset, most: most)
                if divisor != 1 { divide(gathered + offset, count, by: divisor, into: gathered + offset) }
                place = p
                found += count
                guard count < most else { continue }
                if p < words || isLast { return found }
                place = try more(from: p)
            }
            order.put(slab, gathered, into: out)
        }
        return found
    }

    /// Checks that the text behind `place` can hold a grid. Throws as `checkRoom` of the cursor.
    private func checkRoom(for grid: [Int]) throws {
        try cursor.checkRoom(for: grid, bytes: mostLeft)
        // Of a long packed file only reading it tells the length. It has more bytes than numbers, unless these repeat themselves much:
        // then it is read twice, so that no memory is asked for on the word of a header alone.
        guard !knowsLength, let points = gridPoints(grid), points > stored else { return }
        try cursor.checkRoom(for: grid, bytes: countedLength() - placeInText)
    }

    /// The fault of what stands behind `place` and blanks instead of number `found` of a block that begins `first` bytes after the text.
    private func fault(on grid: [Int], found: Int, since first: Int, isFinite: inout Bool) -> Diagnostic {
        var p = place
        while p < end, isBlank(p.pointee) { p += 1 }
        let cursor = cursor
        if p == end {
            place = p
            // Now the length of a packed file is known as well.
            do { try cursor.checkRoom(for: grid, bytes: placeInText - first) } catch { return error }
        }
        var fault = cursor.blockFault(at: p, grid: grid, found: found)
        isFinite = !cursor.isNotFinite(at: p)
        if !isFinite { fault.hints = ["`missing: drop` in a data set leaves out rows with such a file"] }
        return fault
    }
}

/// The processors that this process may use, of which more than eight are of no use to one file.
private func processors() -> Int { min(8, Int(ecdx_processors())) }

/// A chunk of the text and the numbers in it.
private final class Part {
    let chunk = TextChunk()
    private(set) var numbers = UnsafeMutablePointer<Double>.allocate(capacity: 1 << 14)
    private var capacity = 1 << 14
    /// The numbers that were read, and later those that are wanted.
    var count = 0
    /// Where reading stopped.
    private(set) var place = TextPieces.nothing
    /// The numbers of the block before these.
    var start = 0

    deinit { numbers.deallocate() }

    /// Reads the numbers of the chunk up to the first word that is none.
    func read(_ run: inout NumberRun) {
        // The most numbers that there can be, of a digit and a blank each.
        let most = (chunk.end - chunk.start) / 2 + 1
        place = chunk.start
        count = 0
        while true {
            count += run.read(&place, end: chunk.end, into: numbers + count, most: min(capacity, most) - count)
            guard count == capacity, count < most else { return }
            let larger = UnsafeMutablePointer<Double>.allocate(capacity: 2 * capacity)
            larger.update(from: numbers, count: count)
            numbers.deallocate()
            numbers = larger
            capacity *= 2
        }
    }
}

/// A block of numbers that several threads read, each a chunk of the text at a time.
///
/// A thread takes the next chunk and reads its numbers. Only when the chunks before it were read is it known where they belong: then
/// they are gathered, by whoever read the last of those before, and whoever completes a gathering puts it in its place. Where a chunk
/// holds anything but numbers, or more than are wanted, the text is put back from there on, and what is wrong is told from it as if one
/// thread had read.
private final class SharedBlock: @unchecked Sendable {
    private let text: TextPieces, order: GridOrder, divisor: Double, out: UnsafeMutablePointer<Double>, threads: Int

    /// Held by who reads the text, and guards the next two.
    private let reading = Monitor()
    private var chunks = 0
    private var readFault: (any Error)?

    /// Guards what follows.
    private let state = Monitor()
    /// The chunk whose numbers are wanted next, the numbers before it, and the chunks behind it that were read.
    private var turn = 0
    private var found = 0
    private var waiting: [Int: Part] = [:]
    /// Parts that serve again.
    private var spare: [Part] = []
    /// Chunks to be put back, and the place from which on.
    private var kept: [TextChunk] = []
    private var stop: UnsafePointer<UInt8>?
    /// Gatherings in the making: the memory of one is that of its remainder by their number, once it is below `free`.
    private let gathered: [UnsafeMutablePointer<Double>]
    private var missing: [Int]
    private var isPut: [Bool]
    private var free: Int

    init(_ text: TextPieces, _ order: GridOrder, divisor: Double, out: UnsafeMutablePointer<Double>, threads: Int) {
        (self.text, self.order, self.divisor, self.out, self.threads) = (text, order, divisor, out, threads)
        let slots = min(2, order.slabs)
        gathered = (0..<slots).map { _ in UnsafeMutablePointer<Double>.allocate(capacity: order.room) }
        missing = (0..<order.slabs).map(order.count)
        isPut = Array(repeating: false, count: order.slabs)
        free = slots
    }

    deinit { for memory in gathered { memory.deallocate() } }

    /// Reads as many numbers as there are, up to those of the grid, and moves the place of the text behind them. Throws as `TextPieces`.
    func read() throws -> Int {
        concurrently(threads, threads: threads) { _ in self.work() }
        if let readFault, stop == nil || !text.isExact { throw readFault }
        if let stop { try text.putBack(kept, from: stop) }
        return found
    }

    private func work() {
        var run = NumberRun()
        while let (number, part) = take() {
            part.read(&run)
            for ready in tell(number, part) {
                gather(ready.numbers, ready.count, from: ready.start)
                state.locked { spare.append(ready) }
            }
        }
    }

    /// Takes the next chunk and gives it with its number; nil where there is none, or none is wanted.
    private func take() -> (Int, Part)? {
        reading.locked {
            guard readFault == nil else { return nil }
            // Nobody runs far ahead of a thread that the system has stopped.
            let free = state.locked { () -> Part? in
                state.wait { stop != nil || chunks - turn < 3 * threads }
                return stop == nil ? spare.popLast() ?? Part() : nil
            }
            guard let part = free else { return nil }
            do {
                guard try text.take(into: part.chunk) else { return nil }
                chunks += 1
                return (chunks - 1, part)
            } catch {
                readFault = error
                return nil
            }
        }
    }

    /// Tells that a chunk was read, and gives those that are known by that to be next, with the number of the first number of each and
    /// the count of those that are wanted.
    private func tell(_ number: Int, _ part: Part) -> [Part] {
        state.locked {
            waiting[number] = part
            var ready: [Part] = []
            while let next = waiting.removeValue(forKey: turn) {
                turn += 1
                guard stop == nil else {
                    kept.append(next.chunk)
                    continue
                }
                next.start = found
                next.count = min(next.count, order.points - found)
                found += next.count
                if found == order.points || next.place < next.chunk.end {
                    kept.append(next.chunk)
                    stop = found == order.points ? place(behind: next.count, of: next.chunk) : next.place
                }
                ready.append(next)
            }
            state.wakeAll()
            return ready
        }
    }

    /// The place right behind some numbers of a chunk.
    private func place(behind count: Int, of chunk: TextChunk) -> UnsafePointer<UInt8> {
        var place = chunk.start
        for _ in 0..<count {
            while place < chunk.end, isBlank(place.pointee) { place += 1 }
            while place < chunk.end, !isBlank(place.pointee) { place += 1 }
        }
        return place
    }

    /// Gathers numbers, the first of which is number `start` of the file.
    private func gather(_ numbers: UnsafePointer<Double>, _ count: Int, from start: Int) {
        var done = 0
        while done < count {
            let slab = (start + done) / (order.plane * order.depth)
            let (offset, follow) = order.place(of: start + done)
            let some = min(follow, count - done)
            let memory = gathered[slab % gathered.count]
            state.locked { state.wait { slab < free } }
            divide(numbers + done, some, by: divisor, into: memory + offset)
            done += some
            let isComplete = state.locked {
                missing[slab] -= some
                return missing[slab] == 0
            }
            guard isComplete else { continue }
            order.put(slab, memory, into: out)
            state.locked {
                isPut[slab] = true
                while free - gathered.count < isPut.count, isPut[free - gathered.count] { free += 1 }
                state.wakeAll()
            }
        }
    }
}
