// Derived datatypes.
#include <vector>

#include "mpi/large_count.h"
#include "mpi/mpi_state.h"
#include "napi/texts.h"

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
    handle = mpi.datatypes.insert(TypeEntry(type, unit));
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

// The same with displacements in bytes, as doubles, at kSendAddress.
void typeHindexedBlock(MpiState& mpi, Command& c) {
  MPI_Datatype type;
  const int blocks = c.integer(kArgument0);
  check(MPI_Type_create_hindexed_block(blocks, c.integer(kArgument1),
                                       addresses(c, kSendAddress, blocks).data(),
                                       mpi.datatype(kSendType), &type));
  insertType(mpi, c, type);
}

// Leaves the handle of a predefined datatype in kOutput.
void insertPredefinedType(MpiState& mpi, Command& c, MPI_Datatype type) {
  const int known = mpi.datatypes.handleOf(TypeEntry(type));
  c[kOutput] = known ? known : mpi.datatypes.insert(TypeEntry(type));
  if (c[kOutput] == 0) throw MpiFailure{MPI_ERR_NO_MEM};
}

// kArgument0: 0 integer, 1 real, 2 complex; kArgument1: decimal digits, kArgument2: decimal exponent
// (-1: undefined); kOutput: the datatype of such numbers in Fortran.
void typeFortran90(MpiState& mpi, Command& c) {
  const auto given = [&](Slot slot) { return c.integer(slot) < 0 ? MPI_UNDEFINED : c.integer(slot); };
  const int digits = given(kArgument1);
  const int exponent = given(kArgument2);
  MPI_Datatype type;
  switch (c.integer(kArgument0)) {
    case 0:
      check(MPI_Type_create_f90_integer(digits, &type));
      break;
    case 1:
      check(MPI_Type_create_f90_real(digits, exponent, &type));
      break;
    default:
      check(MPI_Type_create_f90_complex(digits, exponent, &type));
  }
  insertPredefinedType(mpi, c, type);
}

// kArgument0: as above, kArgument1: bytes; kOutput: the datatype of that size in Fortran.
void typeMatchSize(MpiState& mpi, Command& c) {
  constexpr int kClasses[] = {MPI_TYPECLASS_INTEGER, MPI_TYPECLASS_REAL, MPI_TYPECLASS_COMPLEX};
  MPI_Datatype type;
  check(MPI_Type_match_size(kClasses[c.integer(kArgument0)], c.integer(kArgument1), &type));
  insertPredefinedType(mpi, c, type);
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
  if (entry.predefined) throw MpiFailure{MPI_ERR_TYPE};
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
    MPI_COMBINER_HINDEXED_BLOCK, MPI_COMBINER_F90_INTEGER, MPI_COMBINER_F90_REAL,
    MPI_COMBINER_F90_COMPLEX,
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

// What the datatype was made of. kArgument0, kArgument1, kArgument2: numbers of integers, addresses
// and datatypes; kSendCounts: room for the integers, kRecvAddress: for the addresses, as doubles,
// kRecvCounts: for the handles of the datatypes; of which those that are not predefined are new and
// to be freed, and negative.
void typeContents(MpiState& mpi, Command& c) {
  const int integers = c.integer(kArgument0);
  const int addressCount = c.integer(kArgument1);
  const int types = c.integer(kArgument2);
  std::vector<MPI_Aint> places(addressCount + 1);
  std::vector<MPI_Datatype> parts(types + 1);
  check(MPI_Type_get_contents(mpi.datatype(kSendType), integers, addressCount, types,
                              c.address<int>(kSendCounts), places.data(), parts.data()));
  double* out = c.address<double>(kRecvAddress);
  for (int k = 0; k < addressCount; k++) out[k] = static_cast<double>(places[k]);
  int* handles = c.address<int>(kRecvCounts);
  for (int k = 0; k < types; k++) {
    int ni, na, nd, combiner;
    check(MPI_Type_get_envelope(parts[k], &ni, &na, &nd, &combiner));
    const bool predefined =
        combiner == MPI_COMBINER_NAMED || combiner == MPI_COMBINER_F90_INTEGER ||
        combiner == MPI_COMBINER_F90_REAL || combiner == MPI_COMBINER_F90_COMPLEX;
    if (predefined) {
      insertPredefinedType(mpi, c, parts[k]);
      handles[k] = c.integer(kOutput);
    } else {
      insertType(mpi, c, parts[k]);
      handles[k] = -c.integer(kOutput);
    }
  }
}

// kSendAddress: the name.
void typeSetName(MpiState& mpi, Command& c) {
  check(MPI_Type_set_name(mpi.datatype(kSendType), c.address<const char>(kSendAddress)));
}

// kRecvAddress: room for kRecvCount bytes; kOutput: bytes of the name and its NUL.
void typeGetName(MpiState& mpi, Command& c) {
  char name[MPI_MAX_OBJECT_NAME] = "";
  int length = 0;
  check(MPI_Type_get_name(mpi.datatype(kSendType), name, &length));
  TextWriter texts(c.address<char>(kRecvAddress), static_cast<size_t>(c.integer(kRecvCount)));
  texts.write(name);
  c[kOutput] = texts.needed();
}

// kOutput: the number that Fortran knows it by.
void typeToFortran(MpiState& mpi, Command& c) {
  c[kOutput] = MPI_Type_c2f(mpi.datatype(kSendType));
}

// kArgument0: Fortran's number; kOutput: handle, of a datatype that is never freed here.
void typeFromFortran(MpiState& mpi, Command& c) {
  MPI_Datatype type = MPI_Type_f2c(static_cast<MPI_Fint>(c.integer(kArgument0)));
  if (type == MPI_Datatype{} || type == MPI_DATATYPE_NULL) throw MpiFailure{MPI_ERR_TYPE};
  int size = 0;
  check(MPI_Type_size(type, &size));  // MPICH finds numbers that are none here
  insertPredefinedType(mpi, c, type);
}

// kStatusBytes: what was received; kOutput: basic elements of the datatype that it is.
void statusElements(MpiState& mpi, Command& c) {
  MPI_Status status{};
  MPI_Count elements = 0;
  check(MPI_Status_set_elements_x(&status, MPI_BYTE, c.wide(kStatusBytes)));
  check(MPI_Get_elements_x(&status, mpi.datatype(kSendType), &elements));
  c[kOutput] = elements == MPI_UNDEFINED ? -1 : static_cast<double>(elements);
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
  exportCommand<typeHindexedBlock>(exports, state, "typeHindexedBlock");
  exportCommand<typeFortran90>(exports, state, "typeFortran90");
  exportCommand<typeMatchSize>(exports, state, "typeMatchSize");
  exportCommand<typeContents>(exports, state, "typeContents");
  exportCommand<typeSetName>(exports, state, "typeSetName");
  exportCommand<typeGetName>(exports, state, "typeGetName");
  exportCommand<typeToFortran>(exports, state, "typeToFortran");
  exportCommand<typeFromFortran>(exports, state, "typeFromFortran");
  exportCommand<statusElements>(exports, state, "statusElements");
}

}  // namespace distarray
