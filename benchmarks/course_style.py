"""A multilayer perceptron as course notebooks write it: float64, a dictionary per layer.

The baseline of the NumPy engine's benchmark. It is meant to be ordinary: vectorised over the
batch and correct, but with no thought given to memory or precision.
"""

import numpy as np


class CourseNetwork:
    """ReLU layers, then softmax with cross-entropy, sigmoid with cross-entropy, or a number."""

    def __init__(self, sizes, task, optimizer, learning_rate, seed=0):
        rng = np.random.RandomState(seed)
        self.task, self.optimizer, self.learning_rate = task, optimizer, learning_rate
        self.params, self.adam, self.t = {}, {}, 0
        self.n_layers = len(sizes) - 1
        for i in range(1, len(sizes)):
            self.params[f"W{i}"] = rng.randn(sizes[i - 1], sizes[i]) * np.sqrt(2 / sizes[i - 1])
            self.params[f"b{i}"] = np.zeros((1, sizes[i]))
        for key, value in self.params.items():
            self.adam[key] = (np.zeros_like(value), np.zeros_like(value))

    def forward(self, x):
        cache = {"A0": x}
        a = x
        for i in range(1, self.n_layers + 1):
            z = np.dot(a, self.params[f"W{i}"]) + self.params[f"b{i}"]
            a = np.maximum(0, z) if i < self.n_layers else self.output(z)
            cache[f"Z{i}"], cache[f"A{i}"] = z, a
        return a, cache

    def output(self, z):
        if self.task == "multiclass":
            e = np.exp(z - np.max(z, axis=1, keepdims=True))
            return e / np.sum(e, axis=1, keepdims=True)
        if self.task == "binary":
            return 1 / (1 + np.exp(-z))
        return z

    def loss(self, a, y):
        if self.task == "multiclass":
            return -np.mean(np.sum(y * np.log(a + 1e-8), axis=1))
        if self.task == "binary":
            return -np.mean(y * np.log(a + 1e-8) + (1 - y) * np.log(1 - a + 1e-8))
        return np.mean((a - y) ** 2)

    def correct(self, a, y):
        if self.task == "multiclass":
            return np.sum(np.argmax(a, axis=1) == np.argmax(y, axis=1))
        if self.task == "binary":
            return np.sum((a > 0.5) == y)
        return np.sum(np.abs(a - y))

    def backward(self, cache, y):
        grads = {}
        m = y.shape[0]
        dz = cache[f"A{self.n_layers}"] - y
        if self.task == "regression":
            dz = 2 * dz
        for i in range(self.n_layers, 0, -1):
            grads[f"W{i}"] = np.dot(cache[f"A{i - 1}"].T, dz) / m
            grads[f"b{i}"] = np.sum(dz, axis=0, keepdims=True) / m
            if i > 1:
                da = np.dot(dz, self.params[f"W{i}"].T)
                dz = da * (cache[f"Z{i - 1}"] > 0)
        return grads

    def update(self, grads):
        self.t += 1
        for key in self.params:
            if self.optimizer == "sgd":
                self.params[key] = self.params[key] - self.learning_rate * grads[key]
                continue
            m, v = self.adam[key]
            m = 0.9 * m + 0.1 * grads[key]
            v = 0.999 * v + 0.001 * grads[key] ** 2
            self.adam[key] = (m, v)
            m_hat, v_hat = m / (1 - 0.9**self.t), v / (1 - 0.999**self.t)
            self.params[key] = self.params[key] - self.learning_rate * m_hat / (
                np.sqrt(v_hat) + 1e-8
            )

    def epoch(self, x, y, batch_size, rng):
        """Train once through the data; mean loss and mean metric."""
        order = rng.permutation(len(x))
        x, y = x[order], y[order]
        loss = correct = 0.0
        for start in range(0, len(x), batch_size):
            batch_x, batch_y = x[start : start + batch_size], y[start : start + batch_size]
            a, cache = self.forward(batch_x)
            loss += self.loss(a, batch_y) * len(batch_x)
            correct += self.correct(a, batch_y)
            self.update(self.backward(cache, batch_y))
        return loss / len(x), correct / len(x)
