"""The training submodule: folders of labelled digits in, a better champion out.

The only place for TensorFlow, and it loads only while training. The reader finds the versions made
here by their path and never imports this package.
"""
