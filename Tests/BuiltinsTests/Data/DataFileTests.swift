import Builtins
import Diagnostics
import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A folder that goes away with the object.
final class Folder {
    let path: String

    init() {
        var name = Array("/tmp/nnb-test-XXXXXX".utf8CString)
        path = mkdtemp(&name).map { String(cString: $0) } ?? "/tmp"
    }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        let parts = name.split(separator: "/")
        if parts.count > 1 { try Files.makeFolder(path + "/" + parts.dropLast().joined(separator: "/")) }
        try Files.write(bytes, to: path + "/" + name)
    }

    deinit { Folder.remove(path) }

    private static func remove(_ path: String) {
        for name in Files.names(in: path) { remove(path + "/" + name) }
        Glibc_remove(path)
    }
}

private func Glibc_remove(_ path: String) { _ = remove(path) }

/// `printf abc | sha256sum`
private let file = DataFile(
    name: "abc.gz", sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", size: 3,
    addresses: ["https://example.org/abc.gz"])
private let content = Array("abc".utf8)
/// Python: `gzip.compress(b'abc', mtime=0)`
private let packed: [UInt8] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x4b, 0x4c, 0x4a, 0x06, 0x00, 0xc2, 0x41, 0x24, 0x35, 0x03,
    0x00, 0x00, 0x00,
]

private func finder(_ folder: Folder) -> DataFinder {
    DataFinder(folder: folder.path + "/data", cache: folder.path + "/cache", system: folder.path + "/system")
}

@Test(arguments: ["data/abc.gz", "data/one-down/abc.gz", "cache/set/abc.gz", "system/set/abc.gz"])
func aDataFileIsFoundWhereItMayLie(place: String) throws {
    let folder = Folder()
    try folder.write(place, packed)
    #expect(try finder(folder).content(of: file, set: "set") == content)
}

@Test func aDataFileMayLieUncompressedToo() throws {
    let folder = Folder()
    try folder.write("data/abc", content)
    #expect(try finder(folder).content(of: file, set: "set") == content)
}

@Test func aFileOfThatNameButAnotherContentIsPassedOver() throws {
    let folder = Folder()
    try folder.write("data/abc.gz", Array("abd".utf8))
    do throws(Failure) {
        _ = try finder(folder).content(of: file, set: "set")
        Issue.record("found")
    } catch {
        #expect(error.kind == .file)
        #expect(error.message.contains("is another file: its checksum differs"))
        #expect(error.help?.contains("\(folder.path)/cache/set") == true)
    }
    try folder.write("system/set/abc.gz", packed)
    #expect(try finder(folder).content(of: file, set: "set") == content)
}

@Test func aFetchedFileIsVerifiedAndKept() throws {
    let folder = Folder()
    var finder = finder(folder)
    finder.fetch = { _, _ in packed }
    #expect(try finder.content(of: file, set: "set") == content)
    finder.fetch = nil
    #expect(try finder.content(of: file, set: "set") == content)
    #expect(Files.names(in: folder.path + "/cache/set") == ["abc.gz"])
}

@Test func aFetchThatFailsOrLiesIsTold() throws {
    let folder = Folder()
    var finder = finder(folder)
    finder.fetch = { _, _ in Array("abd".utf8) }
    #expect(throws: Failure.self) { try finder.content(of: file, set: "set") }
    #expect(Files.names(in: folder.path + "/cache/set").isEmpty)
    finder.fetch = { _, _ throws(Failure) in throw Failure(.file, "Could not resolve host") }
    do throws(Failure) {
        _ = try finder.content(of: file, set: "set")
    } catch {
        #expect(error.message.hasSuffix("; it could not be fetched: Could not resolve host"))
    }
}

@Test func aFileThatIsNotThereIsTold() {
    do throws(Failure) {
        _ = try Files.read("/nowhere/at/all.csv")
    } catch {
        #expect(error.message == "there is no file \"/nowhere/at/all.csv\"")
    }
    do throws(Failure) {
        _ = try Files.read("/tmp")
    } catch {
        #expect(error.message == "\"/tmp\" is a folder, not a file")
    }
}

@Test func addressesThatCannotBeHadAreErrorsAndNotMore() {
    // Port 9 of this machine answers nobody.
    for address in ["http://127.0.0.1:9/x", "file:///etc/passwd", "nonsense", ""] {
        #expect(throws: Failure.self) { try Fetch.bytes(of: address, limit: 1000) { _, _ in true } }
    }
}
