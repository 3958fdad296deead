// Entry point of the addon: makes the state of this environment and exports every concept.
#include <napi.h>

#include "files/file_exports.h"
#include "hdf5/hdf5_exports.h"
#include "jit/jit_exports.h"
#include "kernels/kernels_exports.h"
#include "mpi/mpi_state.h"
#include "session/session_exports.h"

namespace distarray {

// The state belongs to the Node-API environment (a process may have several) and dies with it.
MpiState& MpiState::of(Napi::Env env) { return *env.GetInstanceData<MpiState>(); }

// The command block as a Float64Array over the state's own memory.
Napi::Value commandBlock(Napi::Env env, MpiState& state) {
  auto memory = Napi::ArrayBuffer::New(env, state.command.data(), kSlotCount * sizeof(double));
  return Napi::Float64Array::New(env, kSlotCount, memory, 0);
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  auto* state = new MpiState;
  env.SetInstanceData(state);

  auto mpi = Napi::Object::New(env);
  mpi.Set("command", commandBlock(env, *state));
  exportEnvironment(mpi, *state);
  exportCommunicator(mpi, *state);
  exportGroup(mpi, *state);
  exportIntercommunicator(mpi, *state);
  exportProcesses(mpi, *state);
  exportTopology(mpi, *state);
  exportPointToPoint(mpi, *state);
  exportCollectives(mpi, *state);
  exportRequest(mpi, *state);
  exportUserOperation(mpi, *state);
  exportKernelOperation(mpi, *state);
  exportFile(mpi, *state);
  exportWindow(mpi, *state);
  exportMemory(mpi);
  exportDatatype(mpi, *state);
  exportPacking(mpi, *state);
  exportPreparedStep(mpi, *state);
  exports.Set("mpi", mpi);

  auto hdf5 = Napi::Object::New(env);
  exportHdf5(hdf5);
  exports.Set("hdf5", hdf5);

  auto files = Napi::Object::New(env);
  exportFiles(files);
  exports.Set("files", files);

  auto kernels = Napi::Object::New(env);
  exportKernels(kernels);
  exports.Set("kernels", kernels);

  auto jit = Napi::Object::New(env);
  exportJit(jit);
  exports.Set("jit", jit);

  auto session = Napi::Object::New(env);
  exportSession(session);
  exports.Set("session", session);
  exports.Set("flavour", DISTARRAY_MPI_FLAVOUR);
  return exports;
}

NODE_API_MODULE(distarray, initialize)

}  // namespace distarray
