import Fetching
import Storage

extension PublishedData {
    /// The crystals of the Materials Project that the paper's authors published: 781 with 25 properties and a description each, and
    /// pictures (186 x 186) of the (111) plane of the density of 592 of them. Source: the data of arXiv:2401.09301, version 3, in
    /// github.com/d-massa/Transfer_Learning_ElectronDensities_public, commit ea217cd of 2024-10-16.
    static let crystals = crystals(crystalFiles())

    /// The set with these files in the place of the published ones.
    static func crystals(_ list: [PublishedFile]) -> PublishedData {
        PublishedData(
            name: "mp-fcc",
            base: "https://raw.githubusercontent.com/d-massa/Transfer_Learning_ElectronDensities_public/\(commit)/data/data_cleaning",
            folder: "data/mp-fcc",
            credits: [
                """
                publisher: github.com/d-massa/Transfer_Learning_ElectronDensities_public, folder data/data_cleaning, \
                commit \(commit.prefix(7))
                """,
                """
                licence: the authors state none; the properties, descriptions and densities are those of the Materials Project, whose data \
                are under CC BY 4.0
                """,
                """
                cite: A. Jain et al., "Commentary: The Materials Project", APL Materials 1, 011002 (2013); \
                D. Massa, S. Papanikolaou, P. Sankowski, arXiv:2401.09301
                """,
            ],
            get: { work in
                for (index, file) in list.enumerated() {
                    try work.get(
                        file.name, from: file.path, expecting: .sha256(file.sha256), index: index, total: list.count, limit: 1 << 24)
                }
                let news = work.fetched == 0 ? "all there already" : "\(work.fetched) files fetched"
                let pictures = list.count { $0.name.hasSuffix(".png") }
                return "\(work.files.path): 781 crystals with their properties and descriptions, \(pictures) with a picture (\(news))"
            })
    }

    private static let commit = "ea217cd3f5d97a7294f17f81c19672ddcbd0f1df"
}

/// A file of a published data set whose contents are known beforehand.
struct PublishedFile: Sendable, Hashable {
    /// The path of the file in the folder it is fetched to.
    var name: String
    /// The path of the file below the address of the set.
    var path: String
    /// The hash of what was published.
    var sha256: Digest
}

/// The published files: the tables of all 781 crystals, those of the 592 that the authors kept after their rule on outliers of
/// the densities, then the pictures of these.
func crystalFiles() -> [PublishedFile] {
    let kept = "Newdata_normalized_zscore_interval/"
    let tables = [
        ("FCC_properties_w_dens.csv", "", "476a5c82c3a0b8646de867845e1b4c45bc57d9d4a6eaa8edda979b3d46236a82"),
        ("FCC_descriptions.csv", "", "7583f89e2477a74e9fcd8a0c03b6cca4b1cb8d53acd2699f59ab0877288764de"),
        ("filtered_FCC_properties.csv", kept, "46708b5bdf7efa8fdb9f076763e1aa613aadf6ad2f4717da59807a418c59b3e4"),
        ("filtered_FCC_descriptions.csv", kept, "b58843b8ad4b9651799b848f86ee7d4b930e02021b9b8cc63d5be4d3fa23b405"),
    ].compactMap { name, folder, hash in Digest(hex: hash).map { PublishedFile(name: name, path: folder + name, sha256: $0) } }
    let words = crystalPictureHashes.split { $0 == " " || $0.isNewline }
    let pictures = stride(from: 0, to: words.count - 1, by: 2).compactMap { index -> PublishedFile? in
        let name = "normalized_data_mp-\(words[index]).png"
        return hexadecimal(ofBase64: words[index + 1]).flatMap { Digest(hex: $0) }.map {
            PublishedFile(name: "images/" + name, path: kept + name, sha256: $0)
        }
    }
    return tables + pictures
}

/// The hexadecimal digits of the whole bytes in a text of base 64 without padding; nil where it is none.
private func hexadecimal(ofBase64 text: Substring) -> String? {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var bits = 0
    var held = 0
    var result = ""
    for character in text.utf8 {
        guard let value = alphabet.firstIndex(of: character) else { return nil }
        (bits, held) = ((bits << 6 | value) & 0xFFF, held + 6)
        while held >= 4, result.utf8.count < text.utf8.count * 6 / 8 * 2 {
            held -= 4
            result += String(bits >> held & 0xF, radix: 16)
        }
    }
    return result
}
