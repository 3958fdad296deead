// The functions that prepare persistent collectives: MPI-4 has them, Open MPI 4 as an extension.
// Where there are none these are null, and asking for one is an error of ours. Those of MPICH 4.0
// are not used: from the second start on gather, scatter and allgather leave wrong results.
#pragma once

#include <mpi.h>

#if defined(OPEN_MPI) && MPI_VERSION < 4
#include <mpi-ext.h>
#endif

namespace distarray {
namespace persistent {

#if defined(MPICH_NUMVERSION) && MPICH_NUMVERSION < 40100000
#define DISTARRAY_NO_PERSISTENT_COLLECTIVES
#endif

#if MPI_VERSION >= 4 && !defined(DISTARRAY_NO_PERSISTENT_COLLECTIVES)
constexpr auto kBarrierInit = MPI_Barrier_init;
constexpr auto kBcastInit = MPI_Bcast_init;
constexpr auto kReduceInit = MPI_Reduce_init;
constexpr auto kAllreduceInit = MPI_Allreduce_init;
constexpr auto kGatherInit = MPI_Gather_init;
constexpr auto kGathervInit = MPI_Gatherv_init;
constexpr auto kScatterInit = MPI_Scatter_init;
constexpr auto kScattervInit = MPI_Scatterv_init;
constexpr auto kAllgatherInit = MPI_Allgather_init;
constexpr auto kAllgathervInit = MPI_Allgatherv_init;
constexpr auto kAlltoallInit = MPI_Alltoall_init;
constexpr auto kAlltoallvInit = MPI_Alltoallv_init;
constexpr auto kAlltoallwInit = MPI_Alltoallw_init;
constexpr auto kReduceScatterBlockInit = MPI_Reduce_scatter_block_init;
constexpr auto kReduceScatterInit = MPI_Reduce_scatter_init;
constexpr auto kScanInit = MPI_Scan_init;
constexpr auto kExscanInit = MPI_Exscan_init;
constexpr auto kNeighborAllgatherInit = MPI_Neighbor_allgather_init;
constexpr auto kNeighborAllgathervInit = MPI_Neighbor_allgatherv_init;
constexpr auto kNeighborAlltoallInit = MPI_Neighbor_alltoall_init;
constexpr auto kNeighborAlltoallvInit = MPI_Neighbor_alltoallv_init;
constexpr auto kNeighborAlltoallwInit = MPI_Neighbor_alltoallw_init;
#elif defined(OMPI_HAVE_MPI_EXT_PCOLLREQ)
constexpr auto kBarrierInit = MPIX_Barrier_init;
constexpr auto kBcastInit = MPIX_Bcast_init;
constexpr auto kReduceInit = MPIX_Reduce_init;
constexpr auto kAllreduceInit = MPIX_Allreduce_init;
constexpr auto kGatherInit = MPIX_Gather_init;
constexpr auto kGathervInit = MPIX_Gatherv_init;
constexpr auto kScatterInit = MPIX_Scatter_init;
constexpr auto kScattervInit = MPIX_Scatterv_init;
constexpr auto kAllgatherInit = MPIX_Allgather_init;
constexpr auto kAllgathervInit = MPIX_Allgatherv_init;
constexpr auto kAlltoallInit = MPIX_Alltoall_init;
constexpr auto kAlltoallvInit = MPIX_Alltoallv_init;
constexpr auto kAlltoallwInit = MPIX_Alltoallw_init;
constexpr auto kReduceScatterBlockInit = MPIX_Reduce_scatter_block_init;
constexpr auto kReduceScatterInit = MPIX_Reduce_scatter_init;
constexpr auto kScanInit = MPIX_Scan_init;
constexpr auto kExscanInit = MPIX_Exscan_init;
constexpr auto kNeighborAllgatherInit = MPIX_Neighbor_allgather_init;
constexpr auto kNeighborAllgathervInit = MPIX_Neighbor_allgatherv_init;
constexpr auto kNeighborAlltoallInit = MPIX_Neighbor_alltoall_init;
constexpr auto kNeighborAlltoallvInit = MPIX_Neighbor_alltoallv_init;
constexpr auto kNeighborAlltoallwInit = MPIX_Neighbor_alltoallw_init;
#else
constexpr auto kBarrierInit = nullptr;
constexpr auto kBcastInit = nullptr;
constexpr auto kReduceInit = nullptr;
constexpr auto kAllreduceInit = nullptr;
constexpr auto kGatherInit = nullptr;
constexpr auto kGathervInit = nullptr;
constexpr auto kScatterInit = nullptr;
constexpr auto kScattervInit = nullptr;
constexpr auto kAllgatherInit = nullptr;
constexpr auto kAllgathervInit = nullptr;
constexpr auto kAlltoallInit = nullptr;
constexpr auto kAlltoallvInit = nullptr;
constexpr auto kAlltoallwInit = nullptr;
constexpr auto kReduceScatterBlockInit = nullptr;
constexpr auto kReduceScatterInit = nullptr;
constexpr auto kScanInit = nullptr;
constexpr auto kExscanInit = nullptr;
constexpr auto kNeighborAllgatherInit = nullptr;
constexpr auto kNeighborAllgathervInit = nullptr;
constexpr auto kNeighborAlltoallInit = nullptr;
constexpr auto kNeighborAlltoallvInit = nullptr;
constexpr auto kNeighborAlltoallwInit = nullptr;
#endif

}  // namespace persistent
}  // namespace distarray
