import Language
import Sessions

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// What a worker gives back when an input is at fault without ending the process.
enum Verdict { static let fault = 3 }

guard let options = Options(Array(CommandLine.arguments.dropFirst())) else {
    print(Options.usage, terminator: "")
    exit(2)
}
let mutation = Mutation(Corpus(options.folders), names: Session.preludeNames)

if let worker = options.worker {
    exit(work(worker.file, worker.slot, worker.first..<worker.end))
} else if let index = options.single {
    let bytes = mutation.input(seed: options.seed, index: index)
    print(String(decoding: bytes, as: UTF8.self))
    fflush(nil)
    exit(report(bytes))
} else {
    guard let watch = Watch(options, mutation) else {
        print("no shared memory could be had")
        exit(2)
    }
    exit(watch.run() ? 0 : 1)
}

/// Tries inputs, telling the number of each before it is tried.
func work(_ file: String, _ slot: Int, _ indices: Range<Int>) -> Int32 {
    guard let board = Board(file, isNew: false) else { return 2 }
    let trial = Trial(isRunning: options.isRunning)
    enterEmptyFolder()
    let before = Board.Column.allCases.map { board[slot, $0] }
    func count(_ column: Board.Column, _ number: Int) { board[slot, column] = before[column.rawValue] + number }
    for index in indices {
        board[slot, .index] = index
        do throws(Trial.Fault) {
            try trial.put(mutation.input(seed: options.seed, index: index))
        } catch {
            count(.tried, index - indices.lowerBound + 1)
            let words = Array((error.text + "\n").utf8)
            _ = write(2, words, words.count)
            return Int32(Verdict.fault)
        }
        count(.tried, index - indices.lowerBound + 1)
        count(.parsed, trial.counts.parsed)
        count(.compiled, trial.counts.compiled)
        count(.ran, trial.counts.ran)
        count(.notebooks, trial.counts.notebooks)
    }
    return 0
}

func report(_ bytes: [UInt8]) -> Int32 {
    do throws(Trial.Fault) {
        try Trial(isRunning: options.isRunning).put(bytes)
        return 0
    } catch {
        print(error.text)
        return Int32(Verdict.fault)
    }
}

/// Programs that run write and read files where nothing is.
func enterEmptyFolder() {
    guard options.isRunning else { return }
    let folder = "/tmp/nnb-fuzz-\(getpid())"
    mkdir(folder, 0o700)
    chdir(folder)
    setenv("NNB_DATA", folder, 1)
    setenv("HOME", folder, 1)
}
