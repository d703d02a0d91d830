"""XOR, 2-4(tanh)-1(sigmoid), MSE, 500 full-batch Adam steps: Keras on TensorFlow."""
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
import numpy as np
from common import best, report

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
Y = np.array([[0], [1], [1], [0]], np.float32)


def run():
    net = keras.Sequential([keras.Input((2,)), keras.layers.Dense(4, activation="tanh"), keras.layers.Dense(1, activation="sigmoid")])
    net.compile(optimizer=keras.optimizers.Adam(0.05), loss="mse")
    net.fit(X, Y, epochs=500, batch_size=4, verbose=0)


report("keras", best(run, least=1))
