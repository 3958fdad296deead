// Hints (MPI_Info) that come from JavaScript as texts: key, value, key, value, …
#pragma once

#include <mpi.h>

#include "mpi/mpi_state.h"
#include "napi/texts.h"

namespace distarray {

// The hints, for as long as this object lives; MPI_INFO_NULL when there are none.
class Info {
 public:
  Info() = default;
  Info(TextReader& texts, int pairs) {
    if (pairs == 0) return;
    check(MPI_Info_create(&info_));
    for (int k = 0; k < pairs; k++) {
      const char* key = texts.read();
      const int code = MPI_Info_set(info_, key, texts.read());
      if (code == MPI_SUCCESS) continue;
      free();
      throw MpiFailure{code};
    }
  }
  Info(Info&& other) noexcept : info_(other.info_) { other.info_ = MPI_INFO_NULL; }
  Info(const Info&) = delete;
  Info& operator=(const Info&) = delete;
  Info& operator=(Info&&) = delete;
  ~Info() { free(); }

  // Takes over what an MPI function fills in.
  MPI_Info* receive() { return &info_; }

  operator MPI_Info() const { return info_; }

 private:
  void free() {
    if (info_ != MPI_INFO_NULL) MPI_Info_free(&info_);
  }

  MPI_Info info_ = MPI_INFO_NULL;
};

// The hints at kSendAddress, kSendCount pairs.
inline Info infoArgument(const Command& c) {
  TextReader texts(c.address<const char>(kSendAddress));
  return Info(texts, c.integer(kSendCount));
}

// Leaves all hints at kRecvAddress, where kRecvCount bytes are free; kOutput: bytes that they need,
// kOutput2: pairs.
void writeInfo(Command& c, MPI_Info info);

}  // namespace distarray
