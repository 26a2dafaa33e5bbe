import Diagnostics

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A zeroed block of memory, aligned for any vector and freed with its owner.
final class Block {
    let base: UnsafeMutableRawPointer
    let bytes: Int
    /// Size of a huge page of memory, in bytes.
    private static let page = 1 << 21

    /// Allocates at least `bytes` bytes of zeros. Throws the diagnostic `engine` where there is not that much memory.
    init(bytes: Int) throws {
        let size = max(bytes, MemoryPlan.alignment)
        let isLarge = size >= Self.page
        var pointer: UnsafeMutableRawPointer?
        guard posix_memalign(&pointer, isLarge ? Self.page : MemoryPlan.alignment, size) == 0, let pointer else {
            throw Diagnostic("engine", "the network needs \(size >> 20) MiB of memory, more than there is", hint: "make the batch smaller")
        }
        // An optimizer reads five long arrays side by side: with small pages much of its time goes into looking up addresses.
        if isLarge { _ = madvise(pointer, size / Self.page * Self.page, Int32(MADV_HUGEPAGE)) }
        memset(pointer, 0, size)
        base = pointer
        self.bytes = size
    }

    deinit { free(base) }

    func floats(at byte: Int = 0) -> UnsafeMutablePointer<Float> { (base + byte).assumingMemoryBound(to: Float.self) }

    func zero() { memset(base, 0, bytes) }
}
