import Charts
import Testing

/// The words of the ticks along the lower edge of a picture without labels, and the factor that stands beside them.
func ticks(_ x: [Double], log: Bool = false) -> [String] {
    var panel = Panel()
    panel.marks = [LineMark(x: x, y: x.map { _ in 0 })]
    panel.x.scale = log ? .log : .linear
    panel.y.hidden = true
    var words: [String] = []
    for line in SVGRenderer.render(Figure(panels: [panel])).split(separator: "\n") where line.hasPrefix("<text") {
        let content = line.split(separator: ">", maxSplits: 1)[1]
        words.append(String(content.prefix { $0 != "<" }))
    }
    return words
}

@Test func ticksAreMultiplesOfOneTwoAndFive() {
    #expect(ticks([0.1, 0.9]) == ["0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9"])
    #expect(ticks([-1.5, 1.5]) == ["−1.5", "−1.0", "−0.5", "0.0", "0.5", "1.0", "1.5"])
    #expect(ticks([0, 33]) == ["0", "5", "10", "15", "20", "25", "30"])
}

@Test func wholeNumbersGetNoTicksBetweenThem() {
    #expect(ticks([1, 2, 3]) == ["1", "2", "3"])
}

@Test func largeAndSmallNumbersShareAPowerOfTen() {
    #expect(ticks([0, 3e6]).last == "×10⁶")
    #expect(ticks([0, 2.5e-7]).last == "×10⁻⁷")
}

@Test func aLogarithmicAxisIsMarkedAtItsDecades() {
    #expect(ticks([1, 1000], log: true) == ["1", "10", "100", "1000"])
    #expect(ticks([1e-8, 1e-2], log: true).prefix(2) == ["10⁻⁸", "10⁻⁷"])
    #expect(ticks([1, 40], log: true) == ["1", "2", "5", "10", "20"])
    #expect(ticks([3, 5], log: true) == ["3", "4", "5"])
}

@Test(arguments: [
    [1e308, -1e308], [Double.leastNonzeroMagnitude, 0], [1e15, 1e15 + 0.125], [.nan, .infinity], [1e-300, 1e300], [-1e-17, 1], [0, 0],
])
func noRangeOfNumbersHangsOrBreaksThePicture(x: [Double]) {
    for log in [false, true] {
        #expect(ticks(x, log: log).count < 30)
    }
}
