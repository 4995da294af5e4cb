"""The Keras engine: real Keras models, trained by compiled epochs.

`builder` makes the model a config describes, `program` compiles one epoch of it, `compiled` keeps
that for later processes, `training` runs programs, `fit` is Keras's own `model.fit` as the
reference, `setup` prepares a worker process. TensorFlow and Keras are imported inside functions
only.
"""
