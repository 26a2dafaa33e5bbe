import Diagnostics

extension Density {
    /// The period of the atomic layers along the normal of two axes, A: the least distance by which the layers of atoms, moved, fall
    /// upon layers of the same elements.
    ///
    /// A layer is the atoms of one element and one height, within 0.1 A; of a slab with vacuum each layer but those next to the far
    /// surface has to find its partner, within a fifth of the distance, so that relaxed layers count too: the period is then the mean over
    /// the pairs inside. Where layers go through the whole cell, no gap being 5 A wide, it is the height of the cell
    /// or that over a whole number.
    ///
    /// Throws `bad-plane` for an axis that is not 0, 1 or 2, and `bad-data` where there are no atoms or no such distance, as of a single
    /// layer or of two crystals.
    public func layerPeriod(axis: Int) throws -> Double {
        guard (0...2).contains(axis) else { throw Diagnostic("bad-plane", "expected an axis from 0 to 2, found \(axis)") }
        let height = lattice.volume / lattice.layerArea(axis: axis)
        guard !atoms.isEmpty, height.isFinite, atoms.allSatisfy({ $0.fractional.count == 3 && $0.fractional[axis].isFinite }) else {
            throw Diagnostic("bad-data", "expected a density with atoms to find the period of its layers, found one without", hint: advice)
        }
        let layers = self.layers(axis: axis, height: height)
        guard let first = layers.first, layers.count <= 4096 else { throw noPeriod(layers.count) }
        if let whole = wholePeriod(layers, height) { return whole }
        // From the widest gap on, the vacuum, the layers follow one another.
        let gaps = layers.indices.map { index in
            index + 1 < layers.count ? layers[index + 1].height - layers[index].height : first.height + height - layers[index].height
        }
        let widest = gaps.indices.max { gaps[$0] < gaps[$1] } ?? 0
        let start = (widest + 1) % layers.count
        let slab = (0..<layers.count).map { index -> AtomLayer in
            var layer = layers[(start + index) % layers.count]
            if start + index >= layers.count { layer.height += height }
            return layer
        }
        if let period = slabPeriod(slab) { return period }
        // Without vacuum the crystal repeats by the cell itself.
        guard gaps[widest] < 5 else { throw noPeriod(layers.count) }
        return height
    }

    private var advice: String { "give the `period` of the average" }

    private func noPeriod(_ count: Int) -> Diagnostic {
        Diagnostic(
            "bad-data",
            "expected layers of atoms that repeat along the axis, found no distance by which the \(count) layers fall upon one another",
            hint: advice)
    }

    /// The layers in rising order of their heights, those of different elements at one height each on their own.
    private func layers(axis: Int, height: Double) -> [AtomLayer] {
        let places = atoms.map { atom -> (String, Double) in
            let part = atom.fractional[axis] - atom.fractional[axis].rounded(.down)
            return (atom.element, part * height)
        }.sorted { $0.1 < $1.1 }
        var layers: [AtomLayer] = []
        var latest: [String: Int] = [:]
        for (element, place) in places {
            if let index = latest[element], place - layers[index].height < 0.1 {
                layers[index].atoms += 1
                continue
            }
            latest[element] = layers.count
            layers.append(AtomLayer(element: element, height: place, atoms: 1))
        }
        // The last layer of an element may be its first one, on the other side of the cell.
        for (element, last) in latest {
            guard let first = layers.firstIndex(where: { $0.element == element }), first != last,
                layers[first].height + height - layers[last].height < 0.1
            else { continue }
            layers[first].atoms += layers[last].atoms
            layers[last].atoms = 0
        }
        return layers.filter { $0.atoms > 0 }
    }

    /// The height of the cell over the largest whole number by which all layers fall upon layers; nil where that is 1.
    private func wholePeriod(_ layers: [AtomLayer], _ height: Double) -> Double? {
        let least = Dictionary(grouping: layers, by: \.element).values.map(\.count).min() ?? 1
        for count in stride(from: least, to: 1, by: -1) {
            let period = height / Double(count)
            let fits = layers.allSatisfy { layer in
                layers.contains { other in
                    guard other.element == layer.element, other.atoms == layer.atoms else { return false }
                    let apart = other.height - layer.height - period
                    return abs(apart - (apart / height).rounded() * height) < Swift.min(0.1, 0.2 * period)
                }
            }
            if fits { return period }
        }
        return nil
    }

    /// The least distance by which the layers of a slab, moved up, fall upon layers of it; nil where there is none.
    private func slabPeriod(_ slab: [AtomLayer]) -> Double? {
        guard let low = slab.first, let high = slab.last else { return nil }
        let candidates = slab.filter { $0.element == low.element && $0.atoms == low.atoms && $0.height > low.height + 0.1 }
        for candidate in candidates.map({ $0.height - low.height }) {
            guard candidate <= (high.height - low.height) * 0.75 || slab.count == 2 else { return nil }
            var shifts: [Double] = []
            let fits = slab.allSatisfy { layer in
                guard layer.height + 0.8 * candidate <= high.height else { return true }
                let partner = slab.filter { $0.element == layer.element && $0.atoms == layer.atoms }
                    .map { $0.height - layer.height }.min { abs($0 - candidate) < abs($1 - candidate) }
                guard let partner, abs(partner - candidate) < 0.2 * candidate else { return false }
                shifts.append(partner)
                return true
            }
            guard fits, !shifts.isEmpty else { continue }
            // Surfaces relax: what lies inside tells the crystal's own distance.
            let inner = shifts.count > 4 ? Array(shifts[1..<(shifts.count - 1)]) : shifts
            return inner.reduce(0, +) / Double(inner.count)
        }
        return nil
    }
}

/// The atoms of one element at one height.
private struct AtomLayer {
    var element: String
    var height: Double
    var atoms: Int
}
