// Derived datatypes.
#include <vector>

#include "mpi/large_count.h"
#include "mpi/mpi_state.h"

namespace distarray {
namespace {

// Numbers that typeExtents leaves at kRecvAddress.
enum Extent : int { kLowerBound, kExtent, kTrueLowerBound, kTrueExtent, kSize };

// Commits a new datatype and leaves its handle in kOutput. `unit`: bytes that messages are counted
// in; 0: the datatype's own.
void insertType(MpiState& mpi, Command& c, MPI_Datatype type, MPI_Count unit = 0) {
  int code = MPI_Type_commit(&type);
  if (code == MPI_SUCCESS && unit == 0) code = MPI_Type_size_x(type, &unit);
  int handle = 0;
  if (code == MPI_SUCCESS) {
    handle = mpi.datatypes.insert(TypeEntry(type, unit == 0 ? -1 : unit));
    if (handle == 0) code = MPI_ERR_NO_MEM;
  }
  if (code != MPI_SUCCESS) {
    MPI_Type_free(&type);
    throw MpiFailure{code};
  }
  c[kOutput] = handle;
}

// The numbers that JavaScript hands over as doubles, which hold addresses exactly.
std::vector<MPI_Aint> addresses(Command& c, Slot slot, int count) {
  const auto* values = c.address<double>(slot);
  return std::vector<MPI_Aint>(values, values + count);
}

// In all of these kSendType is the datatype of the elements.

// kArgument0: count.
void typeContiguous(MpiState& mpi, Command& c) {
  insertType(mpi, c, composeType(c.wide(kArgument0), mpi.datatype(kSendType), mpi.maxCount));
}

// kArgument0: count, kArgument1: block length, kArgument2: stride in elements.
void typeVector(MpiState& mpi, Command& c) {
  MPI_Datatype type;
  check(MPI_Type_vector(c.integer(kArgument0), c.integer(kArgument1), c.integer(kArgument2),
                        mpi.datatype(kSendType), &type));
  insertType(mpi, c, type);
}

// The same with the stride in bytes.
void typeHvector(MpiState& mpi, Command& c) {
  MPI_Datatype type;
  check(MPI_Type_create_hvector(c.integer(kArgument0), c.integer(kArgument1), c.wide(kArgument2),
                                mpi.datatype(kSendType), &type));
  insertType(mpi, c, type);
}

// kArgument0: blocks; kSendCounts: their lengths, kSendDispls: where they begin, in elements.
void typeIndexed(MpiState& mpi, Command& c) {
  MPI_Datatype type;
  check(MPI_Type_indexed(c.integer(kArgument0), c.address<int>(kSendCounts),
                         c.address<int>(kSendDispls), mpi.datatype(kSendType), &type));
  insertType(mpi, c, type);
}

// kSendAddress: where they begin, in bytes, as doubles.
void typeHindexed(MpiState& mpi, Command& c) {
  MPI_Datatype type;
  const int blocks = c.integer(kArgument0);
  check(MPI_Type_create_hindexed(blocks, c.address<int>(kSendCounts),
                                 addresses(c, kSendAddress, blocks).data(), mpi.datatype(kSendType),
                                 &type));
  insertType(mpi, c, type);
}

// kArgument0: blocks, kArgument1: the length of each; kSendDispls: where they begin, in elements.
void typeIndexedBlock(MpiState& mpi, Command& c) {
  MPI_Datatype type;
  check(MPI_Type_create_indexed_block(c.integer(kArgument0), c.integer(kArgument1),
                                      c.address<int>(kSendDispls), mpi.datatype(kSendType), &type));
  insertType(mpi, c, type);
}

// kArgument0: dimensions, kArgument1: whether the first one varies fastest; kSendCounts: sizes,
// subsizes and starts.
void typeSubarray(MpiState& mpi, Command& c) {
  MPI_Datatype type;
  const int dims = c.integer(kArgument0);
  const int* numbers = c.address<int>(kSendCounts);
  check(MPI_Type_create_subarray(dims, numbers, numbers + dims, numbers + 2 * dims,
                                 c.integer(kArgument1) ? MPI_ORDER_FORTRAN : MPI_ORDER_C,
                                 mpi.datatype(kSendType), &type));
  insertType(mpi, c, type);
}

// kArgument0: dimensions, kArgument1: whether the first one varies fastest; kSendCounts: size,
// rank, global sizes, distributions (0: none, 1: block, 2: cyclic), their arguments (0: default),
// and the extents of the grid of processes.
void typeDarray(MpiState& mpi, Command& c) {
  constexpr int kDistributions[] = {MPI_DISTRIBUTE_NONE, MPI_DISTRIBUTE_BLOCK,
                                    MPI_DISTRIBUTE_CYCLIC};
  MPI_Datatype type;
  const int dims = c.integer(kArgument0);
  const int* numbers = c.address<int>(kSendCounts);
  const int* sizes = numbers + 2;
  std::vector<int> distributions(dims), arguments(dims);
  for (int d = 0; d < dims; d++) {
    distributions[d] = kDistributions[sizes[dims + d]];
    const int argument = sizes[2 * dims + d];
    arguments[d] = argument == 0 ? MPI_DISTRIBUTE_DFLT_DARG : argument;
  }
  check(MPI_Type_create_darray(
      numbers[0], numbers[1], dims, sizes, distributions.data(), arguments.data(), sizes + 3 * dims,
      c.integer(kArgument1) ? MPI_ORDER_FORTRAN : MPI_ORDER_C, mpi.datatype(kSendType), &type));
  insertType(mpi, c, type);
}

// kArgument0: fields; kSendCounts: their lengths, kSendAddress: where they begin, in bytes, as
// doubles, kRecvCounts: handles of their datatypes.
void typeStruct(MpiState& mpi, Command& c) {
  const int fields = c.integer(kArgument0);
  const int* handles = c.address<int>(kRecvCounts);
  std::vector<MPI_Datatype> types(fields);
  for (int f = 0; f < fields; f++) {
    TypeEntry* found = mpi.datatypes.find(handles[f]);
    if (!found) throw MpiFailure{MPI_ERR_TYPE};
    types[f] = found->type;
  }
  MPI_Datatype type;
  check(MPI_Type_create_struct(fields, c.address<int>(kSendCounts),
                               addresses(c, kSendAddress, fields).data(), types.data(), &type));
  insertType(mpi, c, type);
}

// kArgument0: lower bound, kArgument1: extent, in bytes.
void typeResized(MpiState& mpi, Command& c) {
  MPI_Datatype type;
  check(MPI_Type_create_resized(mpi.datatype(kSendType), c.wide(kArgument0), c.wide(kArgument1),
                                &type));
  insertType(mpi, c, type);
}

void typeDup(MpiState& mpi, Command& c) {
  MPI_Datatype type;
  check(MPI_Type_dup(mpi.datatype(kSendType), &type));
  insertType(mpi, c, type);
}

// The elements of a strided view in C order, which messages are counted in. kArgument0: dimensions;
// kSendCounts: extents; kSendAddress: strides in bytes, as doubles.
void typeStrided(MpiState& mpi, Command& c) {
  MPI_Datatype element = mpi.datatype(kSendType);
  const int dims = c.integer(kArgument0);
  const int* shape = c.address<int>(kSendCounts);
  const std::vector<MPI_Aint> strides = addresses(c, kSendAddress, dims);
  MPI_Count unit = 0;
  check(MPI_Type_size_x(element, &unit));
  MPI_Datatype type = element;
  for (int d = dims - 1; d >= 0; d--) {
    MPI_Datatype outer;
    const int code = MPI_Type_create_hvector(shape[d], 1, strides[d], type, &outer);
    if (type != element) MPI_Type_free(&type);
    check(code);
    type = outer;
  }
  insertType(mpi, c, type, unit);
}

void typeFree(MpiState& mpi, Command& c) {
  TypeEntry& entry = mpi.typeEntry(kSendType);
  if (entry.unit == 0) throw MpiFailure{MPI_ERR_TYPE};
  check(MPI_Type_free(&entry.type));
  mpi.datatypes.erase(c.integer(kSendType));
}

// kRecvAddress: room for the numbers of an Extent.
void typeExtents(MpiState& mpi, Command& c) {
  MPI_Datatype type = mpi.datatype(kSendType);
  MPI_Count lowerBound, extent, trueLowerBound, trueExtent, size;
  check(MPI_Type_get_extent_x(type, &lowerBound, &extent));
  check(MPI_Type_get_true_extent_x(type, &trueLowerBound, &trueExtent));
  check(MPI_Type_size_x(type, &size));
  double* out = c.address<double>(kRecvAddress);
  out[kLowerBound] = static_cast<double>(lowerBound);
  out[kExtent] = static_cast<double>(extent);
  out[kTrueLowerBound] = static_cast<double>(trueLowerBound);
  out[kTrueExtent] = static_cast<double>(trueExtent);
  out[kSize] = static_cast<double>(size);
}

// In the order of src/mpi/typeConstructors.ts.
constexpr int kCombiners[] = {
    MPI_COMBINER_NAMED,         MPI_COMBINER_DUP,      MPI_COMBINER_CONTIGUOUS,
    MPI_COMBINER_VECTOR,        MPI_COMBINER_HVECTOR,  MPI_COMBINER_INDEXED,
    MPI_COMBINER_HINDEXED,      MPI_COMBINER_SUBARRAY, MPI_COMBINER_DARRAY,
    MPI_COMBINER_INDEXED_BLOCK, MPI_COMBINER_STRUCT,   MPI_COMBINER_RESIZED,
};

// kRecvAddress: room for three doubles, the numbers of integers, addresses and datatypes that the
// datatype was made of; kOutput: index of the constructor, -1 for another one.
void typeEnvelope(MpiState& mpi, Command& c) {
  int integers, addressCount, types, combiner;
  check(
      MPI_Type_get_envelope(mpi.datatype(kSendType), &integers, &addressCount, &types, &combiner));
  double* out = c.address<double>(kRecvAddress);
  out[0] = integers;
  out[1] = addressCount;
  out[2] = types;
  c[kOutput] = -1;
  int index = 0;
  for (const int known : kCombiners) {
    if (known == combiner) c[kOutput] = index;
    index++;
  }
}

}  // namespace

void exportDatatype(Napi::Object exports, MpiState& state) {
  exportCommand<typeContiguous>(exports, state, "typeContiguous");
  exportCommand<typeVector>(exports, state, "typeVector");
  exportCommand<typeHvector>(exports, state, "typeHvector");
  exportCommand<typeIndexed>(exports, state, "typeIndexed");
  exportCommand<typeHindexed>(exports, state, "typeHindexed");
  exportCommand<typeIndexedBlock>(exports, state, "typeIndexedBlock");
  exportCommand<typeSubarray>(exports, state, "typeSubarray");
  exportCommand<typeDarray>(exports, state, "typeDarray");
  exportCommand<typeStruct>(exports, state, "typeStruct");
  exportCommand<typeResized>(exports, state, "typeResized");
  exportCommand<typeDup>(exports, state, "typeDup");
  exportCommand<typeStrided>(exports, state, "typeStrided");
  exportCommand<typeFree>(exports, state, "typeFree");
  exportCommand<typeExtents>(exports, state, "typeExtents");
  exportCommand<typeEnvelope>(exports, state, "typeEnvelope");
}

}  // namespace distarray
