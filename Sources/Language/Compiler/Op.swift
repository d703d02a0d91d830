/// The instructions of the machine, each with what it does. `R` are the registers of the running function, `K` its
/// constants, `G` the global slots, `→` a jump relative to the next instruction. A register at or above the code's
/// `localCount` is a temporary: whatever reads one empties it, unless it says that it copies.
///
/// To add one: its row here, its operands below, the compiler's emit, the machine's case.
enum Op: UInt8, CaseIterable {
    // Moving
    /// R[a] = copy of R[b]
    case copy
    /// R[a] = R[b], which is a temporary
    case take
    /// R[a] = K[b]
    case load
    /// R[a] = G[b], which must have a value; c: its name's symbol
    case global
    /// G[a] = R[b], in modules
    case setGlobal
    /// R[a] = the value captured as number b, which must have been there; c: its name's symbol
    case captured
    /// R[a] = the running function
    case itself
    /// R[a] = neighbour: the function of prototype b with the running function's captures
    case neighbour
    /// fails if R[a] has no value; b: its name's symbol
    case bound
    /// R[a] = missing
    case unset
    /// gives back R[a]
    case drop

    // Arithmetic; `x` is 1 in `R[a] op= …`
    /// R[a] = R[b] + R[c]
    case add
    /// R[a] = R[b] - R[c]
    case subtract
    /// R[a] = R[b] * R[c]
    case multiply
    /// R[a] = R[b] / R[c]
    case divide
    /// R[a] = R[b] // R[c]
    case floorDivide
    /// R[a] = R[b] % R[c]
    case remainder
    /// R[a] = R[b] ^ R[c]
    case power
    /// R[a] = R[b] + K[c], and so on with numbers
    case addK
    case subtractK
    case multiplyK
    case divideK
    case floorDivideK
    case remainderK
    case powerK
    /// R[a] = K[b] - R[c]
    case subtractFromK
    /// R[a] = K[b] / R[c]
    case divideIntoK
    /// R[a] = R[b] @ R[c]
    case matrixMultiply
    /// R[a] = R[b] & R[c], of bool tensors
    case both
    /// R[a] = R[b] | R[c], of bool tensors
    case either
    /// R[a] = -R[b]
    case negate
    /// R[a] = not R[b]
    case not

    // Comparing
    /// R[a] = R[b] == R[c]; element by element on tensors
    case equal
    case notEqual
    case less
    case lessOrEqual
    case greater
    case greaterOrEqual
    /// R[a] = R[b] in R[c]
    case contains
    /// R[a] = R[b] not in R[c]
    case lacks

    // Jumping
    /// → a
    case jump
    /// → a, backwards: looks for interruption
    case jumpBack
    /// if R[a] → b; R[a] must be a bool
    case jumpIf
    /// if not R[a] → b
    case jumpUnless
    /// if R[a] < R[b] → c
    case jumpIfLess
    case jumpUnlessLess
    case jumpIfLessOrEqual
    case jumpUnlessLessOrEqual
    case jumpIfEqual
    case jumpUnlessEqual
    /// if R[a] < K[b] → c, and so on with numbers
    case jumpIfLessK
    case jumpUnlessLessK
    case jumpIfLessOrEqualK
    case jumpUnlessLessOrEqualK
    case jumpIfGreaterK
    case jumpUnlessGreaterK
    case jumpIfGreaterOrEqualK
    case jumpUnlessGreaterOrEqualK
    case jumpIfEqualK
    case jumpUnlessEqualK
    /// if R[a] was given → b
    case jumpIfGiven

    // Loops; the state of one lies in R[a], R[a+1], R[a+2]: position, count or what is run through, count
    /// R[a…] = the start of running through R[b]; → c, to the loop's `next`
    case iterate
    /// R[b] = the next of R[a…] and → c, backwards; goes on where there is none
    case next
    /// as `next`, unpacked into x registers named by the following word, which has the jump in its `b`… see `Extra`
    case nextUnpacked

    // Calling
    /// R[a] = R[a](R[a+1], … b of them, then keyword arguments of list c - 1 if c > 0)
    case call
    /// R[a] = G[c](R[a+1], … b of them)
    case callGlobal
    /// R[a] = R[a+1].name(R[a+2], … b of them); c: the name's symbol; extra a: keyword list + 1
    case invoke
    /// R[a] = R[a+1] |> R[a]
    case pipe
    /// returns R[a]
    case giveBack
    /// returns none
    case giveNone
    /// ends a cell; its value is R[a] where x is 1
    case halt

