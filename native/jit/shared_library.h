// Shared libraries that are loaded at run time. They stay loaded: functions of them may be in use anywhere.
#pragma once

#include <stdexcept>
#include <string>

namespace distarray::jit {

struct LoadError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class SharedLibrary {
 public:
  // Loads it with all that it needs; its names stay its own. Throws LoadError.
  explicit SharedLibrary(const std::string& path);
  explicit SharedLibrary(void* handle) : handle_(handle) {}

  void* handle() const { return handle_; }
  // Address of what has this name; null when nothing has.
  void* find(const std::string& name) const;

 private:
  void* handle_;
};

}  // namespace distarray::jit
