/** Integer arithmetic of periodic index sets; exact for results below 2^53. */

/** Returns `value` modulo `modulus` in [0, `modulus`), whatever the sign. */
export function mod(value: number, modulus: number): number {
  const rest = value % modulus;
  // `+ 0` turns -0 into 0.
  return rest < 0 ? rest + modulus : rest + 0;
}

/** Returns `value / divisor` rounded up; exact, where a division of doubles may round. */
export function ceilDiv(value: number, divisor: number): number {
  return (value + mod(-value, divisor)) / divisor + 0;
}

/** Returns `value / divisor` rounded down; exact. */
export function floorDiv(value: number, divisor: number): number {
  return (value - mod(value, divisor)) / divisor + 0;
}

/** Returns the greatest common divisor of two integers; `gcd(0, n)` is `n`. */
export function gcd(a: number, b: number): number {
  let [x, y] = [Math.abs(a), Math.abs(b)];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

/** Returns the least common multiple of two positive integers; Infinity from 2^53 on. */
export function lcm(a: number, b: number): number {
  const multiple = (a / gcd(a, b)) * b;
  return Number.isSafeInteger(multiple) ? multiple : Number.POSITIVE_INFINITY;
}

/** Returns `a * b` modulo `modulus` for factors in [0, `modulus`). */
export function mulMod(a: number, b: number, modulus: number): number {
  const product = a * b;
  if (Number.isSafeInteger(product)) return product % modulus;
  return Number((BigInt(a) * BigInt(b)) % BigInt(modulus));
}

/** Returns the inverse of `a` modulo `modulus`, which have no common divisor. */
export function inverseMod(a: number, modulus: number): number {
  let [r0, r1] = [modulus, mod(a, modulus)];
  let [t0, t1] = [0, 1];
  while (r1 !== 0) {
    const quotient = Math.floor(r0 / r1);
    [r0, r1] = [r1, r0 - quotient * r1];
    [t0, t1] = [t1, t0 - quotient * t1];
  }
  return mod(t0, modulus);
}

/**
 * Returns the smallest x ≥ 0 with `a * x ≡ b (mod modulus)`; -1 when there is none. All
 * solutions are that one plus multiples of `modulus / gcd(a, modulus)`.
 */
export function solveCongruence(a: number, b: number, modulus: number): number {
  const divisor = gcd(a, modulus);
  if (mod(b, divisor) !== 0) return -1;
  const reduced = modulus / divisor;
  const target = mod(b, modulus) / divisor;
  return mulMod(inverseMod(mod(a, modulus) / divisor, reduced), target % reduced, reduced);
}

/**
 * Returns how many k in [0, `count`) have `(first + k * step) mod modulus` in [`low`, `high`),
 * in O(log modulus).
 *
 * @param first - in [0, `modulus`), as is `step`
 * @param count - at most one period, `modulus / gcd(step, modulus)`
 */
export function countInWindow(
  first: number,
  step: number,
  modulus: number,
  count: number,
  low: number,
  high: number,
): number {
  // floor((x − low) / m) − floor((x − high) / m) is 1 where x mod m is in the window.
  const terms = count * (modulus + 1);
  if (Number.isSafeInteger(terms * 2)) {
    const above = (bound: number) => floorSum(count, modulus, step, first + modulus - bound);
    return above(low) - above(high);
  }
  const [m, n, a] = [BigInt(modulus), BigInt(count), BigInt(step)];
  const above = (bound: number) => floorSumBig(n, m, a, BigInt(first) + m - BigInt(bound));
  return Number(above(low) - above(high));
}

/** The sum of floor((a * k + b) / m) over k in [0, n), for a and b ≥ 0. */
function floorSum(n: number, m: number, a: number, b: number): number {
  let sum = 0;
  let [terms, modulus, slope, offset] = [n, m, a, b];
  for (;;) {
    sum += ((terms * (terms - 1)) / 2) * Math.floor(slope / modulus);
    sum += terms * Math.floor(offset / modulus);
    slope %= modulus;
    offset %= modulus;
    const top = slope * terms + offset;
    if (top < modulus) return sum;
    [terms, offset, modulus, slope] = [Math.floor(top / modulus), top % modulus, slope, modulus];
  }
}

function floorSumBig(n: bigint, m: bigint, a: bigint, b: bigint): bigint {
  let sum = 0n;
  let [terms, modulus, slope, offset] = [n, m, a, b];
  for (;;) {
    sum += ((terms * (terms - 1n)) / 2n) * (slope / modulus);
    sum += terms * (offset / modulus);
    slope %= modulus;
    offset %= modulus;
    const top = slope * terms + offset;
    if (top < modulus) return sum;
    [terms, offset, modulus, slope] = [top / modulus, top % modulus, slope, modulus];
  }
}
