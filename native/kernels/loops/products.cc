// Tiles of matrix products in registers. One template for all dtypes: a struct says what its
// elements are packed as (`Lane`, kParts of them), and how one product is added to a vector of
// sums.
//
// This file alone is compiled with fused multiply-adds, as BLAS has them. The order of additions is
// that of the inner dimension, for every tile and every width of vectors, so that a sum does not
// depend on where its element lies, and AVX2 and AVX-512 give the same bits.
#include <utility>

#include "kernels/loops/define.h"
#include "kernels/product_table.h"

#define DISTARRAY_INLINE [[gnu::always_inline]] inline

namespace distarray::kernels::DISTARRAY_ISA {
namespace {

#if defined(__AVX512F__)
constexpr size_t kVectorBytes = 64;
// Rows of a tile; more would not fit into the registers, fewer would wait for memory.
constexpr size_t kRealRows = 12;
constexpr size_t kComplexRows = 5;
#elif defined(__AVX2__)
constexpr size_t kVectorBytes = 32;
constexpr size_t kRealRows = 6;
constexpr size_t kComplexRows = 2;
#else
constexpr size_t kVectorBytes = 16;
constexpr size_t kRealRows = 4;
constexpr size_t kComplexRows = 2;
#endif
// Vectors across a tile.
constexpr size_t kAcross = 2;

template <typename Lane>
struct VectorOf {
  typedef Lane Type __attribute__((vector_size(kVectorBytes)));
};

// Signed and unsigned integers wrap around alike.
template <typename T>
struct Number {
  using Element = T;
  using Lane = T;
  static constexpr size_t kParts = 1;
  static constexpr size_t kRows = kRealRows;
  static void pack(const T& from, T* to, size_t) { *to = from; }
  static T unpack(const T* from, size_t) { return *from; }
  static T sum(T a, T b) { return static_cast<T>(a + b); }
  static T product(T a, T b) { return static_cast<T>(a * b); }
  template <size_t... C, typename Vector>
  DISTARRAY_INLINE static void add(Vector* sums, const T* left, const Vector* right,
                                   std::index_sequence<C...>) {
    ((sums[C] += *left * right[C]), ...);
  }
};

struct Truth {
  using Element = Bool;
  using Lane = uint8_t;
  static constexpr size_t kParts = 1;
  static constexpr size_t kRows = kRealRows;
  static void pack(const Bool& from, uint8_t* to, size_t) { *to = from.value != 0; }
  static Bool unpack(const uint8_t* from, size_t) { return {*from}; }
  static Bool sum(Bool a, Bool b) { return truth((a.value != 0) | (b.value != 0)); }
  static Bool product(Bool a, Bool b) { return truth((a.value != 0) & (b.value != 0)); }
  template <size_t... C, typename Vector>
  DISTARRAY_INLINE static void add(Vector* sums, const uint8_t* left, const Vector* right,
                                   std::index_sequence<C...>) {
    ((sums[C] |= *left & right[C]), ...);
  }
};

// Real and imaginary parts are packed apart.
template <typename T>
struct Pair {
  using Element = Complex<T>;
  using Lane = T;
  static constexpr size_t kParts = 2;
  static constexpr size_t kRows = kComplexRows;
  static void pack(const Element& from, T* to, size_t apart) {
    to[0] = from.re;
    to[apart] = from.im;
  }
  static Element unpack(const T* from, size_t apart) { return {from[0], from[apart]}; }
  static Element sum(Element a, Element b) { return {a.re + b.re, a.im + b.im}; }
  static Element product(Element a, Element b) {
    return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
  }
  template <size_t... C, typename Vector>
  DISTARRAY_INLINE static void add(Vector* sums, const T* left, const Vector* right,
                                   std::index_sequence<C...>) {
    ((sums[C] += left[0] * right[C]), ...);
    ((sums[C] -= left[kRows] * right[kAcross + C]), ...);
    ((sums[kAcross + C] += left[0] * right[kAcross + C]), ...);
    ((sums[kAcross + C] += left[kRows] * right[C]), ...);
  }
};

template <typename F>
struct Tiles {
  using Element = typename F::Element;
  using Lane = typename F::Lane;
  using Vector = typename VectorOf<Lane>::Type;
  static constexpr size_t kRows = F::kRows;
  static constexpr size_t kColumns = kAcross * kVectorBytes / sizeof(Lane);
  static constexpr size_t kVectors = F::kParts * kAcross;
  static constexpr auto kItem = static_cast<int64_t>(sizeof(Element));

