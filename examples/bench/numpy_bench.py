"""The benchmarks of `logit-lab bench` in NumPy, for comparison on the same machine.

Prints medians in the same units: milliseconds for 1000 iterations of logistic regression by gradient
descent on 569 x 30 float64, Gelem/s for exp and softmax, GFLOP/s for matrix products. One thread, as
there: OMP_NUM_THREADS and its likes are set before NumPy is loaded.
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import statistics
import time

import numpy as np


def median_seconds(call, total=0.5):
    """Median over measurements of at least a millisecond each, after a warm-up."""
    calls, taken = 1, 0.0
    while taken < 1e-3:
        start = time.perf_counter()
        for _ in range(calls):
            call()
        taken = time.perf_counter() - start
        if taken < 1e-3:
            calls *= 2
    times, spent = [], 0.0
    while spent < total or len(times) < 5:
        start = time.perf_counter()
        for _ in range(calls):
            call()
        taken = time.perf_counter() - start
        times.append(taken / calls)
        spent += taken
    return statistics.median(times)


def row(what, size, element, value, unit):
    print(f"{what:<8} {size:<18} {element:<7} {value:>8.3g} {unit}")


def lr_gd(random):
    z = random.normal(size=(569, 30))
    step = 100.0 / len(z)

    def run():
        theta = np.zeros(30)
        for _ in range(1000):
            # 1 / (1 + exp(margin)), without overflow for large margins.
            margin = z @ theta
            weight = np.exp(-np.logaddexp(0.0, margin))
            theta += step * (weight @ z)

    row("lr-gd", "569x30, 1000 steps", "float64", 1e3 * median_seconds(run, 2.0), "ms")


def elementwise(random):
    for element in (np.float64, np.float32):
        x = random.uniform(-10, 10, 4096).astype(element)
        out = np.empty_like(x)
        seconds = median_seconds(lambda: np.exp(x, out=out))
        row("exp", "4096", element.__name__, 1e-9 * x.size / seconds, "Gelem/s")


def softmax(random):
    def rows(x):
        shifted = np.exp(x - x.max(axis=1, keepdims=True))
        return shifted / shifted.sum(axis=1, keepdims=True)

    for element in (np.float64, np.float32):
        for shape in ((1000, 10), (64, 1000)):
            x = random.uniform(-10, 10, shape).astype(element)
            seconds = median_seconds(lambda: rows(x))
            row("softmax", f"{shape[0]} x {shape[1]}", element.__name__, 1e-9 * x.size / seconds, "Gelem/s")


def gemm(random):
    for element in (np.float64, np.float32):
        for n in (64, 128, 256, 512, 1024):
            a = random.uniform(-1, 1, (n, n)).astype(element)
            b = random.uniform(-1, 1, (n, n)).astype(element)
            c = np.empty_like(a)
            seconds = median_seconds(lambda: np.matmul(a, b, out=c))
            row("gemm", f"{n} x {n} x {n}", element.__name__, 2e-9 * n**3 / seconds, "GFLOP/s")


if __name__ == "__main__":
    generator = np.random.default_rng(0)
    print(f"NumPy {np.__version__}, one thread")
    lr_gd(generator)
    elementwise(generator)
    softmax(generator)
    gemm(generator)
