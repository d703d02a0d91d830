import Charts

/// One figure for each thing that a picture must get right.
enum Gallery {
    struct Item: Sendable {
        let name: String
        let figure: @Sendable () -> Figure
    }

    static let all: [Item] = [
        Item(name: "lines", figure: lines),
        Item(name: "history", figure: history),
        Item(name: "moons", figure: moons),
        Item(name: "log", figure: logarithmic),
        Item(name: "values", figure: values),
        Item(name: "formats", figure: formats),
        Item(name: "holes", figure: holes),
        Item(name: "empty", figure: { Figure() }),
        Item(name: "one-point", figure: { one([3], [2]) }),
        Item(name: "constant", figure: { one([0, 1, 2], [5, 5, 5]) }),
        Item(name: "large-numbers", figure: { one([0, 1_000_000, 2_000_000], [1.5e-7, 3e-7, 2e-7]) }),
        Item(name: "image", figure: image),
        Item(name: "images", figure: images),
        Item(name: "contour", figure: contour),
        Item(name: "regions", figure: regions),
    ]

    static func one(_ x: [Double], _ y: [Double]) -> Figure {
        var panel = Panel()
        panel.marks = [LineMark(x: x, y: y)]
        return Figure(panels: [panel])
    }

    static func lines() -> Figure {
        var panel = Panel()
        let x = (0...60).map { Double($0) / 60 * 6 - 3 }
        panel.marks = [
            LineMark(x: x, y: x.map { 2 / (1 + exponential(-$0 * 2)) - 1 }, label: "tanh"),
            LineMark(x: x, y: x.map { 1 / (1 + exponential(-$0)) }, label: "$\\sigma(z)$"),
            LineMark(x: x, y: x.map { max($0, 0) }, label: "ReLU"),
            LineMark(x: x, y: x.map { $0 > 0 ? $0 : exponential($0) - 1 }, label: "ELU, $\\alpha=1$", dash: .dashed),
        ]
        panel.title = "Activations"
        panel.x.label = "$z$"
        panel.y.label = "$\\varphi(z)$"
        panel.y.upper = 2.5
        return Figure(panels: [panel])
    }

    static func history() -> Figure {
        let epochs = (1...15).map(Double.init)
        var loss = Panel()
        loss.marks = [
            LineMark(x: epochs, y: epochs.map { 0.09 * exponential(-$0 / 4) + 0.006 }, label: "loss"),
            LineMark(
                x: epochs, y: epochs.map { 0.08 * exponential(-$0 / 3) + 0.011 + ($0.truncatingRemainder(dividingBy: 3)) / 900 },
                label: "val_loss"),
        ]
        loss.x.label = "epoch"
        loss.y.label = "loss"
        var accuracy = Panel()
        accuracy.marks = [
            LineMark(x: epochs, y: epochs.map { 0.985 - 0.15 * exponential(-$0 / 3) }, label: "accuracy"),
            LineMark(x: epochs, y: epochs.map { 0.972 - 0.12 * exponential(-$0 / 2.5) }, label: "val_accuracy"),
        ]
        accuracy.x.label = "epoch"
        accuracy.y.label = "accuracy"
        var figure = Figure(panels: [loss, accuracy])
        figure.panelWidth = 460
        figure.panelHeight = 340
        return figure
    }

    static func moons() -> Figure {
        var random = Noise()
        var (x, y, c): ([Double], [Double], [Int]) = ([], [], [])
        for index in 0..<200 {
            let angle = Double(index % 100) / 99 * 3.14159265
            let isUpper = index < 100
            x.append((isUpper ? cosine(angle) : 1 - cosine(angle)) + random.next() * 0.22)
            y.append((isUpper ? sine(angle) : 0.5 - sine(angle)) + random.next() * 0.22)
            c.append(isUpper ? 0 : 1)
        }
        var panel = Panel()
        panel.marks = [ScatterMark(x: x, y: y, colouring: .classes(c, names: ["upper", "lower"]))]
        panel.x.label = "$x_1$"
        panel.y.label = "$x_2$"
        return Figure(panels: [panel])
    }

    static func logarithmic() -> Figure {
        var panel = Panel()
        let steps = (0...200).map(Double.init)
        panel.marks = [
            LineMark(x: steps, y: steps.map { exponential(-$0 / 12) + 1e-6 }, label: "Adam"),
            LineMark(x: steps, y: steps.map { 1 / (1 + $0) }, label: "SGD"),
            LineMark(x: [0, 100], y: [0, 1], label: "a zero"),
        ]
        panel.y.scale = .log
        panel.x.label = "step"
        panel.y.label = "loss"
        return Figure(panels: [panel])
    }

