"""What Keras 3.15 gives for layers with set weights: makes layers.txt beside it.

    python record_layers.py > layers.txt

Weights and inputs are w[i] = sin(1 + k i) for a k of each tensor's own, so that only outputs are stored. A line is
`name: numbers`, the outputs of layers, then the gradient of Σ cos(i) y[i] by the inputs and by each weight.
"""
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
import numpy as np
import tensorflow as tf

keras.backend.set_floatx("float64")
L = keras.layers


def numbers(shape, k):
    count = int(np.prod(shape))
    return np.sin(1 + k * np.arange(count)).reshape(shape)


def show(name, values):
    print(f"{name}: " + " ".join(f"{v:.12g}" for v in np.ravel(values)))


def record(name, layer, x, order=None, inputs=True, mask=None, training=False, positive=()):
    kwargs = {"training": training} if training is not None else {}
    layer(x, **kwargs) if mask is None else layer(x, mask=mask)
    weights = [0.7 * numbers(w.shape, 0.37 + 0.11 * i) for i, w in enumerate(layer.weights)]
    for i in positive:
        weights[i] = np.abs(weights[i]) + 0.5
    layer.set_weights(weights)
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x, **kwargs) if mask is None else layer(x, mask=mask)
        total = tf.reduce_sum(tf.reshape(tf.cos(tf.range(tf.size(y), dtype=tf.float64)), tf.shape(y)) * y)
    wanted = [layer.trainable_weights[i].value for i in range(len(layer.trainable_weights))]
    grads = tape.gradient(total, [x] + wanted)
    show(name, y.numpy())
    if inputs:
        show(name + " dx", grads[0].numpy())
    for i, g in enumerate(grads[1:]):
        show(f"{name} d{i}", tf.convert_to_tensor(g).numpy())


x = numbers((2, 4, 3), 0.9)
for sequences in (False, True):
    s = " sequences" if sequences else ""
    record("lstm" + s, L.LSTM(2, return_sequences=sequences), x)
    record("gru" + s, L.GRU(2, return_sequences=sequences), x)
    record("gru before" + s, L.GRU(2, return_sequences=sequences, reset_after=False), x)
    record("simple_rnn" + s, L.SimpleRNN(2, return_sequences=sequences), x)
    record("bidirectional" + s, L.Bidirectional(L.GRU(2, return_sequences=sequences)), x)
mask = np.array([[True, True, False, False], [False, True, True, True]])
padded = x * mask[:, :, None]
record("masked lstm", L.LSTM(2), padded, mask=tf.constant(mask), inputs=False)
record("masked gru", L.GRU(2), padded, mask=tf.constant(mask), inputs=False)
record("masked bidirectional", L.Bidirectional(L.LSTM(2)), padded, mask=tf.constant(mask), inputs=False)
record("layernorm", L.LayerNormalization(), x)
record("batchnorm", L.BatchNormalization(), x, positive=(3,))
layer = L.BatchNormalization()
record("batchnorm training", layer, x, training=True, positive=(3,))
# Of the pass whose gradient is recorded; setting the weights undid the one that built the layer.
show("batchnorm moving", np.concatenate([layer.moving_mean.numpy(), layer.moving_variance.numpy()]))


class SelfAttention(L.Layer):
    def __init__(self, heads, width, causal):
        super().__init__()
        self.inner, self.causal = L.MultiHeadAttention(heads, width), causal

    def call(self, x):
        return self.inner(x, x, use_causal_mask=self.causal)


for causal in (False, True):
    record("attention" + (" causal" if causal else ""), SelfAttention(2, 5, causal), x, training=None)
