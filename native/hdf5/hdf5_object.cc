#include "hdf5/hdf5_object.h"

namespace distarray::hdf5 {
namespace {

// Keeps the outermost description and the innermost one, which names the cause.
herr_t collect(unsigned depth, const H5E_error2_t* error, void* data) {
  auto& text = *static_cast<std::string*>(data);
  const std::string description = error->desc ? error->desc : "";
  if (depth == 0) {
    text = description;
  } else if (!description.empty() && text.find(description) == std::string::npos) {
    text += ": " + description;
  }
  return 0;
}

std::string describe(const char* call) {
  std::string text;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, collect, &text);
  H5Eclear2(H5E_DEFAULT);
  return std::string(call) + " failed" + (text.empty() ? "" : ": " + text);
}

}  // namespace

Failure::Failure(const char* call) : std::runtime_error(describe(call)) {}

void silence() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

}  // namespace distarray::hdf5
