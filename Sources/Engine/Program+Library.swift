import COneDNN

extension Program {
    /// The kernel library and its version, for the record of runs: `oneDNN 2.6.3`.
    public static var libraryVersion: String {
        let version = Int(odn_version())
        return "oneDNN \(version / 10_000).\(version / 100 % 100).\(version % 100)"
    }
}
