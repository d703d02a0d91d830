"""12,800 images of Fashion-MNIST through conv32-3x3, relu, pool, conv64-3x3, relu, pool, dense10, Adam, batch 128: Keras on TensorFlow."""
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
import numpy as np
from common import best, idx, report
from keras import layers

X = idx("train-images-idx3-ubyte")[:12800].astype(np.float32)[..., None] / 255
Y = idx("train-labels-idx1-ubyte")[:12800]
net = keras.Sequential([
    keras.Input((28, 28, 1)), layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2),
    layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(10, activation="softmax"),
])
net.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
report("keras", best(lambda: net.fit(X, Y, batch_size=128, verbose=0)))
