// The order of elements for extremes, as NumPy has it: NaN before everything, complex numbers by
// the real part, then by the imaginary one.
#pragma once

#include "kernels/loops/define.h"

namespace distarray::kernels {
namespace {

template <typename T>
struct Limits {
  static constexpr T kLargest =
      kIsSigned<T> ? static_cast<T>((uint64_t{1} << (8 * sizeof(T) - 1)) - 1) : static_cast<T>(-1);
  static constexpr T kSmallest = kIsSigned<T> ? static_cast<T>(~kLargest) : T(0);
};
template <>
struct Limits<float> {
  static constexpr float kLargest = __builtin_inff();
  static constexpr float kSmallest = -__builtin_inff();
};
template <>
struct Limits<double> {
  static constexpr double kLargest = __builtin_inf();
  static constexpr double kSmallest = -__builtin_inf();
};
template <>
struct Limits<Bool> {
  static constexpr Bool kLargest = {1};
  static constexpr Bool kSmallest = {0};
};
template <typename T>
struct Limits<Complex<T>> {
  static constexpr Complex<T> kLargest = {Limits<T>::kLargest, Limits<T>::kLargest};
  static constexpr Complex<T> kSmallest = {Limits<T>::kSmallest, Limits<T>::kSmallest};
};

inline bool isLess(Bool a, Bool b) { return !isTrue(a) & isTrue(b); }
template <typename T>
bool isLess(T a, T b) {
  return a < b;
}
template <typename T>
bool isLess(Complex<T> a, Complex<T> b) {
  return (a.re < b.re) | ((a.re == b.re) & (a.im < b.im));
}

inline bool isEqual(Bool a, Bool b) { return isTrue(a) == isTrue(b); }
template <typename T>
bool isEqual(T a, T b) {
  return a == b;
}
template <typename T>
bool isEqual(Complex<T> a, Complex<T> b) {
  return (a.re == b.re) & (a.im == b.im);
}

inline bool isNan(Bool) { return false; }

struct Lowest {
  template <typename T>
  static constexpr T kEmpty = Limits<T>::kLargest;
  template <typename T>
  static bool isBetter(T a, T b) {
    return isLess(a, b);
  }
};

struct Highest {
  template <typename T>
  static constexpr T kEmpty = Limits<T>::kSmallest;
  template <typename T>
  static bool isBetter(T a, T b) {
    return isLess(b, a);
  }
};

// Whether `x` takes the place of `best`: it is better, or the first NaN.
template <typename Side, typename T>
bool replaces(T x, T best) {
  return (Side::isBetter(x, best) & !isNan(best)) | (isNan(x) & !isNan(best));
}

}  // namespace
}  // namespace distarray::kernels
