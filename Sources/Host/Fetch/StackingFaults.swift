import Datasets
import Diagnostics
import Storage

extension PublishedData {
    /// The stacking-fault data set: 137 planar images (392 x 146) of the charge density at the stacking-fault plane of Ni
    /// alloys, and the stacking-fault energy (mJ/m^2) of each. Source: Arora et al., Materialia 26, 101620 (2022).
    static let stackingFaults = PublishedData(
        name: "sfe",
        base: "https://raw.githubusercontent.com/Materials-Computation-Data-Science-MCDC/DFT_Stacking_Fault_Energy/HEAD/CNN",
        folder: "data/sfe",
        credits: [
            "publisher: github.com/Materials-Computation-Data-Science-MCDC/DFT_Stacking_Fault_Energy, folder CNN",
            "licence: the authors state none; use it, and do not pass it on",
            """
            cite: G. Arora, S. Kamrava, P. Tahmasebi, D. S. Aidhy, "Charge-density based convolutional neural networks for stacking fault \
            energy prediction in concentrated alloys", Materialia 26, 101620 (2022)
            """,
        ], get: getStackingFaults)
}

private let stackingFaultImages = 137

/// Fetches the set: the workbook first, since it tells the energies; then the images; `sfe.csv` last, whose being there
/// means that all is.
private func getStackingFaults(_ work: PublishedDataFetch) throws -> String {
    let workbook = "SFE_information.xlsx"
    let total = stackingFaultImages + 1
    try work.get(workbook, from: workbook, index: 0, total: total, limit: 1 << 26) { _ = try stackingFaultTable($0) }
    for number in 1...stackingFaultImages {
        try work.get("images/CHGCAR-\(number).png", from: "CHGCAR_images/CHGCAR-\(number).png", index: number, total: total, limit: 1 << 26)
        {
            _ = try readPicture(path: $0, channels: .rgb)
        }
    }
    let path = joined(work.files.path, "sfe.csv")
    let table = try stackingFaultTable(joined(work.files.path, workbook))
    if fileStatus(path, followingLinks: false) != nil {
        guard try readFile(path) == Array(table.utf8) else {
            throw Diagnostic(
                "would-overwrite", "expected no file or the table as it was made from the workbook, found another",
                data: DataPlace(file: path),
                hint: "move it away, or fetch to another folder with --to")
        }
    } else {
        try writeWhole(table, to: path)
    }
    let news = work.fetched == 0 ? "all there already" : "\(work.fetched) files fetched"
    return "\(path): \(stackingFaultImages) rows with stacking-fault energies and their images (\(news))"
}

/// Makes `sfe.csv` from sheet `SFEs` of the workbook: row i is image i, as the authors' notebook pairs them; the serial
/// numbers skip 136 and 137. Throws `bad-data` where there is not a row for each image.
func stackingFaultTable(_ workbook: String) throws -> String {
    let table = try readXLSX(path: workbook, sheet: "SFEs")
    guard table.count == stackingFaultImages else {
        throw Diagnostic(
            "bad-data", "expected \(stackingFaultImages) rows in the sheet `SFEs`, one for each image, found \(table.count)",
            data: DataPlace(file: workbook))
    }
    let names = try table.column("Name").cells
    let serials = try table.targets(column: "serial_number")
    let energies = try table.targets(column: "SFEs")
    var text = "image,system,serial_number,sfe_mJ_per_m2\n"
    for (row, (name, (serial, energy))) in zip(names, zip(serials, energies)).enumerated() {
        guard let serial = Int(exactly: serial) else {
            throw Diagnostic("bad-data", "expected a whole serial number, found \(serial)", data: table.place(ofRow: row))
        }
        text += "images/CHGCAR-\(row + 1).png,\(quotedCell(name)),\(serial),\(energy)\n"
    }
    return text
}

private func quotedCell(_ cell: String) -> String {
    guard cell.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
}
