#include "kernels/blas.h"

#include <cstdlib>
#include <cstring>
#include <limits>

#ifdef DISTARRAY_OPENBLAS
#include <cblas.h>
#endif

namespace distarray::kernels {

#ifdef DISTARRAY_OPENBLAS
namespace {

bool isWanted() {
  const char* wanted = std::getenv("DISTARRAY_BLAS");
  if (wanted != nullptr && !std::strcmp(wanted, "none")) return false;
  openblas_set_num_threads(1);
  return true;
}

bool isUsed() {
  static const bool used = isWanted();
  return used;
}

// How BLAS is told of an operand, all matrices being row by row.
struct Layout {
  CBLAS_TRANSPOSE transpose;
  blasint leading;
  bool fits;
};

Layout layoutOf(const MatrixView& view, size_t rows, size_t columns, size_t itemsize) {
  const auto item = static_cast<int64_t>(itemsize);
  const auto fits = [&](int64_t stride, size_t least) {
    return stride % item == 0 && stride / item >= static_cast<int64_t>(least) &&
           stride / item <= std::numeric_limits<blasint>::max();
  };
  if (view.columnStride == item && fits(view.rowStride, columns)) {
    return {CblasNoTrans, static_cast<blasint>(view.rowStride / item), true};
  }
  if (view.rowStride == item && fits(view.columnStride, rows)) {
    return {CblasTrans, static_cast<blasint>(view.columnStride / item), true};
  }
  return {CblasNoTrans, 0, false};
}

}  // namespace

bool multiplyByBlas(const MatrixProduct& p) {
  const bool isFloat = p.dtype >= Dtype::kFloat32;
  if (!isFloat || !isUsed()) return false;
  constexpr size_t most = std::numeric_limits<blasint>::max();
  if (p.rows > most || p.columns > most || p.depth > most) return false;
  const size_t itemsize = itemsizeOf(p.dtype);
  const Layout a = layoutOf(p.a, p.rows, p.depth, itemsize);
  const Layout b = layoutOf(p.b, p.depth, p.columns, itemsize);
  const Layout c = layoutOf(p.c, p.rows, p.columns, itemsize);
  if (!a.fits || !b.fits || !c.fits || c.transpose != CblasNoTrans) return false;
  const auto rows = static_cast<blasint>(p.rows);
  const auto columns = static_cast<blasint>(p.columns);
  const auto depth = static_cast<blasint>(p.depth);
  const float one[] = {1, 0}, kept[] = {p.adds ? 1.0F : 0.0F, 0};
  const double oneLong[] = {1, 0}, keptLong[] = {p.adds ? 1.0 : 0.0, 0};
  const auto call = [&](auto gemm, auto alpha, auto beta, auto* type) {
    using T = decltype(type);
    gemm(CblasRowMajor, a.transpose, b.transpose, rows, columns, depth, alpha,
         reinterpret_cast<T>(p.a.data), a.leading, reinterpret_cast<T>(p.b.data), b.leading, beta,
         reinterpret_cast<T>(p.c.data), c.leading);
  };
  switch (p.dtype) {
    case Dtype::kFloat32:
      call(cblas_sgemm, one[0], kept[0], static_cast<float*>(nullptr));
      return true;
    case Dtype::kFloat64:
      call(cblas_dgemm, oneLong[0], keptLong[0], static_cast<double*>(nullptr));
      return true;
    case Dtype::kComplex64:
      call(cblas_cgemm, one, kept, static_cast<float*>(nullptr));
      return true;
    default:
      call(cblas_zgemm, oneLong, keptLong, static_cast<double*>(nullptr));
      return true;
  }
}

const char* blasName() { return isUsed() ? "openblas" : "none"; }

#else

bool multiplyByBlas(const MatrixProduct&) { return false; }
const char* blasName() { return "none"; }

#endif

}  // namespace distarray::kernels
