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

bool isComplex(hid_t type) {
  return H5Tget_nmembers(type) == 2 && H5Tget_member_index(type, "r") == 0 &&
         H5Tget_member_index(type, "i") == 1;
}

bool isBool(hid_t type) {
  int8_t value = 1;
  return H5Tget_nmembers(type) == 2 && H5Tget_size(type) == 1 &&
         H5Tenum_valueof(type, "FALSE", &value) >= 0;
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
  const H5T_class_t kind = H5Tget_class(datatype);
  const size_t bits = 8 * H5Tget_size(datatype);
  if (kind == H5T_INTEGER) {
    const char* sign = H5Tget_sign(datatype) == H5T_SGN_NONE ? "uint" : "int";
    return bits <= 64 ? sign + std::to_string(bits) : "";
  }
  if (kind == H5T_FLOAT) return bits == 32 || bits == 64 ? "float" + std::to_string(bits) : "";
  if (kind == H5T_COMPOUND && isComplex(datatype)) {
    return bits == 64 ? "complex64" : bits == 128 ? "complex128" : "";
  }
  if (kind == H5T_ENUM && isBool(datatype)) return "bool";
  return "";
}

}  // namespace distarray::hdf5
