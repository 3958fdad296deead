// Comparisons, logic, predicates, maximum and minimum. Complex numbers are ordered as in NumPy: by
// the real part, then by the imaginary one.
#include "kernels/loops/define.h"

namespace distarray::kernels::DISTARRAY_ISA {
namespace {

struct Less {
  static bool test(Bool a, Bool b) { return !isTrue(a) & isTrue(b); }
  template <typename T>
  static bool test(T a, T b) {
    return a < b;
  }
  template <typename T>
  static bool test(Complex<T> a, Complex<T> b) {
    return ((a.re < b.re) & (a.im == a.im) & (b.im == b.im)) | ((a.re == b.re) & (a.im < b.im));
  }
};

struct LessEqual {
  static bool test(Bool a, Bool b) { return !isTrue(a) | isTrue(b); }
  template <typename T>
  static bool test(T a, T b) {
    return a <= b;
  }
  template <typename T>
  static bool test(Complex<T> a, Complex<T> b) {
    return ((a.re < b.re) & (a.im == a.im) & (b.im == b.im)) | ((a.re == b.re) & (a.im <= b.im));
  }
};

struct Equal {
  static bool test(Bool a, Bool b) { return isTrue(a) == isTrue(b); }
  template <typename T>
  static bool test(T a, T b) {
    return a == b;
  }
  template <typename T>
  static bool test(Complex<T> a, Complex<T> b) {
    return (a.re == b.re) & (a.im == b.im);
  }
};

struct LogicalAnd {
  template <typename T>
  static bool test(T a, T b) {
    return isTrue(a) & isTrue(b);
  }
};

struct LogicalOr {
  template <typename T>
  static bool test(T a, T b) {
    return isTrue(a) | isTrue(b);
  }
};

struct LogicalXor {
  template <typename T>
  static bool test(T a, T b) {
    return isTrue(a) != isTrue(b);
  }
};

template <typename Test>
struct Holds {
  template <typename T>
  static Bool of(T a, T b) {
    return truth(Test::test(a, b));
  }
};

template <typename Test>
struct Swapped {
  template <typename T>
  static Bool of(T a, T b) {
    return truth(Test::test(b, a));
  }
};

template <typename Test>
struct Fails {
  template <typename T>
  static Bool of(T a, T b) {
    return truth(!Test::test(a, b));
  }
};

struct LogicalNot {
  template <typename T>
  static Bool of(T a) {
    return truth(!isTrue(a));
  }
};

struct IsNan {
  template <typename T>
  static Bool of(T a) {
    return truth(isNan(a));
  }
  static Bool of(Bool) { return truth(false); }
};

template <typename T>
bool isInfinite(T a) {
  if constexpr (kIsFloat<T>) return absolute(a) == static_cast<T>(__builtin_inf());
  return false;
}

template <typename T>
bool isFinite(T a) {
  if constexpr (kIsFloat<T>) return absolute(a) < static_cast<T>(__builtin_inf());
  return true;
}

struct IsInf {
  template <typename T>
  static Bool of(T a) {
    return truth(isInfinite(a));
  }
  static Bool of(Bool) { return truth(false); }
  template <typename T>
  static Bool of(Complex<T> a) {
    return truth(isInfinite(a.re) | isInfinite(a.im));
  }
};

struct IsFinite {
  template <typename T>
  static Bool of(T a) {
    return truth(isFinite(a));
  }
  static Bool of(Bool) { return truth(true); }
  template <typename T>
  static Bool of(Complex<T> a) {
    return truth(isFinite(a.re) & isFinite(a.im));
  }
};

// A NaN in one of them is the result, the first one's before the second's.
struct Maximum {
  static Bool of(Bool a, Bool b) { return truth(isTrue(a) | isTrue(b)); }
  template <typename T>
  static T of(T a, T b) {
    return LessEqual::test(b, a) | isNan(a) ? a : b;
  }
};

struct Minimum {
  static Bool of(Bool a, Bool b) { return truth(isTrue(a) & isTrue(b)); }
  template <typename T>
  static T of(T a, T b) {
    return LessEqual::test(a, b) | isNan(a) ? a : b;
  }
};

// Of an element and a limit that are equal the limit is the result, as in NumPy: 0 within [0, 0] for -0.
struct Clip {
  template <typename T>
  static T of(T a, T low, T high) {
    const T raised = Less::test(low, a) | isNan(a) ? a : low;
    return Less::test(raised, high) | isNan(raised) ? raised : high;
  }
};

template <typename T>
void selectLoop(const void* const* inputs, void* output, size_t count) {
  const auto* condition = static_cast<const Bool*>(inputs[0]);
  const auto* a = static_cast<const T*>(inputs[1]);
  const auto* b = static_cast<const T*>(inputs[2]);
  auto* out = static_cast<T*>(output);
  DISTARRAY_INDEPENDENT
  for (size_t i = 0; i < count; i++) {
    const T x = a[i], y = b[i];
    out[i] = isTrue(condition[i]) ? x : y;
  }
}

template <typename... Ts>
void addSelect(LoopTable& table, Types<Ts...>) {
  (table.add(
       "where", kDtypeOf<Ts>,
       LoopEntry{
           selectLoop<Ts>, 3, {Dtype::kBool, kDtypeOf<Ts>, kDtypeOf<Ts>}, kDtypeOf<Ts>}),
   ...);
}

}  // namespace

void addComparison(LoopTable& table) {
  addBinary<Holds<Less>>(table, "less", kAll);
  addBinary<Holds<LessEqual>>(table, "lessEqual", kAll);
  addBinary<Swapped<Less>>(table, "greater", kAll);
  addBinary<Swapped<LessEqual>>(table, "greaterEqual", kAll);
  addBinary<Holds<Equal>>(table, "equal", kAll);
  addBinary<Fails<Equal>>(table, "notEqual", kAll);
  addBinary<Holds<LogicalAnd>>(table, "logicalAnd", kAll);
  addBinary<Holds<LogicalOr>>(table, "logicalOr", kAll);
  addBinary<Holds<LogicalXor>>(table, "logicalXor", kAll);
  addUnary<LogicalNot>(table, "logicalNot", kAll);
  addUnary<IsNan>(table, "isnan", kAll);
  addUnary<IsInf>(table, "isinf", kAll);
  addUnary<IsFinite>(table, "isfinite", kAll);
  addBinary<Maximum>(table, "maximum", kAll);
  addBinary<Minimum>(table, "minimum", kAll);
  addTernary<Clip>(table, "clip", kAll);
  addSelect(table, kAll);
}

}  // namespace distarray::kernels::DISTARRAY_ISA
