// Bits, shifts, and divisions that have a remainder, of integers and of floats. Nothing here fails:
// x // 0 and x % 0 are 0 for integers, x << n and x >> n with n not below the width push out all
// bits, and a negative power of an integer is 0 or ±1.
#include "kernels/loops/define.h"

namespace distarray::kernels::DISTARRAY_ISA {
namespace {

struct BitwiseAnd {
  static Bool of(Bool a, Bool b) { return truth(isTrue(a) & isTrue(b)); }
  template <typename T>
  static T of(T a, T b) {
    return static_cast<T>(a & b);
  }
};

struct BitwiseOr {
  static Bool of(Bool a, Bool b) { return truth(isTrue(a) | isTrue(b)); }
  template <typename T>
  static T of(T a, T b) {
    return static_cast<T>(a | b);
  }
};

struct BitwiseXor {
  static Bool of(Bool a, Bool b) { return truth(isTrue(a) != isTrue(b)); }
  template <typename T>
  static T of(T a, T b) {
    return static_cast<T>(a ^ b);
  }
};

struct Invert {
  static Bool of(Bool a) { return truth(!isTrue(a)); }
  template <typename T>
  static T of(T a) {
    return static_cast<T>(~a);
  }
};

// Whether a shift keeps bits; a negative count is a huge one.
template <typename T>
bool isWithinWidth(T count) {
  return count >= T(0) && count < static_cast<T>(8 * sizeof(T));
}

struct LeftShift {
  template <typename T>
  static T of(T a, T count) {
    return isWithinWidth(count) ? static_cast<T>(a << count) : T(0);
  }
};

struct RightShift {
  template <typename T>
  static T of(T a, T count) {
    if (isWithinWidth(count)) return static_cast<T>(a >> count);
    return kIsSigned<T> && a < T(0) ? static_cast<T>(-1) : T(0);
  }
};

template <typename T>
bool isMinusOne(T a) {
  return kIsSigned<T> && a == static_cast<T>(-1);
}

inline float truncatedRemainder(float a, float b) { return __builtin_fmodf(a, b); }
inline double truncatedRemainder(double a, double b) { return __builtin_fmod(a, b); }

// The quotient rounded down, and what is left, which has the sign of the divisor.
template <typename T>
struct Quotient {
  T floor, remainder;
};

// npy_divmod
template <typename T>
Quotient<T> divideFloats(T a, T b) {
  T remainder = truncatedRemainder(a, b);
  if (b == T(0)) return {a / b, remainder};
  T quotient = (a - remainder) / b;
  if (remainder != T(0)) {
    if ((b < T(0)) != (remainder < T(0))) {
      remainder += b;
      quotient -= T(1);
    }
  } else {
    remainder = copySign(T(0), b);
  }
  if (quotient == T(0)) return {copySign(T(0), a / b), remainder};
  T floor = floorOf(quotient);
  if (quotient - floor > T(0.5)) floor += T(1);
  return {floor, remainder};
}

template <typename T>
Quotient<T> divideIntegers(T a, T b) {
  if (b == T(0)) return {T(0), T(0)};
  if (isMinusOne(b)) return {static_cast<T>(-a), T(0)};
  T quotient = static_cast<T>(a / b);
  T remainder = static_cast<T>(a - quotient * b);
  if (kIsSigned<T> && remainder != T(0) && (remainder < T(0)) != (b < T(0))) {
    quotient = static_cast<T>(quotient - 1);
    remainder = static_cast<T>(remainder + b);
  }
  return {quotient, remainder};
}

template <typename T>
Quotient<T> divided(T a, T b) {
  if constexpr (kIsFloat<T>) {
    return divideFloats(a, b);
  } else {
    return divideIntegers(a, b);
  }
}

struct FloorDivide {
  template <typename T>
  static T of(T a, T b) {
    return divided(a, b).floor;
  }
};

struct Remainder {
  template <typename T>
  static T of(T a, T b) {
    return divided(a, b).remainder;
  }
};

// The remainder of C, which has the sign of the dividend.
struct Fmod {
  template <typename T>
  static T of(T a, T b) {
    if constexpr (kIsFloat<T>) {
      return truncatedRemainder(a, b);
    } else {
      return b == T(0) || isMinusOne(b) ? T(0) : static_cast<T>(a % b);
    }
  }
};

struct IntegerPower {
  template <typename T>
  static T of(T base, T exponent) {
    if (kIsSigned<T> && exponent < T(0)) {
      if (base == T(1)) return 1;
      if (isMinusOne(base)) return (exponent & 1) != 0 ? base : T(1);
      return 0;
    }
    T power = 1;
    for (;;) {
      if ((exponent & 1) != 0) power = static_cast<T>(power * base);
      exponent = static_cast<T>(exponent >> 1);
      if (exponent == T(0)) return power;
      base = static_cast<T>(base * base);
    }
  }
};

}  // namespace

void addInteger(LoopTable& table) {
  addBinary<BitwiseAnd>(table, "bitwiseAnd", kBools + kIntegers);
  addBinary<BitwiseOr>(table, "bitwiseOr", kBools + kIntegers);
  addBinary<BitwiseXor>(table, "bitwiseXor", kBools + kIntegers);
  addUnary<Invert>(table, "invert", kBools + kIntegers);
  addBinary<LeftShift>(table, "leftShift", kIntegers);
  addBinary<RightShift>(table, "rightShift", kIntegers);
  addBinary<FloorDivide>(table, "floorDivide", kReals);
  addBinary<Remainder>(table, "remainder", kReals);
  addBinary<Fmod>(table, "fmod", kReals);
  addBinary<IntegerPower>(table, "power", kIntegers);
}

}  // namespace distarray::kernels::DISTARRAY_ISA