    static func values() -> Figure {
        var random = Noise()
        let x = (0..<400).map { _ in random.next() * 3 }
        let y = (0..<400).map { _ in random.next() * 3 }
        var panel = Panel()
        panel.marks = [ScatterMark(x: x, y: y, colouring: .values(zip(x, y).map { $0 * $0 + $1 * $1 }, .viridis))]
        panel.equalUnits = true
        panel.title = "$x^2 + y^2$"
        return Figure(panels: [panel])
    }

    static func formats() -> Figure {
        var panel = Panel()
        let x = (0..<8).map(Double.init)
        for (row, text) in ["--r", "b.", "g^-", "yo", "k:", "+c", "m*-.", "xk", "Ds"].enumerated() {
            guard case .success(let format) = LineFormat.parse(text) else { continue }
            panel.marks.append(
                LineMark(
                    x: x, y: x.map { _ in Double(row) }, label: text, colour: format.colour, dash: format.dash,
                    marker: format.marker))
        }
        panel.x.upper = 11
        return Figure(panels: [panel])
    }

    static func holes() -> Figure {
        var panel = Panel()
        panel.marks = [
            LineMark(x: [0, 1, 2, 3, 4, 5, 6], y: [1, 2, .nan, 2, 3, .infinity, 1], marker: .circle)
        ]
        panel.title = "A <line> & \"holes\""
        return Figure(panels: [panel])
    }

    static func image() -> Figure {
        var panel = Panel()
        let values = (0..<28 * 28).map { place -> Double in
            let (row, column) = (Double(place / 28) - 13.5, Double(place % 28) - 13.5)
            let ring = (row * row + column * column).squareRoot() - 8
            return max(0, 1 - abs(ring) / 2.5)
        }
        panel.marks = [ImageMark(width: 28, height: 28, values: values)]
        panel.equalUnits = true
        panel.x.hidden = true
        panel.y.hidden = true
        panel.grid = false
        panel.title = "a zero"
        return Figure(panels: [panel])
    }

    static func regions() -> Figure {
        let (width, height) = (120, 90)
        var panel = Panel()
        panel.marks = [
            RegionMark(
                classes: (0..<(width * height)).map { place in
                    let (x, y) = (Double(place % width) / 59.5 - 1, 1 - Double(place / width) / 44.5)
                    return x * x + y * y < 0.3 ? 2 : x + sine(3 * y) / 3 < 0 ? 0 : 1
                }, width: width, height: height, left: -1, right: 1, bottom: -1, top: 1)
        ]
        var noise = Noise()
        let x = (0..<90).map { _ in noise.next() * 1.9 }
        let y = (0..<90).map { _ in noise.next() * 1.9 }
        let classes = zip(x, y).map { $0 * $0 + $1 * $1 < 0.3 ? 2 : $0 + sine(3 * $1) / 3 < 0 ? 0 : 1 }
        panel.marks.append(ScatterMark(x: x, y: y, colouring: .classes(classes, names: ["left", "right", "middle"])))
        return Figure(panels: [panel])
    }

    static func contour() -> Figure {
        let x: [Double] = (0..<41).map { Double($0) / 10 - 2 }
        let y: [Double] = (0..<31).map { Double($0) / 10 - 1 }
        var panel = Panel()
        panel.grid = false
        func banana(_ x: Double, _ y: Double) -> Double {
            let (a, b) = (1 - x, y - x * x)
            return a * a + 5 * b * b
        }
        let z = y.flatMap { y in x.map { banana($0, y) } }
        panel.marks = [
            ContourMark(x: x, y: y, z: z, levels: [1, 3, 10, 30, 100], hasBar: false),
            LineMark(x: [-1.8, -1.2, 0, 1], y: [1.8, 1.5, 0.1, 1], marker: .circle),
        ]
        return Figure(panels: [panel])
    }

    static func images() -> Figure {
        var figure = Figure(panels: (1...5).map { size in
            var panel = Panel()
            panel.marks = [
                ImageMark(width: 12, height: 10, values: (0..<120).map { $0 % 12 < 2 * size ? 1 : 0 }, map: .viridis)
            ]
            panel.equalUnits = true
            (panel.x.hidden, panel.y.hidden, panel.grid) = (true, true, false)
            panel.title = "\(size)"
            return panel
        })
        (figure.columns, figure.panelWidth, figure.panelHeight) = (5, 150, 149)
        return figure
    }

    /// A sequence of numbers in [-0.5, 0.5) that never changes.
    struct Noise {
        var state: UInt64 = 42
        mutating func next() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / 9_007_199_254_740_992 - 0.5
        }
    }
}
