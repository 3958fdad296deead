// + - * /, squares, signs, rounding: exact operations, the same as NumPy's to the last bit. Integers
// wrap around (-fwrapv); bool + is "or", bool * is "and".
#include "kernels/loops/define.h"

namespace distarray::kernels::DISTARRAY_ISA {
namespace {

struct Add {
  static Bool of(Bool a, Bool b) { return truth(isTrue(a) | isTrue(b)); }
  template <typename T>
  static T of(T a, T b) {
    return static_cast<T>(a + b);
  }
  template <typename T>
  static Complex<T> of(Complex<T> a, Complex<T> b) {
    return {a.re + b.re, a.im + b.im};
  }
};

struct Subtract {
  template <typename T>
  static T of(T a, T b) {
    return static_cast<T>(a - b);
  }
  template <typename T>
  static Complex<T> of(Complex<T> a, Complex<T> b) {
    return {a.re - b.re, a.im - b.im};
  }
};

struct Multiply {
  static Bool of(Bool a, Bool b) { return truth(isTrue(a) & isTrue(b)); }
  template <typename T>
  static T of(T a, T b) {
    return static_cast<T>(a * b);
  }
  template <typename T>
  static Complex<T> of(Complex<T> a, Complex<T> b) {
    return productOf(a, b);
  }
};

struct Divide {
  template <typename T>
  static T of(T a, T b) {
    return a / b;
  }
  template <typename T>
  static Complex<T> of(Complex<T> a, Complex<T> b) {
    return quotientOf(a, b);
  }
};

struct Reciprocal {
  template <typename T>
  static T of(T a) {
    if constexpr (kIsFloat<T>) return T(1) / a;
    // 1/a of an integer is 0 but for ±1; 1/0 is 0 as every division by zero.
    if (a == T(1)) return 1;
    return kIsSigned<T> && a == static_cast<T>(-1) ? a : T(0);
  }
  template <typename T>
  static Complex<T> of(Complex<T> a) {
    if (absolute(a.im) <= absolute(a.re)) {
      const T ratio = a.im / a.re;
      const T scale = a.re + rounded(a.im * ratio);
      return {T(1) / scale, -ratio / scale};
    }
    const T ratio = a.re / a.im;
    const T scale = rounded(a.re * ratio) + a.im;
    return {ratio / scale, T(-1) / scale};
  }
};

struct Square {
  template <typename T>
  static T of(T a) {
    return Multiply::of(a, a);
  }
};

struct Negative {
  template <typename T>
  static T of(T a) {
    return static_cast<T>(-a);
  }
  template <typename T>
  static Complex<T> of(Complex<T> a) {
    return {-a.re, -a.im};
  }
};

struct Identity {
  template <typename T>
  static T of(T a) {
    return a;
  }
};

struct Conjugate : Identity {
  using Identity::of;
  template <typename T>
  static Complex<T> of(Complex<T> a) {
    return {a.re, -a.im};
  }
};

struct Real : Identity {
  using Identity::of;
  template <typename T>
  static T of(Complex<T> a) {
    return a.re;
  }
};

struct Imag {
  template <typename T>
  static T of(T) {
    return T{};
  }
  template <typename T>
  static T of(Complex<T> a) {
    return a.im;
  }
};

struct Absolute {
  static Bool of(Bool a) { return truth(isTrue(a)); }
  template <typename T>
  static T of(T a) {
    if constexpr (kIsFloat<T>) {
      return absolute(a);
    } else {
      return a < T(0) ? static_cast<T>(-a) : a;
    }
  }
};

struct Sign {
  template <typename T>
  static T of(T a) {
    const T sign = static_cast<T>((a > T(0)) - (a < T(0)));
    return isNan(a) ? a : sign;
  }
};

struct SignBit {
  static Bool of(float a) { return truth(__builtin_signbit(a) != 0); }
  static Bool of(double a) { return truth(__builtin_signbit(a) != 0); }
};

struct CopySign {
  template <typename T>
  static T of(T a, T b) {
    return copySign(a, b);
  }
};

struct Floor {
  template <typename T>
  static T of(T a) {
    return floorOf(a);
  }
};

struct Ceil {
  static float of(float a) { return __builtin_ceilf(a); }
  static double of(double a) { return __builtin_ceil(a); }
};

struct Trunc {
  static float of(float a) { return __builtin_truncf(a); }
  static double of(double a) { return __builtin_trunc(a); }
};

// To the nearest whole number, halves to the even one.
struct Rint {
  static float of(float a) { return __builtin_rintf(a); }
  static double of(double a) { return __builtin_rint(a); }
  template <typename T>
  static Complex<T> of(Complex<T> a) {
    return {of(a.re), of(a.im)};
  }
};

struct SquareRoot {
  static float of(float a) { return __builtin_sqrtf(a); }
  static double of(double a) { return __builtin_sqrt(a); }
};

constexpr double kPi = 3.14159265358979323846;

struct DegreesToRadians {
  template <typename T>
  static T of(T a) {
    return a * static_cast<T>(kPi / 180.0);
  }
};

struct RadiansToDegrees {
  template <typename T>
  static T of(T a) {
    return a * static_cast<T>(180.0 / kPi);
  }
};

}  // namespace

void addArithmetic(LoopTable& table) {
  addBinary<Add>(table, "add", kAll);
  addBinary<Subtract>(table, "subtract", kNumbers);
  addBinary<Multiply>(table, "multiply", kAll);
  addBinary<Divide>(table, "divide", kFloats + kComplexes);
  addUnary<Reciprocal>(table, "reciprocal", kNumbers);
  addUnary<Square>(table, "square", kNumbers);
  addUnary<Negative>(table, "negative", kNumbers);
  addUnary<Identity>(table, "positive", kNumbers);
  addUnary<Conjugate>(table, "conj", kAll);
  addUnary<Real>(table, "real", kAll);
  addUnary<Imag>(table, "imag", kAll);
  addUnary<Absolute>(table, "abs", kBools + kReals);
  addUnary<Sign>(table, "sign", kReals);
  addUnary<SignBit>(table, "signbit", kFloats);
  addBinary<CopySign>(table, "copysign", kFloats);
  addUnary<Identity>(table, "floor", kBools + kIntegers);
  addUnary<Identity>(table, "ceil", kBools + kIntegers);
  addUnary<Identity>(table, "trunc", kBools + kIntegers);
  addUnary<Identity>(table, "round", kBools + kIntegers);
  addUnary<Floor>(table, "floor", kFloats);
  addUnary<Ceil>(table, "ceil", kFloats);
  addUnary<Trunc>(table, "trunc", kFloats);
  addUnary<Rint>(table, "round", kFloats + kComplexes);
  addUnary<Rint>(table, "rint", kFloats + kComplexes);
  addUnary<SquareRoot>(table, "sqrt", kFloats);
  addUnary<DegreesToRadians>(table, "deg2rad", kFloats);
  addUnary<RadiansToDegrees>(table, "rad2deg", kFloats);
}

}  // namespace distarray::kernels::DISTARRAY_ISA
