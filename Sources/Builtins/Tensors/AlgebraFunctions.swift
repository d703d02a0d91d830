import Autodiff
import Diagnostics
import Language
import Tensors

/// Products, equations and decompositions of matrices; what samples have in common.
enum AlgebraFunctions {
    static let builtins: [Builtin] = [
        convolve, corr, cov, det, dot, eig, inv, lstsq, outer, qr, solve, svd,
    ]

    private static func matrix(_ name: String, _ summary: String) -> Builtin.Parameter {
        .init(name, "matrix", .required, .positional, summary)
    }

    static let dot = Builtin(
        "dot", "the inner product of vectors, the product of matrices; `a @ b` and `a · b` for short",
        [
            .init("a", "tensor or number", .required, .positional, "the left factor"),
            .init("b", "tensor or number", .required, .positional, "the right factor"),
        ],
        formula: "Σ aₖ bₖ", shapes: "[k], [k] -> number; [m, k], [k, n] -> [m, n]", example: "dot([1, 2], [3, 4])  # 11",
        tracing: .onTape { (tracing, call) throws(Failure) in
            try tracing.tape.product(call.variable(0, tracing), call.variable(1, tracing))
        }
    ) { call throws(Failure) in
        Value(reduced: try MatrixProduct.product(call.tensorOrNumber(0), call.tensorOrNumber(1)))
    }

    static let outer = Builtin(
        "outer", "all pairs: the product of each element of a with each of b, or another function of them",
        [
            .init("a", "vector", .required, .positional, "along the rows"),
            .init("b", "vector", .required, .positional, "along the columns"),
            .init("f", "function", .absent, .positional, "of two numbers, in place of the product"),
        ],
        formula: "Mᵢⱼ = f(aᵢ, bⱼ)", shapes: "[n], [m] -> [n, m]", example: "outer([1, 2], [3, 4])  # [3, 4; 6, 8]",
        tracing: .onTape { (tracing, call) throws(Failure) in
            let tape = tracing.tape
            let a = try call.variable(0, tracing), b = try call.variable(1, tracing)
            guard let f = try call.optionalFunction(2) else { return try tape.outer(a, b) }
            let rows = tape.shape(a).reduce(1, *), columns = tape.shape(b).reduce(1, *)
            let x = try tape.reshape(a, [rows]), y = try tape.reshape(b, [columns])
            var elements: [Variable] = []
            for row in 0..<rows {
                for column in 0..<columns {
                    let left = tracing.value(try tape.index(x, [.at(row)])), right = tracing.value(try tape.index(y, [.at(column)]))
                    defer {
                        left.release()
                        right.release()
                    }
                    let value = try call.interpreter.call(f, [left, right])
                    defer { value.release() }
                    guard let element = try tracing.variable(of: value), tape.shape(element).isEmpty else {
                        throw Failure(.type, "the function of `outer` gives numbers, not \(value.inWords)", argument: 2)
                    }
                    elements.append(element)
                }
            }
            return try tape.reshape(tracing.stacked(elements), [rows, columns])
        }
    ) { call throws(Failure) in
        let a = try call.tensorOrNumber(0), b = try call.tensorOrNumber(1)
        guard let f = try call.optionalFunction(2) else { return Value(tensor: try Statistics.outer(a, b)) }
        let result = try Tensor(uninitialized: [a.count, b.count])
        for row in 0..<a.count {
            for column in 0..<b.count {
                let value = try call.interpreter.call(f, [Value(a.block.number(at: row)), Value(b.block.number(at: column))])
                defer { value.release() }
                guard value.isNumber || value.isBool else {
                    throw Failure(.type, "the function of `outer` gives numbers, not \(value.inWords)", argument: 2)
                }
                result.block.float64[row * b.count + column] = value.isNumber ? value.number : value.isTrue ? 1 : 0
            }
        }
        return Value(tensor: result)
    }

    static let solve = Builtin(
        "solve", "the x of A x = b",
        [matrix("A", "square, not singular"), .init("b", "vector or matrix", .required, .positional, "the right side, or several as columns")],
        shapes: "[n, n], [n] -> [n]", example: "solve([2, 0; 0, 4], [2, 4])  # [1, 1]",
        tracing: .onTape { (tracing, call) throws(Failure) in
            try tracing.tape.solve(call.variable(0, tracing), call.variable(1, tracing))
        }
    ) { call throws(Failure) in Value(tensor: try LinearAlgebra.solve(call.tensor(0), call.tensor(1))) }

    static let inv = Builtin(
        "inv", "the inverse of a matrix", [matrix("A", "square, not singular")], formula: "A⁻¹",
        shapes: "[n, n] -> [n, n]", example: "inv([2, 0; 0, 4])  # [0.5, 0; 0, 0.25]",
        tracing: .onTape { (tracing, call) throws(Failure) in try tracing.tape.inverse(call.variable(0, tracing)) }
    ) { call throws(Failure) in Value(tensor: try LinearAlgebra.inverse(call.tensor(0))) }

    static let det = Builtin(
        "det", "the determinant of a matrix", [matrix("A", "square")], shapes: "[n, n] -> number",
        example: "det([2, 0; 0, 4])  # 8",
        tracing: .onTape { (tracing, call) throws(Failure) in try tracing.tape.determinant(call.variable(0, tracing)) }
    ) { call throws(Failure) in Value(canonical: try LinearAlgebra.determinant(call.tensor(0))) }

    static let lstsq = Builtin(
        "lstsq", "the x for which |A x - b|² is least, the shortest if there are several",
        [matrix("A", "any shape"), .init("b", "vector or matrix", .required, .positional, "the right side, or several as columns")],
        formula: "argmin |A x - b|²", shapes: "[n, d], [n] -> [d]",
        example: "round(lstsq([1, 1; 1, 2; 1, 3], [1, 2, 3]), 6)  # [0, 1]"
    ) { call throws(Failure) in Value(tensor: try LinearAlgebra.leastSquares(call.tensor(0), call.tensor(1))) }

