import Diagnostics
import Sessions

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The entries of earlier sessions, in `nnb/history` of the user's data folder (XDG Base Directory): one a line, in which
/// `\n` is a newline and `\\` a backslash. Several sessions may be open at once; each adds to what it finds.
package struct History {
    package static let most = 2000

    private let path: String?
    package private(set) var entries: [String] = []

    /// - Parameter path: nil keeps nothing.
    package init(path: String?) {
        self.path = path
        entries = read()
    }

    /// Where the environment says that users' data lie.
    static var standardPath: String? {
        let value = { (name: String) in getenv(name).map { String(cString: $0) } }
        if let folder = value("XDG_DATA_HOME"), folder.hasPrefix("/") { return folder + "/nnb/history" }
        return value("HOME").map { $0 + "/.local/share/nnb/history" }
    }

    /// Adds an entry at the end, and takes the same one away where it stood before.
    package mutating func add(_ entry: String) {
        guard !entry.allSatisfy(\.isWhitespace) else { return }
        entries = read()
        entries.removeAll { $0 == entry }
        entries.append(entry)
        entries.removeFirst(max(0, entries.count - History.most))
        guard let path else { return }
        let text = entries.map { History.escaped($0) + "\n" }.joined()
        // A history that cannot be kept is no reason to disturb.
        try? Files.makeFolder(Files.folder(of: path) ?? ".")
        try? Files.replace(path, with: Array(text.utf8))
    }

    private func read() -> [String] {
        guard let path, let bytes = try? Files.read(path) else { return entries }
        return bytes.split(separator: UInt8(ascii: "\n")).map { History.unescaped(String(decoding: $0, as: UTF8.self)) }
    }

    package static func escaped(_ entry: String) -> String {
        var text = ""
        for scalar in entry.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    package static func unescaped(_ line: String) -> String {
        var text = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in line.unicodeScalars {
            if isEscaped {
                text.append(scalar == "n" ? "\n" : scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                text.append(scalar)
            }
        }
        return String(text)
    }
}
