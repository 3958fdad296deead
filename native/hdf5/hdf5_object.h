// Ownership and errors of HDF5 objects.
#pragma once

#include <hdf5.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace distarray::hdf5 {

// A call of the HDF5 library that failed; what() is the library's own account of it.
class Failure : public std::runtime_error {
 public:
  explicit Failure(const char* call);
};

using Closer = herr_t (*)(hid_t);

// An HDF5 identifier that is closed with its owner.
class Object {
 public:
  Object(hid_t id, Closer closer, const char* call) : id_(id), closer_(closer) {
    if (id < 0) throw Failure(call);
  }
  Object(Object&& other) noexcept
      : id_(std::exchange(other.id_, H5I_INVALID_HID)), closer_(other.closer_) {}
  Object& operator=(Object&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(closer_, other.closer_);
    return *this;
  }
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;
  ~Object() {
    if (id_ >= 0) closer_(id_);
  }

  hid_t id() const { return id_; }

  // Closes now, so that a failure (a file that could not be flushed) is not lost.
  void close(const char* call) {
    const hid_t id = std::exchange(id_, H5I_INVALID_HID);
    if (id >= 0 && closer_(id) < 0) throw Failure(call);
  }

 private:
  hid_t id_;
  Closer closer_;
};

inline void check(herr_t status, const char* call) {
  if (status < 0) throw Failure(call);
}

// HDF5 prints its error stack to stderr unless told not to; we put it into the exception.
void silence();

}  // namespace distarray::hdf5
