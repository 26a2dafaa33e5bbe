import Diagnostics

extension VolumetricFile {
    /// Makes the file in VASP's layout of a density with its spin, occupancies and all. `title` is the first line. Throws `shape` and
    /// `bad-data` where its parts do not go together.
    public init(_ density: SpinDensity, title: String) throws {
        let total = density.total
        let volume = total.lattice.volume
        let asRead = density.stored
        func stored(_ density: Density, _ place: Int? = nil) -> [Double] {
            if let place, asRead.indices.contains(place) { return asRead[place] }
            return density.values.map { $0 * volume }
        }
        func records(_ occupancies: Densities.Occupancies) -> [Occupancies] {
            occupancies.blocks.map { Occupancies(atom: $0.atom, isImaginary: $0.isImaginary, values: $0.values) }
        }
        var blocks = [Block(component: .total, stored: stored(total, 0), occupancies: records(density.occupancies))]
        // The numbers behind the occupancies of the total stand in front of the next grid.
        let numbers = density.occupancies.atomNumbers.count == total.atoms.count ? density.occupancies.atomNumbers : []
        if density.magnetizationVector.isEmpty {
            if let magnetization = density.magnetization {
                blocks.append(
                    Block(
                        component: .magnetization, stored: stored(magnetization, 1), atomNumbers: numbers,
                        occupancies: records(density.magnetizationOccupancies)))
            }
        } else {
            for (component, part) in zip([FieldComponent.mx, .my, .mz], density.magnetizationVector) {
                blocks.append(Block(component: component, stored: stored(part)))
            }
        }
        let header = DensityHeader(comment: title, lattice: total.lattice, atoms: total.atoms, grid: total.grid)
        try self.init(kind: .density, header: header, blocks: blocks)
    }
}
