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

/// A block of numbers that several threads read, each a chunk of the text at a time.
///
/// A thread takes the next chunk and reads its numbers. Only when the chunks before it have told how many they hold is it known where
/// they belong: then they are gathered, and whoever completes a gathering puts it in its place. Where a chunk holds anything but
/// numbers, or more than are wanted, the text is put back from there on, and what is wrong is told from it as if one thread had read.
private final class SharedBlock: @unchecked Sendable {
    private let text: TextPieces, order: GridOrder, divisor: Double, out: UnsafeMutablePointer<Double>, threads: Int

    /// Held by who reads the text, and guards the next two.
    private let reading = Monitor()
    private var chunks = 0
    private var readFault: (any Error)?

    /// Guards what follows.
    private let state = Monitor()
    /// The chunk that is told next, and the numbers before it.
    private var turn = 0
    private var found = 0
    /// Chunks to be put back, and the place from which on.
    private var kept: [TextChunk] = []
    private var stop: UnsafePointer<UInt8>?
    /// Gatherings in the making: the memory of `slab` is that of its remainder by their number, once `slab` is below `free`.
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
        let chunk = TextChunk()
        var run = NumberRun()
        var capacity = 1 << 15
        var numbers = UnsafeMutablePointer<Double>.allocate(capacity: capacity)
        defer { numbers.deallocate() }
        while let number = take(chunk) {
            // The most numbers that there can be, of a digit and a blank each.
            let most = (chunk.end - chunk.start) / 2 + 1
            var place = chunk.start
            var count = 0
            while true {
                count += run.read(&place, end: chunk.end, into: numbers + count, most: min(capacity, most) - count)
                guard count == capacity, count < most else { break }
                let larger = UnsafeMutablePointer<Double>.allocate(capacity: 2 * capacity)
                larger.update(from: numbers, count: count)
                numbers.deallocate()
                numbers = larger
                capacity *= 2
            }
            guard let start = tell(number, chunk, count, place) else { return }
            count = min(count, order.points - start)
            gather(numbers, count, from: start)
            if place < chunk.end { return }
        }
    }

    /// Takes the next chunk and gives its number; nil where there is none, or none is wanted.
    private func take(_ chunk: TextChunk) -> Int? {
        reading.locked {
            guard readFault == nil, !state.locked({ stop != nil }) else { return nil }
            do {
                guard try text.take(into: chunk) else { return nil }
                chunks += 1
                return chunks - 1
            } catch {
                readFault = error
                return nil
            }
        }
    }

    /// Waits for the turn of a chunk, tells how many numbers it holds before `place`, and gives how many are before it; nil where none of
    /// them is wanted.
    private func tell(_ number: Int, _ chunk: TextChunk, _ count: Int, _ place: UnsafePointer<UInt8>) -> Int? {
        state.locked {
            state.wait { turn == number }
            defer {
                turn += 1
                state.wakeAll()
            }
            guard stop == nil else {
                kept.append(chunk)
                return nil
            }
            let start = found
            let wanted = min(count, order.points - start)
            found += wanted
            if found == order.points || place < chunk.end {
                kept.append(chunk)
                stop = found == order.points ? self.place(behind: wanted, of: chunk) : place
            }
            return start
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
