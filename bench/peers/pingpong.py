"""The mpi4py side of the message benchmark; arguments and output as in pingpong.c.

Buffers are NumPy arrays (the upper-case methods); `scalar` is the lower-case allreduce, which
takes a Python float.
"""

import json
import sys
import time

import mpi4py

mpi4py.rc.thread_level = sys.argv[1]

import numpy as np  # noqa: E402
from mpi4py import MPI  # noqa: E402

comm = MPI.COMM_WORLD
rank = comm.Get_rank()


def ping_pong(out, into, iterations):
    partner = 1 - rank
    if rank == 0:
        for _ in range(iterations):
            comm.Send(out, partner)
            comm.Recv(into, partner)
    else:
        for _ in range(iterations):
            comm.Recv(into, partner)
            comm.Send(out, partner)


def barrier(_out, _into, iterations):
    for _ in range(iterations):
        comm.Barrier()


def allreduce(out, into, iterations):
    for _ in range(iterations):
        comm.Allreduce(out, into)


def scalar(_out, _into, iterations):
    for i in range(iterations):
        if comm.allreduce(float(i)) != 2.0 * i:
            raise AssertionError("wrong sum")


kinds = {"pingpong": ping_pong, "huge": ping_pong, "barrier": barrier, "allreduce": allreduce, "scalar": scalar}


def measure(specification):
    kind, *numbers = specification.split(":")
    size, warmup, iterations, batches = map(int, numbers)
    repeat = kinds[kind]
    dtype = np.float64 if kind == "allreduce" else np.uint8
    out = np.ones(size // dtype().itemsize, dtype)
    into = np.ones(size // dtype().itemsize, dtype)
    repeat(out, into, warmup)
    seconds = []
    for _ in range(batches):
        comm.Barrier()
        start = time.perf_counter()
        repeat(out, into, iterations)
        seconds.append((time.perf_counter() - start) / iterations)
    return seconds


levels = {
    MPI.THREAD_SINGLE: "single",
    MPI.THREAD_FUNNELED: "funneled",
    MPI.THREAD_SERIALIZED: "serialized",
    MPI.THREAD_MULTIPLE: "multiple",
}
measured = [measure(specification) for specification in sys.argv[2:]]
if rank == 0:
    print(json.dumps({"level": levels[MPI.Query_thread()], "seconds": measured}))
