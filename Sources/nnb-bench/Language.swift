import Foundation
import Sessions

/// The language beside Lua, CPython and NumPy: the same programs, which stand in `peers/language`. Processor time of
/// `run()`, the least of several rounds in which all take their turn.
let language = Benchmark(
    name: "language", summary: "the same small programs in nnb, Lua 5.4, CPython and NumPy"
) {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "peers/language")
    var overLua: [Double] = []
    var overNumPy: [Double] = []
    print("  seconds".padded(16) + "nnb".padded(10) + "Lua".padded(10) + "Python".padded(10) + "over Lua".padded(10) + "over Python")
    for program in LanguageProgram.all {
        var least: [String: Double] = [:]
        for _ in 0..<LanguageProgram.rounds {
            for kind in ["nnb", "lua", "py"] {
                guard let seconds = LanguageProgram.seconds(program, kind, folder) else { continue }
                least[kind] = min(least[kind] ?? .infinity, seconds)
            }
        }
        guard let own = least["nnb"] else {
            print("  \(program): did not run")
            continue
        }
        let lua = least["lua"].map { own / $0 }
        let python = least["py"].map { own / $0 }
        if let lua, program != "strings" { overLua.append(lua) }
        if least["lua"] == nil, let python { overNumPy.append(python) }
        let cells = [own, least["lua"], least["py"], lua, python].map { $0.map { number($0) } ?? "-" }
        print("  " + program.padded(14) + cells.map { $0.padded(10) }.joined())
    }
    print("  geometric mean of the scalar rows over Lua: \(number(mean(overLua))), of the tensor rows over NumPy: \(number(mean(overNumPy)))")
}

private func mean(_ ratios: [Double]) -> Double {
    exp(ratios.map { log($0) }.reduce(0, +) / Double(max(ratios.count, 1)))
}

private func number(_ number: Double) -> String { String(format: number < 0.1 ? "%.4f" : "%.3f", number) }

/// One program in one language.
enum LanguageProgram {
    static let rounds = 5
    static let all = [
        "fib", "mandelbrot", "sieve", "for", "while", "closures", "fields", "objects", "methods", "strings", "maps",
        "product", "add", "dot", "perceptron", "xor_by_hand",
    ]

    /// The processor time of one `run()`; nil where there is no such program, or no such language on this machine.
    static func seconds(_ name: String, _ kind: String, _ folder: URL) -> Double? {
        guard let text = try? String(contentsOf: folder.appending(path: "\(name).\(kind)"), encoding: .utf8) else { return nil }
        switch kind {
        case "nnb":
            let session = Session()
            let sink = Silence()
            guard session.run(text, name: name, sink: sink).failure == nil else { return nil }
            let start = processorTime()
            guard session.run("run();", name: "run", sink: sink).failure == nil else { return nil }
            return processorTime() - start
        case "lua":
            return run("lua5.4", ["-"], text + "\nlocal start = os.clock() run() print(os.clock() - start)\n")
        default:
            return run(
                "python3", ["-"],
                text + "\nimport time\nstart = time.process_time()\nrun()\nprint(time.process_time() - start)\n")
        }
    }

    private static func processorTime() -> Double {
        var now = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }

    private static func run(_ command: String, _ arguments: [String], _ input: String) -> Double? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [command] + arguments
        let (from, to) = (Pipe(), Pipe())
        process.standardInput = from
        process.standardOutput = to
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        from.fileHandleForWriting.write(Data(input.utf8))
        try? from.fileHandleForWriting.close()
        let output = to.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Double(String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }

    private final class Silence: Sink {
        func take(_ event: Event) {}
        func progress(_ line: String?) {}
        var isInteractive: Bool { false }
        var columns: Int { 80 }
    }
}

extension String {
    fileprivate func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
