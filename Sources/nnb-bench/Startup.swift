#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

let startup = Benchmark(
    name: "startup",
    summary: "nnb -e '1+1' from its start to its end; nnb beside this program or in PATH"
) {
    let own = CommandLine.arguments[0]
    let folder = own.lastIndex(of: "/").map { String(own[...$0]) } ?? ""
    let command = (folder.isEmpty || access(folder + "nnb", X_OK) != 0 ? "nnb" : folder + "nnb") + " -e '1+1' > /dev/null"
    var times: [Double] = []
    for _ in 0..<20 {
        let watch = Stopwatch()
        guard system(command) == 0 else {
            print("  \(command) failed")
            return
        }
        times.append(watch.seconds)
    }
    report("with a shell's start", times)
}
