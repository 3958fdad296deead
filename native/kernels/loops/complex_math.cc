// Functions of complex numbers, by the C library's, whose branch cuts are those of C99's Annex G and
// of NumPy: continuous from the side that the sign of zero names.
#include <cmath>
#include <complex>

#include "kernels/loops/define.h"

namespace distarray::kernels {
namespace {

template <typename T>
std::complex<T> toStd(Complex<T> a) {
  return {a.re, a.im};
}

template <typename T>
Complex<T> fromStd(std::complex<T> a) {
  return {a.real(), a.imag()};
}

struct Absolute {
  template <typename T>
  static T of(Complex<T> a) {
    return std::hypot(a.re, a.im);
  }
};

// The point on the unit circle in the direction of the number (NumPy 2).
struct Sign {
  template <typename T>
  static Complex<T> of(Complex<T> a) {
    const T length = std::hypot(a.re, a.im);
    if (length == T(0)) return {T(0), T(0)};
    if (std::isinf(length)) {
      if (std::isinf(a.re) && std::isinf(a.im)) return {T(NAN), T(NAN)};
      if (std::isinf(a.re)) return {std::copysign(T(1), a.re), T(0)};
      if (std::isinf(a.im)) return {T(0), std::copysign(T(1), a.im)};
    }
    return {a.re / length, a.im / length};
  }
};

struct Expm1 {
  template <typename T>
  static Complex<T> of(Complex<T> a) {
    const T half = std::sin(a.im / T(2));
    return {std::expm1(a.re) * std::cos(a.im) - T(2) * half * half,
            std::exp(a.re) * std::sin(a.im)};
  }
};

struct Log1p {
  template <typename T>
  static Complex<T> of(Complex<T> a) {
    const T angle = std::atan2(a.im, a.re + T(1));
    // Near 0 the logarithm of 1 + something small would lose what is small.
    if (std::fabs(a.re) < T(0.5) && std::fabs(a.im) < T(0.5)) {
      return {T(0.5) * std::log1p(a.re * (T(2) + a.re) + a.im * a.im), angle};
    }
    return {std::log(std::hypot(a.re + T(1), a.im)), angle};
  }
};

// npy_cpow: small whole exponents by multiplication, which keeps Gaussian integers exact.
struct Power {
  template <typename T>
  static Complex<T> of(Complex<T> base, Complex<T> exponent) {
    if (exponent.re == T(0) && exponent.im == T(0)) return {T(1), T(0)};
    if (base.re == T(0) && base.im == T(0)) {
      if (exponent.re > T(0) && exponent.im == T(0)) return {T(0), T(0)};
      return {T(NAN), T(NAN)};
    }
    if (exponent.im == T(0) && std::fabs(exponent.re) < T(100) &&
        exponent.re == std::trunc(exponent.re)) {
      auto n = static_cast<unsigned>(std::fabs(exponent.re));
      if (exponent.re == T(1)) return base;
      if (exponent.re == T(2)) return productOf(base, base);
      if (exponent.re == T(3)) return productOf(base, productOf(base, base));
      Complex<T> power{T(1), T(0)};
      for (; n != 0; n >>= 1) {
        if ((n & 1) != 0) power = productOf(power, base);
        base = productOf(base, base);
      }
      if (exponent.re > T(0)) return power;
      return quotientOf(Complex<T>{T(1), T(0)}, power);
    }
    return fromStd(std::pow(toStd(base), toStd(exponent)));
  }
};

constexpr double kLn2 = 0.693147180559945309417;
constexpr double kLog2e = 1.44269504088896340736;
constexpr double kLog10e = 0.434294481903251827651;

struct Log2 {
  template <typename T>
  static Complex<T> of(Complex<T> a) {
    const auto log = std::log(toStd(a));
    return {log.real() * static_cast<T>(kLog2e), log.imag() * static_cast<T>(kLog2e)};
  }
};

struct Log10 {
  template <typename T>
  static Complex<T> of(Complex<T> a) {
    const auto log = std::log(toStd(a));
    return {log.real() * static_cast<T>(kLog10e), log.imag() * static_cast<T>(kLog10e)};
  }
};

struct Exp2 {
  template <typename T>
  static Complex<T> of(Complex<T> a) {
    const std::complex<T> scaled{a.re * static_cast<T>(kLn2), a.im * static_cast<T>(kLn2)};
    return fromStd(std::exp(scaled));
  }
};

// std::sin and its like are overload sets: these make types of them.
#define DISTARRAY_STD(Name, name)         \
  struct Name {                           \
    template <typename T>                 \
    static Complex<T> of(Complex<T> a) {  \
      return fromStd(std::name(toStd(a)));\
    }                                     \
  };
DISTARRAY_STD(Sqrt, sqrt)
DISTARRAY_STD(Exp, exp)
DISTARRAY_STD(Log, log)
DISTARRAY_STD(Sin, sin)
DISTARRAY_STD(Cos, cos)
DISTARRAY_STD(Tan, tan)
DISTARRAY_STD(Asin, asin)
DISTARRAY_STD(Acos, acos)
DISTARRAY_STD(Atan, atan)
DISTARRAY_STD(Sinh, sinh)
DISTARRAY_STD(Cosh, cosh)
DISTARRAY_STD(Tanh, tanh)
DISTARRAY_STD(Asinh, asinh)
DISTARRAY_STD(Acosh, acosh)
DISTARRAY_STD(Atanh, atanh)
#undef DISTARRAY_STD

}  // namespace

void addComplexLoops(LoopTable& table) {
  addUnary<Absolute>(table, "abs", kComplexes);
  addUnary<Sign>(table, "sign", kComplexes);
  addUnary<Sqrt>(table, "sqrt", kComplexes);
  addUnary<Exp>(table, "exp", kComplexes);
  addUnary<Exp2>(table, "exp2", kComplexes);
  addUnary<Expm1>(table, "expm1", kComplexes);
  addUnary<Log>(table, "log", kComplexes);
  addUnary<Log1p>(table, "log1p", kComplexes);
  addUnary<Log2>(table, "log2", kComplexes);
  addUnary<Log10>(table, "log10", kComplexes);
  addUnary<Sin>(table, "sin", kComplexes);
  addUnary<Cos>(table, "cos", kComplexes);
  addUnary<Tan>(table, "tan", kComplexes);
  addUnary<Asin>(table, "arcsin", kComplexes);
  addUnary<Acos>(table, "arccos", kComplexes);
  addUnary<Atan>(table, "arctan", kComplexes);
  addUnary<Sinh>(table, "sinh", kComplexes);
  addUnary<Cosh>(table, "cosh", kComplexes);
  addUnary<Tanh>(table, "tanh", kComplexes);
  addUnary<Asinh>(table, "arcsinh", kComplexes);
  addUnary<Acosh>(table, "arccosh", kComplexes);
  addUnary<Atanh>(table, "arctanh", kComplexes);
  addBinary<Power>(table, "power", kComplexes);
}

}  // namespace distarray::kernels
