"""The side of NumPy, numexpr and mpi4py + NumPy of the benchmark of stencils; output as of grids.c.

    grids.py numpy|numexpr|mpi4py KIND SIZE WARMUP ITERATIONS BATCHES

KIND is diffusion, step or heat, as in grids.c, or laplace (SIZE² points, the walls included: Jacobi's method with the
norm of what changes). numexpr has diffusion only, mpi4py all but laplace.
"""
import sys

import numpy as np

from measure import measure

library, kind = sys.argv[1:3]
size, warmup, iterations, batches = map(int, sys.argv[3:])


def tents(n):
    dx = 20 / n
    x = np.linspace(-10 - dx, 10 + dx, n + 2)
    profile = 1 - abs(1 - 4 * abs(x / 20))
    profile[[0, -1]] = 0
    return profile


def start(kind, size):
    if kind == "laplace":
        u = np.zeros((size, size))
        x = np.linspace(0, 1, size)
        u[0], u[-1] = -x**2, 1 - x**2
        u[:, 0], u[:, -1] = x**2, x**2 - 1
        return u
    if kind == "heat":
        u = np.zeros((size, size, size))
        hot = slice(size // 4, size // 2)
        u[hot, hot, hot] = 1
        return u
    profile = tents(size if kind == "diffusion" else size - 2)
    return np.outer(profile, profile)


def plane(u, v):
    v[1:-1, 1:-1] = u[1:-1, 1:-1] + 0.25 * (
        u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4 * u[1:-1, 1:-1]
    )


def space(u, v):
    inner = u[1:-1, 1:-1, 1:-1]
    v[1:-1, 1:-1, 1:-1] = inner + 0.1 * (
        u[2:, 1:-1, 1:-1]
        + u[:-2, 1:-1, 1:-1]
        + u[1:-1, 2:, 1:-1]
        + u[1:-1, :-2, 1:-1]
        + u[1:-1, 1:-1, 2:]
        + u[1:-1, 1:-1, :-2]
        - 6 * inner
    )


compute = space if kind == "heat" else plane
u = start(kind, size)
v = u.copy()
error = 0.0
comm = None


def total():
    return float(u.sum())


def step():
    global u, v
    compute(u, v)
    u, v = v, u


if kind == "laplace":

    def step():
        global error
        old = u.copy()
        u[1:-1, 1:-1] = 0.25 * (u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:])
        changes = (u - old).ravel()
        error = float(np.sqrt(changes.dot(changes)))

    def total():
        return error

elif library == "numexpr":
    import numexpr

    numexpr.set_num_threads(1)
    # One dimension, as numexpr likes it; the walls are cleared afterwards.
    row = size + 2
    u, v = u.ravel(), v.ravel()

    def step():
        global u, v
        left, right = u[row - 1 : -row - 1], u[row + 1 : -row + 1]
        up, down, here = u[: -2 * row], u[2 * row :], u[row:-row]
        numexpr.evaluate("here + 0.25*(left + right + up + down - 4*here)", out=v[row:-row])
        v[::row] = 0
        v[row - 1 :: row] = 0
        u, v = v, u

elif library == "mpi4py":
    from mpi4py import MPI

    comm = MPI.COMM_WORLD
    rank, ranks = comm.Get_rank(), comm.Get_size()
    share = -(-len(u) // ranks)
    begin, end = rank * share, min(len(u), (rank + 1) * share)
    # With a slice of each neighbour, or the wall.
    first, last = max(0, begin - 1), min(len(u), end + 1)
    u = u[first:last].copy()
    v = u.copy()

    def step():
        global u, v
        if first < begin:
            comm.Sendrecv(u[1], rank - 1, recvbuf=u[0], source=rank - 1)
        if last > end:
            comm.Sendrecv(u[-2], rank + 1, recvbuf=u[-1], source=rank + 1)
        compute(u, v)
        u, v = v, u

    def total():
        own = u[begin - first : end - first]
        return comm.allreduce(float(own.sum()))


measure(step, warmup, iterations, batches, total, comm)
