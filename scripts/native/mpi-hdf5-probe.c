/*
 * Compiled, linked and run by CMake: which MPI is this, is this HDF5 parallel, and does it
 * call the same MPI library? Linking alone does not tell: a libhdf5 of the other MPI brings
 * its own libmpi along and links without complaint, then corrupts memory at run time.
 * It starts no MPI, so that it also runs where MPI programs may not (login nodes, build hosts).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <hdf5.h>
#include <mpi.h>
#include <stdio.h>

static const char* object_of(void* address) {
  Dl_info info;
  return address != NULL && dladdr(address, &info) != 0 ? info.dli_fname : "";
}

int main(void) {
  int version = 0, subversion = 0;
  MPI_Get_version(&version, &subversion);
#if defined(OPEN_MPI)
  printf("flavour=openmpi;mpi=Open MPI %d.%d.%d", OMPI_MAJOR_VERSION, OMPI_MINOR_VERSION,
         OMPI_RELEASE_VERSION);
#elif defined(MPICH_VERSION)
  printf("flavour=mpich;mpi=MPICH %s", MPICH_VERSION);
#else
  printf("flavour=unknown;mpi=MPI %d.%d", version, subversion);
#endif
  printf(";hdf5=%d.%d.%d", H5_VERS_MAJOR, H5_VERS_MINOR, H5_VERS_RELEASE);
#ifdef H5_HAVE_PARALLEL
  herr_t (*set_mpio)(hid_t, MPI_Comm, MPI_Info) = H5Pset_fapl_mpio;
  const char* hdf5_object = object_of((void*)set_mpio);
  const char* mpi_object = object_of(dlsym(RTLD_DEFAULT, "MPI_Init"));
  void* hdf5 = dlopen(hdf5_object, RTLD_LAZY | RTLD_NOLOAD);
  /* NULL for a static HDF5, whose calls the linker has bound to our MPI. */
  void* init = hdf5 == NULL ? NULL : dlsym(hdf5, "MPI_Init");
  printf(";parallel=1;mpi_library=%s;hdf5_library=%s;hdf5_mpi_library=%s", mpi_object, hdf5_object,
         init == NULL ? mpi_object : object_of(init));
#else
  printf(";parallel=0");
#endif
  return 0;
}