  // A strip of kWidth rows, `step` apart, along `along`.
  template <size_t kWidth>
  static Lane* packStrip(const char* from, int64_t step, int64_t along, size_t width, size_t depth,
                         Lane* to) {
    for (size_t p = 0; p < depth; p++, from += along, to += F::kParts * kWidth) {
      if (width == kWidth && step == kItem) {
        const auto* row = reinterpret_cast<const Element*>(from);
        DISTARRAY_INDEPENDENT
        for (size_t i = 0; i < kWidth; i++) F::pack(row[i], to + i, kWidth);
        continue;
      }
      const char* at = from;
      if (width == kWidth) {
        for (size_t i = 0; i < kWidth; i++, at += step) {
          F::pack(*reinterpret_cast<const Element*>(at), to + i, kWidth);
        }
        continue;
      }
      for (size_t i = 0; i < width; i++, at += step) {
        F::pack(*reinterpret_cast<const Element*>(at), to + i, kWidth);
      }
      for (size_t i = width; i < kWidth; i++) F::pack(Element{}, to + i, kWidth);
    }
    return to;
  }

  template <size_t kWidth>
  static void pack(const char* from, int64_t step, int64_t along, size_t width, size_t depth,
                   void* packed) {
    auto* to = static_cast<Lane*>(packed);
    for (size_t done = 0; done < width; done += kWidth) {
      const size_t left = width - done;
      to = packStrip<kWidth>(from + static_cast<int64_t>(done) * step, step, along,
                             left < kWidth ? left : kWidth, depth, to);
    }
  }

  static void packRows(const MatrixView& from, size_t rows, size_t depth, void* packed) {
    pack<kRows>(from.data, from.rowStride, from.columnStride, rows, depth, packed);
  }

  static void packColumns(const MatrixView& from, size_t columns, size_t depth, void* packed) {
    pack<kColumns>(from.data, from.columnStride, from.rowStride, columns, depth, packed);
  }

  // All indices are constants once this is compiled, so that the sums are registers.
  template <size_t... R, size_t... V>
  DISTARRAY_INLINE static void multiplyStrips(const Lane* left, const Lane* right, size_t depth,
                                              Lane* out, std::index_sequence<R...>,
                                              std::index_sequence<V...>) {
    Vector sums[kRows][kVectors] = {};
    for (size_t p = 0; p < depth; p++) {
      const auto* row = reinterpret_cast<const Vector*>(right);
      const Vector loaded[kVectors] = {row[V]...};
      (F::add(sums[R], left + R, loaded, std::make_index_sequence<kAcross>()), ...);
      left += F::kParts * kRows;
      right += F::kParts * kColumns;
    }
    auto* to = reinterpret_cast<Vector*>(out);
    (storeRow(to + R * kVectors, sums[R], std::index_sequence<V...>()), ...);
  }

  template <size_t... V>
  DISTARRAY_INLINE static void storeRow(Vector* to, const Vector* sums, std::index_sequence<V...>) {
    ((to[V] = sums[V]), ...);
  }

  static void multiplyTile(const void* left, const void* right, size_t depth, const MatrixView& to,
                           size_t rows, size_t columns, bool adds) {
    alignas(64) Lane out[kRows * F::kParts * kColumns];
    multiplyStrips(static_cast<const Lane*>(left), static_cast<const Lane*>(right), depth, out,
                   std::make_index_sequence<kRows>(), std::make_index_sequence<kVectors>());
    const Lane* from = out;
    char* row = to.data;
    for (size_t i = 0; i < rows; i++, from += F::kParts * kColumns, row += to.rowStride) {
      if (columns == kColumns && to.columnStride == kItem) {
        auto* elements = reinterpret_cast<Element*>(row);
        DISTARRAY_INDEPENDENT
        for (size_t j = 0; j < kColumns; j++) put(elements + j, from + j, adds);
        continue;
      }
      char* at = row;
      for (size_t j = 0; j < columns; j++, at += to.columnStride) {
        put(reinterpret_cast<Element*>(at), from + j, adds);
      }
    }
  }

  DISTARRAY_INLINE static void put(Element* to, const Lane* from, bool adds) {
    const Element made = F::unpack(from, kColumns);
    *to = adds ? F::sum(*to, made) : made;
  }

  static void addColumns(const char* columns, int64_t stride, const void* factors, size_t depth,
                         void* to, size_t count) {
    const auto* factor = static_cast<const Element*>(factors);
    auto* sums = static_cast<Element*>(to);
    size_t p = 0;
    for (; p + 4 <= depth; p += 4, columns += 4 * stride) {
      addColumnsAt(columns, stride, factor + p, sums, count, std::make_index_sequence<4>());
    }
    for (; p < depth; p++, columns += stride) {
      addColumnsAt(columns, stride, factor + p, sums, count, std::make_index_sequence<1>());
    }
  }