    // Fields, elements, places
    /// R[a] = R[b].name; c: its symbol
    case field
    /// R[a].name = R[c]; b: its symbol
    case setField
    /// R[a].name op= R[c]; b: its symbol, x: the operation
    case updateField
    /// R[a] = R[b][R[c]]
    case index
    /// R[a] = R[b][R[c], R[c+1]]
    case index2
    /// R[a] = R[b][R[c], … extra a of them]
    case indexMany
    /// R[a][R[b]] = R[c]
    case setIndex
    /// R[a][R[b], R[b+1]] = R[c]
    case setIndex2
    /// R[a][R[b]] op= R[c]; x: the operation
    case updateIndex
    /// changes a place that starts in R[a] and goes on by path extra a with operands from R[b] on; with x 0 sets it to
    /// R[c], 1 updates it by R[c] with operation extra b, 2 calls the method of symbol extra b with extra c arguments
    /// R[c+1], … and leaves the result in R[c]; 3 as 2 where R[a] is an outer name's
    case change
    /// R[a] = R[b]:R[b+1]:R[b+2]
    case slice

    // Making
    /// R[a] = (R[b], … c of them)
    case tuple
    /// R[a] = the bracket literal of R[b], … c of them; extra: see `BracketMode`
    case bracket
    /// R[a] = {R[b]: R[b+1], … c pairs}
    case map
    /// R[a] = an empty list that a comprehension fills
    case collect
    /// appends R[b] to the list in R[a]
    case append
    /// R[a] = the bracket literal of the items of the list R[b], which is taken; x is 1 if they are literals
    case collected
    /// R[a] = the function of prototype b with captures R[c], …
    case closure
    /// R[a] = the class of prototype b with methods R[c], …
    case makeClass
    /// R[a] = R[b] as text; x is 1 for repr; c: format + 1
    case text
    /// R[a] = the strings R[b], … c of them, joined
    case join
    /// R[a], … c of them = the parts of R[b]
    case unpack
    /// fails with assert's message R[a], or with none
    case fail
    /// R[a] = the module of name K[b], or its name K[c] where x is 1
    case importModule
    /// takes a step from the allowance of a test
    case fuel
    /// more operands of the instruction before
    case extra
}

/// What stands in the operands of an instruction: for the disassembler, and so that temporaries can be numbered once the
/// locals are known.
enum Operand: Character {
    case register = "r", constant = "k", globalSlot = "g", jump = "j", number = "n", symbol = "s", unused = "-"
}

extension Op {
    /// Whether a jump of this kind may lead back to a loop's start: it sees that somebody wants the code to stop.
    var looksAtInterruption: Bool {
        switch self {
        case .jumpBack, .jumpIf, .jumpIfLess, .jumpIfLessOrEqual, .jumpIfEqual, .jumpUnlessEqual, .jumpIfLessK,
            .jumpIfLessOrEqualK, .jumpIfGreaterK, .jumpIfGreaterOrEqualK, .jumpIfEqualK, .jumpUnlessEqualK:
            true
        default: false
        }
    }

    /// Three letters of `Operand`, for a, b and c.
    var operands: String {
        switch self {
        case .copy, .take, .negate, .not: "rr-"
        case .load: "rk-"
        case .global: "rgs"
        case .setGlobal: "gr-"
        case .captured: "rns"
        case .itself, .unset, .drop, .giveBack, .halt, .fail, .collect: "r--"
        case .neighbour: "rn-"
        case .bound: "rs-"
        case .add, .subtract, .multiply, .divide, .floorDivide, .remainder, .power, .matrixMultiply, .both, .either,
            .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .contains, .lacks, .index, .index2,
            .indexMany, .setIndex, .setIndex2, .updateIndex, .change:
            "rrr"
        case .addK, .subtractK, .multiplyK, .divideK, .floorDivideK, .remainderK, .powerK: "rrk"
        case .subtractFromK, .divideIntoK: "rkr"
        case .jump, .jumpBack: "j--"
        case .jumpIf, .jumpUnless, .jumpIfGiven: "rj-"
        case .jumpIfLess, .jumpUnlessLess, .jumpIfLessOrEqual, .jumpUnlessLessOrEqual, .jumpIfEqual, .jumpUnlessEqual,
            .iterate, .next:
            "rrj"
        case .jumpIfLessK, .jumpUnlessLessK, .jumpIfLessOrEqualK, .jumpUnlessLessOrEqualK, .jumpIfGreaterK,
            .jumpUnlessGreaterK, .jumpIfGreaterOrEqualK, .jumpUnlessGreaterOrEqualK, .jumpIfEqualK, .jumpUnlessEqualK:
            "rkj"
        case .nextUnpacked: "r-j"
        case .call: "rnn"
        case .callGlobal: "rng"
        case .invoke: "rns"
        case .pipe: "r--"
        case .giveNone, .fuel: "---"
        case .field: "rrs"
        case .setField, .updateField: "rsr"
        case .slice: "rr-"
        case .tuple, .bracket, .map, .join, .unpack: "rrn"
        case .append, .collected: "rr-"
        case .closure, .makeClass: "rnr"
        case .text: "rrn"
        case .importModule: "rkk"
        // The registers of `nextUnpacked` are marked by x = 1.
        case .extra: "nnn"
        }
    }
}
