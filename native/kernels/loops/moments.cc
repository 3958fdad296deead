// Variances and standard deviations. A state has the number of elements, their mean, and the sum of
// their squared distances from it; two states are merged as in Chan, Golub and LeVeque, "Updating
// formulae and a pairwise algorithm for computing sample variances" (1979). Rows are taken in pieces
// small enough for the first-level cache, each in two passes. Everything is float64.
#include "kernels/loops/reduce.h"

namespace distarray::kernels::DISTARRAY_ISA {
namespace {

constexpr size_t kPiece = 512;
constexpr size_t kWidth = 16;

struct Moments {
  double count, re, im, squares;
};

inline double realOf(float x) { return static_cast<double>(x); }
inline double realOf(double x) { return x; }
template <typename T>
double realOf(Complex<T> x) {
  return static_cast<double>(x.re);
}
template <typename T>
double imaginaryOf(T) {
  return 0;
}
template <typename T>
double imaginaryOf(Complex<T> x) {
  return static_cast<double>(x.im);
}

inline void mergeMoments(Moments& into, const Moments& from) {
  if (from.count == 0) return;
  if (into.count == 0) {
    into = from;
    return;
  }
  const double count = into.count + from.count;
  const double re = from.re - into.re, im = from.im - into.im;
  const double share = from.count / count;
  into.re += re * share;
  into.im += im * share;
  into.squares += from.squares + (re * re + im * im) * (into.count * share);
  into.count = count;
}

template <typename T>
Moments momentsOf(const T* row, size_t count) {
  double re[kWidth] = {}, im[kWidth] = {};
  const size_t whole = count - count % kWidth;
  auto forAll = [&](auto visit) {
    for (size_t i = 0; i < whole; i += kWidth) {
      for (size_t l = 0; l < kWidth; l++) visit(l, row[i + l]);
    }
    for (size_t i = whole; i < count; i++) visit(i - whole, row[i]);
  };
  auto sum = [](const double* lanes) {
    double total = 0;
    for (size_t l = 0; l < kWidth; l++) total += lanes[l];
    return total;
  };
  forAll([&](size_t l, T x) {
    re[l] += realOf(x);
    if constexpr (kIsComplex<T>) im[l] += imaginaryOf(x);
  });
  const auto number = static_cast<double>(count);
  const double meanRe = sum(re) / number, meanIm = sum(im) / number;
  // What rounding has left of the sums of distances corrects the mean, and the squares.
  double squares[kWidth] = {}, restRe[kWidth] = {}, restIm[kWidth] = {};
  forAll([&](size_t l, T x) {
    const double dre = realOf(x) - meanRe;
    restRe[l] += dre;
    squares[l] += dre * dre;
    if constexpr (kIsComplex<T>) {
      const double dim = imaginaryOf(x) - meanIm;
      restIm[l] += dim;
      squares[l] += dim * dim;
    }
  });
  const double offRe = sum(restRe) / number, offIm = sum(restIm) / number;
  double around = sum(squares) - (offRe * offRe + offIm * offIm) * number;
  if (around < 0) around = 0;
  return {number, meanRe + offRe, meanIm + offIm, around};
}

template <typename T>
void momentsOfRow(const void* elements, size_t count, int64_t, int64_t, void* state) {
  const T* row = static_cast<const T*>(elements);
  for (size_t done = 0; done < count; done += kPiece) {
    const size_t size = count - done < kPiece ? count - done : kPiece;
    mergeMoments(*static_cast<Moments*>(state), momentsOf(row + done, size));
  }
}

template <typename T>
void momentsOfColumns(const void* const* rows, const int64_t*, size_t rowCount, size_t count,
                      void* states) {
  auto* moments = static_cast<Moments*>(states);
  const auto number = static_cast<double>(rowCount);
  for (size_t done = 0; done < count; done += kWidth) {
    const size_t width = count - done < kWidth ? count - done : kWidth;
    double re[kWidth] = {}, im[kWidth] = {}, squares[kWidth] = {};
    auto forAll = [&](auto visit) {
      for (size_t r = 0; r < rowCount; r++) {
        const T* row = static_cast<const T*>(rows[r]) + done;
        if (width == kWidth) {
          for (size_t l = 0; l < kWidth; l++) visit(l, row[l]);
        } else {
          for (size_t l = 0; l < width; l++) visit(l, row[l]);
        }
      }
    };
    forAll([&](size_t l, T x) {
      re[l] += realOf(x);
      if constexpr (kIsComplex<T>) im[l] += imaginaryOf(x);
    });
    for (size_t l = 0; l < kWidth; l++) {
      re[l] /= number;
      im[l] /= number;
    }
    forAll([&](size_t l, T x) {
      const double dre = realOf(x) - re[l];
      squares[l] += dre * dre;
      if constexpr (kIsComplex<T>) {
        const double dim = imaginaryOf(x) - im[l];
        squares[l] += dim * dim;
      }
    });
    for (size_t l = 0; l < width; l++) {
      mergeMoments(moments[done + l], Moments{number, re[l], im[l], squares[l]});
    }
  }
}

void clearMoments(void* states, size_t count) {
  for (size_t i = 0; i < count; i++) static_cast<Moments*>(states)[i] = {0, 0, 0, 0};
}

void mergeAll(const void* from, void* into, size_t count) {
  for (size_t i = 0; i < count; i++) {
    mergeMoments(static_cast<Moments*>(into)[i], static_cast<const Moments*>(from)[i]);
  }
}

// The parameter is NumPy's ddof. Nothing is divided by less than 0.
inline double variance(const Moments& moments, double ddof) {
  const double divisor = moments.count - ddof;
  return moments.squares / (divisor > 0 ? divisor : 0);
}

template <typename R, bool Root>
void tellMoments(const void* states, void* output, size_t count, double ddof) {
  const auto* moments = static_cast<const Moments*>(states);
  for (size_t i = 0; i < count; i++) {
    const double result = variance(moments[i], ddof);
    static_cast<R*>(output)[i] = static_cast<R>(Root ? __builtin_sqrt(result) : result);
  }
}

// The mean alone, of elements whose number only the states know.
template <typename T>
void tellMean(const void* states, void* output, size_t count, double) {
  const auto* moments = static_cast<const Moments*>(states);
  for (size_t i = 0; i < count; i++) {
    const double none = moments[i].count == 0 ? __builtin_nan("") : 0;
    if constexpr (kIsComplex<T>) {
      using R = decltype(T::re);
      static_cast<T*>(output)[i] = {static_cast<R>(moments[i].re + none),
                                    static_cast<R>(moments[i].im + none)};
    } else {
      static_cast<T*>(output)[i] = static_cast<T>(moments[i].re + none);
    }
  }
}

template <typename T, typename R>
void addMomentsOf(ReductionTable& table) {
  ReductionEntry entry;
  entry.stateSize = sizeof(Moments);
  entry.output = kDtypeOf<R>;
  entry.clear = clearMoments;
  entry.addRow = momentsOfRow<T>;
  entry.addRows = momentsOfColumns<T>;
  entry.merge = mergeAll;
  entry.finish = tellMoments<R, false>;
  table.add("var", kDtypeOf<T>, entry);
  entry.finish = tellMoments<R, true>;
  table.add("std", kDtypeOf<T>, entry);
  entry.output = kDtypeOf<T>;
  entry.finish = tellMean<T>;
  table.add("maskedMean", kDtypeOf<T>, entry);
}

}  // namespace

void addMoments(ReductionTable& table) {
  addMomentsOf<float, float>(table);
  addMomentsOf<double, double>(table);
  addMomentsOf<Complex<float>, float>(table);
  addMomentsOf<Complex<double>, double>(table);
}

}  // namespace distarray::kernels::DISTARRAY_ISA
