// Initialisation and the end, constants and predefined handles, errors, the time.
#include <dlfcn.h>

#include <string>

#include "mpi/job_exit.h"
#include "mpi/large_count.h"
#include "mpi/mpi_state.h"
#include "napi/view_memory.h"

namespace distarray {
namespace {

// Open MPI's plug-ins expect the symbols of libmpi in the global scope, but Node loads addons (and
// with them libmpi) into a local one.
void makeLibraryGlobal() {
  Dl_info info;
  if (dladdr(reinterpret_cast<void*>(&MPI_Init_thread), &info) && info.dli_fname) {
    dlopen(info.dli_fname, RTLD_NOLOAD | RTLD_LAZY | RTLD_GLOBAL);
  }
}

void insertPredefined(Napi::Object handles, MpiState& state) {
  const auto comm = [&](const char* name, MPI_Comm value) {
    handles.Set(name, state.communicators.insert(value));
  };
  comm("COMM_WORLD", MPI_COMM_WORLD);
  comm("COMM_SELF", MPI_COMM_SELF);

  handles.Set("GROUP_EMPTY", state.groups.insert(MPI_GROUP_EMPTY));

  const auto type = [&](const char* name, MPI_Datatype value) {
    // What this MPI was built without, it has no handle for.
    const bool there = value != MPI_DATATYPE_NULL;
    handles.Set(name, there ? state.datatypes.insert(TypeEntry(value)) : 0);
  };
  type("BYTE", MPI_BYTE);
  type("C_BOOL", MPI_C_BOOL);
  type("INT8_T", MPI_INT8_T);
  type("INT16_T", MPI_INT16_T);
  type("INT32_T", MPI_INT32_T);
  type("INT64_T", MPI_INT64_T);
  type("UINT8_T", MPI_UINT8_T);
  type("UINT16_T", MPI_UINT16_T);
  type("UINT32_T", MPI_UINT32_T);
  type("UINT64_T", MPI_UINT64_T);
  type("FLOAT", MPI_FLOAT);
  type("DOUBLE", MPI_DOUBLE);
  type("C_FLOAT_COMPLEX", MPI_C_FLOAT_COMPLEX);
  type("C_DOUBLE_COMPLEX", MPI_C_DOUBLE_COMPLEX);
  type("FLOAT_INT", MPI_FLOAT_INT);
  type("DOUBLE_INT", MPI_DOUBLE_INT);
  type("LONG_INT", MPI_LONG_INT);
  type("SHORT_INT", MPI_SHORT_INT);
  type("INT_INT", MPI_2INT);
  type("LONG_DOUBLE_INT", MPI_LONG_DOUBLE_INT);
  type("CHAR", MPI_CHAR);
  type("SIGNED_CHAR", MPI_SIGNED_CHAR);
  type("UNSIGNED_CHAR", MPI_UNSIGNED_CHAR);
  type("WCHAR", MPI_WCHAR);
  type("SHORT", MPI_SHORT);
  type("UNSIGNED_SHORT", MPI_UNSIGNED_SHORT);
  type("INT", MPI_INT);
  type("UNSIGNED", MPI_UNSIGNED);
  type("LONG", MPI_LONG);
  type("UNSIGNED_LONG", MPI_UNSIGNED_LONG);
  type("LONG_LONG", MPI_LONG_LONG);
  type("UNSIGNED_LONG_LONG", MPI_UNSIGNED_LONG_LONG);
  type("LONG_DOUBLE", MPI_LONG_DOUBLE);
  type("C_LONG_DOUBLE_COMPLEX", MPI_C_LONG_DOUBLE_COMPLEX);
  type("CXX_BOOL", MPI_CXX_BOOL);
  type("CXX_FLOAT_COMPLEX", MPI_CXX_FLOAT_COMPLEX);
  type("CXX_DOUBLE_COMPLEX", MPI_CXX_DOUBLE_COMPLEX);
  type("CXX_LONG_DOUBLE_COMPLEX", MPI_CXX_LONG_DOUBLE_COMPLEX);
  type("AINT", MPI_AINT);
  type("OFFSET", MPI_OFFSET);
  type("COUNT", MPI_COUNT);
  type("PACKED", MPI_PACKED);
  type("CHARACTER", MPI_CHARACTER);
  type("LOGICAL", MPI_LOGICAL);
  type("INTEGER", MPI_INTEGER);
  type("REAL", MPI_REAL);
  type("DOUBLE_PRECISION", MPI_DOUBLE_PRECISION);
  type("COMPLEX", MPI_COMPLEX);
  type("DOUBLE_COMPLEX", MPI_DOUBLE_COMPLEX);
  type("INTEGER1", MPI_INTEGER1);
  type("INTEGER2", MPI_INTEGER2);
  type("INTEGER4", MPI_INTEGER4);
  type("INTEGER8", MPI_INTEGER8);
  type("REAL4", MPI_REAL4);
  type("REAL8", MPI_REAL8);
  type("COMPLEX8", MPI_COMPLEX8);
  type("COMPLEX16", MPI_COMPLEX16);

  const auto operation = [&](const char* name, MPI_Op value) {
    handles.Set(name, state.operations.insert(value));
  };
  operation("SUM", MPI_SUM);
  operation("PROD", MPI_PROD);
  operation("MIN", MPI_MIN);
  operation("MAX", MPI_MAX);
  operation("LAND", MPI_LAND);
  operation("LOR", MPI_LOR);
  operation("LXOR", MPI_LXOR);
  operation("BAND", MPI_BAND);
  operation("BOR", MPI_BOR);
  operation("BXOR", MPI_BXOR);
  operation("REPLACE", MPI_REPLACE);
  operation("NO_OP", MPI_NO_OP);
  operation("MINLOC", MPI_MINLOC);
  operation("MAXLOC", MPI_MAXLOC);
}

Napi::Object constants(Napi::Env env) {
  auto out = Napi::Object::New(env);
  out.Set("MAX_COUNT", largestCount());
  out.Set("ANY_SOURCE", MPI_ANY_SOURCE);
  out.Set("ANY_TAG", MPI_ANY_TAG);
  out.Set("PROC_NULL", MPI_PROC_NULL);
  out.Set("UNDEFINED", MPI_UNDEFINED);
  out.Set("ROOT", MPI_ROOT);
  int* upperBound = nullptr;
  int found = 0;
  MPI_Comm_get_attr(MPI_COMM_WORLD, MPI_TAG_UB, &upperBound, &found);
  out.Set("MODE_RDONLY", MPI_MODE_RDONLY);
  out.Set("MODE_RDWR", MPI_MODE_RDWR);
  out.Set("MODE_WRONLY", MPI_MODE_WRONLY);
  out.Set("MODE_CREATE", MPI_MODE_CREATE);
  out.Set("MODE_EXCL", MPI_MODE_EXCL);
  out.Set("MODE_DELETE_ON_CLOSE", MPI_MODE_DELETE_ON_CLOSE);
  out.Set("MODE_UNIQUE_OPEN", MPI_MODE_UNIQUE_OPEN);
  out.Set("MODE_SEQUENTIAL", MPI_MODE_SEQUENTIAL);
  out.Set("MODE_APPEND", MPI_MODE_APPEND);
  out.Set("TAG_UB", found ? *upperBound : 32767);
  return out;
}

std::string libraryVersion() {
  char text[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  MPI_Get_library_version(text, &length);
  return std::string(text, static_cast<size_t>(length));
}

// init(threadLevel: number) → { threadLevel, handles, constants, libraryVersion }. Collective.
// Another library of the process may have initialised MPI: then its level counts.
Napi::Value init(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  auto& state = *static_cast<MpiState*>(info.Data());
  if (MpiState::active) throw Napi::Error::New(env, "MPI is initialised already");
  int initialized = 0;
  int finalized = 0;
  MPI_Initialized(&initialized);
  MPI_Finalized(&finalized);
  if (finalized) throw Napi::Error::New(env, "MPI was finalized and cannot start again");
  int provided = MPI_THREAD_SINGLE;
  if (initialized) {
    MPI_Query_thread(&provided);
  } else {
    makeLibraryGlobal();
    const int required = info[0].As<Napi::Number>().Int32Value();
    if (MPI_Init_thread(nullptr, nullptr, required, &provided) != MPI_SUCCESS) {
      throw Napi::Error::New(env, "MPI_Init_thread failed");
    }
  }
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN);
  if (!initialized) job_exit::install();
  state.crowded = jobIsCrowded();
  state.maxCount = largestCount();
  MpiState::active = &state;

  auto out = Napi::Object::New(env);
  auto handles = Napi::Object::New(env);
  insertPredefined(handles, state);
  out.Set("threadLevel", provided);
  out.Set("handles", handles);
  out.Set("constants", constants(env));
  out.Set("libraryVersion", libraryVersion());
  return out;
}

// leave(status): what the exit hook does, for finalize() and where libc has no on_exit.
void leave(const Napi::CallbackInfo& info) {
  MpiState::active = nullptr;
  job_exit::leave(info[0].As<Napi::Number>().Int32Value());
}

void markCrashed(const Napi::CallbackInfo&) { job_exit::markCrashed(); }

Napi::Value isInitialized(const Napi::CallbackInfo& info) {
  int flag = 0;
  MPI_Initialized(&flag);
  return Napi::Boolean::New(info.Env(), flag != 0);
}

Napi::Value isFinalized(const Napi::CallbackInfo& info) {
  int flag = 0;
  MPI_Finalized(&flag);
  return Napi::Boolean::New(info.Env(), flag != 0);
}

Napi::Value wtime(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), MPI_Wtime());
}

