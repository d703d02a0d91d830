import Diagnostics

extension Compiler {
    /// Code that jumps where the condition is as told and goes on where it is not; gives the jumps.
    func branch(_ condition: Syntax.Expression, when truth: Bool) -> [Int] {
        let mark = builder.mark
        defer { builder.free(to: mark) }
        switch condition.form {
        case .unary(.not, let operand):
            // A tensor's `not` is refused with the words for it, as of any condition.
            return branch(operand, when: !truth)
        case .and(let left, let right):
            return both(left, right, when: truth, isAnd: true)
        case .or(let left, let right):
            return both(left, right, when: truth, isAnd: false)
        case .bool(let value):
            return value == truth ? [builder.emit(.jump, at: condition.span)] : []
        case .comparison(let comparison):
            return branch(comparison, when: truth, condition.span)
        default:
            let register = operand(condition)
            return [
                builder.emit(
                    truth ? .jumpIf : .jumpUnless, register, at: condition.span, operands: [condition.span])
            ]
        }
    }

    private func both(_ left: Syntax.Expression, _ right: Syntax.Expression, when truth: Bool, isAnd: Bool) -> [Int] {
        if isAnd != truth {
            // Either side decides: and-false, or-true.
            let first = branch(left, when: truth)
            let before = scope.assigned
            let second = branch(right, when: truth)
            scope.assigned = before
            return first + second
        }
        let skip = branch(left, when: !truth)
        let before = scope.assigned
        let jumps = branch(right, when: truth)
        builder.patchHere(skip)
        scope.assigned = before
        return jumps
    }

    private func branch(_ comparison: Syntax.Comparison, when truth: Bool, _ span: Span) -> [Int] {
        guard comparison.links.count > 1 else {
            guard let link = comparison.links.first else { return [] }
            if let number = Compiler.literal(link.operand) {
                let register = operand(comparison.first)
                return [
                    builder.emit(
                        Compiler.jumpK(link.operation, when: truth), register, builder.constant(number), at: span,
                        operands: [comparison.first.span, link.operand.span])
                ]
            }
            let (a, b) = operands(comparison.first, link.operand)
            return [jump(link, a, b, comparison.first.span, when: truth, span)]
        }
        return chain(comparison, when: truth, span)
    }

    private func jump(
        _ link: Syntax.Comparison.Link, _ a: Int, _ b: Int, _ left: Span, when truth: Bool, _ span: Span
    ) -> Int {
        let (op, isMirrored) = Compiler.jump(link.operation, when: truth)
        let spans = isMirrored ? [link.operand.span, left] : [left, link.operand.span]
        // x tells that the operands stand the other way round than they were written.
        return builder.emit(
            op, isMirrored ? b : a, isMirrored ? a : b, x: isMirrored ? 1 : 0, at: span, operands: spans)
    }

    /// `a < b < c`: each operand once, up to the first that is false.
    private func chain(_ comparison: Syntax.Comparison, when truth: Bool, _ span: Span) -> [Int] {
        // `kept` holds the operand in the middle for its second comparison. Where the first is false it is given back
        // on the way out; each way out drops as many as there are.
        let kept = builder.temporary()
        let scratch = builder.temporary()
        compile(comparison.first, into: scratch)
        var left = scratch
        var leftSpan = comparison.first.span
        var outs: [Int] = []
        for (number, link) in comparison.links.enumerated() {
            let right = builder.temporary()
            compile(link.operand, into: right)
            let isLast = number == comparison.links.count - 1
            if !isLast { builder.emit(.copy, kept, right, at: link.operand.span) }
            outs.append(jump(link, left, right, leftSpan, when: false, span))
            if !isLast {
                builder.emit(.take, scratch, kept, at: span)
                left = scratch
                leftSpan = link.operand.span
            }
            builder.free(to: scratch - Builder.firstTemporary + 1)
        }
        if truth {
            let yes = builder.emit(.jump, at: span)
            builder.patchHere(outs)
            builder.emit(.drop, kept, at: span)
            return [yes]
        }
        let skip = builder.emit(.jump, at: span)
        builder.patchHere(outs)
        builder.emit(.drop, kept, at: span)
        let no = builder.emit(.jump, at: span)
        builder.patchHere([skip])
        return [no]
    }

    private static func jump(_ operation: Syntax.ComparisonOperator, when truth: Bool) -> (Op, isMirrored: Bool) {
        switch operation {
        case .equal: (truth ? .jumpIfEqual : .jumpUnlessEqual, false)
        case .notEqual: (truth ? .jumpUnlessEqual : .jumpIfEqual, false)
        case .less: (truth ? .jumpIfLess : .jumpUnlessLess, false)
        case .lessOrEqual: (truth ? .jumpIfLessOrEqual : .jumpUnlessLessOrEqual, false)
        case .greater: (truth ? .jumpIfLess : .jumpUnlessLess, true)
        case .greaterOrEqual: (truth ? .jumpIfLessOrEqual : .jumpUnlessLessOrEqual, true)
        }
    }

    private static func jumpK(_ operation: Syntax.ComparisonOperator, when truth: Bool) -> Op {
        switch operation {
        case .equal: truth ? .jumpIfEqualK : .jumpUnlessEqualK
        case .notEqual: truth ? .jumpUnlessEqualK : .jumpIfEqualK
        case .less: truth ? .jumpIfLessK : .jumpUnlessLessK
        case .lessOrEqual: truth ? .jumpIfLessOrEqualK : .jumpUnlessLessOrEqualK
        case .greater: truth ? .jumpIfGreaterK : .jumpUnlessGreaterK
        case .greaterOrEqual: truth ? .jumpIfGreaterOrEqualK : .jumpUnlessGreaterOrEqualK
        }
    }
}
