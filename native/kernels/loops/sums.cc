// Sums, means, products, counts. Sums of float64 keep the rounding error of every addition (Knuth's
// TwoSum, summed up as in Neumaier, ZAMM 54 (1974)) and those of float32 are float64, so that they
// hardly depend on the order, nor on the number of ranks. Integers wrap around.
#include "kernels/loops/reduce.h"

namespace distarray::kernels::DISTARRAY_ISA {
namespace {

inline void addExactly(double& sum, double& rest, double x) {
  const double total = sum + x;
  const double part = total - sum;
  rest += (sum - (total - part)) + (x - part);
  sum = total;
}

// After an overflow, or a NaN, the errors mean nothing.
inline double total(double sum, double rest) {
  return sum - sum == 0.0 ? sum + rest : sum;
}

template <typename T>
struct Sum {
  using Element = T;
  using Part = T;
  static constexpr size_t kParts = 1;
  static constexpr Part kEmpty[] = {0};
  static void add(T& sum, T x) { sum += x; }
  static void merge(T& sum, T other) { sum += other; }
  static T tell(T sum, double) { return sum; }
};

template <>
struct Sum<float> {
  using Element = float;
  using Part = double;
  static constexpr size_t kParts = 1;
  static constexpr Part kEmpty[] = {0};
  static void add(double& sum, float x) { sum += static_cast<double>(x); }
  static void merge(double& sum, double other) { sum += other; }
  static float tell(double sum, double) { return static_cast<float>(sum); }
};

template <>
struct Sum<double> {
  using Element = double;
  using Part = double;
  static constexpr size_t kParts = 2;
  static constexpr Part kEmpty[] = {0, 0};
  static void add(double& sum, double& rest, double x) { addExactly(sum, rest, x); }
  static void merge(double& sum, double& rest, double otherSum, double otherRest) {
    addExactly(sum, rest, otherSum);
    rest += otherRest;
  }
  static double tell(double sum, double rest, double) { return total(sum, rest); }
};

template <>
struct Sum<Complex<float>> {
  using Element = Complex<float>;
  using Part = double;
  static constexpr size_t kParts = 2;
  static constexpr Part kEmpty[] = {0, 0};
  static void add(double& re, double& im, Element x) {
    re += static_cast<double>(x.re);
    im += static_cast<double>(x.im);
  }
  static void merge(double& re, double& im, double otherRe, double otherIm) {
    re += otherRe;
    im += otherIm;
  }
  static Element tell(double re, double im, double) {
    return {static_cast<float>(re), static_cast<float>(im)};
  }
};

template <>
struct Sum<Complex<double>> {
  using Element = Complex<double>;
  using Part = double;
  static constexpr size_t kParts = 4;
  static constexpr Part kEmpty[] = {0, 0, 0, 0};
  static void add(double& re, double& reRest, double& im, double& imRest, Element x) {
    addExactly(re, reRest, x.re);
    addExactly(im, imRest, x.im);
  }
  static void merge(double& re, double& reRest, double& im, double& imRest, double otherRe,
                    double otherReRest, double otherIm, double otherImRest) {
    addExactly(re, reRest, otherRe);
    addExactly(im, imRest, otherIm);
    reRest += otherReRest;
    imRest += otherImRest;
  }
  static Element tell(double re, double reRest, double im, double imRest, double) {
    return {total(re, reRest), total(im, imRest)};
  }
};

// The parameter is the number of elements.
template <typename T>
struct Mean : Sum<T> {};

template <>
struct Mean<float> : Sum<float> {
  static float tell(double sum, double count) { return static_cast<float>(sum / count); }
};

template <>
struct Mean<double> : Sum<double> {
  static double tell(double sum, double rest, double count) { return total(sum, rest) / count; }
};

template <>
struct Mean<Complex<float>> : Sum<Complex<float>> {
  static Element tell(double re, double im, double count) {
    return {static_cast<float>(re / count), static_cast<float>(im / count)};
  }
};

template <>
struct Mean<Complex<double>> : Sum<Complex<double>> {
  static Element tell(double re, double reRest, double im, double imRest, double count) {
    return {total(re, reRest) / count, total(im, imRest) / count};
  }
};

template <typename T>
struct Product {
  using Element = T;
  using Part = T;
  static constexpr size_t kParts = 1;
  static constexpr Part kEmpty[] = {1};
  static void add(T& product, T x) { product *= x; }
  static void merge(T& product, T other) { product *= other; }
  static T tell(T product, double) { return product; }
};

template <>
struct Product<float> {
  using Element = float;
  using Part = double;
  static constexpr size_t kParts = 1;
  static constexpr Part kEmpty[] = {1};
  static void add(double& product, float x) { product *= static_cast<double>(x); }
  static void merge(double& product, double other) { product *= other; }
  static float tell(double product, double) { return static_cast<float>(product); }
};

template <typename T>
struct Product<Complex<T>> {
  using Element = Complex<T>;
  using Part = double;
  static constexpr size_t kParts = 2;
  static constexpr Part kEmpty[] = {1, 0};
  static void merge(double& re, double& im, double otherRe, double otherIm) {
    const double product = re * otherRe - im * otherIm;
    im = re * otherIm + im * otherRe;
    re = product;
  }
  static void add(double& re, double& im, Element x) {
    merge(re, im, static_cast<double>(x.re), static_cast<double>(x.im));
  }
  static Element tell(double re, double im, double) {
    return {static_cast<T>(re), static_cast<T>(im)};
  }
};

// Number of elements that are not 0.
template <typename T>
struct CountNonzero {
  using Element = T;
  using Part = int64_t;
  static constexpr size_t kParts = 1;
  static constexpr Part kEmpty[] = {0};
  static void add(int64_t& count, T x) { count += isTrue(x) ? 1 : 0; }
  static void merge(int64_t& count, int64_t other) { count += other; }
  static int64_t tell(int64_t count, double) { return count; }
};

template <typename T>
struct Any : CountNonzero<T> {
  static Bool tell(int64_t count, double) { return truth(count != 0); }
};

template <typename T>
struct All : CountNonzero<T> {
  static void add(int64_t& zeros, T x) { zeros += isTrue(x) ? 0 : 1; }
  static Bool tell(int64_t zeros, double) { return truth(zeros == 0); }
};

// Of any and all: what is decided stays, however many elements follow.
template <typename F>
void addUntilDecided(const void* row, size_t count, int64_t, int64_t, void* state) {
  constexpr size_t kChunk = 4096;
  const auto* elements = static_cast<const typename F::Element*>(row);
  for (size_t done = 0; done < count && *static_cast<int64_t*>(state) == 0; done += kChunk) {
    addRowLoop<F>(elements + done, count - done < kChunk ? count - done : kChunk, 0, 0, state);
  }
}

template <template <typename> typename F, typename... Ts>
void addDecision(ReductionTable& table, const char* name, Types<Ts...>) {
  auto decided = [](ReductionEntry entry, auto addRow) {
    entry.addRow = addRow;
    return entry;
  };
  (table.add(name, kDtypeOf<Ts>, decided(entryOf<F<Ts>>(), addUntilDecided<F<Ts>>)), ...);
}

}  // namespace

void addSums(ReductionTable& table) {
  // Smaller integers are summed as these; what is kept of a float32 is a float64.
  constexpr Types<int64_t, uint64_t> kLong{};
  addScan<Sum>(table, "sum", kLong + kFloats + kComplexes);
  addScan<Product>(table, "prod", kLong + kFloats + kComplexes);
  addReduction<Mean>(table, "mean", kFloats + kComplexes);
  addReduction<CountNonzero>(table, "countNonzero", kAll);
  addDecision<Any>(table, "any", kAll);
  addDecision<All>(table, "all", kAll);
}

}  // namespace distarray::kernels::DISTARRAY_ISA
