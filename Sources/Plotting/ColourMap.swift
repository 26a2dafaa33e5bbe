/// A colour map: colours at equal distances, between which it goes straight in red, green and blue. They are those of matplotlib under
/// the same names.
public struct ColourMap: Sendable, Hashable, Codable {
    /// The name of the map, such as `viridis`; `_r` at its end turns it round.
    public let name: String
    /// Its colours as `rrggbb`, from the lowest value to the highest.
    let stops: [String]

    /// Finds a map by its name; nil where there is none of that name.
    public init?(_ name: String) {
        let isReversed = name.hasSuffix("_r")
        let plain = isReversed ? String(name.dropLast(2)) : name
        guard let known = Self.known.first(where: { $0.name == plain }) else { return nil }
        let stops = known.stops.split(whereSeparator: \.isWhitespace).map(String.init)
        self.init(name: name, stops: isReversed ? stops.reversed() : stops)
    }

    private init(name: String, stops: [String]) {
        self.name = name
        self.stops = stops
    }

    /// The names of all maps, those that are turned round included.
    public static let names: [String] = known.flatMap { [$0.name, $0.name + "_r"] }

    /// The map of planes whose numbers have one sign: perceptually uniform from dark to light, and good to print in grey.
    static let viridis = ColourMap("viridis") ?? ColourMap(name: "gray", stops: ["000000", "FFFFFF"])
    /// The map of planes whose numbers have both signs: blue below zero, white at it, red above.
    static let differences = ColourMap("RdBu_r") ?? viridis

    /// Whether the map has a middle, which stands for zero.
    public var isDiverging: Bool { ["RdBu", "coolwarm", "seismic"].contains(name.hasSuffix("_r") ? String(name.dropLast(2)) : name) }

    /// The red, green and blue, 0...255, at a fraction of the map.
    func components(at fraction: Double) -> [Double] {
        guard stops.count > 1, fraction.isFinite else { return [0, 0, 0] }
        let place = min(1, max(0, fraction)) * Double(stops.count - 1)
        let index = min(stops.count - 2, Int(place))
        return zip(Self.components(of: stops[index]), Self.components(of: stops[index + 1])).map {
            $0 + (place - Double(index)) * ($1 - $0)
        }
    }

    /// The colour at a fraction of the map, as `#rrggbb`.
    func colour(at fraction: Double) -> String {
        "#"
            + components(at: fraction).map { component in
                let digits = String(Int(component.rounded()), radix: 16, uppercase: true)
                return digits.count < 2 ? "0" + digits : digits
            }.joined()
    }

    /// How light the map is at a fraction, from 0 to 1 (ITU-R BT.601).
    func lightness(at fraction: Double) -> Double {
        zip(components(at: fraction), [0.299, 0.587, 0.114]).reduce(0) { $0 + $1.0 * $1.1 } / 255
    }

    private static func components(of stop: String) -> [Double] {
        let value = Int(stop, radix: 16) ?? 0
        return [value >> 16, value >> 8 & 255, value & 255].map(Double.init)
    }

