#include "jit/shared_library.h"

#include <dlfcn.h>

namespace distarray::jit {

SharedLibrary::SharedLibrary(const std::string& path)
    : handle_(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  if (handle_ != nullptr) return;
  const char* reason = dlerror();
  throw LoadError(reason == nullptr ? path + " cannot be loaded" : reason);
}

void* SharedLibrary::find(const std::string& name) const { return dlsym(handle_, name.c_str()); }

}  // namespace distarray::jit
