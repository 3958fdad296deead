/* Preprocessed, never compiled: says which MPI and which HDF5 a set of flags leads to. */
#include <mpi.h>

#if defined(OPEN_MPI)
distarray_probe openmpi OMPI_MAJOR_VERSION.OMPI_MINOR_VERSION.OMPI_RELEASE_VERSION
#elif defined(MPICH_VERSION)
distarray_probe mpich MPICH_VERSION
#else
distarray_probe unknown MPI_VERSION.MPI_SUBVERSION
#endif

#ifdef DISTARRAY_PROBE_HDF5
#include <H5public.h>
distarray_probe hdf5 H5_VERS_MAJOR.H5_VERS_MINOR.H5_VERS_RELEASE
#ifdef H5_HAVE_PARALLEL
distarray_probe parallel yes
#else
distarray_probe parallel no
#endif
#endif
