/// The table of operators: what each does after a value and how tightly.
enum Grammar {
    /// From the loosest to the tightest.
    enum Precedence: Int, Comparable {
        case lambda, pipe, or, and, not, bar, ampersand, membership, comparison, sum, product, matrix, unary, power
        case postfix

        static func < (a: Precedence, b: Precedence) -> Bool { a.rawValue < b.rawValue }
        /// For the right operand of an operator that groups to the left.
        var tighter: Precedence { Precedence(rawValue: rawValue + 1) ?? .postfix }
    }

    enum Action {
        case binary(Syntax.BinaryOperator)
        case power
        case comparison
        case and, or, pipe
        case call, index, field, transpose
    }

    struct Infix {
        var action: Action
        var precedence: Precedence
    }

    /// The operators that stand after a value.
    static func infix(_ symbol: Symbol) -> Infix? {
        switch symbol {
        case .leftParenthesis: Infix(action: .call, precedence: .postfix)
        case .leftBracket: Infix(action: .index, precedence: .postfix)
        case .dot: Infix(action: .field, precedence: .postfix)
        case .transpose: Infix(action: .transpose, precedence: .postfix)
        case .caret: Infix(action: .power, precedence: .power)
        case .at: Infix(action: .binary(.matrixMultiply), precedence: .matrix)
        case .star: Infix(action: .binary(.multiply), precedence: .product)
        case .slash: Infix(action: .binary(.divide), precedence: .product)
        case .doubleSlash: Infix(action: .binary(.floorDivide), precedence: .product)
        case .percent: Infix(action: .binary(.remainder), precedence: .product)
        case .plus: Infix(action: .binary(.add), precedence: .sum)
        case .minus: Infix(action: .binary(.subtract), precedence: .sum)
        case .element: Infix(action: .binary(.contains), precedence: .membership)
        case .notElement: Infix(action: .binary(.lacks), precedence: .membership)
        case .ampersand: Infix(action: .binary(.and), precedence: .ampersand)
        case .bar: Infix(action: .binary(.or), precedence: .bar)
        case .pipe: Infix(action: .pipe, precedence: .pipe)
        default: comparison(symbol) == nil ? nil : Infix(action: .comparison, precedence: .comparison)
        }
    }

    /// `not` counts only before `in`.
    static func infix(_ keyword: Keyword) -> Infix? {
        switch keyword {
        case .in: Infix(action: .binary(.contains), precedence: .membership)
        case .not: Infix(action: .binary(.lacks), precedence: .membership)
        case .and: Infix(action: .and, precedence: .and)
        case .or: Infix(action: .or, precedence: .or)
        default: nil
        }
    }

    static func comparison(_ symbol: Symbol) -> Syntax.ComparisonOperator? {
        switch symbol {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        default: nil
        }
    }
}
