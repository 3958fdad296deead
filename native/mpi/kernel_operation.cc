// Operations of reductions that merge the states of the kernels (kernels/reduction_table.h): what is
// kept of the elements of lower ranks and of this one.
#include <utility>

#include "kernels/reduction_table.h"
#include "mpi/mpi_state.h"

namespace distarray {
namespace {

using Merge = void (*)(const void* from, void* into, size_t count);

// More than there are operations and dtypes.
constexpr int kSlots = 160;
Merge merges[kSlots];
int used = 0;

// MPI hands nothing to an operation that would tell which one it is: each has a function of its
// own.
template <int Slot>
void trampoline(void* in, void* inOut, int* length, MPI_Datatype*) {
  merges[Slot](in, inOut, static_cast<size_t>(*length));
}

template <int... Slot>
MPI_User_function* trampolineOf(int slot, std::integer_sequence<int, Slot...>) {
  static MPI_User_function* const all[] = {trampoline<Slot>...};
  return all[slot];
}

// kArgument0: number of a reduction, kArgument1: dtype; kOutput: handle. The operation stays until
// MPI ends. It does not commute, so that MPI keeps to the order of the ranks.
void createKernelOperation(MpiState& mpi, Command& c) {
  const auto dtype = static_cast<kernels::Dtype>(c.integer(kArgument1));
  const auto* entry = kernels::reductionTable().find(c.integer(kArgument0), dtype);
  if (entry == nullptr || used == kSlots) throw MpiFailure{MPI_ERR_OP};
  merges[used] = entry->merge;
  MPI_Op operation;
  check(MPI_Op_create(trampolineOf(used, std::make_integer_sequence<int, kSlots>()), 0,
                      &operation));
  used++;
  c[kOutput] = mpi.operations.insert(operation);
}

}  // namespace

void exportKernelOperation(Napi::Object exports, MpiState& state) {
  exportCommand<createKernelOperation>(exports, state, "createKernelOperation");
}

}  // namespace distarray