Napi::Value wtick(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), MPI_Wtick());
}

// version() → [major, minor] of the standard.
Napi::Value version(const Napi::CallbackInfo& info) {
  int major = 0;
  int minor = 0;
  MPI_Get_version(&major, &minor);
  auto out = Napi::Array::New(info.Env(), 2);
  out.Set(0u, major);
  out.Set(1u, minor);
  return out;
}

Napi::Value processorName(const Napi::CallbackInfo& info) {
  char name[MPI_MAX_PROCESSOR_NAME];
  int length = 0;
  MPI_Get_processor_name(name, &length);
  return Napi::String::New(info.Env(), name, static_cast<size_t>(length));
}

struct ErrorClass {
  int value;
  const char* name;
};

// Error class numbers differ between the MPIs; the names do not.
constexpr ErrorClass kErrorClasses[] = {
    {MPI_SUCCESS, "MPI_SUCCESS"},
    {MPI_ERR_BUFFER, "MPI_ERR_BUFFER"},
    {MPI_ERR_COUNT, "MPI_ERR_COUNT"},
    {MPI_ERR_TYPE, "MPI_ERR_TYPE"},
    {MPI_ERR_TAG, "MPI_ERR_TAG"},
    {MPI_ERR_COMM, "MPI_ERR_COMM"},
    {MPI_ERR_RANK, "MPI_ERR_RANK"},
    {MPI_ERR_REQUEST, "MPI_ERR_REQUEST"},
    {MPI_ERR_ROOT, "MPI_ERR_ROOT"},
    {MPI_ERR_GROUP, "MPI_ERR_GROUP"},
    {MPI_ERR_OP, "MPI_ERR_OP"},
    {MPI_ERR_TOPOLOGY, "MPI_ERR_TOPOLOGY"},
    {MPI_ERR_DIMS, "MPI_ERR_DIMS"},
    {MPI_ERR_ARG, "MPI_ERR_ARG"},
    {MPI_ERR_UNKNOWN, "MPI_ERR_UNKNOWN"},
    {MPI_ERR_TRUNCATE, "MPI_ERR_TRUNCATE"},
    {MPI_ERR_OTHER, "MPI_ERR_OTHER"},
    {MPI_ERR_INTERN, "MPI_ERR_INTERN"},
    {MPI_ERR_PENDING, "MPI_ERR_PENDING"},
    {MPI_ERR_IN_STATUS, "MPI_ERR_IN_STATUS"},
    {MPI_ERR_ACCESS, "MPI_ERR_ACCESS"},
    {MPI_ERR_AMODE, "MPI_ERR_AMODE"},
    {MPI_ERR_BAD_FILE, "MPI_ERR_BAD_FILE"},
    {MPI_ERR_FILE, "MPI_ERR_FILE"},
    {MPI_ERR_FILE_EXISTS, "MPI_ERR_FILE_EXISTS"},
    {MPI_ERR_IO, "MPI_ERR_IO"},
    {MPI_ERR_NO_MEM, "MPI_ERR_NO_MEM"},
    {MPI_ERR_NO_SPACE, "MPI_ERR_NO_SPACE"},
    {MPI_ERR_NO_SUCH_FILE, "MPI_ERR_NO_SUCH_FILE"},
    {MPI_ERR_SPAWN, "MPI_ERR_SPAWN"},
    {MPI_ERR_ASSERT, "MPI_ERR_ASSERT"},
    {MPI_ERR_BASE, "MPI_ERR_BASE"},
    {MPI_ERR_CONVERSION, "MPI_ERR_CONVERSION"},
    {MPI_ERR_DISP, "MPI_ERR_DISP"},
    {MPI_ERR_DUP_DATAREP, "MPI_ERR_DUP_DATAREP"},
    {MPI_ERR_FILE_IN_USE, "MPI_ERR_FILE_IN_USE"},
    {MPI_ERR_INFO, "MPI_ERR_INFO"},
    {MPI_ERR_INFO_KEY, "MPI_ERR_INFO_KEY"},
    {MPI_ERR_INFO_NOKEY, "MPI_ERR_INFO_NOKEY"},
    {MPI_ERR_INFO_VALUE, "MPI_ERR_INFO_VALUE"},
    {MPI_ERR_KEYVAL, "MPI_ERR_KEYVAL"},
    {MPI_ERR_LOCKTYPE, "MPI_ERR_LOCKTYPE"},
    {MPI_ERR_NAME, "MPI_ERR_NAME"},
    {MPI_ERR_NOT_SAME, "MPI_ERR_NOT_SAME"},
    {MPI_ERR_PORT, "MPI_ERR_PORT"},
    {MPI_ERR_QUOTA, "MPI_ERR_QUOTA"},
    {MPI_ERR_READ_ONLY, "MPI_ERR_READ_ONLY"},
    {MPI_ERR_RMA_ATTACH, "MPI_ERR_RMA_ATTACH"},
    {MPI_ERR_RMA_CONFLICT, "MPI_ERR_RMA_CONFLICT"},
    {MPI_ERR_RMA_FLAVOR, "MPI_ERR_RMA_FLAVOR"},
    {MPI_ERR_RMA_RANGE, "MPI_ERR_RMA_RANGE"},
    {MPI_ERR_RMA_SHARED, "MPI_ERR_RMA_SHARED"},
    {MPI_ERR_RMA_SYNC, "MPI_ERR_RMA_SYNC"},
    {MPI_ERR_SERVICE, "MPI_ERR_SERVICE"},
    {MPI_ERR_SIZE, "MPI_ERR_SIZE"},
    {MPI_ERR_UNSUPPORTED_DATAREP, "MPI_ERR_UNSUPPORTED_DATAREP"},
    {MPI_ERR_UNSUPPORTED_OPERATION, "MPI_ERR_UNSUPPORTED_OPERATION"},
    {MPI_ERR_WIN, "MPI_ERR_WIN"},
};

