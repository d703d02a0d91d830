#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A small file in memory, through which the workers tell how far they are, also when they end without a word.
///
/// Each worker has its own row, and alone writes it; the watcher reads.
struct Board {
    enum Column: Int, CaseIterable {
        /// The number of the input that is tried.
        case index
        case tried, parsed, compiled, ran, notebooks
    }

    static let rows = 64
    static var size: Int { rows * Column.allCases.count * 8 }

    private let numbers: UnsafeMutablePointer<Int>

    init?(_ path: String, isNew: Bool) {
        let file = open(path, isNew ? O_RDWR | O_CREAT | O_TRUNC : O_RDWR, 0o600)
        guard file >= 0 else { return nil }
        defer { close(file) }
        guard !isNew || ftruncate(file, off_t(Board.size)) == 0 else { return nil }
        guard let memory = mmap(nil, Board.size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), memory != MAP_FAILED else {
            return nil
        }
        numbers = memory.bindMemory(to: Int.self, capacity: Board.size / 8)
    }

    subscript(_ row: Int, _ column: Column) -> Int {
        get { numbers[row % Board.rows * Column.allCases.count + column.rawValue] }
        nonmutating set { numbers[row % Board.rows * Column.allCases.count + column.rawValue] = newValue }
    }
}
