/** Arrays of DistArray 0.5 in the golden files, and ours in the same form. */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { DTYPES, type Dtype, type TypedArray } from '../../src/dtype/dtype.ts';
import { numpyName, parseNumpyName } from '../../src/dtype/numpyNames.ts';
import type { DistArray, Distribution } from '../../src/entry/index.ts';

/** An element: integers that no double holds are strings. */
export type GoldenValue =
  | number
  | string
  | boolean
  | { readonly complex: readonly GoldenValue[] }
  | { readonly float: string };

/** An array of NumPy's, in C order. */
export interface GoldenArray {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly GoldenValue[];
}

/** An array of DistArray's. */
export interface GoldenResult {
  readonly shape: readonly number[];
  readonly dist: readonly string[];
  readonly grid_shape: readonly number[];
  readonly targets: readonly number[];
  readonly dtype?: string;
  readonly localshapes?: { readonly result: readonly (readonly number[])[] };
  readonly toarray: GoldenArray;
}

/** What an operation gave in DistArray, and in NumPy. */
export interface GoldenOutcome {
  readonly result?: unknown;
  readonly error?: { readonly class: string };
  readonly numpy?: GoldenArray;
  readonly numpy_error?: { readonly class: string };
}

/** How an array lies: the parts that are not empty, and how many there are along each axis. */
interface Layout {
  readonly dist: readonly string[];
  readonly gridShape: readonly number[];
  readonly targets: readonly number[];
  readonly localShapes?: readonly (readonly number[])[];
}

/** An array in the form that both sides are compared in. */
export interface Described {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly (number | bigint)[];
  readonly layout?: Layout | 'known everywhere';
}

/** Returns a golden file, without loss of the last digits of large integers. */
export function readExactly<T>(name: string): T {
  const url = new URL(`../data/golden/${name}.json`, import.meta.url);
  const text = readFileSync(url, 'utf8').replace(/(?<=[[,] *)-?\d{16,}(?= *[,\]])/g, '"$&"');
  return JSON.parse(text) as T;
}

/** Returns a golden array as `fromArray` takes it. */
export function inputOf({ dtype: name, shape, data }: GoldenArray): {
  readonly input: { readonly data: TypedArray; readonly shape: readonly number[] };
  readonly dtype: Dtype;
} {
  const dtype = parseNumpyName(name).dtype as Dtype;
  const elements = numbersOf(data, dtype);
  const { arrayType } = DTYPES[dtype];
  const from = arrayType as unknown as { from(values: readonly unknown[]): TypedArray };
  return { input: { data: from.from(elements), shape }, dtype };
}

/** Returns one of our arrays in comparable form. @remarks Collective. */
export function described(array: DistArray): Described {
  const flat = [array.toNested() as unknown].flat(9);
  return {
    dtype: numpyName(array.dtype),
    shape: [...array.shape],
    data: flat.flatMap((element): (number | bigint)[] => {
      if (typeof element === 'bigint') return [element];
      if (typeof element !== 'object') return [Number(element)];
      const { re, im } = element as { re: number; im: number };
      return [re, im];
    }),
    layout: layoutOf(array.distribution),
  };
}

/**
 * Returns what a golden case wants: NumPy's answer if there is one, laid out as DistArray's where that has the
 * same shape; otherwise what DistArray gave; 'refused' for errors.
 */
export function wanted({ result, numpy, numpy_error }: GoldenOutcome): unknown {
  if (numpy_error !== undefined) return 'refused';
  const theirs = isArrayResult(result) ? result : undefined;
  const answer = numpy ?? theirs?.toarray;
  if (answer === undefined) return result ?? 'refused';
  const isAlike = theirs !== undefined && String(theirs.shape) === String(answer.shape);
  return { ...describedGolden(answer), layout: isAlike ? goldenLayout(theirs) : undefined };
}

/** Returns a golden array in comparable form. float16 results are float32 here. */
export function describedGolden({ dtype: name, shape, data }: GoldenArray): Described {
  const wantedName = name === '<f2' ? '<f4' : name;
  const dtype = parseNumpyName(wantedName).dtype as Dtype;
  return { dtype: wantedName, shape, data: numbersOf(data, dtype) };
}

