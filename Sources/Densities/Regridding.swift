import Diagnostics

/// The way from the points of one grid to those of another.
public enum Regridding: Sendable, Hashable {
    /// Linear between neighbouring points along each axis, periodically: what pyrho's `get_transformed` does. It keeps
    /// positive values positive, flattens peaks, and does not keep the number of electrons.
    case trilinear
    /// The trigonometric polynomial through the points. A grid with at least as many points along each axis keeps the
    /// number of electrons exactly; it may overshoot beside sharp peaks.
    case fourier(shrinking: FourierShrinking)

    /// Fourier regridding that cuts off, where it shrinks, what the new grid cannot hold.
    public static let fourier = Regridding.fourier(shrinking: .cutOff)
}

/// What becomes of the waves that a smaller grid cannot hold.
public enum FourierShrinking: String, Sendable, Hashable, Codable, CaseIterable {
    /// They are left out, as pyrho's `interpolate_fourier` does: the number of electrons stays, values change.
    case cutOff
    /// They stay: the polynomial of the old grid is sampled at the new points, so that values are those at the places
    /// themselves and the number of electrons may change a little.
    case sampled
}

/// What a regridding did to the number of electrons.
public struct ElectronChange: Sendable, Hashable, Codable {
    /// The electrons on the old grid.
    public let before: Double
    /// The electrons on the new grid.
    public let after: Double

    /// The electrons that were lost; negative where some came in.
    public var lost: Double { before - after }
    /// The lost part of the electrons, of their magnitude on the old grid; 0 where that is 0.
    public var lostShare: Double { before == 0 ? 0 : lost / abs(before) }
}

/// The most points that a new grid may have.
let mostGridPoints = 1 << 29

/// Checks a grid that is asked for. Throws `shape` unless it has three extents from 1 to 4096 and at most 2^29 points.
public func checkGrid(_ grid: [Int]) throws {
    guard grid.count == 3, grid.allSatisfy({ (1...4096).contains($0) }), let points = gridPoints(grid), points <= mostGridPoints else {
        throw Diagnostic(
            "shape", "expected a grid of three numbers of points from 1 to 4096, 2^29 in all at the most, found \(grid)",
            hint: "for example [60, 60, 60]")
    }
}

/// A periodic field on another grid of the same cell: values of `from` (x slowest) become values of `to`.
///
/// Values are taken as they are, per volume or not: nothing is scaled, so potentials and spin densities go the same way.
/// Along an axis of an even number of points the wave of Nyquist is split in two equal halves, one running either way. pyrho
/// gives all of it to the negative one and takes the real part, which is the same but where two axes are at Nyquist
/// at once. Where waves are cut off for an even number of points, that at the new Nyquist counts half from either side.
///
/// The numbers do not depend on `threads`. Throws `shape` for a grid that does not fit the values or `checkGrid`.
public func regridded(
    _ values: [Double], from: [Int], to: [Int], method: Regridding = .trilinear, threads: Int = 1
) throws -> [Double] {
    try checkGrid(to)
    guard from.count == 3, gridPoints(from) == values.count else {
        throw Diagnostic("shape", "expected as many values as a \(gridText(from)) grid has points, found \(values.count)")
    }
    guard from != to else { return values }
    switch method {
    case .trilinear: return trilinear(values, from: from, to: to, threads: threads)
    case .fourier(let shrinking): return try fourier(values, from: from, to: to, shrinking: shrinking, threads: threads)
    }
}

extension Density {
    /// The density on another grid of the same cell, e/A^3; see `regridded(_:from:to:method:threads:)`.
    ///
    /// `electronChange(to:)` says what became of the electrons. Throws `shape`.
    public func regridded(to grid: [Int], method: Regridding = .trilinear, threads: Int = 1) throws -> Density {
        try Density(
            lattice: lattice, atoms: atoms, grid: grid,
            values: try Densities.regridded(values, from: self.grid, to: grid, method: method, threads: threads), frame: frame,
            charges: charges)
    }

    /// What became of the electrons between this density and another one, such as this one regridded.
    public func electronChange(to other: Density) -> ElectronChange { ElectronChange(before: electrons, after: other.electrons) }
}