    // viridis (S. van der Walt and N. Smith) at every sixteenth of 256 entries, the others at equal distances that include both ends.
    private static let known: [(name: String, stops: String)] = [
        (
            "viridis",
            """
            440154 481A6C 472F7D 414487 39568C 31688E 2A788E 23888E 1F988B 22A884 35B779 54C568 7AD151 A5DB36 D2E21B FDE725
            """
        ),
        (
            "cividis",
            """
            00224E 002E6A 1A386F 32436D 434E6C 535A6D 61656F 6F7073 7D7C78 8C8878 9B9476 ABA072 BCAE6C CDBB63 DEC958
            F0D846 FEE838
            """
        ),
        (
            "magma",
            """
            000004 0A0822 1D1147 36106B 51127C 6A1C81 832681 9C2E7F B73779 D0416F E75263 F56B5C FC8961 FEA772 FEC488
            FDE2A3 FCFDBF
            """
        ),
        (
            "inferno",
            """
            000004 0B0724 210C4A 3D0965 57106E 71196E 8A226A A32C61 BC3754 D24644 E45A31 F1731D F98E09 FCAC11 F9CB35
            F2EA69 FCFFA4
            """
        ),
        (
            "plasma",
            """
            0D0887 310597 4C02A1 6600A7 7E03A8 9511A1 AA2395 BC3587 CC4778 DA5A6A E66C5C F0804E F89540 FDAC33 FDC527
            F8DF25 F0F921
            """
        ),
        ("gray", "000000 FFFFFF"),
        (
            "RdBu",
            """
            67001F 960F27 BB2A34 D25849 E58368 F5AC8B FBCEB7 FBE6DA F6F7F7 DEEBF2 C0DCEB 98C8E0 68ABD0 3E8CBF 2870B1
            15508D 053061
            """
        ),
        (
            "coolwarm",
            """
            3B4CC0 4E68D8 6282EA 779AF7 8DB0FE A3C2FE B9D0F9 CCD9ED DDDCDC ECD3C5 F5C4AC F7B093 F4987A EB7D62 DD5F4B
            CA3B37 B40426
            """
        ),
        (
            "seismic",
            """
            00004C 000079 0000A6 0000D3 0101FF 4141FF 8181FF C1C1FF FFFDFD FFBDBD FF7D7D FF3D3D FE0000 DE0000 BE0000
            9E0000 800000
            """
        ),
        (
            "gist_ncar",
            """
            000080 001D5A 003A35 00580F 004B37 002F7A 0014BC 000EFF 0047FF 007FFF 00B8FF 00CEFF 00E0FF 00F2FF 00FFE5
            00FDCB 00FBB0 00FA92 00FB68 00FD3F 06FF15 20F400 39E500 53D600 68D500 70E200 78EF00 80FC08 92FF18 A4FF28
            B6FF38 C8FF30 DBFF20 EDFF10 FFF800 FFEE00 FFE400 FFDA00 FFD004 FFC609 FFBC0D FFA10B FF8107 FF6004 FF4300
            FF3000 FF1D00 FF0A00 FF0047 FF008E FF00D5 F107FF D615FF BA22FF 9F33FE B64AF9 CE62F4 E67AEF EE8DF0 F0A0F2
            F3B3F5 F6C5F7 F9D8FA FCEAFC FEF8FE
            """
        ),
    ]
}

extension ColourRange {
    /// The colour at a fraction of the range: a map with a middle has it at zero where the range spans it, with steps of one size on
    /// either side.
    private func place(_ fraction: Double) -> Double {
        guard map.isDiverging, range.scale == .linear, range.lower < 0, range.upper > 0 else { return fraction }
        let value = range.lower + fraction * (range.upper - range.lower)
        return 0.5 + value / max(-range.lower, range.upper) / 2
    }

    /// The colour of a value, as `#rrggbb`.
    func colour(of value: Double) -> String { map.colour(at: place(range.fraction(value))) }

    /// How light the colour of a value is, from 0 to 1.
    func lightness(of value: Double) -> Double { map.lightness(at: place(range.fraction(value))) }

    /// The gnuplot command that sets the palette: the map, or one colour for each band between `bounds`.
    func palette(bounds: [Double] = []) -> String {
        var stops: [(String, String)] = []
        if bounds.count > 1 {
            for (low, high) in zip(bounds, bounds.dropFirst()) {
                let (from, to) = (range.fraction(low), range.fraction(high))
                let colour = map.colour(at: place((from + to) / 2))
                stops += [(number(from, digits: 6), colour), (number(to, digits: 6), colour)]
            }
        } else if place(0) == 0, place(1) == 1 {
            stops = map.stops.enumerated().map { (String($0.offset), "#" + $0.element) }
        } else {
            // Finely, since the stops of the map fall anywhere.
            stops = (0...64).map { (String($0), map.colour(at: place(Double($0) / 64))) }
        }
        return "set palette defined (" + stops.map { "\($0.0) '\($0.1)'" }.joined(separator: ", ") + ")"
    }
}
