import Diagnostics
import TestSupport
import Testing

@testable import Densities
@testable import Storage

/// Silicon's two atoms in an orthorhombic cell; a 3x2x2 grid whose last planes repeat the first, so that 2x1x1 are left.
private let crystal = """
    # made by hand
    CRYSTAL
    PRIMVEC
     2 0 0
     0 3 0
     0 0 4
    PRIMCOORD
     2 1
     Si 0 0 0
     14 1 1.5 2 0.1 0.2 0.3

    """
private func block(_ grids: String) -> String { "BEGIN_BLOCK_DATAGRID_3D\n a name\n\(grids)END_BLOCK_DATAGRID_3D\n" }
private let repeated = """
    BEGIN_DATAGRID_3D_up
     3 2 2
     0 0 0
     2 0 0
     0 3 0
     0 0 4
     1 5 1 1 5 1
     1 5 1 1 5 1
    END_DATAGRID_3D

    """
private let once = repeated.replacing(" 1 5 1 1 5 1\n 1 5 1 1 5 1\n", with: " 1 2 3 4 5 6\n 7 8 9 10 11 12\n").replacing(
    "_up", with: "_Down")

private func xsf(
    _ text: String, _ wanted: XSFRequest = XSFRequest(quantity: .asWritten), piece: Int = TextPieces.usualSize
) throws -> XSFField {
    try withFile("a.xsf", Array(text.utf8)) { try readXSF(path: $0, wanted, piece: piece, whole: TextPieces.packedWhole) }
}

@Suite(.timed) struct XSFTests {
    @Test func readsGridsAsOthersDo() throws {
        let known = try KnownGrid.all().filter { $0.name.contains(".xsf") }
        #expect(known.count == 6)
        for grid in known {
            for size in [TextPieces.usualSize, 100] {
                let found = try readXSF(
                    path: field(grid.name), XSFRequest(quantity: .asWritten), piece: size, whole: size == 100 ? 0 : 1 << 26)
                // Of the cell of a crystal the vectors with more digits are taken.
                grid.check(found.density, cell: 1e-12)
                #expect(found.cutAxes == Array(repeating: !grid.name.hasPrefix("ase"), count: 3) && found.steps == 1)
            }
        }
        let density = try readXSF(path: field("codes/abinit-si.xsf.gz"))
        #expect(abs(density.density.electrons - 8) < 1e-6 && density.name == "DENSITY")
        #expect(try abs(readXSF(path: field("codes/qe-fe-total.xsf.gz")).density.electrons - 7.999995) < 2e-5)
    }

    @Test func cutsPlanesThatRepeat() throws {
        let found = try xsf(crystal + block(repeated))
        #expect(found.density.grid == [2, 1, 1] && found.density.values == [1, 5] && found.cutAxes == [true, true, true])
        #expect(found.density.atoms == [Atom(element: "Si", fractional: [0, 0, 0]), Atom(element: "Si", fractional: [0.5, 0.5, 0.5])])
        let all = try xsf(crystal + block(once))
        #expect(all.density.grid == [3, 2, 2] && all.cutAxes == [false, false, false] && all.density.lattice.volume == 24)
        #expect(all.density.values == [1, 7, 4, 10, 2, 8, 5, 11, 3, 9, 6, 12])
        // What the caller says counts.
        #expect(try xsf(crystal + block(once), XSFRequest(planes: .repeated, quantity: .asWritten)).density.values == [1, 2])
        let box = try xsf(crystal + block(repeated), XSFRequest(planes: .box, quantity: .asWritten)).density
        #expect(box.grid == [3, 2, 2] && box.lattice.rows == [[3, 0, 0], [0, 6, 0], [0, 0, 8]])
        let mixed = diagnostic {
            try xsf(
                crystal
                    + block(
                        once.replacing("1 2 3 4 5 6", with: "1 2 1 4 5 4").replacing("7 8 9", with: "7 8 7").replacing("12", with: "10")))
        }
        #expect(mixed.message.hasSuffix("found it along a") && mixed.data?.line == 14 && mixed.hints.count == 1)
    }

    @Test func keepsBoxesOfMolecules() throws {
        for head in [
            "MOLECULE\nATOMS\n 8 0 0 0\n 1 1 0 0\n", "DIM-GROUP\n 0 1\nPRIMCOORD\n2 1\nO 0 0 0\nH 1 0 0\n", "ATOMS\nO1 0 0 0\nh 1 0 0\n",
        ] {
            let found = try xsf(head + block(repeated.replacing(" 0 0 0\n", with: " -1 0 0\n"))).density
            #expect(found.grid == [3, 2, 2] && found.lattice.rows == [[3, 0, 0], [0, 6, 0], [0, 0, 8]])
            #expect(found.atoms.map(\.element) == ["O", "H"] && abs(found.atoms[0].fractional[0] - 1.0 / 3) < 1e-15)
        }
        // A slab that ends anywhere along c.
        let slab = crystal.replacing("CRYSTAL", with: "SLAB")
        let ends = repeated.replacing("1 5 1 1 5 1\n 1 5 1 1 5 1", with: "1 5 1 1 5 1\n 2 6 2 2 6 2")
        let found = try xsf(slab + block(ends))
        #expect(found.density.grid == [2, 1, 2] && found.density.lattice.rows[2] == [0, 0, 8] && found.cutAxes == [true, true, false])
    }

