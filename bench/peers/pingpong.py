"""The mpi4py side of the message benchmark; arguments and output as in pingpong.c.

Buffers are NumPy arrays (the upper-case methods). `scalar` is the lower-case allreduce, which takes
a Python float; `object` is the lower-case send of an array by mpi4py.util.pkl5, which pickles the
memory out of band.
"""

import json
import sys
import time

import mpi4py

mpi4py.rc.thread_level = sys.argv[1]

import numpy as np  # noqa: E402
from mpi4py import MPI  # noqa: E402
from mpi4py.util import pkl5  # noqa: E402

comm = MPI.COMM_WORLD
rank, size = comm.Get_rank(), comm.Get_size()
partner = 1 - rank
values = pkl5.Intracomm(comm)


def ping_pong(out, into, iterations):
    if rank == 0:
        for _ in range(iterations):
            comm.Send(out, partner)
            comm.Recv(into, partner)
    else:
        for _ in range(iterations):
            comm.Recv(into, partner)
            comm.Send(out, partner)


def started(out, into, iterations):
    if rank == 0:
        for _ in range(iterations):
            comm.Isend(out, partner).Wait()
            comm.Irecv(into, partner).Wait()
    else:
        for _ in range(iterations):
            comm.Irecv(into, partner).Wait()
            comm.Isend(out, partner).Wait()


def one_way(out, into, iterations):
    answer = np.zeros(1)
    for _ in range(iterations):
        if rank == 0:
            comm.Send(out, 1)
            comm.Recv(answer, 1)
        else:
            comm.Recv(into, 0)
            comm.Send(answer, 0)


def object_one_way(out, _into, iterations):
    answer = np.zeros(1)
    for _ in range(iterations):
        if rank == 0:
            values.send(out, 1)
            comm.Recv(answer, 1)
        else:
            if values.recv(source=0).nbytes != out.nbytes:
                raise AssertionError("wrong length")
            comm.Send(answer, 0)


def barrier(_out, _into, iterations):
    for _ in range(iterations):
        comm.Barrier()


def allreduce(out, into, iterations):
    for _ in range(iterations):
        comm.Allreduce(out, into)


def bcast(out, _into, iterations):
    for _ in range(iterations):
        comm.Bcast(out, 0)


def allgather(out, into, iterations):
    for _ in range(iterations):
        comm.Allgather(out, into)


def alltoall(out, into, iterations):
    for _ in range(iterations):
        comm.Alltoall(out, into)


def scalar(_out, _into, iterations):
    for i in range(iterations):
        if comm.allreduce(float(i)) != 2.0 * i:
            raise AssertionError("wrong sum")


kinds = {
    "pingpong": ping_pong,
    "started": started,
    "awaited": started,
    "oneway": one_way,
    "object": object_one_way,
    "barrier": barrier,
    "allreduce": allreduce,
    "bcast": bcast,
    "allgather": allgather,
    "alltoall": alltoall,
    "scalar": scalar,
}


def measure(specification):
    # What follows is where the memory comes from in JavaScript.
    kind, *numbers = specification.split(":")[:5]
    length, warmup, iterations, batches = map(int, numbers)
    repeat = kinds[kind]
    # A block of `length` bytes for each rank, where there are blocks.
    out = np.ones(length * (size if kind == "alltoall" else 1) // 8)
    into = np.ones(length * (size if kind in ("allgather", "alltoall") else 1) // 8)
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
