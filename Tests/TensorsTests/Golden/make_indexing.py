"""Writes indexing.txt: what NumPy reads and writes under random indices. Run it in this folder:

    python3 make_indexing.py > indexing.txt      # NumPy 2.4.6

A case is `case SHAPE` (the tensor holds 0, 1, 2, ...), its index one part a line, `get SHAPE NUMBERS`, and the whole
tensor after `x[index] = 100, 101, ...` (`set`) and after `np.add.at(x, index, 100, 101, ...)` (`add`).
"""
import numpy as np

r = np.random.default_rng(11)
rand = lambda a, b: int(r.integers(a, b))

def shape(s):
    return "(" + ",".join(map(str, s)) + ")"

def numbers(a):
    return " ".join(str(int(x)) for x in np.asarray(a).ravel())

def slice_part(n):
    pick = lambda: None if r.random() < .4 else rand(-n - 2, n + 3)
    step = None if r.random() < .4 else [-2, -1, 1, 2, 3][rand(0, 5)]
    s = slice(pick(), pick(), step)
    return s, "slice " + " ".join("_" if v is None else str(v) for v in (s.start, s.stop, s.step))

def random_index(dims):
    parts, lines, axis, ellipsis = [], [], 0, False
    gather_shape = [(2,), (3,), (2, 2), (1,)][rand(0, 4)]
    while axis < len(dims):
        n, kind = dims[axis], rand(0, 12)
        if kind < 3:
            i = rand(-n, n); parts.append(i); lines.append(f"at {i}"); axis += 1
        elif kind < 7:
            s, text = slice_part(n); parts.append(s); lines.append(text); axis += 1
        elif kind == 7:
            g = r.integers(-n, n, gather_shape); parts.append(g); lines.append(f"gather {shape(g.shape)} {numbers(g)}"); axis += 1
        elif kind == 8:
            g = r.integers(-n, n, gather_shape[-1:]); parts.append(g); lines.append(f"gather {shape(g.shape)} {numbers(g)}"); axis += 1
        elif kind == 9 and not any(isinstance(p, np.ndarray) for p in parts):
            k = rand(1, min(2, len(dims) - axis) + 1)
            m = r.random(dims[axis:axis + k]) < .5
            parts.append(m); lines.append(f"mask {shape(m.shape)} {numbers(m)}"); axis += k
        elif kind == 10:
            parts.append(None); lines.append("new")
        elif kind == 11 and not ellipsis:
            ellipsis = True; parts.append(...); lines.append("ellipsis"); axis += rand(0, len(dims) - axis + 1)
        elif r.random() < .5:
            break
    return tuple(parts), lines

made = 0
while made < 250:
    dims = tuple(rand(1, 5) for _ in range(rand(1, 5)))
    x = np.arange(np.prod(dims), dtype=float).reshape(dims)
    index, lines = random_index(dims)
    try:
        got = x[index]
    except IndexError:
        continue
    if got.size > 60 or not index:
        continue
    made += 1
    print("case", shape(dims))
    for l in lines:
        print(l)
    print("get", shape(got.shape), numbers(got))
    values = 100 + np.arange(got.size, dtype=float).reshape(got.shape)
    y = x.copy(); y[index] = values; print("set", numbers(y))
    y = x.copy(); np.add.at(y, index, values); print("add", numbers(y))
