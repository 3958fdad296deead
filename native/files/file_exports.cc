#include "files/file_exports.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <unordered_map>
#include <utility>

#include "files/file_reader.h"
#include "napi/view_memory.h"

namespace distarray {
namespace {

using Info = const Napi::CallbackInfo&;

// What was started and not waited for, by number. Numbers are not used again.
std::unordered_map<double, std::shared_ptr<Reading>>& readings() {
  static auto& map = *new std::unordered_map<double, std::shared_ptr<Reading>>;
  return map;
}

double number(Napi::Value value) { return value.As<Napi::Number>().DoubleValue(); }

// startReading(descriptor, memory, offset, runBytes, counts, strides) → a number for finishReading: reads as many runs
// of bytes as the product of the counts, `strides` bytes apart along each dimension, one after the other into memory.
// The memory must be kept until finishReading.
Napi::Value startReading(Info info) {
  Napi::Env env = info.Env();
  const ViewMemory memory = viewMemory(info[1]);
  FileBox box;
  box.descriptor = info[0].As<Napi::Number>().Int32Value();
  box.offset = static_cast<off_t>(number(info[2]));
  box.runBytes = static_cast<size_t>(number(info[3]));
  const auto counts = info[4].As<Napi::Array>();
  const auto strides = info[5].As<Napi::Array>();
  size_t bytes = box.runBytes;
  for (uint32_t dim = 0; dim < counts.Length(); dim++) {
    box.counts.push_back(static_cast<size_t>(number(counts.Get(dim))));
    box.strides.push_back(static_cast<off_t>(number(strides.Get(dim))));
    bytes *= box.counts.back();
  }
  if (bytes > memory.bytes || bytes == 0) {
    throw Napi::RangeError::New(env, "the memory does not hold what is to be read");
  }
  static double last = 0;
  readings()[++last] =
      FileReader::instance().start(std::move(box), static_cast<char*>(memory.data));
  return Napi::Number::New(env, last);
}

// finishReading(number) → bytes that were read, fewer than wanted where the file ends; or −errno.
Napi::Value finishReading(Info info) {
  const auto found = readings().find(number(info[0]));
  if (found == readings().end()) throw Napi::RangeError::New(info.Env(), "no such reading");
  const std::shared_ptr<Reading> reading = found->second;
  FileReader::instance().wait(*reading);
  readings().erase(found);
  const double told = reading->error != 0 ? -reading->error : static_cast<double>(reading->bytes);
  return Napi::Number::New(info.Env(), told);
}

struct Mapping {
  void* start;
  size_t bytes;
};

void unmap(napi_env, void*, void* hint) {
  const std::unique_ptr<Mapping> mapping(static_cast<Mapping*>(hint));
  munmap(mapping->start, mapping->bytes);
}

size_t pageBytes() { return static_cast<size_t>(sysconf(_SC_PAGESIZE)); }

// mapFile(descriptor, offset, bytes, writable, shared) → ArrayBuffer over the bytes of a file, or −errno. What is written
// to shared memory gets into the file; memory that is not writable must not be written to.
Napi::Value mapFile(Info info) {
  Napi::Env env = info.Env();
  const auto offset = static_cast<size_t>(number(info[1]));
  const auto bytes = static_cast<size_t>(number(info[2]));
  const bool writable = info[3].As<Napi::Boolean>();
  const bool shared = info[4].As<Napi::Boolean>();
  const size_t before = offset % pageBytes();
  void* start = mmap(nullptr, before + bytes, PROT_READ | (writable ? PROT_WRITE : 0),
                     shared ? MAP_SHARED : MAP_PRIVATE, info[0].As<Napi::Number>().Int32Value(),
                     static_cast<off_t>(offset - before));
  if (start == MAP_FAILED) return Napi::Number::New(env, -errno);
  auto mapping = std::make_unique<Mapping>(Mapping{start, before + bytes});
  napi_value buffer;
  if (napi_create_external_arraybuffer(env, static_cast<char*>(start) + before, bytes, unmap,
                                       mapping.get(), &buffer) != napi_ok) {
    munmap(start, before + bytes);
    return Napi::Number::New(env, -ENOMEM);
  }
  mapping.release();
  return {env, buffer};
}

// syncMap(view) → 0, or −errno: brings what was written to shared memory of mapFile to the disk.
Napi::Value syncMap(Info info) {
  const ViewMemory memory = viewMemory(info[0]);
  const auto address = reinterpret_cast<uintptr_t>(memory.data);
  const size_t before = address % pageBytes();
  const int result =
      msync(reinterpret_cast<void*>(address - before), before + memory.bytes, MS_SYNC);
  return Napi::Number::New(info.Env(), result == 0 ? 0 : -errno);
}

// reserve(descriptor, offset, bytes) → 0, or −errno: gives bytes of a file their place on the disk, also behind its end,
// which stays where it is.
Napi::Value reserve(Info info) {
#ifdef __linux__
  int result = 0;
  do {
    result = fallocate(info[0].As<Napi::Number>().Int32Value(), FALLOC_FL_KEEP_SIZE,
                       static_cast<off_t>(number(info[1])), static_cast<off_t>(number(info[2])));
  } while (result != 0 && errno == EINTR);
  return Napi::Number::New(info.Env(), result == 0 ? 0 : -errno);
#else
  return Napi::Number::New(info.Env(), -EOPNOTSUPP);
#endif
}

}  // namespace

void exportFiles(Napi::Object exports) {
  Napi::Env env = exports.Env();
  const auto add = [&](const char* name, auto function) {
    exports.Set(name, Napi::Function::New(env, function, name));
  };
  add("startReading", startReading);
  add("finishReading", finishReading);
  add("mapFile", mapFile);
  add("syncMap", syncMap);
  add("reserve", reserve);
}

}  // namespace distarray