    @Test func repeatsAtomsInConventionalCells() throws {
        let fcc = "CRYSTAL\nPRIMVEC\n0 2 2\n2 0 2\n2 2 0\nCONVVEC\n4 0 0\n0 4 0\n0 0 4\nPRIMCOORD\n2 1\nNa 0 0 0\nCl 2 2 2\n"
        let grid = repeated.replacing(" 2 0 0\n 0 3 0\n", with: " 4.00001 0 0\n 0 4 0\n")
        let found = try xsf(fcc + block(grid)).density
        #expect(found.lattice.rows == [[4, 0, 0], [0, 4, 0], [0, 0, 4]])
        let places = found.atoms.filter { $0.element == "Na" }.map {
            $0.fractional.map { abs(($0 * 2).truncatingRemainder(dividingBy: 2).rounded()) }
        }
        #expect(found.atoms.count == 8 && Set(places) == [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]])
        #expect(
            Set(
                found.atoms.filter { $0.element == "Cl" }.map {
                    $0.fractional.map { abs(($0 * 2).rounded()).truncatingRemainder(dividingBy: 2) }
                }
            ).count == 4)
        // A grid over a part of a crystal is a box.
        let part = try xsf(fcc + block(once.replacing(" 2 0 0\n", with: " 1.3 0 0\n"))).density
        #expect(part.atoms.count == 2 && abs(part.lattice.rows[0][0] - 1.95) < 1e-12)
    }

    @Test func choosesGrids() throws {
        let text = crystal + block(repeated + once)
        let fault = diagnostic { try xsf(text) }
        #expect(
            fault.message == "expected one data grid, found 2: 1 `up`, 2 `Down`"
                && fault.hints == ["choose one by its name or its number, from 1"])
        for (choice, first) in [(XSFChoice.number(1), 2), (.number(2), 3), (.name("UP"), 2), (.name("down"), 3)] {
            #expect(try xsf(text, XSFRequest(grid: choice, quantity: .asWritten)).density.grid[0] == first)
        }
        #expect(diagnostic { try xsf(text, XSFRequest(grid: .number(3))) }.message == "expected data grid 3, found 1 `up`, 2 `Down`")
        #expect(diagnostic { try xsf(text, XSFRequest(grid: .name("x"))) }.message == "expected a data grid `x`, found 1 `up`, 2 `Down`")
        #expect(
            diagnostic { try xsf(crystal + block(repeated + repeated), XSFRequest(grid: .name("up"))) }.message.hasSuffix(
                "found two of that name"))
    }

    @Test func takesTheLastStep() throws {
        func step(_ number: Int, _ value: Int) -> String {
            "PRIMVEC \(number)\n 2 0 0\n 0 3 0\n 0 0 \(4 * number)\nPRIMCOORD \(number)\n 1 1\n Si 0 0 \(number)\n"
                + block(
                    repeated.replacing("1", with: "\(value)").replacing("0 0 4", with: "0 0 \(4 * number)").replacing(
                        "3D_up", with: "3D_s\(number)"))
        }
        let text = "ANIMSTEPS 3\nCRYSTAL\n" + step(1, 1) + step(2, 7) + step(3, 9)
        let last = try xsf(text)
        #expect(last.density.values == [9, 5] && last.step == 3 && last.steps == 3 && last.name == "s3")
        #expect(last.density.lattice.volume == 72 && last.density.atoms[0].fractional[2] == 0.25)
        try withFile("a.xsf", Array(text.utf8)) { path in
            let listed = try listXSF(path: path)
            #expect(listed == (1...3).map { XSFListing(name: "s\($0)", step: $0, grid: [3, 2, 2]) })
        }
        let second = try xsf(text, XSFRequest(step: 2, quantity: .asWritten))
        #expect(second.density.values == [7, 5] && second.density.lattice.volume == 48 && second.step == 2 && second.steps == 3)
        #expect(
            diagnostic { try xsf(text, XSFRequest(step: 4)) }.message
                == "expected a three-dimensional data grid in step 4, found none (3 steps)")
        let cut = diagnostic { try xsf("ANIMSTEPS 3\nCRYSTAL\n" + step(1, 1) + step(2, 7)) }
        #expect(cut.message.hasPrefix("expected 3 steps (ANIMSTEPS), found 2"))
        // Atoms that move, with one grid behind the last.
        let moving =
            "ANIMSTEPS 2\nCRYSTAL\nPRIMVEC\n2 0 0\n0 3 0\n0 0 4\nPRIMCOORD 1\n1 1\nSi 0 0 0\nPRIMCOORD 2\n1 1\nSi 0 0 1\n" + block(repeated)
        let found = try xsf(moving)
        #expect(found.step == 2 && found.density.atoms[0].fractional[2] == 0.25)
        // ATOMS again, as abinit has them, are no step of their own.
        #expect(try xsf(crystal + "ATOMS\n 14 0 0 0\n" + block(repeated)).steps == 1)
    }

    @Test func passesOverTheRest() throws {
        let info = "BEGIN_INFO\n Fermi Energy: 1\nEND_INFO\n# 1\nCONVCOORD\n1 4\nSi 0 0 0\n"
        let plane =
            "BEGIN_BLOCK_DATAGRID_2D\nx\nBEGIN_DATAGRID_2D_a\n2 2\n0 0 0\n1 0 0\n0 1 0\n1 2 3 4\nEND_DATAGRID_2D\nEND_BLOCK_DATAGRID_2D\n"
        let found = try xsf(crystal + info + plane + block(repeated) + "\n\n# end\n")
        #expect(found.density.values == [1, 5])
        // Spellings of codes: no underline, no BEGIN, no name of the block, small letters, the name of the grid without an underline.
        for (from, to) in [
            ("BLOCK_DATAGRID_3D", "BLOCK_DATAGRID3D"), ("BEGIN_DATAGRID_3D_up", "DATAGRID_3D_up"), (" a name\n", ""), ("3D_up", "3Dup"),
            ("END_DATAGRID_3D", "END_DATAGRID"), ("BEGIN_BLOCK_DATAGRID_3D", "begin_block_datagrid_3d"), ("\n", "\r\n"),
            (" a name\n", "\n a name\n\n"),
        ] {
            let other = try xsf((crystal + block(repeated)).replacing(from, with: to))
            #expect(other.density.values == [1, 5] && other.name == "up", "\(to)")
        }
    }

    @Test func refusesCuts() throws {
        let text = crystal + block(repeated + once)
        let wanted = XSFRequest(grid: .number(2), quantity: .asWritten)
        let expected = try xsf(text, wanted)
        let needed = text.utf8.count - "BLOCK_DATAGRID_3D\n".utf8.count
        for count in 0...text.utf8.count {
            for piece in [1, 64] {
                do {
                    #expect(
                        try xsf(String(decoding: text.utf8.prefix(count), as: UTF8.self), wanted, piece: piece) == expected
                            && count > needed, "\(count)")
                } catch {
                    let fault = try #require(error as? Diagnostic)
                    #expect(fault.id == "bad-data" && (fault.data?.line != nil || count < crystal.utf8.count + 50), "\(count): \(fault)")
                }
            }
        }
    }

    @Test func boundsNumbersOfSteps() throws {
        for number in ["9223372036854775807", "0", "-1", "x"] {
            let text = crystal.replacing("PRIMCOORD", with: "PRIMCOORD \(number)") + crystal + block(repeated)
            let fault = diagnostic { try xsf(text) }
            #expect(fault.id == "bad-data" && fault.data?.line == 7 && fault.message.hasPrefix("expected the number of a step"))
        }
    }

    @Test(arguments: [
        ("3 2 2", "3 0 2", 14, "three positive numbers of a grid"), ("3 2 2", "1000 1000 1000", 14, "too short"),
        ("3 2 2", "99999999999 99999999999 99999999999", 14, "three positive numbers"), ("5 1\n 1 5", "5 1\n x 5", 20, "found `x`"),
        ("3 2 2", "3 2 3", 21, "found `END_DATAGRID_3D`"),
        ("3 2 2", "3 2 1", 20, "expected 6 values on a 3x2x1 grid and `END_DATAGRID_3D`"),
        (" 0 3 0\n 0 0 4\nPRIM", " 0 3 0\nPRIM", 6, "the third vector of PRIMVEC"), ("2 1\n Si", "x 1\n Si", 8, "the number of atoms"),
        (" 2 1\n Si", " -2 1\n Si", 8, "the number of atoms"), ("2 1\n Si", "9000000000 1\n Si", 11, "position of an atom"),
        ("14 1 1.5", "119 1 1.5", 10, "an atomic number"), ("Si 0", "Silicon 0", 9, "the symbol of an element"),
        ("CRYSTAL", "CRYSTALS", 2, "a keyword of the XSF format"),
        ("2 0 0\n 0 3 0\n 0 0 4\n 1", "2 0 0\n 4 0 0\n 0 0 4\n 1", 14, "span a volume"),
    ]) func namesEveryFault(_ from: String, _ to: String, _ line: Int, _ words: String) throws {
        let text = (crystal + block(repeated)).replacing(from, with: to)
        #expect(text != crystal + block(repeated))
        for piece in [1, 30, TextPieces.usualSize] {
            let fault = diagnostic { try xsf(text, piece: piece) }
            #expect(fault.id == "bad-data" && fault.data?.line == line && fault.message.contains(words), "\(piece): \(fault)")
        }
    }
}
