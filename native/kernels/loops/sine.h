// Sine and cosine of doubles without branches, which the compiler turns into vector instructions; the
// same bits whatever the vectors' width.
//
// x is reduced to r = x − n·π/2, |r| ≤ π/4, with π/2 in three parts (Cody and Waite), the first two of which are so
// short that their products with n are exact; r is kept in two doubles. The polynomials are those of FreeBSD's msun
// (k_sin.c, k_cos.c; Sun Microsystems, 1993), error below 0.8 ulp.
#pragma once

#include "kernels/loops/define.h"

namespace distarray::kernels {
namespace {

// Up to here n·π/2 is exact enough.
constexpr double kSineLimit = 1e6;

// sin(x + quarter·π/2).
inline double sineOf(double x, uint64_t quarter) {
  constexpr double kTwoOverPi = 0x1.45f306dc9c883p-1;
  constexpr double kPi2High = 0x1.921fb54442d18p0;
  constexpr double kPi2Middle = 0x1.1a62633000000p-54;
  constexpr double kPi2Low = 0x1.45c06e0e68948p-86;
  // Adding it makes doubles whole numbers, whose low bits are then those of the integer.
  constexpr double kRounder = 0x1.8p52;

  const double shifted = __builtin_fma(x, kTwoOverPi, kRounder);
  const double n = shifted - kRounder;
  uint64_t bits;
  __builtin_memcpy(&bits, &shifted, sizeof bits);
  const uint64_t turns = bits + quarter;

  // The difference to the first part is exact. If it is less than the second product both are so small that their
  // difference is exact too; if not, what that lacks is a difference of floats (Dekker).
  const double high = __builtin_fma(-n, kPi2High, x);
  const double r = __builtin_fma(-n, kPi2Middle, high);
  const double lack = __builtin_fma(-n, kPi2Middle, high - r);
  const double rest = __builtin_fma(-n, kPi2Low, lack);
  const double z = r * r;

  double s = 1.58969099521155010221e-10;
  s = __builtin_fma(z, s, -2.50507602534068634195e-08);
  s = __builtin_fma(z, s, 2.75573137070700676789e-06);
  s = __builtin_fma(z, s, -1.98412698298579493134e-04);
  s = __builtin_fma(z, s, 8.33333333332248946124e-03);
  const double cube = z * r;
  const double half = __builtin_fma(-cube, s, 0.5 * rest);
  const double sine = r - __builtin_fma(cube, 1.66666666666666324348e-01, __builtin_fma(z, half, -rest));

  double c = -1.13596475577881948265e-11;
  c = __builtin_fma(z, c, 2.08757232129817482790e-09);
  c = __builtin_fma(z, c, -2.75573143513906633035e-07);
  c = __builtin_fma(z, c, 2.48015872894767294178e-05);
  c = __builtin_fma(z, c, -1.38888888888741095749e-03);
  c = __builtin_fma(z, c, 4.16666666666666019037e-02);
  const double halfSquare = 0.5 * z;
  const double w = 1.0 - halfSquare;
  const double cosine =
      w + (((1.0 - w) - halfSquare) + __builtin_fma(z * z, c, -(r * rest)));

  double result = (turns & 1) != 0 ? cosine : sine;
  __builtin_memcpy(&bits, &result, sizeof bits);
  bits ^= (turns & 2) << 62;
  __builtin_memcpy(&result, &bits, sizeof bits);
  return result;
}

}  // namespace
}  // namespace distarray::kernels
