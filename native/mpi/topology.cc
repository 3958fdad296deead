#include "mpi/mpi_state.h"

namespace distarray {
namespace {

// kArgument0: number of dimensions, kSendAddress: dims, kRecvAddress: periods (Int32Arrays),
// kArgument1: reorder; kOutput: handle, 0 on ranks outside the grid.
void createCart(MpiState& mpi, Command& c) {
  MPI_Comm result;
  check(MPI_Cart_create(mpi.communicator(), c.integer(kArgument0), c.address<int>(kSendAddress),
                        c.address<int>(kRecvAddress), c.integer(kArgument1), &result));
  c[kOutput] = mpi.insertCommunicator(result);
}

// kOutput: number of dimensions, or -1 when the communicator is not Cartesian.
void cartDimensions(MpiState& mpi, Command& c) {
  MPI_Comm comm = mpi.communicator();
  int topology = MPI_UNDEFINED;
  check(MPI_Topo_test(comm, &topology));
  int ndim = -1;
  if (topology == MPI_CART) check(MPI_Cartdim_get(comm, &ndim));
  c[kOutput] = ndim;
}

// kArgument0: number of dimensions, kSendAddress: Int32Array for dims, periods, coords in a row.
void cartGet(MpiState& mpi, Command& c) {
  const int ndim = c.integer(kArgument0);
  int* out = c.address<int>(kSendAddress);
  check(MPI_Cart_get(mpi.communicator(), ndim, out, out + ndim, out + 2 * ndim));
}

// kArgument0: rank, kArgument1: number of dimensions, kSendAddress: Int32Array for the coordinates.
void cartCoords(MpiState& mpi, Command& c) {
  check(MPI_Cart_coords(mpi.communicator(), c.integer(kArgument0), c.integer(kArgument1),
                        c.address<int>(kSendAddress)));
}

// kSendAddress: coordinates; kOutput: rank.
void cartRank(MpiState& mpi, Command& c) {
  int rank = 0;
  check(MPI_Cart_rank(mpi.communicator(), c.address<int>(kSendAddress), &rank));
  c[kOutput] = rank;
}

// kArgument0: dimension, kArgument1: displacement; kOutput: source, kOutput2: dest.
void cartShift(MpiState& mpi, Command& c) {
  int source = 0;
  int dest = 0;
  check(MPI_Cart_shift(mpi.communicator(), c.integer(kArgument0), c.integer(kArgument1), &source,
                       &dest));
  c[kOutput] = source;
  c[kOutput2] = dest;
}

// kSendAddress: one int a dimension, 1 to keep it; kOutput: handle.
void cartSub(MpiState& mpi, Command& c) {
  MPI_Comm result;
  check(MPI_Cart_sub(mpi.communicator(), c.address<int>(kSendAddress), &result));
  c[kOutput] = mpi.insertCommunicator(result);
}

// kArgument0: number of dimensions, kSendAddress: dims, kRecvAddress: periods; kOutput: rank.
void cartMap(MpiState& mpi, Command& c) {
  int rank = 0;
  check(MPI_Cart_map(mpi.communicator(), c.integer(kArgument0), c.address<int>(kSendAddress),
                     c.address<int>(kRecvAddress), &rank));
  c[kOutput] = rank;
}

// kArgument0: nodes, kSendAddress: index, kRecvAddress: edges, kArgument1: reorder; kOutput:
// handle, 0 on ranks outside the graph.
void createGraph(MpiState& mpi, Command& c) {
  MPI_Comm result;
  check(MPI_Graph_create(mpi.communicator(), c.integer(kArgument0), c.address<int>(kSendAddress),
                         c.address<int>(kRecvAddress), c.integer(kArgument1), &result));
  c[kOutput] = mpi.insertCommunicator(result);
}

// kArgument0: rank; kOutput: number of its neighbours.
void graphDegree(MpiState& mpi, Command& c) {
  int degree = 0;
  check(MPI_Graph_neighbors_count(mpi.communicator(), c.integer(kArgument0), &degree));
  c[kOutput] = degree;
}

// kArgument0: rank, kArgument1: number of its neighbours, kSendAddress: Int32Array for them.
void graphNeighbors(MpiState& mpi, Command& c) {
  check(MPI_Graph_neighbors(mpi.communicator(), c.integer(kArgument0), c.integer(kArgument1),
                            c.address<int>(kSendAddress)));
}

// kOutput: nodes, kOutput2: edges of the whole graph.
void graphDimensions(MpiState& mpi, Command& c) {
  int nodes = 0;
  int edges = 0;
  check(MPI_Graphdims_get(mpi.communicator(), &nodes, &edges));
  c[kOutput] = nodes;
  c[kOutput2] = edges;
}

// kArgument0: nodes, kArgument1: edges; Int32Arrays at kSendAddress for where the edges of each node
// end, at kRecvAddress for the edges.
void graphGet(MpiState& mpi, Command& c) {
  check(MPI_Graph_get(mpi.communicator(), c.integer(kArgument0), c.integer(kArgument1),
                      c.address<int>(kSendAddress), c.address<int>(kRecvAddress)));
}

// kArgument0: nodes, kSendAddress: where the edges of each end, kRecvAddress: edges; kOutput: rank.
void graphMap(MpiState& mpi, Command& c) {
  int rank = MPI_UNDEFINED;
  check(MPI_Graph_map(mpi.communicator(), c.integer(kArgument0), c.address<int>(kSendAddress),
                      c.address<int>(kRecvAddress), &rank));
  c[kOutput] = rank;
}

// Address 0 stands for no weights at all.
int* weights(Command& c, Slot slot) {
  int* given = c.address<int>(slot);
  return given ? given : MPI_UNWEIGHTED;
}

// kArgument0: sources, at kSendCounts, weights at kSendDispls; kArgument1: destinations, at
// kRecvCounts, weights at kRecvDispls; kArgument2: reorder; kOutput: handle.
void createDistGraphAdjacent(MpiState& mpi, Command& c) {
  MPI_Comm result;
  check(MPI_Dist_graph_create_adjacent(
      mpi.communicator(), c.integer(kArgument0), c.address<int>(kSendCounts),
      weights(c, kSendDispls), c.integer(kArgument1), c.address<int>(kRecvCounts),
      weights(c, kRecvDispls), MPI_INFO_NULL, c.integer(kArgument2), &result));
  c[kOutput] = mpi.insertCommunicator(result);
}

// kArgument0: sources, at kSendCounts, their degrees at kSendDispls; destinations at kRecvCounts,
// weights at kRecvDispls; kArgument2: reorder; kOutput: handle.
void createDistGraph(MpiState& mpi, Command& c) {
  MPI_Comm result;
  check(MPI_Dist_graph_create(mpi.communicator(), c.integer(kArgument0),
                              c.address<int>(kSendCounts), c.address<int>(kSendDispls),
                              c.address<int>(kRecvCounts), weights(c, kRecvDispls), MPI_INFO_NULL,
                              c.integer(kArgument2), &result));
  c[kOutput] = mpi.insertCommunicator(result);
}

// kOutput: sources, kOutput2: destinations, kArgument0: whether they have weights.
void distGraphDegrees(MpiState& mpi, Command& c) {
  int sources = 0;
  int destinations = 0;
  int weighted = 0;
  check(MPI_Dist_graph_neighbors_count(mpi.communicator(), &sources, &destinations, &weighted));
  c[kOutput] = sources;
  c[kOutput2] = destinations;
  c[kArgument0] = weighted;
}

// kArgument0: sources, into kSendCounts, weights into kSendDispls; kArgument1: destinations, into
// kRecvCounts, weights into kRecvDispls.
void distGraphNeighbors(MpiState& mpi, Command& c) {
  check(MPI_Dist_graph_neighbors(mpi.communicator(), c.integer(kArgument0),
                                 c.address<int>(kSendCounts), weights(c, kSendDispls),
                                 c.integer(kArgument1), c.address<int>(kRecvCounts),
                                 weights(c, kRecvDispls)));
}

// kArgument0: processes, kArgument1: number of dimensions, kSendAddress: dims, in and out.
void dimsCreate(MpiState&, Command& c) {
  check(
      MPI_Dims_create(c.integer(kArgument0), c.integer(kArgument1), c.address<int>(kSendAddress)));
}

}  // namespace

void exportTopology(Napi::Object exports, MpiState& state) {
  exportCommand<createCart>(exports, state, "createCart");
  exportCommand<cartDimensions>(exports, state, "cartDimensions");
  exportCommand<cartGet>(exports, state, "cartGet");
  exportCommand<cartCoords>(exports, state, "cartCoords");
  exportCommand<cartRank>(exports, state, "cartRank");
  exportCommand<cartShift>(exports, state, "cartShift");
  exportCommand<cartSub>(exports, state, "cartSub");
  exportCommand<cartMap>(exports, state, "cartMap");
  exportCommand<createGraph>(exports, state, "createGraph");
  exportCommand<graphDimensions>(exports, state, "graphDimensions");
  exportCommand<graphGet>(exports, state, "graphGet");
  exportCommand<graphMap>(exports, state, "graphMap");
  exportCommand<graphDegree>(exports, state, "graphDegree");
  exportCommand<graphNeighbors>(exports, state, "graphNeighbors");
  exportCommand<createDistGraphAdjacent>(exports, state, "createDistGraphAdjacent");
  exportCommand<createDistGraph>(exports, state, "createDistGraph");
  exportCommand<distGraphDegrees>(exports, state, "distGraphDegrees");
  exportCommand<distGraphNeighbors>(exports, state, "distGraphNeighbors");
  exportCommand<dimsCreate>(exports, state, "dimsCreate");
}

}  // namespace distarray
