// Casts between all dtypes, as NumPy casts: to bool by truth, from complex by the real part, among
// integers modulo 2^bits. A float becomes an integer by truncation and then modulo 2^bits where the
// truncated number fits into 64 bits; NaN, infinities and what lies beyond become the smallest int64,
// whose low bits are 0: NumPy leaves that to the processor, here it is the same on all of them.
#include "kernels/loops/define.h"

namespace distarray::kernels::DISTARRAY_ISA {
namespace {

constexpr double kTwo63 = 9223372036854775808.0;
constexpr double kTwo64 = 2 * kTwo63;

inline int64_t toInt64(double a) {
  return a >= -kTwo63 && a < kTwo63 ? static_cast<int64_t>(a) : INT64_MIN;
}

inline uint64_t toUint64(double a) {
  const bool high = a >= kTwo63 && a < kTwo64;
  const auto low = static_cast<uint64_t>(toInt64(high ? a - kTwo63 : a));
  return high ? low ^ (uint64_t{1} << 63) : low;
}

template <typename To>
struct Cast {
  static To of(Bool a) { return of(static_cast<uint8_t>(isTrue(a))); }
  template <typename T>
  static To of(Complex<T> a) {
    return of(a.re);
  }
  template <typename T>
  static To of(T a) {
    if constexpr (kIsFloat<T> && !kIsFloat<To>) {
      if constexpr (sizeof(To) == 8 && !kIsSigned<To>) return toUint64(static_cast<double>(a));
      return static_cast<To>(toInt64(static_cast<double>(a)));
    } else {
      return static_cast<To>(a);
    }
  }
};

template <>
struct Cast<Bool> {
  template <typename T>
  static Bool of(T a) {
    return truth(isTrue(a));
  }
};

template <typename R>
struct Cast<Complex<R>> {
  template <typename T>
  static Complex<R> of(T a) {
    return {Cast<R>::of(a), R(0)};
  }
  template <typename T>
  static Complex<R> of(Complex<T> a) {
    return {static_cast<R>(a.re), static_cast<R>(a.im)};
  }
};

template <typename From, typename... Tos>
void addCastsFrom(LoopTable& table, Types<Tos...>) {
  (table.addCast(kDtypeOf<From>, kDtypeOf<Tos>, unaryLoop<Cast<Tos>, From>), ...);
}

template <typename... Froms>
void addAllCasts(LoopTable& table, Types<Froms...>) {
  (addCastsFrom<Froms>(table, kAll), ...);
}

}  // namespace

void addCasts(LoopTable& table) { addAllCasts(table, kAll); }

}  // namespace distarray::kernels::DISTARRAY_ISA
