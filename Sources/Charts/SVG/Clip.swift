/// The rectangle that a panel's data are drawn in, and what of a line lies in it.
struct Box {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double
    var width: Double { right - left }
    var height: Double { bottom - top }

    func contains(_ place: Place, slack: Double = 0.5) -> Bool {
        place.x >= left - slack && place.x <= right + slack && place.y >= top - slack && place.y <= bottom + slack
    }

    /// The parts of a broken line that lie inside, each as its own line (Liang and Barsky 1984 on every segment).
    func clip(_ points: [Place]) -> [[Place]] {
        var parts: [[Place]] = []
        var part: [Place] = []
        func finish() {
            if part.count > 1 { parts.append(part) }
            part = []
        }
        for (from, to) in zip(points, points.dropFirst()) {
            guard let (start, end) = segment(from, to) else {
                finish()
                continue
            }
            if part.isEmpty || part[part.count - 1] != start {
                finish()
                part = [start]
            }
            part.append(end)
            if end != to { finish() }
        }
        finish()
        return parts
    }

    private func segment(_ from: Place, _ to: Place) -> (Place, Place)? {
        let (dx, dy) = (to.x - from.x, to.y - from.y)
        var (enter, leave) = (0.0, 1.0)
        for (step, room) in [
            (-dx, from.x - left), (dx, right - from.x), (-dy, from.y - top), (dy, bottom - from.y),
        ] {
            if step == 0 {
                if room < 0 { return nil }
            } else if step < 0 {
                enter = max(enter, room / step)
            } else {
                leave = min(leave, room / step)
            }
        }
        guard enter <= leave else { return nil }
        func at(_ part: Double) -> Place { Place(x: from.x + dx * part, y: from.y + dy * part) }
        return (enter == 0 ? from : at(enter), leave == 1 ? to : at(leave))
    }
}