const char* errorClassName(int errorClass) {
  for (const ErrorClass& known : kErrorClasses) {
    if (known.value == errorClass) return known.name;
  }
  return "MPI_ERR_UNKNOWN";
}

// errorInfo(code) → { errorClass, classNumber, text }
Napi::Value errorInfo(const Napi::CallbackInfo& info) {
  const int code = info[0].As<Napi::Number>().Int32Value();
  int errorClass = MPI_ERR_UNKNOWN;
  char text[MPI_MAX_ERROR_STRING] = "";
  int length = 0;
  MPI_Error_class(code, &errorClass);
  MPI_Error_string(code, text, &length);
  auto out = Napi::Object::New(info.Env());
  out.Set("errorClass", errorClassName(errorClass));
  out.Set("classNumber", errorClass);
  out.Set("text", std::string(text, static_cast<size_t>(length)));
  return out;
}

// isThreadMain() → whether this thread has initialised MPI.
Napi::Value isThreadMain(const Napi::CallbackInfo& info) {
  int flag = 0;
  MPI_Is_thread_main(&flag);
  return Napi::Boolean::New(info.Env(), flag != 0);
}

// kArgument0: level, for a profiler; MPI itself does nothing.
void pcontrol(MpiState&, Command& c) { check(MPI_Pcontrol(c.integer(kArgument0))); }

