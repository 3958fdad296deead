"""NumPy's and numexpr's side of the benchmark of expressions over whole arrays; output as of fused.c.

    fused.py numpy|numexpr KIND SIZE WARMUP ITERATIONS BATCHES

KIND is square, waves or tiny (square of SIZE elements).
"""
import sys

import numpy as np

from measure import measure

library, kind = sys.argv[1:3]
size, warmup, iterations, batches = map(int, sys.argv[3:])

places = np.arange(size)
a = (places % 1009) / 100
b = (places % 997) / 100 - 5
out = np.zeros(size)

if library == "numpy":

    def square():
        return a**2 + b**2 + 2 * a * b

    def waves():
        return np.sin(a) ** 2 + np.exp(-b) * np.sqrt(a)

else:
    import numexpr

    numexpr.set_num_threads(1)

    def square():
        return numexpr.evaluate("a**2 + b**2 + 2*a*b", out=out)

    def waves():
        return numexpr.evaluate("sin(a)**2 + exp(-b)*sqrt(a)", out=out)


compute = waves if kind == "waves" else square


def step():
    # Kept as long as a program would: until the next one is there.
    global out
    out = compute()


measure(step, warmup, iterations, batches, lambda: float(out.sum()))