    static let svd = Builtin(
        "svd", "the singular value decomposition: u, s, vt with A = u @ (s[:, new] * vt), s descending",
        [matrix("A", "any shape")], formula: "A = U diag(s) Vᵀ",
        shapes: "[m, n] -> ([m, k], [k], [k, n]), k = min(m, n)", example: "u, s, vt = svd([3, 0; 0, 2]); s  # [3, 2]"
    ) { call throws(Failure) in
        let (u, s, vt) = try LinearAlgebra.svd(call.tensor(0))
        return Value(tuple: [Value(tensor: u), Value(tensor: s), Value(tensor: vt)])
    }

    static let eig = Builtin(
        "eig", "eigenvalues and, as columns, eigenvectors of length 1; ascending where A is symmetric",
        [matrix("A", "square, with real eigenvalues")], formula: "A v = λ v", shapes: "[n, n] -> ([n], [n, n])",
        example: "values, vectors = eig([2, 0; 0, 1]); values  # [1, 2]"
    ) { call throws(Failure) in
        let (values, vectors) = try LinearAlgebra.eigen(call.tensor(0))
        return Value(tuple: [Value(tensor: values), Value(tensor: vectors)])
    }

    static let qr = Builtin(
        "qr", "q with orthonormal columns and an upper triangle r with A = q @ r", [matrix("A", "any shape")],
        formula: "A = Q R", shapes: "[m, n] -> ([m, k], [k, n]), k = min(m, n)",
        example: "q, r = qr([2, 0; 0, 3]); r  # [2, 0; 0, 3]"
    ) { call throws(Failure) in
        let (q, r) = try LinearAlgebra.qr(call.tensor(0))
        return Value(tuple: [Value(tensor: q), Value(tensor: r)])
    }

    /// (X - mean)ᵀ (X - mean) / (n - ddof) on the tape.
    private static func covariance(_ x: Variable, ddof: Int, _ tape: Tape) throws(Failure) -> Variable {
        let shape = tape.shape(x)
        guard shape.count == 2 else {
            throw Failure(.shape, "cov takes a matrix of samples in rows, not \(Tensor.text(of: shape))")
        }
        guard shape[0] > ddof else {
            throw Failure(.value, "the covariance of \(shape[0]) samples needs more than \(ddof)")
        }
        let centred = try tape.apply(.subtract, x, tape.mean(x, [0], keepdims: true))
        return try tape.apply(
            .divide, tape.product(tape.transpose(centred), centred), tape.leaf(Double(shape[0] - ddof)))
    }

    static let cov = Builtin(
        "cov", "the covariances of the columns of X",
        [matrix("X", "a sample a row"), .init("ddof", "integer", .number(1), .keyword, "what is taken from n in the divisor")],
        formula: "(X - mean)ᵀ (X - mean) / (n - ddof)", shapes: "[n, d] -> [d, d]",
        example: "cov([1, 2; 3, 6])  # [2, 4; 4, 8]",
        tracing: .onTape { (tracing, call) throws(Failure) in
            try covariance(call.variable(0, tracing), ddof: call.int(1), tracing.tape)
        }
    ) { call throws(Failure) in Value(tensor: try Statistics.covariance(call.tensor(0), ddof: call.int(1))) }

    static let corr = Builtin(
        "corr", "the correlations of the columns of X, from -1 to 1", [matrix("X", "a sample a row")],
        formula: "covᵢⱼ / (σᵢ σⱼ)", shapes: "[n, d] -> [d, d]", example: "round(corr([1, 2; 3, 6; 2, 4]), 6)  # [1, 1; 1, 1]",
        tracing: .onTape { (tracing, call) throws(Failure) in
            let tape = tracing.tape
            let shared = try covariance(call.variable(0, tracing), ddof: 1, tape)
            let d = tape.shape(shared)[0]
            let places = try Tensor((0..<d).map(Double.init))
            let deviations = try tape.apply(.sqrt, tape.index(shared, [.gather(places), .gather(places)]))
            return try tape.apply(.divide, shared, tape.outer(deviations, deviations))
        }
    ) { call throws(Failure) in Value(tensor: try Statistics.correlation(call.tensor(0))) }

    static let convolve = Builtin(
        "convolve", "the convolution of two vectors or two matrices",
        [
            .init("a", "vector or matrix", .required, .positional, "the signal"),
            .init("k", "vector or matrix", .required, .positional, "the kernel, which runs reversed"),
            .init(
                "mode", "string", .string("full"), .keyword,
                "`full`: wherever they touch; `same`: as long as the longer; `valid`: where they overlap wholly"),
        ],
        formula: "yᵢ = Σⱼ aⱼ k₍ᵢ₋ⱼ₎", shapes: "[n], [m] -> [n + m - 1]", example: "convolve([1, 2, 3], [1, 1])  # [1, 3, 5, 3]",
        tracing: .onTape { (tracing, call) throws(Failure) in
            guard let overlap = Statistics.Overlap(rawValue: try call.string(2)) else {
                throw call.refused(2, "must be \"full\", \"same\" or \"valid\"")
            }
            return try tracing.tape.convolve(call.variable(0, tracing), call.variable(1, tracing), overlap)
        }
    ) { call throws(Failure) in
        guard let overlap = Statistics.Overlap(rawValue: try call.string(2)) else {
            throw call.refused(2, "must be \"full\", \"same\" or \"valid\"")
        }
        return Value(tensor: try Statistics.convolve(call.tensor(0), call.tensor(1), overlap))
    }
}
