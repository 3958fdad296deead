// Completion of nonblocking and persistent communication.
#include <chrono>
#include <vector>

#include "mpi/mpi_state.h"
#include "mpi/user_operation.h"

namespace distarray {
namespace {

// What waitMany and testMany are asked for, in kArgument1.
enum Completion : int { kAll, kAny, kSome };

// Numbers a completed request leaves in the output array.
enum Record : int {
  kIndex,
  kRecordSource,
  kRecordTag,
  kRecordCount,
  kRecordBytes,
  kCancelled,
  kError,
  kRecordSize
};

// kArgument0: handle.
PendingRequest& pending(MpiState& mpi, Command& c) {
  PendingRequest* found = mpi.requests.find(c.integer(kArgument0));
  if (!found) throw MpiFailure{MPI_ERR_REQUEST};
  return *found;
}

void setCompleted(MpiState& mpi, Command& c, PendingRequest& request, const MPI_Status& status) {
  mpi.setStatus(status, request.type);
  int cancelled = 0;
  MPI_Test_cancelled(&status, &cancelled);
  c[kOutput] = 1;
  c[kOutput2] = cancelled;
  if (!request.persistent) mpi.requests.erase(c.integer(kArgument0));
}

// A failed request is complete too: its handle must not be waited for again.
void checkCompletion(MpiState& mpi, Command& c, PendingRequest& request, int code) {
  code = user_operation::outcome(request, code);
  if (code == MPI_SUCCESS) return;
  if (!request.persistent) mpi.requests.erase(c.integer(kArgument0));
  throw MpiFailure{code};
}

// kArgument0: handle; kOutput: 1, kOutput2: whether it was cancelled, and the status.
void requestWait(MpiState& mpi, Command& c) {
  PendingRequest& request = pending(mpi, c);
  MPI_Status status;
  int code;
  while (!user_operation::isCompletable(mpi, request)) {
    if (mpi.crowded) sched_yield();
  }
  if (!mpi.crowded) {
    code = MPI_Wait(&request.request, &status);
  } else {
    int done = 0;
    while ((code = MPI_Test(&request.request, &done, &status)) == MPI_SUCCESS && !done) {
      sched_yield();
    }
  }
  checkCompletion(mpi, c, request, code);
  setCompleted(mpi, c, request, status);
}

// The same, but kOutput is 0 when it is not complete.
void requestTest(MpiState& mpi, Command& c) {
  PendingRequest& request = pending(mpi, c);
  MPI_Status status;
  int done = 0;
  c[kOutput] = 0;
  if (!user_operation::isCompletable(mpi, request)) return;
  const int code = MPI_Test(&request.request, &done, &status);
  if (code == MPI_SUCCESS && !done) return;
  checkCompletion(mpi, c, request, code);
  setCompleted(mpi, c, request, status);
}

// The same, but the request stays, also when it is complete.
void requestGetStatus(MpiState& mpi, Command& c) {
  PendingRequest& request = pending(mpi, c);
  MPI_Status status;
  int done = 0;
  c[kOutput] = 0;
  if (!user_operation::isCompletable(mpi, request)) return;
  check(MPI_Request_get_status(request.request, &done, &status));
  if (!done) return;
  mpi.setStatus(status, request.type);
  c[kOutput] = 1;
}

void requestStart(MpiState& mpi, Command& c) { check(MPI_Start(&pending(mpi, c).request)); }

void requestCancel(MpiState& mpi, Command& c) { check(MPI_Cancel(&pending(mpi, c).request)); }

void requestFree(MpiState& mpi, Command& c) {
  check(MPI_Request_free(&pending(mpi, c).request));
  mpi.requests.erase(c.integer(kArgument0));
}

// The requests of the handles at kSendAddress (kArgument0 of them; 0 is a null request), as MPI
// wants them, and back.
class RequestArray {
 public:
  RequestArray(MpiState& mpi, Command& c)
      : mpi_(mpi),
        handles_(c.address<int>(kSendAddress)),
        records_(c.address<double>(kRecvAddress)),
        requests_(static_cast<size_t>(c.integer(kArgument0)), MPI_REQUEST_NULL),
        statuses_(requests_.size()),
        indices_(requests_.size()) {
    for (size_t i = 0; i < requests_.size(); i++) {
      if (handles_[i] == 0) continue;
      PendingRequest* found = mpi.requests.find(handles_[i]);
      if (!found) throw MpiFailure{MPI_ERR_REQUEST};
      requests_[i] = found->request;
      if (found->agreement) agreeing_ = true;
      files_ |= found->file;
    }
  }

  // Returns the number of completed requests; -1 when none is active.
  int test(Completion completion) {
    if (agreeing_ && !takeAgreements()) {
      if (completion == kAll) return 0;
      const int completed = testThese(completion);
      return completed < 0 ? 0 : completed;
    }
    return testThese(completion);
  }

  // Of test(kAll), when it did not find all complete: the number of those that are.
  int recorded() const { return recorded_; }

