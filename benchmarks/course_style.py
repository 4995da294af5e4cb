"""A multilayer perceptron as course notebooks write it: the baseline of the NumPy benchmark.

It follows the functions of the Deep Learning Specialization (Ng et al., Coursera, 2017), course
1 week 4 and course 2 week 2, from which thousands of notebooks started: float64, one sample per
column, parameters and gradients in dictionaries, caches in lists, mini-batches cut from a
shuffled copy. Added is only a softmax or linear output, and the accuracy of each mini-batch.
"""

# ruff: noqa: NPY002  the course seeds NumPy's global generator
import numpy as np


def initialize_parameters(layer_dims, seed=3):
    np.random.seed(seed)
    parameters = {}
    for l in range(1, len(layer_dims)):  # noqa: E741  the course's names
        scale = np.sqrt(2 / layer_dims[l - 1])
        parameters["W" + str(l)] = np.random.randn(layer_dims[l], layer_dims[l - 1]) * scale
        parameters["b" + str(l)] = np.zeros((layer_dims[l], 1))
    return parameters


def relu(Z):
    A = np.maximum(0, Z)
    return A, Z


def relu_backward(dA, cache):
    Z = cache
    dZ = np.array(dA, copy=True)
    dZ[Z <= 0] = 0
    return dZ


def output_activation(Z, task):
    if task == "multiclass":
        e = np.exp(Z - np.max(Z, axis=0, keepdims=True))
        return e / np.sum(e, axis=0, keepdims=True)
    if task == "binary":
        return 1 / (1 + np.exp(-Z))
    return Z


def forward(X, parameters, task):
    caches = []
    A = X
    L = len(parameters) // 2
    for l in range(1, L):  # noqa: E741
        A_prev, W, b = A, parameters["W" + str(l)], parameters["b" + str(l)]
        Z = np.dot(W, A_prev) + b
        A, activation_cache = relu(Z)
        caches.append(((A_prev, W, b), activation_cache))
    W, b = parameters["W" + str(L)], parameters["b" + str(L)]
    Z = np.dot(W, A) + b
    caches.append(((A, W, b), Z))
    return output_activation(Z, task), caches


def compute_cost(AL, Y, task):
    m = Y.shape[1]
    if task == "multiclass":
        return -np.sum(Y * np.log(AL + 1e-12)) / m
    if task == "binary":
        cost = -np.sum(Y * np.log(AL + 1e-12) + (1 - Y) * np.log(1 - AL + 1e-12)) / m
        return np.squeeze(cost)
    return np.sum((AL - Y) ** 2) / m


def compute_correct(AL, Y, task):
    if task == "multiclass":
        return np.sum(np.argmax(AL, axis=0) == np.argmax(Y, axis=0))
    if task == "binary":
        return np.sum((AL > 0.5) == Y)
    return np.sum(np.abs(AL - Y))


def linear_backward(dZ, cache):
    A_prev, W, _ = cache
    m = A_prev.shape[1]
    dW = np.dot(dZ, A_prev.T) / m
    db = np.sum(dZ, axis=1, keepdims=True) / m
    dA_prev = np.dot(W.T, dZ)
    return dA_prev, dW, db


def backward(AL, Y, caches, task):
    grads = {}
    L = len(caches)
    dZ = 2 * (AL - Y) if task == "regression" else AL - Y
    linear_cache, _ = caches[-1]
    dA, grads["dW" + str(L)], grads["db" + str(L)] = linear_backward(dZ, linear_cache)
    for l in reversed(range(L - 1)):  # noqa: E741
        linear_cache, activation_cache = caches[l]
        dZ = relu_backward(dA, activation_cache)
        dA, grads["dW" + str(l + 1)], grads["db" + str(l + 1)] = linear_backward(dZ, linear_cache)
    return grads


def update_with_gd(parameters, grads, learning_rate):
    for key in parameters:
        parameters[key] = parameters[key] - learning_rate * grads["d" + key]


def initialize_adam(parameters):
    v = {key: np.zeros(value.shape) for key, value in parameters.items()}
    s = {key: np.zeros(value.shape) for key, value in parameters.items()}
    return v, s


def update_with_adam(parameters, grads, v, s, t, learning_rate):
    for key in parameters:
        v[key] = 0.9 * v[key] + (1 - 0.9) * grads["d" + key]
        v_corrected = v[key] / (1 - np.power(0.9, t))
        s[key] = 0.999 * s[key] + (1 - 0.999) * np.power(grads["d" + key], 2)
        s_corrected = s[key] / (1 - np.power(0.999, t))
        parameters[key] = parameters[key] - learning_rate * v_corrected / (
            np.sqrt(s_corrected) + 1e-8
        )


def random_mini_batches(X, Y, mini_batch_size):
    m = X.shape[1]
    permutation = list(np.random.permutation(m))
    shuffled_X, shuffled_Y = X[:, permutation], Y[:, permutation]
    return [
        (shuffled_X[:, k : k + mini_batch_size], shuffled_Y[:, k : k + mini_batch_size])
        for k in range(0, m, mini_batch_size)
    ]


class CourseModel:
    """The course's `model` function, cut open at its epochs so that they can be timed."""

    def __init__(self, layer_dims, task, optimizer, learning_rate):
        self.parameters = initialize_parameters(layer_dims)
        self.task, self.optimizer, self.learning_rate = task, optimizer, learning_rate
        self.v, self.s = initialize_adam(self.parameters)
        self.t = 0

    def epoch(self, X, Y, mini_batch_size):
        """Train once through the data, (features, m); mean cost and mean accuracy."""
        m = X.shape[1]
        full = mini_batch_size >= m
        cost = correct = 0.0
        for x, y in [(X, Y)] if full else random_mini_batches(X, Y, mini_batch_size):
            AL, caches = forward(x, self.parameters, self.task)
            cost += compute_cost(AL, y, self.task) * x.shape[1]
            correct += compute_correct(AL, y, self.task)
            grads = backward(AL, y, caches, self.task)
            if self.optimizer == "adam":
                self.t += 1
                update_with_adam(self.parameters, grads, self.v, self.s, self.t, self.learning_rate)
            else:
                update_with_gd(self.parameters, grads, self.learning_rate)
        return cost / m, correct / m
