// Packing and unpacking, in the MPI's own form and in external32.
#include "mpi/large_count.h"
#include "mpi/mpi_state.h"

namespace distarray {
namespace {

// MPI_Pack takes no const char* in older MPIs.
char kExternal[] = "external32";

// kSendCount elements of kSendType. kArgument0: whether in external32; kOutput: bytes.
void packSize(MpiState& mpi, Command& c) {
  const Elements elements(mpi, kSendCount, kSendType);
  if (c.integer(kArgument0)) {
    MPI_Aint bytes = 0;
    check(MPI_Pack_external_size(kExternal, elements.count(), elements.type(), &bytes));
    c[kOutput] = static_cast<double>(bytes);
  } else {
    int bytes = 0;
    check(MPI_Pack_size(elements.count(), elements.type(), mpi.communicator(), &bytes));
    c[kOutput] = bytes;
  }
}

// The send buffer goes to the kRecvCount bytes at kRecvAddress, from byte kArgument1 on; kOutput:
// where it ends.
void pack(MpiState& mpi, Command& c) {
  const Elements elements(mpi, kSendCount, kSendType);
  if (c.integer(kArgument0)) {
    MPI_Aint position = c.wide(kArgument1);
    check(MPI_Pack_external(kExternal, c.address(kSendAddress), elements.count(), elements.type(),
                            c.address(kRecvAddress), c.wide(kRecvCount), &position));
    c[kOutput] = static_cast<double>(position);
  } else {
    int position = c.integer(kArgument1);
    check(MPI_Pack(c.address(kSendAddress), elements.count(), elements.type(),
                   c.address(kRecvAddress), c.integer(kRecvCount), &position, mpi.communicator()));
    c[kOutput] = position;
  }
}

// The other way: kSendCount packed bytes at kSendAddress into the receive buffer.
void unpack(MpiState& mpi, Command& c) {
  const Elements elements(mpi, kRecvCount, kRecvType);
  if (c.integer(kArgument0)) {
    MPI_Aint position = c.wide(kArgument1);
    check(MPI_Unpack_external(kExternal, c.address(kSendAddress), c.wide(kSendCount), &position,
                              c.address(kRecvAddress), elements.count(), elements.type()));
    c[kOutput] = static_cast<double>(position);
  } else {
    int position = c.integer(kArgument1);
    check(MPI_Unpack(c.address(kSendAddress), c.integer(kSendCount), &position,
                     c.address(kRecvAddress), elements.count(), elements.type(),
                     mpi.communicator()));
    c[kOutput] = position;
  }
}

}  // namespace

void exportPacking(Napi::Object exports, MpiState& state) {
  exportCommand<packSize>(exports, state, "packSize");
  exportCommand<pack>(exports, state, "pack");
  exportCommand<unpack>(exports, state, "unpack");
}

}  // namespace distarray
