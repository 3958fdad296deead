#include "kernels/parse_number.h"

#include <charconv>
#include <cstring>
#include <limits>
#include <string>
#include <type_traits>

#if !(defined(__cpp_lib_to_chars) && __cpp_lib_to_chars >= 201611L)
#include <clocale>
#include <cstdlib>
#if defined(__APPLE__)
#include <xlocale.h>
#endif
#endif

namespace distarray::kernels {
namespace {

constexpr char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool isWord(std::string_view text, std::string_view word) {
  if (text.size() != word.size()) return false;
  for (size_t k = 0; k < text.size(); k++) {
    if (lower(text[k]) != word[k]) return false;
  }
  return true;
}

constexpr bool isDigit(char letter) { return letter >= '0' && letter <= '9'; }

// The end of the number that begins here: digits with a point among them, and an exponent; null when there is
// none. The library's functions would take more: hexadecimal digits, nan(…).
const char* endOfDecimal(const char* at, const char* end) {
  const char* const begin = at;
  while (at != end && isDigit(*at)) at++;
  size_t digits = static_cast<size_t>(at - begin);
  if (at != end && *at == '.') {
    const char* const point = ++at;
    while (at != end && isDigit(*at)) at++;
    digits += static_cast<size_t>(at - point);
  }
  if (digits == 0) return nullptr;
  if (at != end && lower(*at) == 'e') {
    const char* exponent = at + 1;
    if (exponent != end && (*exponent == '-' || *exponent == '+')) exponent++;
    if (exponent != end && isDigit(*exponent)) {
      while (exponent != end && isDigit(*exponent)) exponent++;
      at = exponent;
    }
  }
  return at;
}

#if defined(__cpp_lib_to_chars) && __cpp_lib_to_chars >= 201611L

// Whether a number that is out of range is too large rather than too small: by the power of ten of its first
// digit that is not 0.
bool isLarge(const char* at, const char* end) {
  int64_t power = 0;
  bool behindPoint = false;
  bool begun = false;
  for (; at != end && lower(*at) != 'e'; at++) {
    if (*at == '.') {
      behindPoint = true;
    } else if (begun || *at != '0') {
      begun = true;
      if (!behindPoint) power++;
    } else if (behindPoint) {
      power--;
    }
  }
  if (at == end) return power > 0;
  at++;
  const bool negative = *at == '-';
  if (*at == '-' || *at == '+') at++;
  int64_t exponent = 0;
  for (; at != end && exponent < 1000000000; at++) exponent = 10 * exponent + (*at - '0');
  return power + (negative ? -exponent : exponent) > 0;
}

double decimalOf(const char* begin, const char* end) {
  double value = 0;
  const auto [stopped, error] = std::from_chars(begin, end, value);
  static_cast<void>(stopped);
  if (error != std::errc::result_out_of_range) return value;
  return isLarge(begin, end) ? std::numeric_limits<double>::infinity() : 0;
}

#else

double decimalOf(const char* begin, const char* end) {
  // The decimal point is that of the C locale, whatever the program has set.
  static const locale_t kPlain = newlocale(LC_ALL_MASK, "C", static_cast<locale_t>(nullptr));
  return strtod_l(std::string(begin, end).c_str(), nullptr, kPlain);
}

#endif

// Reads a sign and a number, and returns where it ends; null when there is none.
const char* readReal(const char* at, const char* end, double& value) {
  bool negative = false;
  if (at != end && (*at == '-' || *at == '+')) negative = *at++ == '-';
  if (at == end) return nullptr;
  const char* stop = nullptr;
  if (isDigit(*at) || *at == '.') {
    stop = endOfDecimal(at, end);
    if (stop == nullptr) return nullptr;
    value = decimalOf(at, stop);
  } else {
    const std::string_view rest(at, static_cast<size_t>(end - at));
    for (const std::string_view word : {"infinity", "inf", "nan"}) {
      if (!isWord(rest.substr(0, word.size()), word)) continue;
      stop = at + word.size();
      value = word == "nan" ? std::numeric_limits<double>::quiet_NaN()
                            : std::numeric_limits<double>::infinity();
      break;
    }
  }
  if (negative) value = -value;
  return stop;
}

template <typename T>
void store(T value, void* element) {
  std::memcpy(element, &value, sizeof value);
}

template <typename T>
bool parseReal(std::string_view field, void* element) {
  double value = 0;
  const char* const end = field.data() + field.size();
  if (readReal(field.data(), end, value) != end) return false;
  store(static_cast<T>(value), element);
  return true;
}

template <typename T>
bool integerOf(std::string_view field, T& value) {
  const char* at = field.data();
  const char* const end = at + field.size();
  if (at != end && *at == '+') {
    at++;
    if (at == end || !isDigit(*at)) return false;
  }
  const auto [stop, error] = std::from_chars(at, end, value);
  return error == std::errc() && stop == end;
}

template <typename T>
bool parseInteger(std::string_view field, void* element) {
  T value = 0;
  if (!integerOf(field, value)) return false;
  store(value, element);
  return true;
}

bool parseBool(std::string_view field, void* element) {
  int64_t value = 0;
  const bool isNumber = integerOf(field, value);
  if (!isNumber && !isWord(field, "true") && !isWord(field, "false")) return false;
  const bool isTrue = isNumber ? value != 0 : lower(field[0]) == 't';
  store<uint8_t>(isTrue ? 1 : 0, element);
  return true;
}

// As Python writes them: 1+2j, (1+2j), 2j, 1.
template <typename T>
bool parseComplex(std::string_view field, void* element) {
  if (field.size() > 2 && field.front() == '(' && field.back() == ')') {
    field = field.substr(1, field.size() - 2);
  }
  const char* const end = field.data() + field.size();
  double first = 0;
  const char* at = readReal(field.data(), end, first);
  if (at == nullptr) return false;
  Complex<T> value{static_cast<T>(first), 0};
  if (at != end && lower(*at) == 'j' && at + 1 == end) {
    value = {0, static_cast<T>(first)};
    at = end;
  } else if (at != end && (*at == '+' || *at == '-')) {
    double second = 0;
    at = readReal(at, end, second);
    if (at == nullptr || at == end || lower(*at) != 'j') return false;
    value.im = static_cast<T>(second);
    at++;
  }
  if (at != end) return false;
  store(value, element);
  return true;
}

}  // namespace

NumberParser numberParserOf(Dtype dtype) {
  switch (dtype) {
    case Dtype::kBool:
      return parseBool;
    case Dtype::kInt8:
      return parseInteger<int8_t>;
    case Dtype::kInt16:
      return parseInteger<int16_t>;
    case Dtype::kInt32:
      return parseInteger<int32_t>;
    case Dtype::kInt64:
      return parseInteger<int64_t>;
    case Dtype::kUint8:
      return parseInteger<uint8_t>;
    case Dtype::kUint16:
      return parseInteger<uint16_t>;
    case Dtype::kUint32:
      return parseInteger<uint32_t>;
    case Dtype::kUint64:
      return parseInteger<uint64_t>;
    case Dtype::kFloat32:
      return parseReal<float>;
    case Dtype::kFloat64:
      return parseReal<double>;
    case Dtype::kComplex64:
      return parseComplex<float>;
    case Dtype::kComplex128:
      return parseComplex<double>;
  }
  return nullptr;
}

}  // namespace distarray::kernels
