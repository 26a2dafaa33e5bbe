import CSupport
import Diagnostics
import TestSupport
import Testing

@testable import Densities
@testable import Storage

@Suite(.timed) struct GzipTests {
    private func sample() throws -> [UInt8] { try bytes(of: crystal("C-diamond.CHGCAR.gz")) }

    @Test func readsSeveralMembersAndUnknownSizes() throws {
        let plain = try FileBytes.read(path: crystal("C-diamond.CHGCAR.gz")).withBytes { Array($0) }
        let gzip = try sample()
        #expect(plain.count > 40_000 && plain.starts(with: "C-diamond".utf8))
        try withFile("twice.gz", gzip + gzip) { path in
            let both = try FileBytes.read(path: path).withBytes { Array($0) }
            #expect(both == plain + plain)
        }
        // By content, not by name, and the same through the head.
        try withFile("CHGCAR", gzip) { path in
            let found = try FileBytes.read(path: path).withBytes { Array($0) }
            #expect(found == plain)
            let head = try FileBytes.head(path: path, wanted: 1000).withBytes { Array($0) }
            #expect(head == Array(plain.prefix(1000)))
        }
        try withFile("plain.gz", plain) { path in
            let found = try FileBytes.read(path: path).withBytes { Array($0) }
            #expect(found == plain)
        }
    }

    @Test func refusesEveryTruncation() throws {
        let gzip = try sample()
        for count in [2, 3, 9, 10, 11, 17, 18, 19, 100, gzip.count / 2, gzip.count - 9, gzip.count - 8, gzip.count - 4, gzip.count - 1] {
            try withFile("cut.gz", Array(gzip.prefix(count))) { path in
                let found = diagnostic { _ = try readCHGCAR(path: path) }
                #expect(found.id == "bad-data" && found.message.contains("cut off"), "\(count): \(found)")
            }
        }
    }

    @Test func refusesDamage() throws {
        let gzip = try sample()
        for place in [2, 3, 40, gzip.count / 2, gzip.count - 8, gzip.count - 1] {
            var damaged = gzip
            damaged[place] ^= 0x41
            try withFile("damaged.gz", damaged) { path in
                let found = diagnostic { _ = try readCHGCAR(path: path) }
                #expect(found.id == "bad-data", "\(place): \(found)")
            }
        }
        try withFile("tail.gz", gzip + Array("tail".utf8)) { path in
            try expectFault("bad-data") { _ = try readCHGCAR(path: path) }
        }
    }

    /// The bound on what a file may unpack to holds whether its trailer owns up to the size or lies.
    @Test func refusesToUnpackWithoutBound() throws {
        let gzip = try sample()
        let text = try FileBytes.read(path: crystal("C-diamond.CHGCAR.gz")).count
        for size in [text, 5, 0, Int(UInt32.max)] {
            let lying = gzip.dropLast(4) + (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }
            try withFile("bomb.gz", Array(lying)) { path in
                for (slack, enough) in [(100, false), (text - 1, false), (text, true)] {
                    var out = ecdx_bytes()
                    var message = [CChar](repeating: 0, count: 256)
                    let status = ecdx_bytes_read(path, slack, 0, &out, &message, message.count)
                    let found = String(cBuffer: message)
                    if enough && size == text {
                        #expect(status == 0 && out.count == text)
                    } else {
                        #expect(status == 1 && out.bytes == nil)
                    }
                    if !enough { #expect(found.hasPrefix("unpacks to more than \(slack) bytes"), "\(size): \(found)") }
                    ecdx_bytes_free(&out)
                }
            }
        }
    }

    @Test func readsTheHeaderOfACrystal() throws {
        let header = try readCHGCARHeader(path: crystal("Al-fcc.CHGCAR.gz"))
        #expect(header.grid == [20, 20, 20] && header.atoms.count == 1)
        #expect(header.comment == "Al-fcc valence pseudo density, GPAW PBE PW400")
    }
}
