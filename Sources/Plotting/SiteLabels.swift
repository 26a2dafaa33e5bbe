/// The name of what stands at one place of a plane: where it is, and on which side of it the name is written.
struct SiteLabel: Equatable {
    var text: String
    /// The place in pixels, from the lower left corner of the frame.
    var place: Point
    /// Whether the name ends before the place, rather than begins behind it.
    var isLeft: Bool
    /// Whether the name stands under the place, rather than over it.
    var isBelow: Bool

    /// The distances from the place to the name: to its nearer end, and up or down to its middle.
    static let away = 9.0
    static let rise = (above: 9.0, below: 10.0)
    static let textSize = 12.0

    /// The rectangle that the name takes, y up. Texts are measured a little wide; names that touch can still be read.
    private var box: Rectangle {
        let width = 0.9 * textWidth(text, size: Self.textSize)
        let x = isLeft ? place.x - Self.away - width : place.x + Self.away
        let middle = isBelow ? place.y - Self.rise.below : place.y + Self.rise.above
        return Rectangle(x: x, y: middle - 5.5, width: width, height: 11)
    }

    fileprivate func overlaps(_ other: SiteLabel) -> Bool {
        let (a, b) = (box, other.box)
        return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
    }

    /// Whether the name lies in a frame, or beyond its edges by no more than what is always free there.
    fileprivate func lies(in frame: Size) -> Bool {
        let slack = 8.0
        return box.x > -slack && box.x + box.width < frame.width + slack && box.y > -slack && box.y + box.height < frame.height + slack
    }
}

/// The names of sites, none over another: sites at one place are named together, as in `Cr, N`, and a name that finds no room on any side
/// of its place is left out. Sites on the plane come before those off it. `places`: in pixels from the lower left corner of the frame.
func siteLabels(_ sites: [Site], at places: [Point], in frame: Size) -> [SiteLabel] {
    var groups: [(names: [String], place: Point)] = []
    let order = sites.indices.filter { !sites[$0].isOff } + sites.indices.filter { sites[$0].isOff }
    for index in order where places.indices.contains(index) && !sites[index].label.isEmpty {
        let (name, place) = (cleaned(sites[index].label, limit: 24), places[index])
        // Nearer than half a mark: they are seen as one.
        let known = groups.firstIndex { max(abs($0.place.x - place.x), abs($0.place.y - place.y)) < 4 }
        if let known {
            if !groups[known].names.contains(name) { groups[known].names.append(name) }
        } else {
            groups.append(([name], place))
        }
    }
    var labels: [SiteLabel] = []
    for group in groups {
        // Inwards at the right and the upper edge, where the colour bar and the title are near.
        let (isLeft, isBelow) = (group.place.x > frame.width - 24, group.place.y > frame.height - 24)
        let text = cleaned(group.names.joined(separator: ", "), limit: 24)
        let usual = SiteLabel(text: text, place: group.place, isLeft: isLeft, isBelow: isBelow)
        let others = [(isLeft, !isBelow), (!isLeft, isBelow), (!isLeft, !isBelow)].map {
            SiteLabel(text: text, place: group.place, isLeft: $0.0, isBelow: $0.1)
        }
        let free = ([usual] + others.filter { $0.lies(in: frame) }).first { label in !labels.contains { $0.overlaps(label) } }
        if let free { labels.append(free) }
    }
    return labels
}
