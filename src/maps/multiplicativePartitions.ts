/** The ways to write a number as a product of a given number of factors. */

/**
 * Returns all ascending lists of `count` factors ≥ 1 with the product `n`, in lexicographic
 * order: `[1, 1, 4], [1, 2, 2]` for 4 and 3 (DistArray 0.5 `mult_partitions`).
 *
 * @param least - the smallest factor that may occur
 */
export function multiplicativePartitions(n: number, count: number, least = 1): number[][] {
  if (count === 1) return n >= least ? [[n]] : [];
  const largest = Math.floor(n ** (1 / count) + 1e-9);
  return divisors(n, least - 1, largest).flatMap((factor) =>
    multiplicativePartitions(n / factor, count - 1, factor).map((rest) => [factor, ...rest]),
  );
}

/**
 * Returns the divisors d of `n` with `above` < d ≤ `most`, ascending (DistArray 0.5
 * `divisors_minmax`).
 */
export function divisors(n: number, above: number, most: number): number[] {
  const found: number[] = [];
  for (let divisor = above + 1; divisor <= most; divisor++) {
    if (n % divisor === 0) found.push(divisor);
  }
  return found;
}
