#include "kernels/blas.h"

#include <dlfcn.h>

#include <cstdlib>
#include <cstring>
#include <limits>
#include <type_traits>

namespace distarray::kernels {

#ifdef DISTARRAY_OPENBLAS
namespace {

// As cblas.h has them.
enum { kRowMajor = 101, kNoTrans = 111, kTrans = 112 };
template <typename Factor, typename T>
using Gemm = void (*)(int order, int transA, int transB, int rows, int columns, int depth,
                      Factor alpha, const T* a, int lda, const T* b, int ldb, Factor beta, T* c,
                      int ldc);

struct Blas {
  Gemm<float, float> sgemm = nullptr;
  Gemm<double, double> dgemm = nullptr;
  Gemm<const void*, void> cgemm = nullptr;
  Gemm<const void*, void> zgemm = nullptr;

  bool isComplete() const { return sgemm && dgemm && cgemm && zgemm; }
};

const Blas* load() {
  const char* wanted = std::getenv("DISTARRAY_BLAS");
  if (wanted == nullptr || std::strcmp(wanted, "openblas") != 0) return nullptr;
  // The processes of a job are what runs side by side: it shall start no threads.
  setenv("OPENBLAS_NUM_THREADS", "1", 0);
  void* library = dlopen(DISTARRAY_OPENBLAS, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return nullptr;
  static Blas blas;
  const auto find = [&](auto& function, const char* name) {
    function = reinterpret_cast<std::decay_t<decltype(function)>>(dlsym(library, name));
  };
  find(blas.sgemm, "cblas_sgemm");
  find(blas.dgemm, "cblas_dgemm");
  find(blas.cgemm, "cblas_cgemm");
  find(blas.zgemm, "cblas_zgemm");
  return blas.isComplete() ? &blas : nullptr;
}

const Blas* loaded() {
  static const Blas* const blas = load();
  return blas;
}

// How BLAS is told of an operand, all matrices being row by row.
struct Layout {
  int transpose;
  int leading;
  bool fits;
};

Layout layoutOf(const MatrixView& view, size_t rows, size_t columns, size_t itemsize) {
  const auto item = static_cast<int64_t>(itemsize);
  const auto fits = [&](int64_t stride, size_t least) {
    return stride % item == 0 && stride / item >= static_cast<int64_t>(least) &&
           stride / item <= std::numeric_limits<int>::max();
  };
  if (view.columnStride == item && fits(view.rowStride, columns)) {
    return {kNoTrans, static_cast<int>(view.rowStride / item), true};
  }
  if (view.rowStride == item && fits(view.columnStride, rows)) {
    return {kTrans, static_cast<int>(view.columnStride / item), true};
  }
  return {kNoTrans, 0, false};
}

}  // namespace

bool multiplyByBlas(const MatrixProduct& p) {
  if (p.dtype < Dtype::kFloat32) return false;
  const Blas* blas = loaded();
  if (blas == nullptr) return false;
  constexpr size_t most = std::numeric_limits<int>::max();
  if (p.rows > most || p.columns > most || p.depth > most) return false;
  const size_t itemsize = itemsizeOf(p.dtype);
  const Layout a = layoutOf(p.a, p.rows, p.depth, itemsize);
  const Layout b = layoutOf(p.b, p.depth, p.columns, itemsize);
  const Layout c = layoutOf(p.c, p.rows, p.columns, itemsize);
  if (!a.fits || !b.fits || !c.fits || c.transpose != kNoTrans) return false;
  const auto call = [&](auto gemm, auto one, auto kept, auto* none) {
    using T = decltype(none);
    gemm(kRowMajor, a.transpose, b.transpose, static_cast<int>(p.rows),
         static_cast<int>(p.columns), static_cast<int>(p.depth), one,
         reinterpret_cast<T>(p.a.data), a.leading, reinterpret_cast<T>(p.b.data), b.leading, kept,
         reinterpret_cast<T>(p.c.data), c.leading);
  };
  const double kept = p.adds ? 1 : 0;
  const double pairs[2][2] = {{1, 0}, {kept, 0}};
  const float floatPairs[2][2] = {{1, 0}, {static_cast<float>(kept), 0}};
  switch (p.dtype) {
    case Dtype::kFloat32:
      call(blas->sgemm, 1.0F, static_cast<float>(kept), static_cast<float*>(nullptr));
      return true;
    case Dtype::kFloat64:
      call(blas->dgemm, 1.0, kept, static_cast<double*>(nullptr));
      return true;
    case Dtype::kComplex64:
      call(blas->cgemm, static_cast<const void*>(floatPairs[0]),
           static_cast<const void*>(floatPairs[1]), static_cast<void*>(nullptr));
      return true;
    default:
      call(blas->zgemm, static_cast<const void*>(pairs[0]), static_cast<const void*>(pairs[1]),
           static_cast<void*>(nullptr));
      return true;
  }
}

const char* blasName() { return loaded() == nullptr ? "none" : "openblas"; }

#else

bool multiplyByBlas(const MatrixProduct&) { return false; }
const char* blasName() { return "none"; }

#endif

}  // namespace distarray::kernels
