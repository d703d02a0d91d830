import Diagnostics
import Language
import Sessions

/// Which cells a cell may depend on, told from the names alone: more rather than less.
///
/// Walks through the cells in order and keeps, for each name, the cells that may have had a part in what it holds, and
/// the names that may be reached through it. A cell depends on those that had a part in what it reads, also through
/// functions. Whoever may change an object has a part in every name through which it may be reached.
package enum Dependence {
    /// For each cell the earlier code cells whose outcome may have a part in its own, in ascending order.
    package static func earlierCells(of cells: [Cell]) -> [[Int]] {
        let programs = cells.map { cell in
            cell.kind == .code ? Parser.parse(Source(name: "", text: cell.source)).program : nil
        }
        let hidden = hiddenNames(programs)
        var names = Names()
        var result: [[Int]] = []
        var seeding: Set<Int> = []
        for (index, program) in programs.enumerated() {
            guard let program else {
                result.append([])
                continue
            }
            var isSeeding = false
            let cell = Dependencies(of: program) { name in
                guard !hidden.contains(name), let effects = Effects.byName[name] else { return nil }
                if name == "seed" { isSeeding = true }
                return effects
            }
            result.append(names.enter(cell, index).union(seeding).sorted())
            if isSeeding { seeding.insert(index) }
        }
        return result
    }

    /// Names that some cell or class gives a meaning of its own: they are not the prelude's anywhere.
    private static func hiddenNames(_ programs: [Syntax.Program?]) -> Set<String> {
        var hidden: Set<String> = []
        for case .some(let program) in programs {
            let cell = Dependencies(of: program) { _ in Dependencies.Effects([]) }
            hidden.formUnion(cell.defines)
            hidden.formUnion(cell.methods)
        }
        return hidden
    }

    private struct Names {
        /// The cells that may have had a part in what a name holds.
        var writers: [String: Set<Int>] = [:]
        /// Names that may be read when what it holds is used.
        var readable: [String: Set<String>] = [:]
        /// Names whose objects may be changed when what it holds is used.
        var changeable: [String: Set<String>] = [:]

        /// Takes account of a cell and gives those that it may depend on.
        mutating func enter(_ cell: Dependencies, _ index: Int) -> Set<Int> {
            var earlier: Set<Int> = []
            for name in closure(cell.reads, readable) { earlier.formUnion(writers[name] ?? []) }

            let kept = cell.keeps.union(cell.changes)
            for name in cell.defines {
                if cell.overwrites.contains(name) {
                    writers[name] = []
                    readable[name] = []
                    changeable[name] = []
                }
                writers[name, default: []].insert(index)
                readable[name, default: []].formUnion(cell.captures.union(kept))
                changeable[name, default: []].formUnion(kept)
            }
            for name in closure(cell.changes, changeable) {
                writers[name, default: []].insert(index)
                // What was put into an object can be reached through it.
                if cell.changes.contains(name) {
                    readable[name, default: []].formUnion(cell.captures.union(kept))
                    changeable[name, default: []].formUnion(kept)
                }
            }
            return earlier
        }

        private func closure(_ start: Set<String>, _ next: [String: Set<String>]) -> Set<String> {
            var found = start
            var open = Array(start)
            while let name = open.popLast() {
                for other in next[name] ?? [] where found.insert(other).inserted { open.append(other) }
            }
            return found
        }
    }
}
