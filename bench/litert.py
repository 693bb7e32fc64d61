"""How much faster LiteRT runs the digit network than TensorFlow: ``python -m bench.litert``.

The same network with the same weights, once exported in 8 bits and as floats, once as a
`tf.function`; batches of 64, one thread each, in turns in one run. What the weights are is
nothing to the speed, so they are random.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from model.export import export_float, export_int8
from model.network import INPUT_PX, make_network
from ocr.network import Network

_BATCH = 64
_CLASSES = 11


def main() -> None:
    """Measure and print digits a second, and LiteRT's ratio to TensorFlow."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=40, help="batches of each in turn")
    rounds = parser.parse_args().rounds
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    network = make_network(_CLASSES, dropout=0.0)
    with tempfile.TemporaryDirectory() as folder:
        small, exact = Path(folder) / "int8.tflite", Path(folder) / "float.tflite"
        export_int8(network, small)
        export_float(network, exact)
        runs: dict[str, _Run] = {
            "tf.function": _as_function(network),
            "LiteRT, floats": Network(exact),
            "LiteRT, 8 bits": Network(small),
        }
        rates = _rates(runs, rounds)
    for name, each in rates.items():
        ratios = [a / b for a, b in zip(each, rates["tf.function"], strict=True)]
        low, middle, high = statistics.quantiles(ratios, n=4)
        print(
            f"{name}: {statistics.median(each):,.0f} digits/s, {middle:.2f} times tf.function "
            f"(half of {rounds} rounds: {low:.2f} to {high:.2f})"
        )


_Run = Callable[[np.ndarray], object]


def _as_function(network: keras.Model) -> _Run:
    compiled = tf.function(lambda digits: network(digits, training=False))
    return lambda digits: compiled(tf.constant(digits)).numpy()


def _rates(runs: dict[str, _Run], rounds: int) -> dict[str, list[float]]:
    """Digits a second by each, round by round; the first batch of each is not counted."""
    shape = (_BATCH, INPUT_PX, INPUT_PX, 1)
    digits = np.random.default_rng(0).uniform(0, 255, shape).astype(np.float32)
    for run in runs.values():
        run(digits)
    rates: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            start = time.process_time()
            run(digits)
            rates[name].append(_BATCH / (time.process_time() - start))
    return rates


if __name__ == "__main__":
    main()