/** Returns whether two outcomes are the same; floats may differ in the last `digits`. */
export function sameOutcome(ours: unknown, golden: unknown, digits?: number): boolean {
  if (!isDescribed(ours) || !isDescribed(golden)) return isDeepStrictEqual(ours, golden);
  if (ours.dtype !== golden.dtype || String(ours.shape) !== String(golden.shape)) return false;
  if (ours.data.length !== golden.data.length) return false;
  const tolerance = digits ?? (/^<(f4|c8)$/.test(ours.dtype) ? 1e-6 : 1e-14);
  const isFloat = /[fc]/.test(ours.dtype);
  const close = ours.data.every((x, i) => {
    const y = golden.data[i];
    if (x === y || (Number.isNaN(x) && Number.isNaN(y))) return true;
    if (!isFloat || typeof x === 'bigint' || typeof y === 'bigint') return false;
    return Math.abs(x - y) <= tolerance * Math.max(1e-4, Math.abs(y));
  });
  return close && sameLayout(ours.layout, golden.layout);
}

function sameLayout(ours: Described['layout'], golden: Described['layout']): boolean {
  if (golden === undefined) return true;
  // DistArray has the result of a full reduction on one process only.
  if (ours === 'known everywhere') return golden !== ours && golden.dist.length === 0;
  if (ours === undefined || golden === 'known everywhere') return false;
  const { localShapes, ...rest } = golden;
  const pick = { ...ours, localShapes: localShapes === undefined ? undefined : ours.localShapes };
  return JSON.stringify(pick) === JSON.stringify({ ...rest, localShapes });
}

/** Returns how the parts of a distribution lie that are not empty. */
function layoutOf(distribution: Distribution): Layout | 'known everywhere' {
  if (distribution.isReplicated) return 'known everywhere';
  const { dist, targets } = distribution;
  const shapes = distribution.localShapes();
  const coords = shapes.map((_, rank) => distribution.coordsFromRank(rank));
  return withoutEmptyParts(dist, targets, shapes, coords);
}

function goldenLayout({ dist, grid_shape, targets, localshapes }: GoldenResult): Layout {
  const shapes = localshapes?.result;
  // Of a 0-d array DistArray lists no shapes.
  if (shapes === undefined || dist.length === 0) return { dist, gridShape: grid_shape, targets };
  const coords = shapes.map((_, rank) => {
    let rest = rank;
    return [...grid_shape]
      .reverse()
      .map((extent) => {
        const coord = rest % extent;
        rest = Math.floor(rest / extent);
        return coord;
      })
      .reverse();
  });
  return withoutEmptyParts(dist, targets, shapes, coords);
}

function withoutEmptyParts(
  dist: readonly string[],
  targets: readonly number[],
  shapes: readonly (readonly number[])[],
  coords: readonly (readonly number[])[],
): Layout {
  const full = [...shapes.keys()].filter((rank) => shapes[rank].every((extent) => extent > 0));
  return {
    dist,
    gridShape: dist.map((_, axis) => new Set(full.map((rank) => coords[rank][axis])).size),
    targets: full.map((rank) => targets[rank]),
    localShapes: full.map((rank) => [...shapes[rank]]),
  };
}

function numbersOf(data: readonly GoldenValue[], dtype: Dtype): (number | bigint)[] {
  const isWide = dtype === 'int64' || dtype === 'uint64';
  return data.flatMap((value): (number | bigint)[] => {
    if (typeof value === 'object' && 'complex' in value) return numbersOf(value.complex, dtype);
    if (typeof value === 'object') return [Number(value.float)];
    return [isWide ? BigInt(value) : Number(value)];
  });
}

function isArrayResult(result: unknown): result is GoldenResult {
  return typeof result === 'object' && result !== null && 'toarray' in result;
}

function isDescribed(outcome: unknown): outcome is Described {
  return typeof outcome === 'object' && outcome !== null && 'data' in outcome;
}
