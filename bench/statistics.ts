/** What the benchmark says about samples: medians and quartiles. */

export interface Quartiles {
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
}

/** The quantile at `fraction` of the samples, between two of them by linear interpolation. */
export function quantile(samples: readonly number[], fraction: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const position = fraction * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.ceil(position);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

export function quartiles(samples: readonly number[]): Quartiles {
  return {
    lower: quantile(samples, 0.25),
    median: median(samples),
    upper: quantile(samples, 0.75),
  };
}

/** Quotients of samples that were taken in the same round. */
export function pairwise(numerators: readonly number[], denominators: readonly number[]): number[] {
  return numerators.map((numerator, i) => numerator / denominators[i]);
}
