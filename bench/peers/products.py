"""NumPy's side of the benchmark of products; see products.ts. One thread: OPENBLAS_NUM_THREADS=1."""
import json
import sys
import time

import numpy as np

repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 7
random = np.random.default_rng(1)


def product(n, dtype):
    numbers = random.random((n, n))
    a = (numbers * 100 if dtype == "int64" else numbers).astype(dtype)
    return lambda: a @ a


vector = random.random(2000)
long = random.random(1_000_000)
large = random.random((2000, 2000))
cases = {
    "matmul 100²": product(100, "float64"),
    "matmul 1000²": product(1000, "float64"),
    "matmul 2000²": lambda: large @ large,
    "matmul 1000², float32": product(1000, "float32"),
    "matmul 1000², complex128": product(1000, "complex128"),
    "matmul 300², int64": product(300, "int64"),
    "matmul 2000², vector": lambda: large @ vector,
    "dot 1,000,000": lambda: long @ long,
}


def seconds(action):
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


results = {}
for name, action in cases.items():
    for _ in range(2):
        action()
    results[name] = [seconds(action) for _ in range(repetitions)]
print(json.dumps(results))