 private:
  // Puts the requests that can be completed into the array, null ones for the others; returns
  // whether all can be.
  bool takeAgreements() {
    bool all = true;
    for (size_t i = 0; i < requests_.size(); i++) {
      if (handles_[i] == 0) continue;
      PendingRequest* found = mpi_.requests.find(handles_[i]);
      // testOneByOne() may have taken it already.
      if (!found || !found->agreement) continue;
      const bool ready = user_operation::isCompletable(mpi_, *found);
      requests_[i] = ready ? found->request : MPI_REQUEST_NULL;
      all = all && ready;
    }
    return all;
  }

  int testThese(Completion completion) {
    const int count = static_cast<int>(requests_.size());
    int done = 0;
    int code = MPI_SUCCESS;
    switch (completion) {
      case kAll:
        if (files_) return testOneByOne();
        code = MPI_Testall(count, requests_.data(), &done, statuses_.data());
        if (code == MPI_SUCCESS && !done) return 0;
        return recordAll(code);
      case kAny: {
        int index = MPI_UNDEFINED;
        code = MPI_Testany(count, requests_.data(), &index, &done, statuses_.data());
        if (code == MPI_SUCCESS && !done) return 0;
        if (index == MPI_UNDEFINED) return code == MPI_SUCCESS ? -1 : (check(code), 0);
        record(0, index, statuses_[0], code);
        return 1;
      }
      case kSome:
        code = MPI_Testsome(count, requests_.data(), &done, indices_.data(), statuses_.data());
        if (done == MPI_UNDEFINED) return -1;
        for (int k = 0; k < done; k++) {
          const int error = code == MPI_ERR_IN_STATUS ? statuses_[k].MPI_ERROR : code;
          record(k, indices_[k], statuses_[k], error);
        }
        return done;
    }
    return 0;
  }

  // MPICH 4.0 dies of an assertion in MPI_Testall when a request of a file among several is
  // complete before another: here those that are complete leave the array.
  int testOneByOne() {
    const int count = static_cast<int>(requests_.size());
    int done = 0;
    const int code =
        MPI_Testsome(count, requests_.data(), &done, indices_.data(), statuses_.data());
    if (code != MPI_ERR_IN_STATUS) check(code);
    if (done == MPI_UNDEFINED) return recorded_ == 0 ? -1 : recorded_;
    for (int k = 0; k < done; k++) {
      const int error = code == MPI_ERR_IN_STATUS ? statuses_[k].MPI_ERROR : code;
      record(recorded_++, indices_[k], statuses_[k], error);
    }
    return 0;
  }

  int recordAll(int code) {
    int recorded = 0;
    for (size_t i = 0; i < requests_.size(); i++) {
      const int error = code == MPI_ERR_IN_STATUS ? statuses_[i].MPI_ERROR : code;
      if (handles_[i] == 0 || error == MPI_ERR_PENDING) continue;
      record(recorded++, static_cast<int>(i), statuses_[i], error);
    }
    return recorded == 0 ? -1 : recorded;
  }

  void record(int position, int index, const MPI_Status& status, int error) {
    double* out = records_ + position * kRecordSize;
    PendingRequest* request = mpi_.requests.find(handles_[index]);
    int cancelled = 0;
    MPI_Test_cancelled(&status, &cancelled);
    out[kIndex] = index;
    out[kRecordSource] = status.MPI_SOURCE;
    out[kRecordTag] = status.MPI_TAG;
    const MPI_Count bytes = bytesOf(status);
    out[kRecordCount] = countOf(bytes, request->type);
    out[kRecordBytes] = static_cast<double>(bytes);
    out[kCancelled] = cancelled;
    out[kError] = user_operation::outcome(*request, error);
    if (!request->persistent) mpi_.requests.erase(handles_[index]);
  }

  MpiState& mpi_;
  const int* handles_;
  double* records_;
  std::vector<MPI_Request> requests_;
  std::vector<MPI_Status> statuses_;
  std::vector<int> indices_;
  bool agreeing_ = false;
  bool files_ = false;
  int recorded_ = 0;
};

// kSendAddress: Int32Array of handles, kArgument0: their number, kArgument1: a Completion,
// kArgument2: microseconds to go on looking (-1: until it is so), kRecvAddress: Float64Array of a
// Record for each; kOutput: completed requests, -1 when none is active.
void completeMany(MpiState& mpi, Command& c) {
  using Clock = std::chrono::steady_clock;
  const auto completion = static_cast<Completion>(c.integer(kArgument1));
  const int patience = c.integer(kArgument2);
  RequestArray requests(mpi, c);
  const auto deadline = Clock::now() + std::chrono::microseconds(patience < 0 ? 0 : patience);
  int completed;
  while ((completed = requests.test(completion)) == 0) {
    if (patience >= 0 && Clock::now() >= deadline) break;
    if (mpi.crowded) sched_yield();
  }
  c[kOutput] = completed == 0 ? requests.recorded() : completed;
}

}  // namespace

void exportRequest(Napi::Object exports, MpiState& state) {
  exportCommand<requestWait>(exports, state, "requestWait");
  exportCommand<requestTest>(exports, state, "requestTest");
  exportCommand<requestGetStatus>(exports, state, "requestGetStatus");
  exportCommand<requestStart>(exports, state, "requestStart");
  exportCommand<requestCancel>(exports, state, "requestCancel");
  exportCommand<requestFree>(exports, state, "requestFree");
  exportCommand<completeMany>(exports, state, "completeMany");
}

}  // namespace distarray
