import TestSupport
import Testing

@testable import Densities
@testable import Storage

/// Where a grid lies in its file, and what it spans, goes with the density.
@Suite(.timed) struct GridFrameTests {
    /// A crystal of one atom in a cube of 4 A, and a grid of 3x3x3 points over a box of this edge, none of whose planes repeat.
    private func xsf(head: String = "CRYSTAL\nPRIMVEC\n4 0 0\n0 4 0\n0 0 4\nPRIMCOORD\n1 1\nSi 0 0 0\n", edge: Int) -> String {
        """
        \(head)BEGIN_BLOCK_DATAGRID_3D
        a
        BEGIN_DATAGRID_3D_rho
        3 3 3
        1 1 1
        \(edge) 0 0
        0 \(edge) 0
        0 0 \(edge)
        \((1...27).map(String.init).joined(separator: " "))
        END_DATAGRID_3D
        END_BLOCK_DATAGRID_3D

        """
    }

    private func frame(_ text: String, _ planes: XSFPlanes = .told) throws -> GridFrame {
        try withFile("a.xsf", Array(text.utf8)) { try readXSF(path: $0, planes: planes).density.frame }
    }

    @Test func gridsOfXSFTellWhatTheySpan() throws {
        #expect(try frame(xsf(edge: 4)) == GridFrame(origin: [1, 1, 1]))
        #expect(try frame(xsf(edge: 2)) == GridFrame(origin: [1, 1, 1], extent: .part))
        #expect(try frame(xsf(edge: 2), .box).extent == .box)
        #expect(try frame(xsf(head: "MOLECULE\nATOMS\nSi 0 0 0\n", edge: 2)).extent == .box)
        try withFile("a.xsf", Array(xsf(edge: 2).utf8)) { path in
            let summary = try readFieldSummary(path: path)
            #expect(summary.electrons == nil && summary.extent == .part)
            #expect(summary.warnings == ["the grid fills no cell of the crystal but a box in it"])
        }
    }

    @Test func cubesKeepTheirOriginAndCharges() throws {
        let density = try readCube(path: field("negative-counts-angstrom.cube"))
        #expect(density.frame == GridFrame(origin: [-0.793766, 0.370424, 1.058354], extent: .untold))
        #expect(density.charges == [4, 4] && density.frame.isMoved)
        #expect(try density.regridded(to: [2, 2, 2]).frame == density.frame)
        #expect(try density.supercell([[2, 0, 0], [0, 1, 0], [0, 0, 1]]).charges == [])
        try withFile("b.cube", []) { path in
            try writeCube(density, to: path, digits: 17)
            let again = try readCube(path: path)
            #expect(again.charges == [4, 4] && zip(again.frame.origin, density.frame.origin).allSatisfy { abs($0 - $1) < 1e-11 })
            #expect(zip(again.atoms[1].fractional, density.atoms[1].fractional).allSatisfy { abs($0 - $1) < 1e-11 })
        }
    }
}
