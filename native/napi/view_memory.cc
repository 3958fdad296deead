#include "napi/view_memory.h"

namespace distarray {

ViewMemory viewMemory(Napi::Value view) {
  napi_env env = view.Env();
  ViewMemory out{nullptr, 0};
  napi_status status = napi_invalid_arg;
  if (view.IsTypedArray()) {
    size_t length = 0;
    status = napi_get_typedarray_info(env, view, nullptr, &length, &out.data, nullptr, nullptr);
    if (status == napi_ok) out.bytes = length * view.As<Napi::TypedArray>().ElementSize();
  } else if (view.IsDataView()) {
    status = napi_get_dataview_info(env, view, &out.bytes, &out.data, nullptr, nullptr);
  }
  if (status != napi_ok) throw Napi::TypeError::New(env, "not a view of an array buffer");
  return out;
}

}  // namespace distarray
