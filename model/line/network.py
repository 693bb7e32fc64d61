"""The line network: convolutions down to one row of time steps, 894 k parameters.

No recurrent layer: it would memorize strings. At 16 columns a digit it sees about two digits to
either side.
"""

import keras
from keras import layers, ops

from model.config import LineConfig
from model.network import compiled_steps, make_optimizer
from ocr.line.labels import BLANK
from ocr.line.view import HEIGHT_PX

_OUTPUTS = BLANK + 1
_ROWS = HEIGHT_PX // 8  # that are left when the last convolution takes them together
_STAGES = (((16,), (2, 2)), ((40,), (2, 2)), ((96, 96), (2, 1)), ((160, 160), (1, 1)))
_LINE_FILTERS, _CONTEXT = 224, 5  # of the two layers along the line; time steps they take together


def make_line_network(dropout: float) -> keras.Model:
    """Build the network: float32 (N, 32, W, 1) in 0..255 to logits (N, W / 4, labels + blank)."""
    picture = keras.Input((HEIGHT_PX, None, 1), name="line")
    x = layers.Rescaling(1 / 255)(picture)
    for stage, pool in _STAGES:
        for filters in stage:
            x = _convolved(x, filters, (3, 3))
        if pool != (1, 1):
            x = layers.MaxPooling2D(pool)(x)
    x = _convolved(x, _LINE_FILTERS, (_ROWS, 1), padding="valid")
    x = _convolved(x, _LINE_FILTERS, (1, _CONTEXT))
    x = layers.Dropout(dropout)(x)
    x = layers.Conv2D(_OUTPUTS, 1, name="logits", dtype="float32")(x)
    rows = layers.Reshape((-1, _OUTPUTS), dtype="float32")(x)
    return keras.Model(picture, rows, name="lines")


def _convolved(
    x: keras.KerasTensor, filters: int, kernel: tuple[int, int], padding: str = "same"
) -> keras.KerasTensor:
    x = layers.Conv2D(filters, kernel, padding=padding, use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)


@keras.saving.register_keras_serializable(package="formdigits")  # type: ignore[untyped-decorator]
def ctc_loss(texts: keras.KerasTensor, logits: keras.KerasTensor) -> keras.KerasTensor:
    """CTC (Graves et al. 2006), per line.

    Args:
        texts: (N, L) numbers of the labels, -1 behind a text's end.
        logits: (N, T, labels + blank).
    """
    if keras.backend.backend() == "tensorflow":
        return _tensorflow_ctc_loss(texts, logits)
    lengths = ops.sum(ops.cast(texts >= 0, "int32"), axis=1)
    steps = ops.full((logits.shape[0],), logits.shape[1], "int32")
    return ops.ctc_loss(texts, logits, lengths, steps, mask_index=BLANK)


def _tensorflow_ctc_loss(texts: keras.KerasTensor, logits: keras.KerasTensor) -> keras.KerasTensor:
    """TensorFlow's native operation: many times faster than the one that Keras chooses."""
    import tensorflow as tf  # noqa: PLC0415  other backends need none

    numbers = tf.cast(texts, tf.int32)
    places = tf.where(numbers >= 0)
    sparse = tf.SparseTensor(
        places, tf.gather_nd(numbers, places), tf.shape(numbers, out_type=tf.int64)
    )
    steps = tf.fill([tf.shape(logits)[0]], tf.shape(logits)[1])
    return tf.nn.ctc_loss(sparse, logits, None, steps, logits_time_major=False, blank_index=BLANK)


def compile_line_network(network: keras.Model, config: LineConfig) -> None:
    """Give the network its loss and optimizer."""
    network.compile(make_optimizer(config), ctc_loss, jit_compile=compiled_steps())
