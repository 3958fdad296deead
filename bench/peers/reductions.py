"""NumPy's side of the benchmark of reductions and random numbers; see reductions.ts."""
import json
import sys
import time

import numpy as np

repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 9
n = 2000

x = ((np.arange(n * n) % 1009) / 100 - 5).reshape(n, n)
integers = x.astype(np.int8)
singles = x.astype(np.float32)
draws = np.zeros(10_000_000)
random = np.random.Generator(np.random.Philox(key=1))

cases = {
    "sum": lambda: x.sum(),
    "sum, axis 0": lambda: x.sum(axis=0),
    "sum, axis 1": lambda: x.sum(axis=1),
    "sum of float32": lambda: singles.sum(),
    "sum of int8": lambda: integers.sum(),
    "var": lambda: x.var(),
    "var, axis 0": lambda: x.var(axis=0),
    "min": lambda: x.min(),
    "min, axis 0": lambda: x.min(axis=0),
    "argmin": lambda: x.argmin(),
    "argmin, axis 0": lambda: x.argmin(axis=0),
    "cumulativeSum, axis 0": lambda: x.cumsum(axis=0),
    "cumulativeSum, axis 1": lambda: x.cumsum(axis=1),
    "10 million uniforms": lambda: random.random(out=draws),
    "10 million normals": lambda: random.standard_normal(out=draws),
}


def seconds(action):
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


results = {}
for name, action in cases.items():
    action()
    results[name] = [seconds(action) for _ in range(repetitions)]
print(json.dumps(results))
