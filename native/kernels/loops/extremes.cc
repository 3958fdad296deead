// The lowest and the highest element. A NaN is the result where there is one.
#include "kernels/loops/order.h"
#include "kernels/loops/reduce.h"

namespace distarray::kernels::DISTARRAY_ISA {
namespace {

template <typename Side, typename T>
struct Extreme {
  using Element = T;
  using Part = T;
  static constexpr size_t kParts = 1;
  static constexpr Part kEmpty[] = {Side::template kEmpty<T>};
  // Comparisons with a NaN are false, so a NaN that is there stays.
  static void add(T& best, T x) { best = Side::isBetter(x, best) | isNan(x) ? x : best; }
  static void merge(T& best, T other) { add(best, other); }
  static T tell(T best, double) { return best; }
};

template <typename Side, typename T>
struct Extreme<Side, Complex<T>> {
  using Element = Complex<T>;
  using Part = T;
  static constexpr size_t kParts = 2;
  static constexpr Part kEmpty[] = {Side::template kEmpty<T>, Side::template kEmpty<T>};
  static void add(T& re, T& im, Element x) { merge(re, im, x.re, x.im); }
  static void merge(T& re, T& im, T otherRe, T otherIm) {
    const bool taken = replaces<Side>(Element{otherRe, otherIm}, Element{re, im});
    re = taken ? otherRe : re;
    im = taken ? otherIm : im;
  }
  static Element tell(T re, T im, double) { return {re, im}; }
};

template <typename T>
using Minimum = Extreme<Lowest, T>;
template <typename T>
using Maximum = Extreme<Highest, T>;

}  // namespace

void addExtremes(ReductionTable& table) {
  addReduction<Minimum>(table, "min", kAll);
  addReduction<Maximum>(table, "max", kAll);
}

}  // namespace distarray::kernels::DISTARRAY_ISA
