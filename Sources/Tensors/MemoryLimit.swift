import Diagnostics

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// How much memory may still be taken before the kernel's killer comes: the least of what the machine says is available,
/// what the process's control groups have left, and what its own limit leaves (`ulimit -v`), less a reserve.
public enum MemoryLimit {
    /// Ask anew after so many bytes have been taken: asking costs some 20 µs.
    static let step = 64 << 20
    /// Kept back for the rest of the process.
    static let reserve = 128 << 20

    /// Refuses what would take so many bytes more, where these are many and not left.
    public static func check(_ bytes: Int) throws(Failure) {
        guard bytes > step, bytes > available() else { return }
        throw Failure(.memory, "this needs \(bytes >> 20) MB, and so much memory is not left")
    }

    public static func available() -> Int {
        var least = Int.max
        #if os(Linux)
        if let kilobytes = number(in: "/proc/meminfo", after: "MemAvailable:") { least = min(least, kilobytes << 10) }
        for group in groups {
            if let limit = number(in: group.limit, after: ""), let used = number(in: group.used, after: "") {
                least = min(least, limit - used)
            }
        }
        var space = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &space) == 0, space.rlim_cur < UInt(Int.max),
            let pages = number(in: "/proc/self/statm", after: "")
        {
            least = min(least, Int(space.rlim_cur) - pages * Int(sysconf(Int32(_SC_PAGESIZE))))
        }
        #else
        least = Int(sysconf(_SC_PHYS_PAGES)) * Int(sysconf(_SC_PAGESIZE)) / 2
        #endif
        return least == Int.max ? least : least - reserve
    }

    /// The files of the control groups that limit this process: its own and those above it, of version 2 and version 1.
    private static let groups: [(limit: String, used: String)] = {
        guard let file = fopen("/proc/self/cgroup", "r") else { return [] }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        let text = String(decoding: buffer[..<fread(&buffer, 1, buffer.count, file)], as: UTF8.self)
        var found: [(limit: String, used: String)] = []
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let isNew = parts[0] == "0" && parts[1].isEmpty
            guard isNew || parts[1].split(separator: ",").contains("memory") else { continue }
            var path = isNew ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory"
            let names = isNew ? ("memory.max", "memory.current") : ("memory.limit_in_bytes", "memory.usage_in_bytes")
            for part in [Substring("")] + parts[2].split(separator: "/") {
                path += part.isEmpty ? "" : "/\(part)"
                // Where there is no limit stands `max`, or a number above any memory.
                guard let limit = number(in: "\(path)/\(names.0)", after: ""), limit < 1 << 60 else { continue }
                found.append(("\(path)/\(names.0)", "\(path)/\(names.1)"))
            }
        }
        return found
    }()

    /// The first number after `key` in a small text file; nil where there is none (`max`).
    static func number(in path: String, after key: String) -> Int? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 2048)
        let count = fread(&buffer, 1, buffer.count, file)
        let text = buffer[0..<count]
        let name = Array(key.utf8)
        guard count >= name.count else { return nil }
        var start = 0
        while start + name.count <= count, !text[start..<(start + name.count)].elementsEqual(name) { start += 1 }
        guard start + name.count <= count else { return nil }
        var value: Int?
        for byte in text[(start + name.count)...] {
            if byte >= 48, byte <= 57 {
                let (product, over) = (value ?? 0).multipliedReportingOverflow(by: 10)
                if over { return nil }
                value = product &+ Int(byte - 48)
            } else if value != nil || (byte != 32 && byte != 9) {
                break
            }
        }
        return value
    }
}
