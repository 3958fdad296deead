#include "files/file_reader.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <thread>
#include <utility>

namespace distarray {
namespace {

// Linux reads no more than 2 GiB at once.
constexpr size_t kMostBytes = size_t{1} << 30;

// Reads a run; false where the file ends before it does, or on an error.
bool readRun(Reading& reading, off_t at) {
  char* memory = reading.memory + reading.bytes;
  size_t left = reading.box.runBytes;
  while (left > 0) {
    const ssize_t count = pread(reading.box.descriptor, memory, std::min(left, kMostBytes), at);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) reading.error = errno;
    if (count <= 0) return false;
    const auto read = static_cast<size_t>(count);
    memory += read;
    at += count;
    left -= read;
    reading.bytes += read;
  }
  return true;
}

void readBox(Reading& reading) {
  const FileBox& box = reading.box;
  const size_t ndim = box.counts.size();
  std::vector<size_t> index(ndim, 0);
  off_t at = box.offset;
  while (readRun(reading, at)) {
    size_t dim = ndim;
    for (; dim > 0; dim--) {
      at += box.strides[dim - 1];
      if (++index[dim - 1] < box.counts[dim - 1]) break;
      at -= box.strides[dim - 1] * static_cast<off_t>(box.counts[dim - 1]);
      index[dim - 1] = 0;
    }
    if (dim == 0) return;
  }
}

}  // namespace

FileReader& FileReader::instance() {
  // Never destroyed: its thread may wait for work while the process exits.
  static auto& reader = *new FileReader;
  return reader;
}

std::shared_ptr<Reading> FileReader::start(FileBox box, char* memory) {
  auto reading = std::make_shared<Reading>();
  reading->box = std::move(box);
  reading->memory = memory;
  std::lock_guard<std::mutex> lock(mutex_);
  if (!running_) {
    std::thread([this] { run(); }).detach();
    running_ = true;
  }
  queue_.push_back(reading);
  work_.notify_one();
  return reading;
}

void FileReader::wait(Reading& reading) {
  std::unique_lock<std::mutex> lock(mutex_);
  finished_.wait(lock, [&] { return reading.done; });
}

void FileReader::run() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    work_.wait(lock, [this] { return !queue_.empty(); });
    const std::shared_ptr<Reading> reading = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    readBox(*reading);
    lock.lock();
    reading->done = true;
    finished_.notify_all();
  }
}

}  // namespace distarray