  template <size_t... P>
  DISTARRAY_INLINE static void addColumnsAt(const char* columns, int64_t stride,
                                            const Element* factor, Element* sums, size_t count,
                                            std::index_sequence<P...>) {
    const Element* column[] = {
        reinterpret_cast<const Element*>(columns + static_cast<int64_t>(P) * stride)...};
    const Element by[] = {factor[P]...};
    DISTARRAY_INDEPENDENT
    for (size_t i = 0; i < count; i++) {
      Element sum = sums[i];
      ((sum = F::sum(sum, F::product(column[P][i], by[P]))), ...);
      sums[i] = sum;
    }
  }
};

// Rows are summed up in lanes, which are sums of every kLanes-th product, and in blocks, whose sums
// are added up with their rounding errors (those of float32 in float64): long sums lose hardly more
// than short ones.
constexpr size_t kLanes = 32;
constexpr size_t kBlock = 2048;

template <typename F>
struct Rows {
  using Element = typename F::Element;

  static Element block(const Element* left, const Element* right, size_t count) {
    Element lanes[kLanes] = {};
    size_t i = 0;
    for (; i + kLanes <= count; i += kLanes) {
      for (size_t l = 0; l < kLanes; l++) {
        lanes[l] = F::sum(lanes[l], F::product(left[i + l], right[i + l]));
      }
    }
    for (size_t l = 0; i + l < count; l++) {
      lanes[l] = F::sum(lanes[l], F::product(left[i + l], right[i + l]));
    }
    for (size_t half = kLanes / 2; half > 0; half /= 2) {
      for (size_t l = 0; l < half; l++) lanes[l] = F::sum(lanes[l], lanes[l + half]);
    }
    return lanes[0];
  }

  template <typename Total>
  static Element total(const Element* left, const Element* right, size_t depth, Total sum) {
    for (size_t done = 0; done < depth; done += kBlock) {
      const size_t count = depth - done < kBlock ? depth - done : kBlock;
      sum.add(block(left + done, right + done, count));
    }
    return sum.value();
  }

  template <typename Total>
  static void multiplyRow(const void* left, const void* right, size_t depth, void* to, bool adds) {
    const Element made = total(static_cast<const Element*>(left),
                               static_cast<const Element*>(right), depth, Total{});
    auto* result = static_cast<Element*>(to);
    *result = adds ? F::sum(*result, made) : made;
  }
};

// Sums of blocks: of integers and bools as they are, …
template <typename F>
struct Plain {
  typename F::Element sum{};
  void add(typename F::Element x) { sum = F::sum(sum, x); }
  typename F::Element value() const { return sum; }
};

// … and of floats with the rounding errors (Knuth's TwoSum), unless something has overflowed.
template <typename T>
struct Exact {
  double sum = 0;
  double rest = 0;
  void add(T x) {
    const double all = sum + static_cast<double>(x);
    const double part = all - sum;
    rest += (sum - (all - part)) + (static_cast<double>(x) - part);
    sum = all;
  }
  T value() const { return static_cast<T>(sum - sum == 0.0 ? sum + rest : sum); }
};

template <typename T>
struct Exact<Complex<T>> {
  Exact<T> re, im;
  void add(Complex<T> x) {
    re.add(x.re);
    im.add(x.im);
  }
  Complex<T> value() const { return {re.value(), im.value()}; }
};

template <typename F, typename Total>
ProductLoops loopsOf() {
  using T = Tiles<F>;
  return {T::kRows,        T::kColumns,
          T::packRows,     T::packColumns,
          T::multiplyTile, Rows<F>::template multiplyRow<Total>,
          T::addColumns};
}

template <typename T>
void addIntegers(ProductTable& table, Dtype isSigned, Dtype isUnsigned) {
  const ProductLoops loops = loopsOf<Number<T>, Plain<Number<T>>>();
  table.add(isSigned, loops);
  table.add(isUnsigned, loops);
}

}  // namespace

void addProducts(ProductTable& table) {
  table.add(Dtype::kBool, loopsOf<Truth, Plain<Truth>>());
  addIntegers<uint8_t>(table, Dtype::kInt8, Dtype::kUint8);
  addIntegers<uint16_t>(table, Dtype::kInt16, Dtype::kUint16);
  addIntegers<uint32_t>(table, Dtype::kInt32, Dtype::kUint32);
  addIntegers<uint64_t>(table, Dtype::kInt64, Dtype::kUint64);
  table.add(Dtype::kFloat32, loopsOf<Number<float>, Exact<float>>());
  table.add(Dtype::kFloat64, loopsOf<Number<double>, Exact<double>>());
  table.add(Dtype::kComplex64, loopsOf<Pair<float>, Exact<Complex<float>>>());
  table.add(Dtype::kComplex128, loopsOf<Pair<double>, Exact<Complex<double>>>());
}

}  // namespace distarray::kernels::DISTARRAY_ISA
