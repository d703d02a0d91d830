import Diagnostics
import Language

/// Which cells a cell may depend on, told from the names alone.
enum Dependence {
    /// For each cell the earlier code cells whose outcome may have a part in its own, in ascending order.
    static func earlierCells(of cells: [Cell]) -> [[Int]] {
        cells.indices.map { index in (0..<index).filter { cells[$0].kind == .code } }
    }
}
