// How an operation becomes loops: a struct with a static function `of`, once for all dtypes.
#pragma once

#include "kernels/loops/loops.h"
#include "kernels/loops/stream_line.h"

namespace distarray::kernels {
namespace {

// No iteration depends on another one: the output is an input itself, or apart from it.
#if defined(__clang__)
#define DISTARRAY_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define DISTARRAY_INDEPENDENT _Pragma("GCC ivdep")
#endif

template <typename T>
T make();  // for decltype only

template <typename F, typename T>
void unaryLoop(const void* const* inputs, void* output, size_t count) {
  using R = decltype(F::of(make<T>()));
  const auto* a = static_cast<const T*>(inputs[0]);
  auto* out = static_cast<R*>(output);
  DISTARRAY_INDEPENDENT
  for (size_t i = 0; i < count; i++) out[i] = F::of(a[i]);
}

template <typename F, typename T>
void binaryLoop(const void* const* inputs, void* output, size_t count) {
  using R = decltype(F::of(make<T>(), make<T>()));
  const auto* a = static_cast<const T*>(inputs[0]);
  const auto* b = static_cast<const T*>(inputs[1]);
  auto* out = static_cast<R*>(output);
  DISTARRAY_INDEPENDENT
  for (size_t i = 0; i < count; i++) out[i] = F::of(a[i], b[i]);
}

template <typename F, typename T>
void ternaryLoop(const void* const* inputs, void* output, size_t count) {
  const auto* a = static_cast<const T*>(inputs[0]);
  const auto* b = static_cast<const T*>(inputs[1]);
  const auto* c = static_cast<const T*>(inputs[2]);
  auto* out = static_cast<T*>(output);
  DISTARRAY_INDEPENDENT
  for (size_t i = 0; i < count; i++) out[i] = F::of(a[i], b[i], c[i]);
}

template <typename T>
constexpr bool kIsFloat = false;
template <>
inline constexpr bool kIsFloat<float> = true;
template <>
inline constexpr bool kIsFloat<double> = true;

#ifdef DISTARRAY_STREAMS
// Of the inputs K, a line at a time, which the compiler keeps in registers.
template <typename F, typename T, size_t... K>
void streamedLoop(const void* const* inputs, void* output, size_t count) {
  constexpr size_t kLine = kCacheLine / sizeof(T);
  const T* const from[] = {static_cast<const T*>(inputs[K])...};
  auto* out = static_cast<T*>(output);
  size_t i = 0;
  for (; i + kLine <= count; i += kLine) {
    alignas(kCacheLine) T line[kLine];
    for (size_t k = 0; k < kLine; k++) line[k] = F::of(from[K][i + k]...);
    streamLine(out + i, line);
  }
  for (; i < count; i++) out[i] = F::of(from[K][i]...);
}
#endif

// The loop that writes past the caches. Only floats are worth one of their own, where results are
// as large as operands.
template <typename F, typename T, typename R, size_t... K>
constexpr Loop streamedOf() {
#ifdef DISTARRAY_STREAMS
  if constexpr (kIsFloat<T> && kDtypeOf<T> == kDtypeOf<R>) return streamedLoop<F, T, K...>;
#endif
  return nullptr;
}

template <typename F, typename T>
LoopEntry unaryEntry() {
  using R = decltype(F::of(make<T>()));
  return {unaryLoop<F, T>, 1, {kDtypeOf<T>}, kDtypeOf<R>, false, streamedOf<F, T, R, 0>()};
}

template <typename F, typename T>
LoopEntry binaryEntry() {
  using R = decltype(F::of(make<T>(), make<T>()));
  constexpr Dtype kOperand = kDtypeOf<T>;
  constexpr Loop kStreamed = streamedOf<F, T, R, 0, 1>();
  return {binaryLoop<F, T>, 2, {kOperand, kOperand}, kDtypeOf<R>, false, kStreamed};
}

template <typename F, typename T>
LoopEntry ternaryEntry() {
  constexpr Dtype kOperand = kDtypeOf<T>;
  constexpr Loop kStreamed = streamedOf<F, T, T, 0, 1, 2>();
  return {ternaryLoop<F, T>, 3, {kOperand, kOperand, kOperand}, kOperand, false, kStreamed};
}

template <typename F, typename... Ts>
void addUnary(LoopTable& table, const char* name, Types<Ts...>) {
  (table.add(name, kDtypeOf<Ts>, unaryEntry<F, Ts>()), ...);
}

template <typename F, typename... Ts>
void addBinary(LoopTable& table, const char* name, Types<Ts...>) {
  (table.add(name, kDtypeOf<Ts>, binaryEntry<F, Ts>()), ...);
}

template <typename F, typename... Ts>
void addTernary(LoopTable& table, const char* name, Types<Ts...>) {
  (table.add(name, kDtypeOf<Ts>, ternaryEntry<F, Ts>()), ...);
}

template <typename T>
constexpr bool kIsSigned = static_cast<T>(-1) < static_cast<T>(1);

inline Bool truth(bool value) { return Bool{static_cast<uint8_t>(value)}; }
inline bool isTrue(Bool a) { return a.value != 0; }
template <typename T>
bool isTrue(T a) {
  return a != T(0);
}
template <typename T>
bool isTrue(Complex<T> a) {
  return (a.re != T(0)) | (a.im != T(0));
}

template <typename T>
bool isNan(T a) {
  if constexpr (kIsFloat<T>) return a != a;
  return false;
}
template <typename T>
bool isNan(Complex<T> a) {
  return (a.re != a.re) | (a.im != a.im);
}

inline float absolute(float a) { return __builtin_fabsf(a); }
inline double absolute(double a) { return __builtin_fabs(a); }
// A product that is rounded before it is added to: GCC's vectoriser (12 and later) fuses the two into
// one instruction where signs alternate, in spite of -ffp-contract=off.
template <typename T>
T rounded(T product) {
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
  return __builtin_assoc_barrier(product);
#else
  return product;
#endif
}

// Smith's algorithm, as NumPy has it: no overflow on the way.
template <typename T>
Complex<T> quotientOf(Complex<T> a, Complex<T> b) {
  const T re = absolute(b.re), im = absolute(b.im);
  if (re >= im) {
    if (re == 0 && im == 0) return {a.re / re, a.im / re};
    const T ratio = b.im / b.re;
    const T scale = T(1) / (b.re + rounded(b.im * ratio));
    return {(a.re + rounded(a.im * ratio)) * scale, (a.im - rounded(a.re * ratio)) * scale};
  }
  const T ratio = b.re / b.im;
  const T scale = T(1) / (b.im + rounded(b.re * ratio));
  return {(rounded(a.re * ratio) + a.im) * scale, (rounded(a.im * ratio) - a.re) * scale};
}

template <typename T>
Complex<T> productOf(Complex<T> a, Complex<T> b) {
  return {rounded(a.re * b.re) - rounded(a.im * b.im), rounded(a.re * b.im) + rounded(a.im * b.re)};
}

inline float floorOf(float a) { return __builtin_floorf(a); }
inline double floorOf(double a) { return __builtin_floor(a); }
inline float copySign(float a, float b) { return __builtin_copysignf(a, b); }
inline double copySign(double a, double b) { return __builtin_copysign(a, b); }

}  // namespace
}  // namespace distarray::kernels
