/// Lines of equal height over a grid, by marching squares (W. E. Lorensen, H. E. Cline, Marching cubes, SIGGRAPH 1987,
/// doi:10.1145/37401.37422, in two dimensions): linear between neighbouring places, a saddle decided by its mean.
struct ContourLines {
    let x: [Double]
    let y: [Double]
    /// `z[row * x.count + column]` is the height at (x[column], y[row]); where one is not finite there is no line.
    let z: [Double]

    typealias Line = (x: [Double], y: [Double])

    /// The lines at one height; a closed one ends where it began.
    func lines(at level: Double) -> [Line] {
        let links = links(at: level)
        var left = links
        var result: [Line] = []
        func walk(from start: Int) -> [Int] {
            var path = [start]
            var here = start
            while let next = left[here]?.first {
                left[here]?.removeFirst()
                if let back = left[next]?.firstIndex(of: here) { left[next]?.remove(at: back) }
                path.append(next)
                here = next
            }
            return path
        }
        let edges = links.keys.sorted()
        // Lines that leave the grid begin at its border; what is left then is closed.
        for edge in edges where links[edge]?.count == 1 && left[edge]?.isEmpty == false {
            result.append(points(walk(from: edge), level))
        }
        for edge in edges {
            while left[edge]?.isEmpty == false { result.append(points(walk(from: edge), level)) }
        }
        return result
    }

    /// Which edges of the grid a line goes between. The edge from a place to its right neighbour has the number
    /// 2 place, that to the one below 2 place + 1.
    private func links(at level: Double) -> [Int: [Int]] {
        let width = x.count
        var links: [Int: [Int]] = [:]
        guard width > 1, y.count > 1, z.count >= width * y.count else { return links }
        func join(_ a: Int, _ b: Int) {
            links[a, default: []].append(b)
            links[b, default: []].append(a)
        }
        for row in 0..<(y.count - 1) {
            for column in 0..<(width - 1) {
                let place = row * width + column
                let (a, b, c, d) = (z[place], z[place + 1], z[place + width + 1], z[place + width])
                guard (a + b + c + d).isFinite else { continue }
                let (top, right, bottom, left) = (2 * place, 2 * place + 3, 2 * (place + width), 2 * place + 1)
                switch (a >= level, b >= level, c >= level, d >= level) {
                case (true, true, true, true), (false, false, false, false): break
                case (true, false, false, false), (false, true, true, true): join(left, top)
                case (false, true, false, false), (true, false, true, true): join(top, right)
                case (false, false, true, false), (true, true, false, true): join(right, bottom)
                case (false, false, false, true), (true, true, true, false): join(bottom, left)
                case (true, true, false, false), (false, false, true, true): join(left, right)
                case (true, false, false, true), (false, true, true, false): join(top, bottom)
                case (true, false, true, false), (false, true, false, true):
                    let isHigh = (a + b + c + d) / 4 >= level
                    if isHigh == (a >= level) {
                        join(top, right)
                        join(bottom, left)
                    } else {
                        join(left, top)
                        join(right, bottom)
                    }
                }
            }
        }
        return links
    }

    private func points(_ edges: [Int], _ level: Double) -> Line {
        var line: Line = ([], [])
        for edge in edges {
            let (place, isDown) = (edge / 2, edge % 2 == 1)
            let (row, column) = (place / x.count, place % x.count)
            let (from, to) = (z[place], z[isDown ? place + x.count : place + 1])
            let part = from == to ? 0.5 : (level - from) / (to - from)
            line.x.append(isDown ? x[column] : x[column] + (x[column + 1] - x[column]) * part)
            line.y.append(isDown ? y[row] + (y[row + 1] - y[row]) * part : y[row])
        }
        return line
    }
}
