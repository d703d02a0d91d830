import Diagnostics
import Sessions
import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

@Suite struct FilesTests {
    @Test func `what is written is read`() throws {
        let folder = try Folder()
        let path = folder.path + "/a/b/file"
        try Files.makeFolder(folder.path + "/a/b")
        try Files.makeFolder(folder.path + "/a/b")
        let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
        try Files.replace(path, with: bytes)
        #expect(try Files.read(path) == bytes)
        try Files.replace(path, with: [])
        #expect(try Files.read(path) == [])
    }

    @Test func `permissions stay, and no other file is left behind`() throws {
        let folder = try Folder()
        let path = folder.path + "/file"
        try Files.replace(path, with: [1])
        chmod(path, 0o640)
        try Files.replace(path, with: [2])
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o640)
        Files.removeContents(of: folder.path) { $0 == "file" }
        #expect(!Files.exists(folder.path))
    }

    @Test func `a symbolic link goes on leading to the file`() throws {
        let folder = try Folder()
        try Files.replace(folder.path + "/file", with: [1])
        symlink("file", folder.path + "/link")
        try Files.replace(folder.path + "/link", with: [2])
        #expect(try Files.read(folder.path + "/file") == [2])
        var status = stat()
        #expect(lstat(folder.path + "/link", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    }

    @Test func `a link to nothing makes its file, links in a circle are refused`() throws {
        let folder = try Folder()
        symlink("file", folder.path + "/link")
        try Files.replace(folder.path + "/link", with: [3])
        #expect(try Files.read(folder.path + "/file") == [3])
        symlink("one", folder.path + "/two")
        symlink("two", folder.path + "/one")
        #expect(throws: Failure.self) { try Files.replace(folder.path + "/one", with: [1]) }
    }

    @Test func `what is no file is written to as it is`() throws {
        let folder = try Folder()
        let path = folder.path + "/pipe"
        #expect(mkfifo(path, 0o600) == 0)
        let reader = open(path, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        try Files.replace(path, with: [1, 2, 3])
        var bytes = [UInt8](repeating: 0, count: 8)
        #expect(read(reader, &bytes, 8) == 3 && bytes[..<3] == [1, 2, 3])
        var status = stat()
        #expect(lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
        #expect(Files.isSpecial(path) && !Files.isSpecial(folder.path) && !Files.isSpecial(folder.path + "/none"))
    }

    @Test func `a file that nobody may write is left as it is`() throws {
        let folder = try Folder()
        let path = folder.path + "/file"
        try Files.replace(path, with: [1])
        chmod(path, 0o444)
        #expect(throws: Failure.self) { try Files.replace(path, with: [2]) }
        #expect(try Files.read(path) == [1])
    }

    @Test func `a file that is not there, and one that cannot be made`() throws {
        let folder = try Folder()
        let missing = #expect(throws: Failure.self) { try Files.read(folder.path + "/none") }
        #expect(missing?.message == "\(folder.path)/none cannot be read: No such file or directory")
        #expect(missing?.kind == .file)
        #expect(throws: Failure.self) { try Files.replace(folder.path + "/none/file", with: [1]) }
        #expect(throws: Failure.self) { try Files.read(folder.path) }
    }

    @Test(arguments: [("a/b", "a", "b"), ("/b", "/", "b"), ("b", nil, "b"), ("/a/b/c.nnb", "/a/b", "c.nnb")])
    func `folder and name of a path`(path: String, folder: String?, name: String) {
        #expect(Files.folder(of: path) == folder)
        #expect(Files.name(of: path) == name)
    }
}

/// A folder of its own for a test, removed with its files behind it.
final class Folder {
    let path: String

    init() throws {
        var template = Array("/tmp/nnb-test.XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    deinit {
        for name in ["/a/b", "/a", ""] { Files.removeContents(of: path + name) { !$0.hasPrefix(".") } }
    }
}
