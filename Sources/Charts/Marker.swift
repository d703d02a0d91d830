/// The shape of a marked point, with the sign that Matplotlib and MATLAB give it.
public struct Marker: Sendable, Equatable {
    public let name: String
    public let sign: Character
    /// An SVG path around the origin for radius 1; `nil` is a circle.
    let path: String?
    /// Drawn by its outline alone, like a cross.
    let isOpen: Bool
    /// How large it is beside the others.
    let scale: Double
    /// How it is drawn in a terminal without colours.
    let letter: Character

    public static let circle = Marker(name: "circle", sign: "o", path: nil, isOpen: false, scale: 1, letter: "●")
    public static let point = Marker(name: "point", sign: ".", path: nil, isOpen: false, scale: 0.6, letter: "•")

    public static let all: [Marker] = [
        circle,
        point,
        Marker(name: "pixel", sign: ",", path: nil, isOpen: false, scale: 0.25, letter: "·"),
        Marker(name: "cross", sign: "x", path: "M-.8-.8L.8.8M-.8.8L.8-.8", isOpen: true, scale: 1, letter: "×"),
        Marker(name: "plus", sign: "+", path: "M-1 0H1M0-1V1", isOpen: true, scale: 1.1, letter: "+"),
        Marker(name: "square", sign: "s", path: "M-.9-.9H.9V.9H-.9Z", isOpen: false, scale: 1, letter: "■"),
        Marker(name: "diamond", sign: "D", path: "M0-1.2L1.2 0 0 1.2-1.2 0Z", isOpen: false, scale: 1, letter: "◆"),
        Marker(name: "thin diamond", sign: "d", path: "M0-1.3L.8 0 0 1.3-.8 0Z", isOpen: false, scale: 1, letter: "♦"),
        Marker(name: "triangle up", sign: "^", path: "M0-1.1L1.1.9H-1.1Z", isOpen: false, scale: 1.05, letter: "▲"),
        Marker(name: "triangle down", sign: "v", path: "M0 1.1L1.1-.9H-1.1Z", isOpen: false, scale: 1.05, letter: "▼"),
        Marker(name: "triangle left", sign: "<", path: "M-1.1 0L.9-1.1V1.1Z", isOpen: false, scale: 1.05, letter: "◀"),
        Marker(name: "triangle right", sign: ">", path: "M1.1 0L-.9-1.1V1.1Z", isOpen: false, scale: 1.05, letter: "▶"),
        Marker(
            name: "star", sign: "*",
            path: "M0-1.3L.31-.42 1.24-.4.5.16.76 1.05 0 .52-.76 1.05-.5.16-1.24-.4-.31-.42Z", isOpen: false,
            scale: 1.15, letter: "★"),
        Marker(
            name: "pentagon", sign: "p", path: "M0-1.1L1.05-.34.65.89H-.65L-1.05-.34Z", isOpen: false, scale: 1,
            letter: "⬟"),
        Marker(
            name: "hexagon", sign: "h", path: "M0-1.1L.95-.55V.55L0 1.1-.95.55V-.55Z", isOpen: false, scale: 1,
            letter: "⬢"),
        Marker(name: "bar", sign: "|", path: "M0-1V1", isOpen: true, scale: 1.1, letter: "|"),
    ]

    public init?(sign: Character) {
        guard let match = Marker.all.first(where: { $0.sign == sign }) else { return nil }
        self = match
    }

    private init(name: String, sign: Character, path: String?, isOpen: Bool, scale: Double, letter: Character) {
        self.name = name
        self.sign = sign
        self.path = path
        self.isOpen = isOpen
        self.scale = scale
        self.letter = letter
    }
}
