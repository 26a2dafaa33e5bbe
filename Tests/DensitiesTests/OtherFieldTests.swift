import Diagnostics
import Storage
import TestSupport
import Testing

@testable import Densities

/// Files in the layout of a CHGCAR that are no densities: refused by their names, doubted by their numbers.
@Suite(.timed) struct OtherFieldTests {
    private static let header = "Cu1\n1.0\n0 2 2\n2 0 2\n2 2 0\nCu\n1\nDirect\n0 0 0\n\n2 2 2\n"

    private func read(_ values: String, named name: String = "x.vasp") throws -> Density {
        try withFile(name, Array((Self.header + values + "\n").utf8)) { try readCHGCAR(path: $0) }
    }

    @Test(arguments: [
        "LOCPOT", "LOCPOT.gz", "al.locpot", "nospin.LOCPOT", "LOCPOT_al.txt", "CHGCAR-and.LOCPOT.gz", "ELFCAR", "elfcar-2.vasp", "ELFCAR.1",
        "Al_ELFCAR", "Al-ELFCAR.vasp", "ELFCAR2", "myELFCAR.vasp", "al-locpot.gz", "LOCPOT2", "mylocpot",
    ])
    func isRefusedByItsName(name: String) throws {
        try withFile(name, Array((Self.header + "1 2 3 4 5 6 7 8\n").utf8)) { path in
            let what = name.uppercased().contains("ELFCAR") ? "an electron localisation function (ELFCAR)" : "a local potential (LOCPOT)"
            for found in [diagnostic { _ = try readCHGCAR(path: path) }, diagnostic { _ = try readCHGCARHeader(path: path) }] {
                #expect(found.id == "bad-data" && found.data?.file == path)
                #expect(found.message == "expected a charge density, found a file that is named as \(what)")
            }
        }
    }

    @Test(arguments: [
        "CHGCAR", "CHG", "AECCAR0", "AECCAR2.gz", "PARCHG.0001.0002", "CHGDIFF.vasp", "LOCPOT-run.CHGCAR", "self.CHGCAR_sum",
        "CHGCAR_ELFCAR_study", "CHGCAR-LOCPOT.vasp", "ELFCAR_study.CHGCAR_sum.gz", "ELFCARs.vasp",
    ])
    func densitiesOfOtherNamesAreRead(name: String) throws {
        #expect(try read("1 2 3 4 5 6 7 8", named: name).electrons == 4.5)
    }

    /// The names of the folders above say nothing of a file.
    @Test(arguments: ["ELFCAR_study", "LOCPOT", "a.ELFCAR"]) func foldersMayHaveAnyName(folder: String) throws {
        let scratch = try Scratch()
        let path = scratch.file(folder + "/CHGCAR")
        try createFolder(scratch.file(folder))
        try writeWhole(Self.header + "1 2 3 4 5 6 7 8\n", to: path)
        #expect(try readCHGCAR(path: path).electrons == 4.5)
    }

    /// What is called a density is one: what its numbers seem to be instead is a remark.
    @Test func aNegativeNumberOfElectronsIsADoubt() throws {
        let found = try read("-9 -4.5 -3 2.5 -4 -3.5 -2.5 -2")
        #expect(found.electrons == -3.25)
        let what = "as of a difference, a density of spin or a potential"
        let doubt = "the numbers come to -3.25 electrons, \(what)"
        #expect(FieldKind.density.doubt(of: found, path: "x.vasp") == doubt && FieldKind.density.doubt(of: found, path: "CHGCAR") == doubt)
        #expect(FieldKind.density.doubt(of: found, path: "CHGDIFF.vasp") == nil)
        let zero = try read("-4 -3 -2 -1 1 2 3 4")
        #expect(FieldKind.density.doubt(of: zero, path: "x.vasp") == "50.0 % of the numbers, by their size, are negative, \(what)")
    }

    /// The numbers of a density of less than one electron are from 0 to 1, like those of an ELF.
    @Test func numbersFromZeroToOne() throws {
        let found = try read("0 0.5 0.25 1 0.5 0.5 0.75 0.5", named: "PARCHG")
        #expect(found.electrons == 0.5 && FieldKind.density.doubt(of: found, path: "PARCHG") == nil)
        let doubt = "the numbers are from 0 to 1, as of an electron localisation function (ELFCAR)"
        #expect(FieldKind.density.doubt(of: found, path: "x.vasp") == doubt)
        let more = try read("0 0.5 0.25 1.01 0.5 0.5 0.75 0.5")
        #expect(FieldKind.density.doubt(of: more, path: "x.vasp") == nil)
    }

    /// A density is no potential: it has occupancies, or comes to a whole number of electrons.
    @Test func densitiesAreNoPotentials() throws {
        try withFile("x.vasp", bytes(of: field("spin-aug.CHGCAR"))) { path in
            for kind in [FieldKind.potential, .localization] {
                for component in [FieldComponent.total, .up, .down] {
                    let found = diagnostic { try readVolumetricFile(path: path, kind: kind, component: component) }
                    #expect(found.id == "bad-data" && found.hints == ["`chgcar` reads it"])
                    #expect(
                        found.message == "expected \(kind.phrase), found augmentation occupancies, which stand in a charge density alone")
                }
                #expect(throws: Diagnostic.self) { try readVolumetricContents(path: path, kind: kind) }
            }
            let told = try readVolumetricFile(path: path)
            #expect(told.kind == .density)
        }
        try withFile("x.vasp", bytes(of: field("spin-ten-columns.CHG"))) { path in
            let found = try readVolumetric(path: path, kind: .potential, component: .up)
            let doubt = FieldKind.potential.doubt(of: found, path: path)
            #expect(doubt == "no number is negative and their mean is 56.0, as of a charge density of so many electrons (CHGCAR)")
        }
        let potential = try readVolumetric(path: field("nospin.LOCPOT"))
        #expect(FieldKind.potential.doubt(of: potential, path: "x.vasp") == nil)
    }

    /// A difference that comes to less than nothing is written and read again.
    @Test func differencesAreReadAgain() throws {
        var difference = try readCHGCAR(path: field("fcc-primitive.CHGCAR"))
        difference = try Density(
            lattice: difference.lattice, atoms: difference.atoms, grid: difference.grid, values: difference.values.map { 0.1 - $0 })
        let scratch = try Scratch()
        try writeVolumetric(difference, title: "difference", to: scratch.file("vac.CHGCAR"))
        let again = try readCHGCAR(path: scratch.file("vac.CHGCAR"))
        #expect(zip(again.values, difference.values).allSatisfy { abs($0 - $1) < 1e-10 } && again.electrons < -1)
        let summary = try readFieldSummary(path: scratch.file("vac.CHGCAR"))
        #expect(
            summary.kind == .density && summary.warnings.count == 1 && summary.warnings[0].hasPrefix("the numbers come to -1.34 electrons"))
    }

    /// A density may be negative in places, and a difference of two comes to nothing but for rounding.
    @Test(arguments: [
        "-0.5 2 3 4 5 6 7 8", "-4 -3 -2 -1 1 2 3 4", "-4 -3 -2 -1 1 2 3 3.99", "-4.01 -3 -2 -1 1 2 3 3.9", "0 0 0 0 0 0 0 0",
    ])
    func ripplesAndDifferencesAreRead(values: String) throws {
        #expect(try read(values).values.count == 8)
    }
}
