// Two of + - * at a time, the second on what the first makes: each rounded as if it were alone, with one store and one
// load less. Programs have them in place of the two (src/expr/pairs.ts).
#include "kernels/loops/define.h"

namespace distarray::kernels::DISTARRAY_ISA {
namespace {

struct Add {
  template <typename T>
  static T of(T a, T b) {
    return a + b;
  }
};

struct Subtract {
  template <typename T>
  static T of(T a, T b) {
    return a - b;
  }
};

struct Multiply {
  template <typename T>
  static T of(T a, T b) {
    return rounded(a * b);
  }
};

template <typename First, typename Second>
struct Then {
  template <typename T>
  static T of(T a, T b, T c) {
    return Second::of(First::of(a, b), c);
  }
};

template <typename First>
struct ThenFrom {
  template <typename T>
  static T of(T a, T b, T c) {
    return c - First::of(a, b);
  }
};

}  // namespace

void addPairs(LoopTable& table) {
  addTernary<Then<Add, Add>>(table, "addThenAdd", kFloats);
  addTernary<Then<Add, Subtract>>(table, "addThenSubtract", kFloats);
  addTernary<Then<Add, Multiply>>(table, "addThenMultiply", kFloats);
  addTernary<ThenFrom<Add>>(table, "addThenSubtractFrom", kFloats);
  addTernary<Then<Subtract, Add>>(table, "subtractThenAdd", kFloats);
  addTernary<Then<Subtract, Subtract>>(table, "subtractThenSubtract", kFloats);
  addTernary<Then<Subtract, Multiply>>(table, "subtractThenMultiply", kFloats);
  addTernary<ThenFrom<Subtract>>(table, "subtractThenSubtractFrom", kFloats);
  addTernary<Then<Multiply, Add>>(table, "multiplyThenAdd", kFloats);
  addTernary<Then<Multiply, Subtract>>(table, "multiplyThenSubtract", kFloats);
  addTernary<Then<Multiply, Multiply>>(table, "multiplyThenMultiply", kFloats);
  addTernary<ThenFrom<Multiply>>(table, "multiplyThenSubtractFrom", kFloats);
}

}  // namespace distarray::kernels::DISTARRAY_ISA
