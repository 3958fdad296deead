"""NumPy's side of the kernel benchmark; see kernels.ts."""
import json
import sys
import time

import numpy as np

repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 9
n = 2000
tiny_calls = 100_000

i = np.arange(n * n)
x = ((i % 1000) / 100).reshape(n, n)
y = ((i % 997) / 500 + 0.5).reshape(n, n)
out = np.zeros((n, n))
tiny = np.zeros(10)
tiny_out = np.zeros(10)

cases = {
    "x + y": lambda: x + y,
    "x + 1": lambda: x + 1,
    "x + y, out": lambda: np.add(x, y, out=out),
    "x < y": lambda: x < y,
    "sin(x)": lambda: np.sin(x),
    "cos(x)": lambda: np.cos(x),
    "exp(x)": lambda: np.exp(x),
    "log(y)": lambda: np.log(y),
    "tanh(x)": lambda: np.tanh(x),
    "power(y, x)": lambda: np.power(y, x),
    "x[1:-1, 1:-1] + y[:-2, 2:]": lambda: x[1:-1, 1:-1] + y[:-2, 2:],
    "x[::2, ::2] + 1": lambda: x[::2, ::2] + 1,
    "x.T + y": lambda: x.T + y,
}


def seconds(action):
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def many(action):
    def repeated():
        for _ in range(tiny_calls):
            action()
    return repeated


results = {}
for name, action in cases.items():
    for _ in range(3):
        action()
    results[name] = [seconds(action) for _ in range(repetitions)]
tiny_cases = {
    "10 elements: x + y": lambda: tiny + tiny,
    "10 elements: x + y, out": lambda: np.add(tiny, tiny, out=tiny_out),
}
for name, action in tiny_cases.items():
    seconds(many(action))
    results[name] = [seconds(many(action)) / tiny_calls for _ in range(repetitions)]
print(json.dumps(results))
