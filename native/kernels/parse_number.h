// One number in text, exactly: a float is the one that is nearest to the decimal number.
#pragma once

#include <string_view>

#include "kernels/dtype.h"

namespace distarray::kernels {

// Writes the element that a field says, without white space around it; false when it says none.
using NumberParser = bool (*)(std::string_view field, void* element);

NumberParser numberParserOf(Dtype dtype);

}  // namespace distarray::kernels