// errorClasses() → the value of each class, by name.
Napi::Value errorClasses(const Napi::CallbackInfo& info) {
  auto out = Napi::Object::New(info.Env());
  for (const ErrorClass& known : kErrorClasses) out.Set(known.name, known.value);
  return out;
}

// → kOutput: the new class.
void addErrorClass(MpiState&, Command& c) {
  int added = 0;
  check(MPI_Add_error_class(&added));
  c[kOutput] = added;
}

// kArgument0: its class → kOutput: the new code.
void addErrorCode(MpiState&, Command& c) {
  int added = 0;
  check(MPI_Add_error_code(c.integer(kArgument0), &added));
  c[kOutput] = added;
}

// kArgument0: a code; kSendAddress: its text in UTF-8, ended by a zero.
void addErrorString(MpiState&, Command& c) {
  if (c.integer(kSendCount) > MPI_MAX_ERROR_STRING) throw MpiFailure{MPI_ERR_ARG};
  // MPICH 4.0 takes texts for its own codes without a word.
  if (c.integer(kArgument0) <= MPI_ERR_LASTCODE) throw MpiFailure{MPI_ERR_ARG};
  check(MPI_Add_error_string(c.integer(kArgument0), c.address<char>(kSendAddress)));
}

// addressOf(view) → address of the view's first byte. V8 keeps the memory of an array buffer where
// it is until the buffer is detached, and then the view's length is 0, which JavaScript looks at on
// every call: so the address can be kept with the view.
Napi::Value addressOf(const Napi::CallbackInfo& info) {
  const auto address = reinterpret_cast<uintptr_t>(viewMemory(info[0]).data);
  return Napi::Number::New(info.Env(), static_cast<double>(address));
}

}  // namespace

void exportEnvironment(Napi::Object exports, MpiState& state) {
  Napi::Env env = exports.Env();
  const auto add = [&](const char* name, auto function) {
    exports.Set(name, Napi::Function::New(env, function, name, &state));
  };
  add("init", init);
  add("leave", leave);
  add("markCrashed", markCrashed);
  add("isInitialized", isInitialized);
  add("isFinalized", isFinalized);
  add("wtime", wtime);
  add("processorName", processorName);
  add("errorInfo", errorInfo);
  add("addressOf", addressOf);
  add("wtick", wtick);
  add("version", version);
  add("errorClasses", errorClasses);
  add("isThreadMain", isThreadMain);
  exportCommand<pcontrol>(exports, state, "pcontrol");
  exportCommand<addErrorClass>(exports, state, "addErrorClass");
  exportCommand<addErrorCode>(exports, state, "addErrorCode");
  exportCommand<addErrorString>(exports, state, "addErrorString");
}

}  // namespace distarray
