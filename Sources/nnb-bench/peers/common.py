"""What the peers share: the data, the clock and the line of output that nnb-bench reads."""
import gzip, json, os, sys, time
import numpy as np


def idx(name):
    """An IDX file, gzipped, from $NNB_DATA, $NNB_DATA/mnist or Debian's dataset-fashion-mnist."""
    root = os.environ.get("NNB_DATA", "")
    for folder in (root, os.path.join(root, "mnist"), "/usr/share/datasets/fashion-mnist"):
        path = os.path.join(folder, name + ".gz")
        if folder and os.path.exists(path):
            with gzip.open(path) as file:
                raw = file.read()
            rank = raw[3]
            shape = [int.from_bytes(raw[4 + 4 * k : 8 + 4 * k], "big") for k in range(rank)]
            return np.frombuffer(raw, np.uint8, offset=4 + 4 * rank).reshape(shape)
    sys.exit("no " + name + ".gz: set NNB_DATA")


def digits():
    """60,000 images as rows of float32 in [0, 1] and their one-hot labels."""
    X = idx("train-images-idx3-ubyte").reshape(-1, 784).astype(np.float32) / 255
    return X, np.eye(10, dtype=np.float32)[idx("train-labels-idx1-ubyte")]


def best(run, times=6, least=3, limit=10):
    """The least wall time of several runs, after one that is not counted (compilation, caches): `times` of them, or as
    many as begin within `limit` seconds, `least` at any rate."""
    run()
    seconds = []
    while len(seconds) < least or len(seconds) < times and sum(seconds) < limit:
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def report(name, seconds):
    print(json.dumps({"name": name, "seconds": seconds}), flush=True)
