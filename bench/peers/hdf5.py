"""HDF5 through h5py and MPI: blocks of rows of a float64 array, written and synced, or read.

    hdf5.py write|read FILE ROWS COLUMNS     under mpiexec; rank 0 prints the seconds
"""

import os
import sys

import numpy as np
from mpi4py import MPI

import h5py

action, path, rows, columns = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
comm = MPI.COMM_WORLD
assert h5py.get_config().mpi, "h5py without MPI"
block = -(-rows // comm.size)
low, high = min(rows, comm.rank * block), min(rows, (comm.rank + 1) * block)
values = np.full((high - low, columns), 1.5) if action == "write" else None
comm.Barrier()
start = MPI.Wtime()
with h5py.File(path, "w" if action == "write" else "r", driver="mpio", comm=comm) as file:
    if action == "write":
        dataset = file.create_dataset("buffer", (rows, columns), "f8")
        dataset[low:high] = values
    else:
        values = file["buffer"][low:high]
if action == "write" and comm.rank == 0:
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
comm.Barrier()
if comm.rank == 0:
    print(MPI.Wtime() - start)
