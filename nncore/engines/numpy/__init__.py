"""Neural networks from scratch in NumPy, written to be read: layers, network, training.

Backpropagation is derived in the same notation in docs/mathematics.md.
"""
