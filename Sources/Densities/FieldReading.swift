import Diagnostics
import Storage

/// Reads a component of a file in the layout of VASP in the unit of its kind; nil where NaN or infinity stands in place of a number of
/// it and `refusesNaN` is false. `image` nil reads the last.
///
/// The total of a file of one image is read as `readCHGCAR` reads it, which is faster. Throws what `readVolumetric` throws.
public func readField(
    path: String, kind: FieldKind, component: FieldComponent = .total, image: Int? = nil, refusesNaN: Bool = true
) throws -> Density? {
    var reader = try VolumetricReader(path: path, said: kind)
    if kind == .density, component == .total, image == nil {
        var (isFinite, isFollowed) = (true, false)
        do {
            let (header, values) = try readFirstImage(path: path, perVolume: true, isFinite: &isFinite, isFollowed: &isFollowed)
            if try !isFollowed || reader.hasOneImage() {
                return try Density(lattice: header.lattice, atoms: header.atoms, grid: header.grid, values: values)
            }
        } catch {
            // What is wrong with the first of several images does not matter for the last.
            if (try? reader.hasOneImage()) ?? true {
                if !isFinite && !refusesNaN { return nil }
                throw error
            }
        }
    }
    reader.tellsNotFinite = !refusesNaN
    do {
        return try reader.read(component, image: image).density(component)
    } catch is NotFiniteNumber {
        return nil
    }
}

extension VolumetricContents {
    /// The number of blocks that are whole.
    public var blocks: Int { components == derivedComponents([.total, .magnetization], .density) ? 2 : components.count }

    /// Checks that a component can be read. Throws `bad-data`: what is wrong with its block where that is not whole.
    public func check(_ component: FieldComponent, path: String) throws {
        guard !components.contains(component) else { return }
        if var fault {
            fault.notes.append("this is behind the first block, which can be read")
            throw fault
        }
        var fault = Diagnostic(
            "bad-data",
            "expected \(component.phrase), found \(kind.phrase) of \(blocks == 1 ? "one block" : "\(blocks) blocks")",
            data: DataPlace(file: path))
        if blocks == 1 { fault.notes = ["a calculation without spin (ISPIN = 1) writes one block alone"] }
        if !components.isEmpty { fault.hints = ["the file has \(components.map { "`\($0.rawValue)`" }.joined(separator: ", "))"] }
        throw fault
    }
}
