"""One epoch of LSTM(64) over the 28 rows of an image, 10 softmax, Adam, batch 128, 12,800 images: Keras on TensorFlow."""
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
from common import best, digits, report

X, Y = digits()
X, Y = X[:12800].reshape(-1, 28, 28), Y[:12800]
net = keras.Sequential([keras.Input((28, 28)), keras.layers.LSTM(64), keras.layers.Dense(10, activation="softmax")])
net.compile(optimizer="adam", loss="categorical_crossentropy")
report("keras", best(lambda: net.fit(X, Y, epochs=1, batch_size=128, verbose=0)))
