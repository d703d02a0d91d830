/// A place in a picture.
struct Place: Equatable, Sendable {
    var x: Double
    var y: Double
}

/// Fewer points that draw the same picture.
enum Thinning {
    /// Of a line whose points go from left to right, those that can be seen: of each column of `step` wide the first,
    /// the lowest, the highest and the last (M4: Jugel et al., VLDB 2014, doi:10.14778/2732951.2732953), so that no
    /// extreme is lost. Of any other line, those at least half a step from the last one kept.
    static func line(_ points: [Place], step: Double) -> [Place] {
        guard points.count > 400 else { return points }
        let isForward = zip(points, points.dropFirst()).allSatisfy { $0.x <= $1.x }
        return isForward ? byColumn(points, step) : byDistance(points, step / 2)
    }

    private static func byColumn(_ points: [Place], _ step: Double) -> [Place] {
        var kept: [Place] = []
        var start = 0
        while start < points.count {
            let column = (points[start].x / step).rounded(.down)
            var (end, low, high) = (start, start, start)
            while end < points.count, (points[end].x / step).rounded(.down) == column {
                if points[end].y < points[low].y { low = end }
                if points[end].y > points[high].y { high = end }
                end += 1
            }
            var last = -1
            for place in [start, min(low, high), max(low, high), end - 1] where place > last {
                kept.append(points[place])
                last = place
            }
            start = end
        }
        return kept
    }

    private static func byDistance(_ points: [Place], _ distance: Double) -> [Place] {
        var kept: [Place] = []
        for (index, point) in points.enumerated() {
            if let last = kept.last, index + 1 < points.count,
                abs(point.x - last.x) < distance, abs(point.y - last.y) < distance
            {
                continue
            }
            kept.append(point)
        }
        return kept
    }

    /// Of a cloud, one point a cell of a grid, which grows until there are no more than `limit`; the outermost points
    /// of the four sides always stay.
    static func cloud(_ points: [Place], limit: Int) -> [Place] {
        guard points.count > limit else { return points }
        let outermost: Set<Int?> = [
            points.indices.min { points[$0].x < points[$1].x },
            points.indices.max { points[$0].x < points[$1].x },
            points.indices.min { points[$0].y < points[$1].y },
            points.indices.max { points[$0].y < points[$1].y },
        ]
        struct Cell: Hashable { var x, y: Double }
        var cell = 0.5
        while true {
            var taken = Set<Cell>()
            let kept = points.indices.filter { index in
                let place = Cell(x: (points[index].x / cell).rounded(), y: (points[index].y / cell).rounded())
                return taken.insert(place).inserted || outermost.contains(index)
            }
            if kept.count <= limit || cell > 8 { return kept.map { points[$0] } }
            cell *= 1.5
        }
    }
}
