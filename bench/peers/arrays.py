"""NumPy's side of the benchmark of arrays; see arrays.ts."""
import json
import sys
import time

import numpy as np

repetitions = int(sys.argv[1])
n = 2000
tiny_calls = 100_000

x = ((np.arange(n * n) % 1009) / 100 - 5).reshape(n, n)
y = abs(x) + 0.5
plain = (np.arange(n * n) % 997).astype(np.float64)
wide = x * 100
out = np.zeros((n, n))
singles = x.astype(np.float32)
integers = x.astype(np.int8)
tiny = np.zeros(10)
tiny_out = np.zeros(10)
random = np.random.Generator(np.random.Philox(key=1))

cases = {
    "x + y": lambda: x + y,
    "x + 1": lambda: x + 1,
    "x + y, out": lambda: np.add(x, y, out=out),
    "x < y": lambda: x < y,
    "sin(x)": lambda: np.sin(x),
    "sin(w), |w| ≤ 500": lambda: np.sin(wide),
    "cos(x)": lambda: np.cos(x),
    "exp(x)": lambda: np.exp(x),
    "log(y)": lambda: np.log(y),
    "tanh(x)": lambda: np.tanh(x),
    "power(y, x)": lambda: np.power(y, x),
    "x[1:-1, 1:-1] + y[:-2, 2:]": lambda: x[1:-1, 1:-1] + y[:-2, 2:],
    "x[::2, ::2] + 1": lambda: x[::2, ::2] + 1,
    "sum": lambda: x.sum(),
    "sum, axis 0": lambda: x.sum(axis=0),
    "sum, axis 1": lambda: x.sum(axis=1),
    "sum of float32": lambda: singles.sum(),
    "sum of int8": lambda: integers.sum(),
    "var": lambda: x.var(),
    "var, axis 0": lambda: x.var(axis=0),
    "var, axis 1": lambda: x.var(axis=1),
    "min": lambda: x.min(),
    "min, axis 0": lambda: x.min(axis=0),
    "argmin": lambda: x.argmin(),
    "argmin, axis 0": lambda: x.argmin(axis=0),
    "cumulative sum, axis 0": lambda: x.cumsum(axis=0),
    "cumulative sum, axis 1": lambda: x.cumsum(axis=1),
    "fromArray": lambda: np.array(plain).reshape(n, n),
    "toArray": lambda: x.copy(),
    "10⁷ uniforms": lambda: random.random(10_000_000),
    "10⁷ normals": lambda: random.standard_normal(10_000_000),
}
tiny_cases = {
    "10 elements: x + y": lambda: tiny + tiny,
    "10 elements: x + y, out": lambda: np.add(tiny, tiny, out=tiny_out),
}


def seconds(action):
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def many(action):
    for _ in range(tiny_calls):
        action()


results = {}
for name, action in cases.items():
    for _ in range(10):
        action()
    results[name] = [seconds(action) for _ in range(repetitions)]
for name, action in tiny_cases.items():
    many(action)
    results[name] = [seconds(lambda: many(action)) / tiny_calls for _ in range(repetitions)]
print(json.dumps({"seconds": results}))
