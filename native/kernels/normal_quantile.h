// The inverse of the normal distribution function.
#pragma once

namespace distarray::kernels {

// z with Φ(z) = p, for 0 < p ≤ 0.5. Relative error about 1e-16: Wichura, "Algorithm AS 241: the
// percentage points of the normal distribution", Applied Statistics 37 (1988), PPND16.
double lowerNormalQuantile(double p);

}  // namespace distarray::kernels
