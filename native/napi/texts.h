// Texts that travel through the command block: each ended by a NUL, one after the other.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "napi/command.h"

namespace distarray {

// Reads one text after the other.
class TextReader {
 public:
  explicit TextReader(const char* begin) : next_(begin) {}

  const char* read() {
    const char* text = next_;
    next_ += std::strlen(text) + 1;
    return text;
  }

 private:
  const char* next_;
};

// Leaves texts where JavaScript has made room for `capacity` bytes; says how many bytes they need.
class TextWriter {
 public:
  TextWriter(char* out, size_t capacity) : out_(out), capacity_(capacity) {}

  void write(const char* text) {
    const size_t bytes = std::strlen(text) + 1;
    if (needed_ + bytes <= capacity_) std::memcpy(out_ + needed_, text, bytes);
    needed_ += bytes;
  }

  double needed() const { return static_cast<double>(needed_); }

 private:
  char* out_;
  size_t capacity_;
  size_t needed_ = 0;
};

}  // namespace distarray
