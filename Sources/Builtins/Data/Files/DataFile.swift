import Diagnostics
import Tensors

/// A file of a data set that is too large to ship: what it is called, how its content is known, where it can be had.
package struct DataFile: Sendable {
    package let name: String
    /// SHA-256 of the decompressed content: copies are compressed in different ways, and MNIST and Fashion-MNIST share
    /// their files' names.
    package let sha256: String
    /// Bytes of the decompressed content.
    package let size: Int
    /// Whence it is fetched, the first that answers.
    package let addresses: [String]

    package init(name: String, sha256: String, size: Int, addresses: [String]) {
        self.name = name
        self.sha256 = sha256
        self.size = size
        self.addresses = addresses
    }
}

/// Where the files of data sets are looked for, in this order: `$NNB_DATA` and the folders in it, the user's cache, the
/// places where packages of the system put them; else they are fetched into the cache.
package struct DataFinder {
    /// `$NNB_DATA`.
    package var folder: String?
    package var cache: String?
    package var system = "/usr/share/datasets"
    /// Fetches an address, at most so many bytes; nil where there is no network to be used.
    package var fetch: ((_ address: String, _ limit: Int) throws(Failure) -> [UInt8])?

    package init(folder: String? = nil, cache: String? = nil, system: String = "/usr/share/datasets") {
        self.folder = folder
        self.cache = cache
        self.system = system
    }

    /// The places that the environment names.
    package static func standard() -> DataFinder {
        var cache = Files.environment("XDG_CACHE_HOME").map { $0 + "/nnb" }
        if cache == nil, let home = Files.environment("HOME") {
            #if os(macOS)
            cache = home + "/Library/Caches/nnb"
            #else
            cache = home + "/.cache/nnb"
            #endif
        }
        return DataFinder(folder: Files.environment("NNB_DATA").map(Files.expand), cache: cache)
    }

    /// The decompressed content of a file of the set, its checksum verified.
    package func content(of file: DataFile, set: String) throws(Failure) -> [UInt8] {
        var others: [String] = []
        for path in places(of: file, set: set) where Files.exists(path) {
            // A file that cannot be read or is another one is passed over, and told if nothing better is found.
            if let bytes = try? Files.read(path), let content = DataFinder.verified(bytes, file) { return content }
            others.append(path)
        }
        guard let fetch else { throw missing(file, set, others, "") }
        var reasons: [String] = []
        for address in file.addresses {
            do throws(Failure) {
                let bytes = try fetch(address, file.size + (1 << 20))
                guard let content = DataFinder.verified(bytes, file) else {
                    reasons.append("\(address) gave another file than expected")
                    continue
                }
                keep(bytes, file, set)
                return content
            } catch {
                if error.kind == .interrupt || error.kind == .timeout { throw error }
                reasons.append(error.message)
            }
        }
        throw missing(file, set, others, reasons.first.map { "; it could not be fetched: \($0)" } ?? "")
    }

    func places(of file: DataFile, set: String) -> [String] {
        let names = file.name.hasSuffix(".gz") ? [file.name, String(file.name.dropLast(3))] : [file.name]
        var folders: [String] = []
        if let folder { folders += [folder] + Files.names(in: folder).map { folder + "/" + $0 } }
        if let cache { folders.append(cache + "/" + set) }
        folders.append(system + "/" + set)
        return folders.flatMap { folder in names.map { folder + "/" + $0 } }
    }

    /// The content, if it is the file's.
    static func verified(_ bytes: [UInt8], _ file: DataFile) -> [UInt8]? {
        guard let stream = try? ByteStream(bytes, name: file.name),
            let content = try? stream.readAll(limit: file.size), content.count == file.size
        else { return nil }
        return content.withUnsafeBytes(Digest.sha256) == file.sha256 ? content : nil
    }

    /// A copy for the next time; where none can be kept, the data are there all the same.
    private func keep(_ bytes: [UInt8], _ file: DataFile, _ set: String) {
        guard let cache else { return }
        do throws(Failure) {
            try Files.makeFolder(cache + "/" + set)
            try Files.write(bytes, to: cache + "/" + set + "/" + file.name)
        } catch {}
    }

    private func missing(_ file: DataFile, _ set: String, _ others: [String], _ reason: String) -> Failure {
        var places = folder.map { ["\($0) ($NNB_DATA)"] } ?? []
        if let cache { places.append("\(cache)/\(set)") }
        places.append("\(system)/\(set)")
        var message = "the data set \(set) needs the file \(file.name), which is in none of \(places.joined(separator: ", "))"
        if !others.isEmpty { message += " (\(others.joined(separator: ", ")) is another file: its checksum differs)" }
        let target = cache.map { "\($0)/\(set)" } ?? "a folder"
        return Failure(
            .file, message + reason,
            help: "put it, with the other files of the set, into \(target), or set NNB_DATA to a folder that holds them; "
                + "it can be had from \(file.addresses.first ?? "")"
                + (set == "fashion-mnist" ? ", or as Debian's package dataset-fashion-mnist" : ""))
    }
}
