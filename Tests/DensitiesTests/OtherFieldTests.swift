import Diagnostics
import Storage
import TestSupport
import Testing

@testable import Densities

/// Files in the layout of a CHGCAR that are no densities: refused by their names, or by the electrons that they come to.
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

    @Test func aNegativeNumberOfElectronsIsRefused() throws {
        let found = diagnostic { _ = try read("-9 -4.5 -3 2.5 -4 -3.5 -2.5 -2") }
        #expect(found.id == "bad-data" && found.hints.count == 1)
        let what = "the file seems to hold a local potential (LOCPOT) or a density of spin"
        #expect(found.message == "expected a charge density, found -3.25 electrons: \(what)")
    }

    /// The numbers of a density are times the volume of its cell, so that even one electron reaches more than 1.
    @Test func numbersFromZeroToOneAreRefused() throws {
        let found = diagnostic { _ = try read("0 0.5 0.25 1 0.5 0.5 0.75 0.5") }
        #expect(found.id == "bad-data" && found.hints.count == 1)
        let what = "0.500 electrons: the file seems to hold an electron localisation function (ELFCAR)"
        #expect(found.message == "expected a charge density, found values from 0 to 1.00, \(what)")
        #expect(try read("0 0.5 0.25 1.01 0.5 0.5 0.75 0.5").values.count == 8)
    }

    /// A density may be negative in places, and a difference of two comes to nothing but for rounding.
    @Test(arguments: [
        "-0.5 2 3 4 5 6 7 8", "-4 -3 -2 -1 1 2 3 4", "-4 -3 -2 -1 1 2 3 3.99", "-4.01 -3 -2 -1 1 2 3 3.9", "0 0 0 0 0 0 0 0",
    ])
    func ripplesAndDifferencesAreRead(values: String) throws {
        #expect(try read(values).values.count == 8)
    }
}
