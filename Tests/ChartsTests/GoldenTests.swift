import Charts
import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Pictures as they are meant to be, in `Golden/`; `NNB_UPDATE=1` writes them anew, to be looked at in review.
@Test(arguments: Gallery.all.map(\.name))
func thePictureIsTheGoldenOne(name: String) throws {
    let figure = try #require(Gallery.all.first { $0.name == name }).figure()
    try expectGolden(SVGRenderer.render(figure), "\(name).svg")
    try expectGolden(TextRenderer.render(figure, columns: 72, colour: false), "\(name).txt")
    try expectGolden(TextRenderer.render(figure, columns: 60, colour: true), "\(name).ansi")
}

func expectGolden(_ text: String, _ name: String, file: String = #filePath) throws {
    let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let path = "\(folder)/Golden/\(name)"
    if getenv("NNB_UPDATE") != nil {
        let handle = try #require(fopen(path, "w"))
        fputs(text, handle)
        fclose(handle)
        return
    }
    let handle = try #require(fopen(path, "r"), "there is no golden file \(path); make it with NNB_UPDATE=1")
    defer { fclose(handle) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&bytes, 1, bytes.count, handle)
    #expect(text == String(decoding: bytes[0..<count], as: UTF8.self), "\(name) differs; NNB_UPDATE=1 rewrites it")
}
