// dtypes as HDF5 datatypes, stored as h5py stores them.
#pragma once

#include <string>

#include "hdf5/hdf5_object.h"

namespace distarray::hdf5 {

// The datatype of `dtype` ('float64', 'complex64', 'bool', …) in memory and, since HDF5 converts,
// in files: bool is an enum {FALSE, TRUE} over int8, complex a compound {r, i}. Throws
// std::invalid_argument for an unknown name.
Object datatypeOf(const std::string& dtype);

// The dtype whose values a stored datatype holds, whatever its byte order; "" when there is none.
std::string dtypeOf(hid_t datatype);

// Whether elements of a stored datatype are byte by byte what a dtype has in memory.
bool isNative(hid_t datatype);

}  // namespace distarray::hdf5
