// Functions of real numbers that round: sin, exp, pow and their like, within about 1 ulp.
//
// With SLEEF (https://sleef.org) whole vectors are computed at a time, by its deterministic functions
// ("finz"): an element's result depends neither on its neighbours nor on the width of the vectors.
// Elements where SLEEF gives up too early are left to libm one by one, as all are without SLEEF. Sine
// and cosine of doubles are our own (sine.h), which is faster.
#include "kernels/loops/define.h"
#include "kernels/loops/sine.h"

#if defined(DISTARRAY_SLEEF) && (defined(__AVX512F__) || (defined(__AVX2__) && defined(__FMA__)))
#include <sleef.h>
#define DISTARRAY_VECTOR_MATH
#endif

namespace distarray::kernels::DISTARRAY_ISA {
namespace {

#ifdef DISTARRAY_VECTOR_MATH

#ifdef __AVX512F__
using Doubles = __m512d;
using Floats = __m512;
#define DISTARRAY_DOUBLES(name, ulp) Sleef_finz_##name##d8_##ulp##avx512f
#define DISTARRAY_FLOATS(name, ulp) Sleef_finz_##name##f16_##ulp##avx512f
#else
using Doubles = __m256d;
using Floats = __m256;
#define DISTARRAY_DOUBLES(name, ulp) Sleef_finz_##name##d4_##ulp##avx2
#define DISTARRAY_FLOATS(name, ulp) Sleef_finz_##name##f8_##ulp##avx2
#endif

#define DISTARRAY_VECTORS_1(name, ulp)                                      \
  static Doubles of(Doubles a) { return DISTARRAY_DOUBLES(name, ulp)(a); }  \
  static Floats of(Floats a) { return DISTARRAY_FLOATS(name, ulp)(a); }
#define DISTARRAY_VECTORS_2(name, ulp)                                                    \
  static Doubles of(Doubles a, Doubles b) { return DISTARRAY_DOUBLES(name, ulp)(a, b); }  \
  static Floats of(Floats a, Floats b) { return DISTARRAY_FLOATS(name, ulp)(a, b); }

template <typename T>
struct VectorOf;
template <>
struct VectorOf<double> {
  using Type = Doubles;
};
template <>
struct VectorOf<float> {
  using Type = Floats;
};

#else
#define DISTARRAY_VECTORS_1(name, ulp)
#define DISTARRAY_VECTORS_2(name, ulp)
#endif

constexpr double kNoLimit = 0;

// A function of libm and SLEEF. Numbers whose absolute value is not below the limit are libm's.
#define DISTARRAY_FUNCTION_1(Name, name, ulp, doubleLimit, floatLimit)  \
  struct Name {                                                         \
    static double of(double a) { return __builtin_##name(a); }          \
    static float of(float a) { return __builtin_##name##f(a); }         \
    DISTARRAY_VECTORS_1(name, ulp)                                      \
    static constexpr double limit(double) { return doubleLimit; }       \
    static constexpr double limit(float) { return floatLimit; }         \
  };
#define DISTARRAY_FUNCTION_2(Name, name, ulp)                                \
  struct Name {                                                              \
    static double of(double a, double b) { return __builtin_##name(a, b); }  \
    static float of(float a, float b) { return __builtin_##name##f(a, b); }  \
    DISTARRAY_VECTORS_2(name, ulp)                                           \
  };

DISTARRAY_FUNCTION_1(Sin, sin, u10, kNoLimit, kNoLimit)
DISTARRAY_FUNCTION_1(Cos, cos, u10, kNoLimit, kNoLimit)
DISTARRAY_FUNCTION_1(Tan, tan, u10, kNoLimit, kNoLimit)
DISTARRAY_FUNCTION_1(Asin, asin, u10, kNoLimit, kNoLimit)
DISTARRAY_FUNCTION_1(Acos, acos, u10, kNoLimit, kNoLimit)
DISTARRAY_FUNCTION_1(Atan, atan, u10, kNoLimit, kNoLimit)
DISTARRAY_FUNCTION_1(Sinh, sinh, u10, 709, 88)
DISTARRAY_FUNCTION_1(Cosh, cosh, u10, 709, 88)
DISTARRAY_FUNCTION_1(Tanh, tanh, u10, kNoLimit, kNoLimit)
DISTARRAY_FUNCTION_1(Asinh, asinh, u10, 1e150, 1e18)
DISTARRAY_FUNCTION_1(Acosh, acosh, u10, 1e150, 1e18)
DISTARRAY_FUNCTION_1(Atanh, atanh, u10, kNoLimit, kNoLimit)
DISTARRAY_FUNCTION_1(Exp, exp, u10, kNoLimit, kNoLimit)
DISTARRAY_FUNCTION_1(Exp2, exp2, u10, kNoLimit, kNoLimit)
DISTARRAY_FUNCTION_1(Expm1, expm1, u10, kNoLimit, kNoLimit)
DISTARRAY_FUNCTION_1(Log, log, u10, kNoLimit, kNoLimit)
DISTARRAY_FUNCTION_1(Log1p, log1p, u10, 1e300, 1e37)
DISTARRAY_FUNCTION_1(Log2, log2, u10, kNoLimit, kNoLimit)
DISTARRAY_FUNCTION_1(Log10, log10, u10, kNoLimit, kNoLimit)
DISTARRAY_FUNCTION_1(Cbrt, cbrt, u10, kNoLimit, kNoLimit)
DISTARRAY_FUNCTION_2(Atan2, atan2, u10)
DISTARRAY_FUNCTION_2(Hypot, hypot, u05)
DISTARRAY_FUNCTION_2(Power, pow, u10)

struct NextAfter {
  static double of(double a, double b) { return __builtin_nextafter(a, b); }
  static float of(float a, float b) { return __builtin_nextafterf(a, b); }
};

// log(exp(a) + exp(b)) without overflow (npy_logaddexp).
struct LogAddExp {
  template <typename T>
  static T of(T a, T b) {
    if (a == b) return a + static_cast<T>(0.693147180559945309417);
    const T difference = a - b;
    if (difference > T(0)) return a + Log1p::of(Exp::of(-difference));
    if (difference <= T(0)) return b + Log1p::of(Exp::of(difference));
    return difference;
  }
};

#ifdef DISTARRAY_VECTOR_MATH

// The last elements, which do not fill a vector, are computed as a part of one.
template <typename F, typename T>
void vectorUnaryLoop(const void* const* inputs, void* output, size_t count) {
  using V = typename VectorOf<T>::Type;
  constexpr size_t kWidth = sizeof(V) / sizeof(T);
  const auto* a = static_cast<const T*>(inputs[0]);
  auto* out = static_cast<T*>(output);
  for (size_t i = 0; i < count; i += kWidth) {
    const size_t bytes = (count - i < kWidth ? count - i : kWidth) * sizeof(T);
    T lanes[kWidth] = {};
    if (bytes == sizeof lanes) {
      __builtin_memcpy(lanes, a + i, sizeof lanes);
    } else {
      __builtin_memcpy(lanes, a + i, bytes);
    }
    V v;
    __builtin_memcpy(&v, lanes, sizeof v);
    V result = F::of(v);
    constexpr T limit = static_cast<T>(F::limit(T{}));
    if constexpr (limit > T(0)) {
      int64_t outside = 0;
      for (size_t k = 0; k < kWidth; k++) outside += absolute(lanes[k]) < limit ? 0 : 1;
      if (outside != 0) {
        T results[kWidth];
        __builtin_memcpy(results, &result, sizeof results);
        for (size_t k = 0; k < kWidth; k++) {
          if (!(absolute(lanes[k]) < limit)) results[k] = F::of(lanes[k]);
        }
        __builtin_memcpy(&result, results, sizeof result);
      }
    }
    if (bytes == sizeof result) {
      __builtin_memcpy(out + i, &result, sizeof result);
    } else {
      __builtin_memcpy(out + i, &result, bytes);
    }
  }
}

template <typename F, typename T>
void vectorBinaryLoop(const void* const* inputs, void* output, size_t count) {
  using V = typename VectorOf<T>::Type;
  constexpr size_t kWidth = sizeof(V) / sizeof(T);
  const auto* a = static_cast<const T*>(inputs[0]);
  const auto* b = static_cast<const T*>(inputs[1]);
  auto* out = static_cast<T*>(output);
  size_t i = 0;
  V x, y;
  for (; i + kWidth <= count; i += kWidth) {
    __builtin_memcpy(&x, a + i, sizeof x);
    __builtin_memcpy(&y, b + i, sizeof y);
    const V result = F::of(x, y);
    __builtin_memcpy(out + i, &result, sizeof result);
  }
  if (i == count) return;
  const size_t bytes = (count - i) * sizeof(T);
  T first[kWidth] = {}, second[kWidth] = {};
  __builtin_memcpy(first, a + i, bytes);
  __builtin_memcpy(second, b + i, bytes);
  __builtin_memcpy(&x, first, sizeof x);
  __builtin_memcpy(&y, second, sizeof y);
  const V result = F::of(x, y);
  __builtin_memcpy(out + i, &result, bytes);
}

#endif

// Without fused multiply-adds in hardware libm is faster.
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
#define DISTARRAY_OWN_SINE

// sin for 0 quarters, cos for 1; `F` for numbers that are too large for our own.
template <typename F, uint64_t Quarter>
void sineLoop(const void* const* inputs, void* output, size_t count) {
  constexpr size_t kSaved = 512;
  // What the caches still hold if it must be looked at again.
  constexpr size_t kChunk = 2048;
  const auto* a = static_cast<const double*>(inputs[0]);
  auto* out = static_cast<double*>(output);
  const bool isInPlace = a == out;
  const size_t chunk = isInPlace ? kSaved : kChunk;
  double saved[kSaved];
  for (; count > 0; a += chunk, out += chunk) {
    const size_t size = count < chunk ? count : chunk;
    count -= size;
    const double* from = a;
    if (isInPlace) {
      __builtin_memcpy(saved, a, size * sizeof(double));
      from = saved;
    }
    // As wide as the doubles, so that they are compared as vectors.
    int64_t outside = 0;
    DISTARRAY_INDEPENDENT
    for (size_t k = 0; k < size; k++) {
      outside += absolute(from[k]) < kSineLimit ? 0 : 1;
      out[k] = sineOf(from[k], Quarter);
    }
    for (size_t k = 0; outside != 0 && k < size; k++) {
      if (!(absolute(from[k]) < kSineLimit)) out[k] = F::of(from[k]);
    }
  }
}
#endif

template <typename F, typename T>
constexpr Loop unaryMathLoop() {
#ifdef DISTARRAY_VECTOR_MATH
  return vectorUnaryLoop<F, T>;
#else
  return unaryLoop<F, T>;
#endif
}

template <typename F, typename T>
constexpr Loop binaryMathLoop() {
#ifdef DISTARRAY_VECTOR_MATH
  return vectorBinaryLoop<F, T>;
#else
  return binaryLoop<F, T>;
#endif
}

template <typename F, typename... Ts>
void addUnaryMath(LoopTable& table, const char* name, Types<Ts...>) {
  (table.add(name, kDtypeOf<Ts>,
             LoopEntry{unaryMathLoop<F, Ts>(), 1, {kDtypeOf<Ts>}, kDtypeOf<Ts>, true}),
   ...);
}

template <typename F, typename... Ts>
void addBinaryMath(LoopTable& table, const char* name, Types<Ts...>) {
  (table.add(name, kDtypeOf<Ts>,
             LoopEntry{binaryMathLoop<F, Ts>(), 2, {kDtypeOf<Ts>, kDtypeOf<Ts>}, kDtypeOf<Ts>, true}),
   ...);
}

}  // namespace

void addRealMath(LoopTable& table) {
  addUnaryMath<Sin>(table, "sin", kFloats);
  addUnaryMath<Cos>(table, "cos", kFloats);
#ifdef DISTARRAY_OWN_SINE
  constexpr Dtype kDouble = Dtype::kFloat64;
  table.add("sin", kDouble, LoopEntry{sineLoop<Sin, 0>, 1, {kDouble}, kDouble, true});
  table.add("cos", kDouble, LoopEntry{sineLoop<Cos, 1>, 1, {kDouble}, kDouble, true});
#endif
  addUnaryMath<Tan>(table, "tan", kFloats);
  addUnaryMath<Asin>(table, "arcsin", kFloats);
  addUnaryMath<Acos>(table, "arccos", kFloats);
  addUnaryMath<Atan>(table, "arctan", kFloats);
  addUnaryMath<Sinh>(table, "sinh", kFloats);
  addUnaryMath<Cosh>(table, "cosh", kFloats);
  addUnaryMath<Tanh>(table, "tanh", kFloats);
  addUnaryMath<Asinh>(table, "arcsinh", kFloats);
  addUnaryMath<Acosh>(table, "arccosh", kFloats);
  addUnaryMath<Atanh>(table, "arctanh", kFloats);
  addUnaryMath<Exp>(table, "exp", kFloats);
  addUnaryMath<Exp2>(table, "exp2", kFloats);
  addUnaryMath<Expm1>(table, "expm1", kFloats);
  addUnaryMath<Log>(table, "log", kFloats);
  addUnaryMath<Log1p>(table, "log1p", kFloats);
  addUnaryMath<Log2>(table, "log2", kFloats);
  addUnaryMath<Log10>(table, "log10", kFloats);
  addUnaryMath<Cbrt>(table, "cbrt", kFloats);
  addBinaryMath<Atan2>(table, "arctan2", kFloats);
  addBinaryMath<Hypot>(table, "hypot", kFloats);
  addBinaryMath<Power>(table, "power", kFloats);
  addBinary<NextAfter>(table, "nextafter", kFloats);
  addBinary<LogAddExp>(table, "logaddexp", kFloats);
}

}  // namespace distarray::kernels::DISTARRAY_ISA
