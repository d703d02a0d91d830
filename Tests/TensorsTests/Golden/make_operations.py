"""Writes operations.txt: what NumPy makes of each case. Run it in this folder:

    python3 make_operations.py > operations.txt      # NumPy 2.4.6

A case is `case NAME`, its operands `in TYPE SHAPE NUMBERS`, the results `out SHAPE NUMBERS`.
"""
import numpy as np

r = np.random.default_rng(7)
F = lambda *s: np.round(r.normal(size=s), 3)
U = lambda *s: r.integers(0, 256, s).astype(np.uint8)
f32 = lambda a: a.astype(np.float32)
nan, inf = np.nan, np.inf
TYPES = {"float64": "float64", "float32": "float32", "uint8": "uint8", "bool": "bool"}

def line(word, a, typed):
    a = np.asarray(a)
    head = [word] + ([TYPES[a.dtype.name]] if typed else [])
    return " ".join(head + ["(" + ",".join(map(str, a.shape)) + ")"] + [repr(float(x)) for x in a.ravel()])

def case(name, f, *operands):
    print("case", name)
    for a in operands:
        print(line("in", a, True))
    with np.errstate(all="ignore"):
        out = f(*operands)
    for a in out if isinstance(out, (tuple, list)) else [out]:
        print(line("out", a, False))

special = np.array([0.0, -0.0, 1.5, -2.5, nan, inf, -inf, 1e300, -3.0])
other = np.array([2.0, -3.0, 1.5, 2.0, 1.0, inf, 2.0, 1e300, 0.5])
for name, f in dict(add=np.add, subtract=np.subtract, multiply=np.multiply, divide=np.divide, power=np.power,
                    maximum=np.maximum, minimum=np.minimum, floorDivide=np.floor_divide, modulo=np.mod,
                    equal=np.equal, notEqual=np.not_equal, less=np.less, lessEqual=np.less_equal,
                    greater=np.greater, greaterEqual=np.greater_equal).items():
    case(name, f, special, other)
    case(name, f, F(4, 3), F(4, 3) + 0.0005)
    case(name, f, F(4, 3), F(3) + 0.0005)
    case(name, f, F(3) + 5, F(4, 3) + 5.0005)
    case(name, f, F(4, 1), F(4, 3) + 0.0005)
    case(name, f, F(2, 1, 3), F(1, 4, 3) + 0.0005)
    case(name, f, F(40), F(40) + 0.0005)
    case(name, f, np.zeros((0, 3)), np.ones((0, 3)))
    case(name, f, np.float64(3.0), F(2, 2) + 0.0005)
case("add", lambda a, b: a.astype(np.float32) + b, U(5), f32(F(5)))
case("add", lambda a, b: a.astype(np.float64) + b, np.array([True, False, True]), f32(F(3)))
case("less", np.less, U(20), U(20))
case("equal", np.equal, U(20) % 4, U(20) % 4)

wide = np.concatenate([special, F(20) * 4, np.array([1e-310, 710.0, -745.2, -800.0, 709.7])])
for name, f in dict(negate=np.negative, abs=np.abs, sqrt=np.sqrt, square=np.square, floor=np.floor, ceil=np.ceil,
                    round=np.round, exp=np.exp, tanh=np.tanh, log=np.log, log2=np.log2, log10=np.log10,
                    log1p=np.log1p, expm1=np.expm1, sin=np.sin, cos=np.cos, tan=np.tan, asin=np.arcsin,
                    acos=np.arccos, atan=np.arctan, sinh=np.sinh, cosh=np.cosh).items():
    case(name, f, wide)
    case(name, f, F(2, 3) / 4)
case("tanh", np.tanh, np.array([1e-8, -1e-5, 0.001, 0.3, 0.35, 5.0, 19.0, 21.0, 400.0]))

X = F(4, 5)
for name, f in dict(sum=np.sum, mean=np.mean, std=np.std, var=np.var, prod=np.prod, max=np.max, min=np.min,
                    median=np.median).items():
    for suffix, kw in {"": {}, ".axis0": dict(axis=0), ".axis1": dict(axis=1), ".keep": dict(axis=-1, keepdims=True)}.items():
        case(name + suffix, lambda a: f(a, **kw), X)
        case(name + suffix, lambda a: f(a, **kw), F(3, 2, 4))
    case(name + ".axis02", lambda a: f(a, axis=(0, 2)), F(3, 2, 4))
    case(name, f, np.append(F(5), nan))
    case(name + ".axis0", lambda a: f(a, axis=0), F(300, 3) + 1000)
    case(name + ".axis1", lambda a: f(a, axis=1), f32(F(4, 3)))
