// How a process leaves the MPI job.
//
// A rank that ends without telling MPI leaves the others waiting for ever (MPICH over several
// hosts, plain srun), and one that finalizes after a failure waits for ever itself. Node has no
// hook that sees every way to end (return, process.exit, uncaught exception), so we take libc's.
#pragma once

namespace distarray::job_exit {

// To be called once, after MPI_Init. Duplicates MPI_COMM_WORLD: collective.
void install();

// From now on a non-zero exit aborts the job without waiting for the others to leave too.
void markCrashed();

// Processes of another job are connected to this one. MPI_Finalize waits for them, so a rank that
// ends with an error aborts the job at once. A disconnected one no longer counts.
void markConnected();
void markDisconnected();

// Runs `close` just before MPI_Finalize (HDF5 must let go of its files by then).
void beforeFinalize(void (*close)());

// Leaves the job: with code 0, or when all ranks leave within a second, by MPI_Finalize, otherwise
// by MPI_Abort. Does nothing when MPI is finalized already.
void leave(int status);

}  // namespace distarray::job_exit
