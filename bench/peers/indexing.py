"""NumPy's side of the benchmark of indexing with arrays; see indexing.ts."""
import json
import sys
import time

import numpy as np

repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 9
n = 10_000_000
m = 1_000_000

random = np.random.Generator(np.random.Philox(key=1))
x = random.random(n)
table = x.reshape(n // 1000, 1000).copy()
places = random.integers(0, n, m)
rows = random.integers(0, n // 1000, m // 1000)
values = random.random(m)
mask = x < 0.1


def put(index, value):
    x[index] = value


cases = {
    "x[places]": lambda: x[places],
    "x[places] = 1": lambda: put(places, 1),
    "x[places] = values": lambda: put(places, values),
    "table[rows]": lambda: table[rows],
    "x[mask]": lambda: x[mask],
    "x[mask] = 0": lambda: put(mask, 0),
    "nonzero(mask)": lambda: np.nonzero(mask),
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
