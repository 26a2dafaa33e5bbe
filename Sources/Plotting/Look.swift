/// The style of a series: a colour, marker and line, so chosen that series differ in lightness and shape as well as in hue.
public struct Look: Sendable, Hashable, Codable {
    /// The colour as `#rrggbb`.
    public var colour: String
    /// The marker as gnuplot's point type: 7 disc, 9 triangle, 5 square, 13 diamond, 6 circle.
    public var marker: Int
    /// The size of the marker, in units of gnuplot's default.
    public var markerSize: Double
    /// The line width, in units of gnuplot's default.
    public var lineWidth: Double
    /// The dash pattern as gnuplot's dash type: 1 solid, 2 dashed, 3 dotted.
    public var dash: Int

    init(_ colour: String, marker: Int, markerSize: Double = 0.6, lineWidth: Double = 1.6, dash: Int = 1) {
        self.colour = colour
        self.marker = marker
        self.markerSize = markerSize
        self.lineWidth = lineWidth
        self.dash = dash
    }

    /// The style number `index` of the palette of Okabe and Ito ("Color universal design", 2008).
    public static func palette(_ index: Int) -> Look {
        let looks = [
            Look("#0072B2", marker: 7), Look("#D55E00", marker: 9, markerSize: 0.75), Look("#009E73", marker: 5),
            Look("#CC79A7", marker: 13, markerSize: 0.8), Look("#E69F00", marker: 11, markerSize: 0.75),
            Look("#56B4E9", marker: 6), Look("#000000", marker: 8, markerSize: 0.75), Look("#999999", marker: 4),
        ]
        let place = index % looks.count
        guard looks.indices.contains(place) else { return looks[0] }
        var look = looks[place]
        look.dash = 1 + (index / looks.count) % 4
        return look
    }

    /// The style of the training part: many points, kept light.
    static let train = Look("#7FB2D9", marker: 7, markerSize: 0.45, lineWidth: 1.4)
    static let validation = Look("#009E73", marker: 9, markerSize: 0.7, lineWidth: 1.8)
    /// The style of the holdout part, which a parity plot is looked at for.
    static let holdout = Look("#C43C00", marker: 13, markerSize: 0.85, lineWidth: 1.8)
}
