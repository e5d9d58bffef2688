"""What NumPy, scikit-learn and PyTorch take for what `logit-lab bench --compared` measures.

Prints {"rows": [...], "failed": [...]} with rows as that command's JSON has them. One thread each.
The numbers are those that src/app/bench_data.h has a formula for.
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import json
import statistics
import time
import warnings

import numpy as np

SAMPLES, DIRECTION, PICTURES, NOISE, LABELS, WEIGHTS, LEFT, RIGHT, ELEMENTS = range(1, 10)
DESCENTS = ((569, 30, 1000), (60000, 784, 10))
GEMM = 1024
SOFTMAX = (1000, 50257)
INPUTS, HIDDEN, CLASSES, COUNT, BATCH, STEP_SIZE = 784, 128, 10, 10000, 64, 0.05

rows, failed = [], []


def bits(stream, first, count):
    with np.errstate(over="ignore"):
        i = np.arange(first, first + count, dtype=np.uint32)
        h = np.uint32(0x9E3779B1) * (i + np.uint32(1))
        h ^= np.uint32(0x85EBCA77 * stream % 2**32)
        h = np.uint32(0x7FEB352D) * (h ^ (h >> np.uint32(16)))
        h = np.uint32(0x846CA68B) * (h ^ (h >> np.uint32(15)))
        return h ^ (h >> np.uint32(16))


def numbers(stream, count, low, high, first=0):
    return low + (high - low) * ((bits(stream, first, count) >> np.uint32(8)).astype(np.float64) * 2.0**-24)


def signed_samples(n, d, element):
    a = numbers(SAMPLES, n * d, -1.7, 1.7).reshape(n, d)
    a[a @ numbers(DIRECTION, d, -1, 1) < 0] *= -1
    return a.astype(element)


def pictures():
    labels = (bits(LABELS, 0, COUNT) % CLASSES).astype(np.int64)
    of_class = numbers(PICTURES, CLASSES * INPUTS, 0, 0.3).reshape(CLASSES, INPUTS)
    noise = numbers(NOISE, COUNT * INPUTS, -1.7, 1.7).reshape(COUNT, INPUTS)
    return (of_class[labels] + noise).astype(np.float32), labels


def initial_weights():
    def layer(inputs, units, first):
        limit = np.sqrt(6 / inputs)
        return numbers(WEIGHTS, inputs * units, -limit, limit, first).reshape(inputs, units).astype(np.float32)

    return (
        layer(INPUTS, HIDDEN, 0),
        np.zeros(HIDDEN, np.float32),
        layer(HIDDEN, CLASSES, INPUTS * HIDDEN),
        np.zeros(CLASSES, np.float32),
    )


def seconds_of(call, total=0.6, warm_up=0.2):
    """The median and the shortest of many calls after a warm-up, and what the last one gave."""
    times, spent, warm, check = [], 0.0, 0.0, None
    while spent < total or len(times) < 3:
        start = time.perf_counter()
        check = call()
        taken = time.perf_counter() - start
        warm += taken
        if warm <= warm_up or warm == taken:
            continue
        times.append(taken)
        spent += taken
    return statistics.median(times), min(times), float(check)


def told(name, variant, size, element, unit, of, call):
    """of: makes a figure of seconds."""
    median, best, check = seconds_of(call)
    rows.append(
        {
            "name": name,
            "variant": variant,
            "size": size,
            "element": element,
            "unit": unit,
            "median": of(median),
            "best": of(best),
            "check": check,
            "cores": 1,
        }
    )


def milliseconds(seconds):
    return 1e3 * seconds


def of_descent(variant, element, n, d, steps, call):
    told("lr-gd", variant, f"{n}x{d}, {steps} steps", element, "ms", milliseconds, call)


def of_mlp(variant, call):
    told("mlp", variant, f"{INPUTS}-{HIDDEN}-{CLASSES}, {COUNT} by {BATCH}", "float32", "ms", milliseconds, call)


def of_gemm(variant, element, call):
    size = f"{GEMM} x {GEMM} x {GEMM}"
    told("gemm", variant, size, element, "GFLOP/s", lambda s: 2e-9 * GEMM**3 / s, call)


def of_softmax(variant, call):
    size = f"{SOFTMAX[0]} x {SOFTMAX[1]}"
    told("softmax", variant, size, "float32", "Gelem/s", lambda s: 1e-9 * SOFTMAX[0] * SOFTMAX[1] / s, call)


def logits():
    return numbers(ELEMENTS, SOFTMAX[0] * SOFTMAX[1], -20, 20).astype(np.float32).reshape(SOFTMAX)


def factors(element):
    shape = (GEMM, GEMM)
    return tuple(numbers(s, GEMM * GEMM, -1, 1).astype(element).reshape(shape) for s in (LEFT, RIGHT))


def measure_numpy():
    variant = f"NumPy {np.__version__}"

    for n, d, steps in DESCENTS:
        for element in (np.float64, np.float32):
            z = signed_samples(n, d, element)
            rate = element(1 / n)

            def descend():
                theta = np.zeros(d, element)
                for _ in range(steps):
                    weights = 1 / (1 + np.exp(z @ theta))
                    theta += rate * (weights @ z)
                return np.mean(np.logaddexp(0, -(z @ theta)))

            of_descent(variant, element.__name__, n, d, steps, descend)
            del z

    x, labels = pictures()
    targets = np.eye(CLASSES, dtype=np.float32)[labels]
    rate = np.float32(STEP_SIZE)

    def train():
        w1, b1, w2, b2 = (w.copy() for w in initial_weights())
        for first in range(0, COUNT, BATCH):
            a, y = x[first : first + BATCH], targets[first : first + BATCH]
            h = np.maximum(a @ w1 + b1, 0)
            z = h @ w2 + b2
            p = np.exp(z - z.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            g = (p - y) / np.float32(len(a))
            of_h = (g @ w2.T) * (h > 0)
            w2 -= rate * (h.T @ g)
            b2 -= rate * g.sum(axis=0)
            w1 -= rate * (a.T @ of_h)
            b1 -= rate * of_h.sum(axis=0)
        return -np.mean(np.log((p * y).sum(axis=1)))

    of_mlp(variant, train)

    for element in (np.float64, np.float32):
        a, b = factors(element)
        c = np.empty_like(a)
        of_gemm(variant, element.__name__, lambda: np.matmul(a, b, out=c)[0, 0])

    x = logits()
    y = np.empty_like(x)

    def softmax():
        np.subtract(x, x.max(axis=1, keepdims=True), out=y)
        np.exp(y, out=y)
        np.divide(y, y.sum(axis=1, keepdims=True), out=y)
        return y[0].max()

    of_softmax(variant, softmax)


def measure_sklearn():
    import sklearn
    from sklearn.neural_network import MLPClassifier
    from sklearn.utils.extmath import softmax

    variant = f"scikit-learn {sklearn.__version__}"
    x, labels = pictures()

    def train():
        network = MLPClassifier(
            hidden_layer_sizes=(HIDDEN,), solver="sgd", alpha=0.0, batch_size=BATCH, learning_rate_init=STEP_SIZE,
            max_iter=1, shuffle=False, momentum=0.0, nesterovs_momentum=False, random_state=0,
        )  # fmt: skip
        # A first call makes everything; the weights are then set to what all begin with.
        network.partial_fit(x[:1], labels[:1], classes=np.arange(CLASSES))
        w1, b1, w2, b2 = initial_weights()
        for place, weight in zip(network.coefs_ + network.intercepts_, (w1, w2, b1, b2)):
            place[...] = weight
        # The loss of the last batch before its step, as the others have it.
        rest = COUNT % BATCH
        network.partial_fit(x[:-rest], labels[:-rest])
        p = network.predict_proba(x[-rest:])
        network.partial_fit(x[-rest:], labels[-rest:])
        return -np.mean(np.log(p[np.arange(rest), labels[-rest:]]))

    of_mlp(variant, train)

    x = logits()
    of_softmax(variant, lambda: softmax(x)[0].max())


def measure_torch():
    import torch

    torch.set_num_threads(1)
    variant = f"PyTorch {torch.__version__.split('+')[0]}"

    with torch.no_grad():
        for n, d, steps in DESCENTS:
            for element in (np.float64, np.float32):
                z = torch.from_numpy(signed_samples(n, d, element))

                def descend():
                    theta = torch.zeros(d, dtype=z.dtype)
                    for _ in range(steps):
                        weights = torch.sigmoid(-(z @ theta))
                        theta.add_(weights @ z, alpha=1 / n)
                    return torch.nn.functional.softplus(-(z @ theta)).mean()

                of_descent(variant, element.__name__, n, d, steps, descend)
                del z

        x, labels = (torch.from_numpy(each) for each in pictures())
        targets = torch.nn.functional.one_hot(labels, CLASSES).float()

        def train():
            w1, b1, w2, b2 = (torch.from_numpy(w.copy()) for w in initial_weights())
            for first in range(0, COUNT, BATCH):
                a, y = x[first : first + BATCH], targets[first : first + BATCH]
                h = torch.relu(torch.addmm(b1, a, w1))
                p = torch.softmax(torch.addmm(b2, h, w2), 1)
                g = (p - y) / len(a)
                of_h = (g @ w2.T) * (h > 0)
                w2.addmm_(h.T, g, alpha=-STEP_SIZE)
                b2.sub_(g.sum(0), alpha=STEP_SIZE)
                w1.addmm_(a.T, of_h, alpha=-STEP_SIZE)
                b1.sub_(of_h.sum(0), alpha=STEP_SIZE)
            return -torch.log((p * y).sum(1)).mean()

        of_mlp(variant, train)

        for element in (np.float64, np.float32):
            a, b = (torch.from_numpy(each) for each in factors(element))
            c = torch.empty_like(a)
            of_gemm(variant, element.__name__, lambda: torch.mm(a, b, out=c)[0, 0])

        x = torch.from_numpy(logits())
        y = torch.empty_like(x)
        of_softmax(variant, lambda: torch.softmax(x, 1, out=y)[0].max())


warnings.filterwarnings("ignore")
for measure in (measure_numpy, measure_sklearn, measure_torch):
    try:
        measure()
    except Exception as error:  # also that it is not installed
        failed.append(f"{measure.__name__}: {error}")
print(json.dumps({"rows": rows, "failed": failed}))
