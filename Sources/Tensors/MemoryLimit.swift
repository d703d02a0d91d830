#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// How much memory may still be taken before the kernel's killer comes: the smaller of what the machine says is
/// available and what the process's control group has left, less a reserve.
public enum MemoryLimit {
    /// Ask anew after so many bytes have been taken: asking costs some 20 µs.
    static let step = 64 << 20
    /// Kept back for the rest of the process.
    static let reserve = 128 << 20

    public static func available() -> Int {
        var least = Int.max
        #if os(Linux)
        if let kilobytes = number(in: "/proc/meminfo", after: "MemAvailable:") { least = min(least, kilobytes << 10) }
        if let limit = number(in: "/sys/fs/cgroup/memory.max", after: ""),
            let used = number(in: "/sys/fs/cgroup/memory.current", after: "")
        {
            least = min(least, limit - used)
        }
        #else
        least = Int(sysconf(_SC_PHYS_PAGES)) * Int(sysconf(_SC_PAGESIZE)) / 2
        #endif
        return least == Int.max ? least : least - reserve
    }

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
