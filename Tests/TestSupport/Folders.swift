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
