/** A model of the ground: reflecting horizons, bent and cut by a fault, as a seismic survey would see them. */

/** A surface that reflects: its depth, how it is inclined, and how much it reflects. */
interface Horizon {
  /** Depth at the first corner, as a part of the whole. */
  readonly depth: number;
  /** What the depth grows by along lines, and along the traces of a line. */
  readonly slope: readonly [lines: number, traces: number];
  /** Height of the dome in its middle. */
  readonly dome: number;
  /** Strength of the reflection; negative where what lies below is softer. */
  readonly strength: number;
}

const HORIZONS: readonly Horizon[] = [
  { depth: 0.1, slope: [0.02, 0.03], dome: 0, strength: 0.7 },
  { depth: 0.24, slope: [0.05, -0.04], dome: 0.03, strength: -0.5 },
  { depth: 0.38, slope: [-0.03, 0.08], dome: 0.07, strength: 1 },
  { depth: 0.55, slope: [0.06, 0.05], dome: 0.11, strength: -0.8 },
  { depth: 0.74, slope: [0.02, -0.07], dome: 0.14, strength: 0.9 },
  { depth: 0.9, slope: [-0.05, 0.02], dome: 0.1, strength: -0.4 },
];
/** What lies beyond the fault has sunk by so much. */
const THROW = 0.045;
/** Width of the wavelet. */
const WAVELET = 0.012;

/** The second derivative of a bell curve (Ricker): the usual wavelet of a reflection. */
function ricker(distance: number): number {
  const square = (distance / WAVELET) ** 2;
  return square > 40 ? 0 : (1 - 2 * square) * Math.exp(-square);
}

/** Depths at which a trace has reflections, all coordinates being parts of the whole. */
function reflections(line: number, trace: number): { depth: number; strength: number }[] {
  const dome = Math.exp(-12 * ((line - 0.45) ** 2 + (trace - 0.4) ** 2));
  return HORIZONS.map((horizon) => {
    const [alongLines, alongTraces] = horizon.slope;
    const depth = horizon.depth + alongLines * line + alongTraces * trace - horizon.dome * dome;
    // The fault is inclined: it meets deeper horizons further on.
    const isBeyond = trace > 0.62 + 0.15 * line + 0.12 * depth;
    return { depth: depth + (isBeyond ? THROW : 0), strength: horizon.strength };
  });
}

/**
 * Writes the samples of traces.
 *
 * @param indices - of the lines, traces and samples that are wanted
 * @param shape - of the whole volume
 * @param out - the samples in C order
 */
export function writeTraces(
  [lines, traces, samples]: readonly Float64Array[],
  shape: readonly number[],
  out: Float32Array,
): void {
  let at = 0;
  for (const line of lines) {
    for (const trace of traces) {
      const found = reflections(line / shape[0], trace / shape[1]);
      for (const sample of samples) {
        const depth = sample / shape[2];
        let amplitude = 0;
        for (const each of found) amplitude += each.strength * ricker(depth - each.depth);
        out[at++] = amplitude;
      }
    }
  }
}
