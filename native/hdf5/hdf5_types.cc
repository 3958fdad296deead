#include "hdf5/hdf5_types.h"

#include <cstdint>
#include <stdexcept>

namespace distarray::hdf5 {
namespace {

struct NumericType {
  const char* dtype;
  hid_t (*native)();
};

// The H5T_NATIVE_* names are expressions that initialise the library, hence functions.
const NumericType kNumericTypes[] = {
    {"int8", [] { return H5T_NATIVE_INT8; }},     {"int16", [] { return H5T_NATIVE_INT16; }},
    {"int32", [] { return H5T_NATIVE_INT32; }},   {"int64", [] { return H5T_NATIVE_INT64; }},
    {"uint8", [] { return H5T_NATIVE_UINT8; }},   {"uint16", [] { return H5T_NATIVE_UINT16; }},
    {"uint32", [] { return H5T_NATIVE_UINT32; }}, {"uint64", [] { return H5T_NATIVE_UINT64; }},
    {"float32", [] { return H5T_NATIVE_FLOAT; }}, {"float64", [] { return H5T_NATIVE_DOUBLE; }},
};

Object complexType(hid_t part, size_t partSize) {
  Object type(H5Tcreate(H5T_COMPOUND, 2 * partSize), H5Tclose, "H5Tcreate");
  check(H5Tinsert(type.id(), "r", 0, part), "H5Tinsert");
  check(H5Tinsert(type.id(), "i", partSize, part), "H5Tinsert");
  return type;
}

Object boolType() {
  Object type(H5Tenum_create(H5T_NATIVE_INT8), H5Tclose, "H5Tenum_create");
  int8_t value = 0;
  check(H5Tenum_insert(type.id(), "FALSE", &value), "H5Tenum_insert");
  value = 1;
  check(H5Tenum_insert(type.id(), "TRUE", &value), "H5Tenum_insert");
  return type;
}

bool isFloat(hid_t type, size_t bytes) {
  return H5Tget_class(type) == H5T_FLOAT && H5Tget_size(type) == bytes && (bytes == 4 || bytes == 8);
}

// A float of the file that one of ours holds: IEEE, so that converting it changes nothing.
bool isMember(hid_t compound, unsigned member, const char* name, size_t bytes) {
  if (H5Tget_member_index(compound, name) != static_cast<int>(member)) return false;
  const Object part(H5Tget_member_type(compound, member), H5Tclose, "H5Tget_member_type");
  return isFloat(part.id(), bytes);
}

bool isComplex(hid_t type) {
  const size_t part = H5Tget_size(type) / 2;
  return H5Tget_nmembers(type) == 2 && isMember(type, 0, "r", part) && isMember(type, 1, "i", part);
}

// Whether an enum of one byte has this name for this value.
bool isNamed(hid_t type, const char* name, int8_t value) {
  int8_t found = 0;
  return H5Tenum_valueof(type, name, &found) >= 0 && found == value;
}

bool isBool(hid_t type) {
  return H5Tget_nmembers(type) == 2 && H5Tget_size(type) == 1 && isNamed(type, "FALSE", 0) &&
         isNamed(type, "TRUE", 1);
}

// What texts of the library's complaints about a question leave behind.
std::string quietly(std::string answer) {
  H5Eclear2(H5E_DEFAULT);
  return answer;
}

}  // namespace

Object datatypeOf(const std::string& dtype) {
  if (dtype == "bool") return boolType();
  if (dtype == "complex64") return complexType(H5T_NATIVE_FLOAT, sizeof(float));
  if (dtype == "complex128") return complexType(H5T_NATIVE_DOUBLE, sizeof(double));
  for (const NumericType& known : kNumericTypes) {
    if (dtype == known.dtype) return Object(H5Tcopy(known.native()), H5Tclose, "H5Tcopy");
  }
  throw std::invalid_argument("unknown dtype '" + dtype + "'");
}

std::string dtypeOf(hid_t datatype) {
  const size_t bytes = H5Tget_size(datatype);
  const std::string bits = std::to_string(8 * bytes);
  switch (H5Tget_class(datatype)) {
    case H5T_INTEGER: {
      const bool known = bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
      return !known ? "" : (H5Tget_sign(datatype) == H5T_SGN_NONE ? "uint" : "int") + bits;
    }
    case H5T_FLOAT:
      return isFloat(datatype, bytes) ? "float" + bits : "";
    case H5T_COMPOUND:
      return quietly(isComplex(datatype) ? "complex" + bits : "");
    case H5T_ENUM:
      return quietly(isBool(datatype) ? "bool" : "");
    default:
      return "";
  }
}

bool isNative(hid_t datatype) {
  const std::string dtype = dtypeOf(datatype);
  if (dtype.empty()) return false;
  const Object native = datatypeOf(dtype);
  const htri_t same = H5Tequal(datatype, native.id());
  check(same, "H5Tequal");
  return same > 0;
}

}  // namespace distarray::hdf5
