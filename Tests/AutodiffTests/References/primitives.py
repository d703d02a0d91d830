# Values and gradients of the tape's operations by JAX in double precision:
#   python primitives.py > primitives.txt
# Operand k of shape s holds sin(1.3 i + 0.7 k) at its flat place i. The value is sum_i w_i y_i with
# w_i = 1 + 0.3 ((7 i) mod 5); a line is: name | value | gradient by each operand in turn, flat.
import jax, jax.numpy as jnp, numpy as np

jax.config.update("jax_enable_x64", True)
L = jax.lax

def operand(k, shape):
    n = int(np.prod(shape))
    return jnp.array(np.sin(1.3 * np.arange(n) + 0.7 * k).reshape(shape))

def weighted(y):
    y = jnp.ravel(y)
    return jnp.sum(y * jnp.array([1 + 0.3 * ((7 * i) % 5) for i in range(y.size)]))

eye = lambda n: 3 * jnp.eye(n)
cases = [
    ("add", [(2, 3), (3,)], lambda a, b: a + b),
    ("subtract", [(2, 3), (2, 1)], lambda a, b: a - b),
    ("multiply", [(2, 1, 2), (1, 3, 2)], lambda a, b: a * b),
    ("divide", [(2, 3), (3,)], lambda a, b: a / (b + 2)),
    ("power", [(2, 3), (3,)], lambda a, b: (a + 2) ** b),
    ("maximum", [(2, 3), (2, 3)], jnp.maximum),
    ("minimum", [(2, 3), ()], jnp.minimum),
    ("modulo", [(4,), (4,)], lambda a, b: jnp.mod(a, b + 2)),
    ("tanh", [(5,)], jnp.tanh), ("exp", [(5,)], jnp.exp), ("log", [(5,)], lambda a: jnp.log(a + 2)),
    ("sqrt", [(5,)], lambda a: jnp.sqrt(a + 2)), ("sin", [(5,)], jnp.sin), ("cos", [(5,)], jnp.cos), ("tan", [(5,)], jnp.tan),
    ("asin", [(5,)], lambda a: jnp.arcsin(0.9 * a)), ("acos", [(5,)], lambda a: jnp.arccos(0.9 * a)), ("atan", [(5,)], jnp.arctan),
    ("sinh", [(5,)], jnp.sinh), ("cosh", [(5,)], jnp.cosh), ("expm1", [(5,)], jnp.expm1), ("log1p", [(5,)], lambda a: jnp.log1p(a + 1.5)),
    ("log2", [(5,)], lambda a: jnp.log2(a + 2)), ("log10", [(5,)], lambda a: jnp.log10(a + 2)), ("abs", [(5,)], lambda a: jnp.abs(a + 0.1)), ("square", [(5,)], jnp.square),
    ("sum", [(2, 3, 2)], lambda a: jnp.sum(a, axis=(0, 2))),
    ("mean", [(2, 3)], lambda a: jnp.mean(a, axis=-1, keepdims=True)),
    ("variance", [(2, 3)], lambda a: jnp.var(a, axis=1)),
    ("deviation", [(2, 3)], lambda a: jnp.std(a, axis=0)),
    ("norm", [(2, 3)], lambda a: jnp.linalg.norm(a, axis=1)),
    ("prod", [(2, 3)], lambda a: jnp.prod(a, axis=0)),
    ("cumsum", [(2, 3)], lambda a: jnp.cumsum(a, axis=0)),
    ("cumprod", [(5,)], jnp.cumprod),
    ("softmax", [(2, 4)], lambda a: jax.nn.softmax(a, axis=-1)),
    ("softmax axis 0", [(3, 2)], lambda a: jax.nn.softmax(a, axis=0)),
    ("log softmax", [(2, 4)], lambda a: jax.nn.log_softmax(a, axis=-1)),
    ("logsumexp", [(2, 4)], lambda a: jax.scipy.special.logsumexp(a, axis=1)),
    ("greatest", [(3, 4)], lambda a: jnp.max(a, axis=0)),
    ("least", [(3, 4)], lambda a: jnp.min(a, axis=-1)),
    ("sort", [(2, 4)], lambda a: jnp.sort(a, axis=-1)),
    ("median", [(4, 3)], lambda a: jnp.median(a, axis=0)),
    ("where", [(2, 3), (2, 3), ()], lambda a, b, c: jnp.where(a > 0, b, c)),
    ("concatenate", [(2, 1), (2, 3)], lambda a, b: jnp.concatenate([a, b], axis=1)),
    ("stack", [(2,), (2,), (2,)], lambda *x: jnp.stack(x, axis=1)),
    ("index", [(4, 3)], lambda a: a[jnp.array([1, 3, 1]), ::2]),
    ("assign", [(4,), (2,)], lambda a, b: a.at[1:3].set(b)),
    ("pad", [(2, 2)], lambda a: jnp.pad(a, ((1, 0), (0, 2)), constant_values=3)),
    ("transpose", [(2, 3, 4)], lambda a: jnp.transpose(a, (2, 0, 1))),
    ("product", [(4, 3), (3, 2)], jnp.matmul),
    ("product of stacks", [(2, 2, 3), (2, 3, 2)], jnp.matmul),
    ("matrix and vector", [(2, 3), (3,)], jnp.matmul),
    ("outer", [(3,), (2,)], jnp.outer),
    ("inverse", [(3, 3)], lambda a: jnp.linalg.inv(a + eye(3))),
    ("determinant", [(3, 3)], lambda a: jnp.linalg.det(a + eye(3))),
    ("solve", [(3, 3), (3, 2)], lambda a, b: jnp.linalg.solve(a + eye(3), b)),
    ("convolve", [(5,), (3,)], lambda a, b: jnp.convolve(a, b)),
]
for name, shapes, f in cases:
    xs = [operand(k, s) for k, s in enumerate(shapes)]
    g = lambda *x: weighted(f(*x))
    grads = jax.grad(g, argnums=tuple(range(len(xs))))(*xs)
    numbers = np.concatenate([np.ravel(d) for d in grads])
    print(f"{name} | {float(g(*xs)):.17g} | " + " ".join(f"{v:.17g}" for v in numbers))