case("sum", lambda a: a.sum(dtype=np.float64), U(1000))
case("sum.axis0", lambda a: a.sum(axis=0, dtype=np.float64), U(100, 7))
case("mean", lambda a: a.mean(dtype=np.float64), U(30, 3))
case("max.axis0", lambda a: a.max(axis=0), U(30, 3))
case("sum", np.sum, np.zeros((0, 3)))
case("sum.axis0", lambda a: a.sum(axis=0), np.zeros((0, 3)))
case("prod", np.prod, np.zeros((0,)))
T = np.array([[1.0, 3.0, 3.0], [nan, 5.0, 1.0], [2.0, 2.0, 2.0]])
case("argmax", np.argmax, X); case("argmin", np.argmin, X)
case("argmax.axis0", lambda a: np.argmax(a, axis=0), T); case("argmax.axis1", lambda a: np.argmax(a, axis=1), T)
case("argmin.axis1", lambda a: np.argmin(a, axis=1), T)
case("any.axis0", lambda a: np.any(a, axis=0), np.array([[0.0, 1.0], [0.0, nan]]))
case("all.axis0", lambda a: np.all(a, axis=0), np.array([[0.0, 1.0], [0.0, nan]]))
case("cumsum", np.cumsum, X); case("cumsum.axis0", lambda a: np.cumsum(a, axis=0), X)
case("cumsum.axis1", lambda a: np.cumsum(a, axis=1), F(2, 3, 2))
case("norm", lambda a: np.linalg.norm(a.ravel()), X)
case("norm1.axis1", lambda a: np.linalg.norm(a, ord=1, axis=1), X)
case("norminf.axis0", lambda a: np.linalg.norm(a, ord=inf, axis=0), X)
case("norm3.axis0", lambda a: np.linalg.norm(a, ord=3, axis=0), X)
for q in (0, 10, 33.3, 50, 97.5, 100):
    case(f"percentile{q}", lambda a: np.percentile(a, q), X)
    case(f"percentile{q}.axis0", lambda a: np.percentile(a, q, axis=0), X)

S = np.array([[3.0, 1.0, 2.0, 1.0], [nan, 0.0, -1.0, 5.0]])
case("sort", np.sort, S); case("sort.axis0", lambda a: np.sort(a, axis=0), S)
case("argsort", lambda a: np.argsort(a, kind="stable"), S)
case("argsort.axis0", lambda a: np.argsort(a, axis=0, kind="stable"), F(5, 3))
case("unique", lambda a: np.unique(a, return_counts=True), np.array([3.0, 1.0, 3.0, 2.0, 1.0, 3.0]))

A, B = F(4, 3), F(3, 2)
case("matmul", np.matmul, F(3), F(3)); case("matmul", np.matmul, F(40), F(40)); case("matmul", np.matmul, A, B)
case("matmul", np.matmul, A, F(3)); case("matmul", np.matmul, F(4), A); case("matmul", np.matmul, F(2, 4, 3), B)
case("matmul", np.matmul, F(2, 4, 3), F(2, 3, 2)); case("matmul", np.matmul, A, F(5, 3, 2))
case("matmul", np.matmul, F(3), F(5, 3, 2)); case("matmul", np.matmul, F(2, 1, 2, 3), F(1, 3, 3, 2))
case("matmul", np.matmul, F(17, 23), F(23, 19)); case("matmul", np.matmul, np.zeros((3, 0)), np.zeros((0, 2)))
case("matmul", np.matmul, f32(F(5, 6)), f32(F(6, 7))); case("matmul", np.matmul, F(2, 30), F(30, 40))

Q = F(4, 4)
case("det", np.linalg.det, Q); case("inv", np.linalg.inv, Q); case("solve", np.linalg.solve, Q, F(4))
case("solve", np.linalg.solve, F(60, 60), F(60, 2)); case("det", np.linalg.det, F(50, 50) / 4)
case("lstsq", lambda a, b: np.linalg.lstsq(a, b)[0], F(6, 3), F(6))
case("lstsq", lambda a, b: np.linalg.lstsq(a, b)[0], F(3, 5), F(3, 2))
case("svdvalues", lambda a: np.linalg.svd(a)[1], F(5, 3))
case("eigh", lambda a: np.linalg.eigh(a)[0], Q + Q.T)
case("cov", lambda a: np.cov(a, rowvar=False), F(7, 3)); case("corr", lambda a: np.corrcoef(a, rowvar=False), F(7, 3))
case("outer", np.outer, F(3), F(2))
for mode in ("full", "same", "valid"):
    case("convolve." + mode, lambda a, b: np.convolve(a, b, mode), F(7), F(3))
    case("convolve." + mode, lambda a, b: np.convolve(a, b, mode), F(2), F(5))

case("transpose", np.transpose, F(2, 3, 4)); case("transpose", np.transpose, F(40, 33))
case("transpose201", lambda a: np.transpose(a, (2, 0, 1)), F(2, 3, 4))
case("flip", np.flip, F(2, 3)); case("flip.axis1", lambda a: np.flip(a, 1), F(2, 3))
case("roll2", lambda a: np.roll(a, 2), F(2, 3)); case("roll-1.axis1", lambda a: np.roll(a, -1, 1), F(2, 3))
case("pad12", lambda a: np.pad(a, ((1, 2), (0, 1))), F(2, 2))
case("tile23", lambda a: np.tile(a, (2, 3)), F(2)); case("repeat2.axis0", lambda a: np.repeat(a, 2, 0), F(2, 2))
case("repeat3", lambda a: np.repeat(a, 3), F(2, 2))
case("concat.axis1", lambda a, b: np.concatenate([a, b], 1), F(2, 2), F(2, 3))
case("stack.axis1", lambda a, b: np.stack([a, b], 1), F(2, 3), F(2, 3))
case("clip", lambda a: np.clip(a, -0.5, 0.5), np.array([nan, 1.0, -1.0, 0.2]))
case("choose", lambda m, a, b: np.where(m, a, b), np.array([True, False, True]), F(3), F(3))
case("places", lambda a: np.nonzero(a), np.array([[0.0, 1.0, 2.0], [3.0, 0.0, 0.0]]))
case("linspace", lambda: np.linspace(-1, 2, 7)); case("arange", lambda: np.arange(0, 1, 0.1))
case("arangedown", lambda: np.arange(5, -3, -2.5)); case("eye", lambda: np.eye(2, 3))
case("meshgrid", lambda a, b: np.meshgrid(a, b), F(3), F(2))
