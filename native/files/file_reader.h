// A thread that reads boxes of files into memory while JavaScript goes on.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace distarray {

// Where a box lies in a file: runs of bytes, as many as the product of the counts, from the outermost dimension to the
// innermost; one after the other in memory.
struct FileBox {
  int descriptor = -1;
  off_t offset = 0;
  size_t runBytes = 0;
  std::vector<size_t> counts;
  std::vector<off_t> strides;  // in bytes, may be negative
};

// One box that is read. `bytes` and `error` (an errno, or 0) count once it is done.
struct Reading {
  FileBox box;
  char* memory = nullptr;
  size_t bytes = 0;
  int error = 0;
  bool done = false;
};

// Reads boxes one after the other, in the order in which they were started. One a process; MPI and JavaScript are
// never called from its thread.
class FileReader {
 public:
  static FileReader& instance();
  // The memory must be there until the reading was waited for.
  std::shared_ptr<Reading> start(FileBox box, char* memory);
  void wait(Reading& reading);

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable finished_;
  std::deque<std::shared_ptr<Reading>> queue_;
  bool running_ = false;
};

}  // namespace distarray
