/** The ways to write a number as a product of a given number of factors. */

/**
 * Returns all ascending lists of `count` factors ≥ 1 with the product `n`, in lexicographic
 * order: `[1, 1, 4], [1, 2, 2]` for 4 and 3 (DistArray 0.5 `mult_partitions`).
 *
 * @param least - the smallest factor that may occur
 */
export function multiplicativePartitions(n: number, count: number, least = 1): number[][] {
  if (count === 1) return n >= least ? [[n]] : [];
  const partitions: number[][] = [];
  for (let factor = least; factor ** count <= n; factor++) {
    if (n % factor !== 0) continue;
    for (const rest of multiplicativePartitions(n / factor, count - 1, factor)) {
      partitions.push([factor, ...rest]);
    }
  }
  return partitions;
}
