"""One epoch of 784-128(tanh)-10(sigmoid), MSE, Adam, batch 32: JAX, the whole epoch one compiled scan."""
import jax, jax.numpy as jnp
import numpy as np
from common import best, digits, report

X, Y = map(jnp.asarray, digits())
rng = np.random.default_rng(0)


def glorot(i, o):
    limit = (6 / (i + o)) ** 0.5
    return jnp.asarray(rng.uniform(-limit, limit, (i, o)).astype(np.float32))


def loss(p, x, y):
    a = jnp.tanh(x @ p[0] + p[1])
    return jnp.mean((jax.nn.sigmoid(a @ p[2] + p[3]) - y) ** 2)


@jax.jit
def epoch(state, order):
    def step(state, rows):
        p, m, v, t = state
        g = jax.grad(loss)(p, X[rows], Y[rows])
        t = t + 1
        m = [0.9 * a + 0.1 * b for a, b in zip(m, g)]
        v = [0.999 * a + 0.001 * b * b for a, b in zip(v, g)]
        p = [a - 0.001 * (b / (1 - 0.9**t)) / (jnp.sqrt(c / (1 - 0.999**t)) + 1e-8) for a, b, c in zip(p, m, v)]
        return (p, m, v, t), 0.0

    return jax.lax.scan(step, state, order)[0]


p = [glorot(784, 128), jnp.zeros(128), glorot(128, 10), jnp.zeros(10)]
state = (p, [jnp.zeros_like(a) for a in p], [jnp.zeros_like(a) for a in p], jnp.float32(0))
order = jnp.asarray(rng.permutation(60000).reshape(-1, 32))


def run():
    jax.block_until_ready(epoch(state, order))


report("jax", best(run))
