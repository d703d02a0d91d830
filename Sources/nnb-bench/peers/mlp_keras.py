"""One epoch of 784-128(tanh)-10(sigmoid), MSE, Adam, batch 32: Keras on TensorFlow, as on the course's slide."""
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
from common import best, digits, report

X, Y = digits()
net = keras.Sequential([keras.Input((784,)), keras.layers.Dense(128, activation="tanh"), keras.layers.Dense(10, activation="sigmoid")])
net.compile(optimizer="adam", loss="mse")
report("keras", best(lambda: net.fit(X, Y, epochs=1, batch_size=32, verbose=0)))
