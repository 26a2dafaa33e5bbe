import Glibc
import Storage

/// Folders of the project.
public enum Place {
    /// The folder of the project.
    public static let project = parentFolder(of: parentFolder(of: parentFolder(of: #filePath)))
    /// The folder of the tests.
    public static let tests = project + "/Tests"
    /// The folder of the scripts that are run with what they must print.
    public static let corpus = tests + "/Corpus"
    /// The folder of the standard library.
    public static let library = project + "/stdlib"
    /// The folder of the experiments that come with the project.
    public static let experiments = project + "/experiments"
    /// The folder of the project's crystals: a table and a folder of densities.
    public static let crystals = experiments + "/data/fcc-dft"
}

/// The path of a file in the folder `Fixtures` beside the test that asks.
public func fixture(_ name: String, beside file: String = #filePath) -> String { joined(joined(parentFolder(of: file), "Fixtures"), name) }

/// Data that others published and that are not part of the project, so that tests of them are skipped where they are not there.
public enum PublishedData: String {
    /// The 137 images and energies of stacking faults.
    case stackingFaults = "sfe"
    /// The 781 crystals of the authors of the paper.
    case crystals = "mp-fcc"

    private var variable: String { self == .stackingFaults ? "ECDX_SFE" : "ECDX_MP_FCC" }
    private var knownFile: String { self == .stackingFaults ? "sfe.csv" : "FCC_descriptions.csv" }

    /// Where they lie: in the folder that the variable names, or in `shared/data` beside the project. Nil, said on the output, where not.
    public func folder(for tests: String) -> String? {
        let folder = getenv(variable).map { String(cString: $0) } ?? joined(Place.project, "../shared/data/\(rawValue)")
        if fileStatus(joined(folder, knownFile)) != nil { return folder }
        print("SKIPPED: \(tests), which need published data that are not part of the project: set \(variable) to their folder")
        return nil
    }
}
