#include "mpi/prepared_step.h"

#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>

#include "mpi/mpi_state.h"

namespace distarray {
namespace {

using namespace kernels;

// The numbers of a code, one after the other.
class Reader {
 public:
  Reader(const double* code, size_t length) : at_(code), end_(code + length) {}

  double next() {
    if (at_ == end_) throw std::invalid_argument("not a step");
    return *at_++;
  }
  int64_t integer() { return static_cast<int64_t>(next()); }
  char* address() { return reinterpret_cast<char*>(static_cast<uintptr_t>(next())); }
  // A count of what follows.
  int count(int most) {
    const int64_t count = integer();
    if (count < 0 || count > most) throw std::invalid_argument("not a step");
    return static_cast<int>(count);
  }
  size_t size() { return static_cast<size_t>(count(1 << 20)); }
  bool isAtEnd() const { return at_ == end_; }

 private:
  const double* at_;
  const double* end_;
};

const Program& programIn(const double* numbers, size_t length) {
  if (length == 0 || numbers[0] == 0) throw std::invalid_argument("not a step");
  return *reinterpret_cast<const Program*>(static_cast<uintptr_t>(numbers[0]));
}

// shape; of each operand: address, or -1 for a number; dtype; strides in bytes
Nest readBox(Reader& code, PreparedProgram& program) {
  Nest nest;
  nest.ndim = code.count(kMaxDims);
  nest.count = program.program().inputs() + 1;
  for (int dim = 0; dim < nest.ndim; dim++) nest.shape[dim] = code.integer();
  for (int k = 0; k < nest.count; k++) {
    Operand& operand = nest.operands[k];
    const double address = code.next();
    operand.data = address < 0 ? program.number(k)->bytes
                               : reinterpret_cast<char*>(static_cast<uintptr_t>(address));
    operand.dtype = static_cast<Dtype>(code.count(kDtypeCount - 1));
    for (int dim = 0; dim < nest.ndim; dim++) operand.strides[dim] = code.integer();
  }
  return nest;
}

// dimensions, 0 for nothing to copy; addresses of both sides, itemsize; of each axis: extent, strides in bytes
PreparedCopy readCopy(Reader& code) {
  PreparedCopy copy;
  const int ndim = code.count(kMaxDims);
  if (ndim == 0) return copy;
  const char* from = code.address();
  char* to = code.address();
  copy.copy = RunCopy{from, to, static_cast<size_t>(code.integer()), ndim, nullptr};
  copy.count = 1;
  for (int dim = 0; dim < ndim; dim++) {
    RunAxis axis{};
    axis.extent = code.integer();
    axis.strideFrom = code.integer();
    axis.strideTo = code.integer();
    copy.count *= axis.extent;
    copy.axes.push_back(axis);
  }
  return copy;
}

// peer, tag, bytes, address, a copy
PreparedMessage readMessage(Reader& code) {
  PreparedMessage message;
  message.peer = static_cast<int>(code.integer());
  message.tag = static_cast<int>(code.integer());
  message.bytes = code.count(INT_MAX);
  message.place = code.address();
  message.copy = readCopy(code);
  return message;
}

}  // namespace

// program, communicator; numbers of inner boxes, of others, of messages that are received, and sent, of copies; those
PreparedStep::PreparedStep(const double* numbers, size_t length)
    : program_(programIn(numbers, length)) {
  Reader code(numbers, length);
  code.next();
  comm_ = static_cast<int>(code.integer());
  const size_t inner = code.size(), outer = code.size();
  const size_t receives = code.size(), sends = code.size(), copies = code.size();
  for (size_t k = 0; k < inner + outer; k++) {
    isPossible_ = program_.add(readBox(code, program_)) && isPossible_;
    if (k + 1 == inner) inner_ = program_.boxes();
  }
  for (size_t k = 0; k < receives; k++) receives_.push_back(readMessage(code));
  for (size_t k = 0; k < sends; k++) sends_.push_back(readMessage(code));
  for (size_t k = 0; k < copies; k++) copies_.push_back(readCopy(code));
  if (!code.isAtEnd()) throw std::invalid_argument("not a step");
  requests_.resize(receives + sends);
}

void PreparedStep::setNumbers(const Number* values) {
  for (int k = 0; k < program_.program().inputs(); k++) *program_.number(k) = values[k];
}

void PreparedStep::run(MpiState& mpi) {
  if (requests_.empty()) {
    for (const PreparedCopy& copy : copies_) copy.run();
    program_.run(0, program_.boxes());
    return;
  }
  MPI_Comm* comm = mpi.communicators.find(comm_);
  if (comm == nullptr) throw MpiFailure{MPI_ERR_COMM};
  started_ = 0;
  try {
    start(*comm);
    for (const PreparedCopy& copy : copies_) copy.run();
    program_.run(0, inner_);
  } catch (...) {
    // Nobody else could wait for what was started.
    wait(mpi.crowded);
    throw;
  }
  check(wait(mpi.crowded));
  for (const PreparedMessage& message : receives_) message.copy.run();
  program_.run(inner_, program_.boxes());
}

// Nonblocking messages cost what persistent ones do, within a tenth of a microsecond either way, and leave nothing that
// would have to be freed with the arrays.
void PreparedStep::start(MPI_Comm comm) {
  for (const PreparedMessage& message : receives_) {
    check(MPI_Irecv(message.place, message.bytes, MPI_BYTE, message.peer, message.tag, comm,
                    &requests_[started_]));
    started_++;
  }
  for (const PreparedMessage& message : sends_) {
    message.copy.run();
    check(MPI_Isend(message.place, message.bytes, MPI_BYTE, message.peer, message.tag, comm,
                    &requests_[started_]));
    started_++;
  }
}

int PreparedStep::wait(bool yields) {
  const auto count = static_cast<int>(started_);
  if (!yields) return MPI_Waitall(count, requests_.data(), MPI_STATUSES_IGNORE);
  for (int done = 0;;) {
    const int code = MPI_Testall(count, requests_.data(), &done, MPI_STATUSES_IGNORE);
    if (code != MPI_SUCCESS || done) return code;
    sched_yield();
  }
}

namespace {

PreparedStep* stepAt(double address) {
  return reinterpret_cast<PreparedStep*>(static_cast<uintptr_t>(address));
}

// createStep(code) → its address; 0 when such a step cannot be prepared
Napi::Value createStep(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (info.Length() < 1 || !info[0].IsTypedArray() ||
      info[0].As<Napi::TypedArray>().TypedArrayType() != napi_float64_array) {
    throw Napi::TypeError::New(env, "createStep() takes a Float64Array");
  }
  const auto code = info[0].As<Napi::Float64Array>();
  try {
    auto step = std::make_unique<PreparedStep>(code.Data(), code.ElementLength());
    if (!step->isPossible()) return Napi::Number::New(env, 0);
    return Napi::Number::New(env, static_cast<double>(reinterpret_cast<uintptr_t>(step.release())));
  } catch (const std::invalid_argument& error) {
    throw Napi::Error::New(env, error.what());
  }
}

// freeStep(address)
void freeStep(const Napi::CallbackInfo& info) {
  delete stepAt(info.Length() < 1 ? 0 : info[0].ToNumber().DoubleValue());
}

// setStepNumbers(step, numbers): their address
void setStepNumbers(const Napi::CallbackInfo& info) {
  if (info.Length() < 2) throw Napi::TypeError::New(info.Env(), "setStepNumbers() takes two numbers");
  const auto values = static_cast<uintptr_t>(info[1].ToNumber().DoubleValue());
  stepAt(info[0].ToNumber().DoubleValue())->setNumbers(reinterpret_cast<const Number*>(values));
}

// kArgument0: address of a step.
void runStep(MpiState& mpi, Command& c) { stepAt(c[kArgument0])->run(mpi); }

}  // namespace

void exportPreparedStep(Napi::Object exports, MpiState& state) {
  Napi::Env env = exports.Env();
  exports.Set("createStep", Napi::Function::New(env, createStep, "createStep"));
  exports.Set("freeStep", Napi::Function::New(env, freeStep, "freeStep"));
  exports.Set("setStepNumbers", Napi::Function::New(env, setStepNumbers, "setStepNumbers"));
  exportCommand<runStep>(exports, state, "runStep");
}

}  // namespace distarray
