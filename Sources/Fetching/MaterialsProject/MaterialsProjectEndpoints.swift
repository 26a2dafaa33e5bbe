import Diagnostics

/// The addresses that the Materials Project is asked at.
public struct MaterialsProjectEndpoints: Sendable, Hashable {
    /// The address of the interface, without a slash at the end.
    public let interface: Address
    /// The address of the objects with charge densities, without a slash at the end.
    public let densities: Address

    /// The usual address of the interface.
    public static let usualInterface = "https://api.materialsproject.org"
    /// The usual address of the objects: their public bucket, read without a signature.
    public static let usualDensities = "https://materialsproject-parsed.s3.amazonaws.com"

    /// Takes addresses, by default those of `MP_API_ENDPOINT` and `MP_DENSITY_ENDPOINT`, or else the usual ones. Throws
    /// `refused-address`.
    public init(
        interface: String? = environment("MP_API_ENDPOINT"), densities: String? = environment("MP_DENSITY_ENDPOINT")
    ) throws {
        self.interface = try Self.base(interface, or: Self.usualInterface)
        self.densities = try Self.base(densities, or: Self.usualDensities)
    }

    private static func base(_ text: String?, or usual: String) throws -> Address {
        var text = text.flatMap { $0.isEmpty ? nil : $0 } ?? usual
        while text.hasSuffix("/") { text.removeLast() }
        let address = try Address(text)
        guard !text.contains(where: { $0 == "?" || $0 == "#" || $0.isWhitespace }) else {
            throw Diagnostic("refused-address", "expected an address that names can follow, found `\(text)`")
        }
        return address
    }
}
