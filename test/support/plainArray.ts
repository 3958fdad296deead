/** Arrays of one process in plain JavaScript, element by element: what distributed ones are compared with. */

/** An entry of a slice of a {@link PlainArray}. */
export type PlainItem =
  | number
  | {
      readonly start?: number | null;
      readonly stop?: number | null;
      readonly step?: number | null;
    };

/** Numbers and where they stand. Views share the numbers. */
export class PlainArray {
  readonly shape: readonly number[];
  /** All numbers of the array and of those that it is a view of. */
  readonly values: number[];
  /** In C order, which of the numbers are the elements. */
  readonly places: readonly number[];

  constructor(shape: readonly number[], values: number[], places?: readonly number[]) {
    this.shape = shape;
    this.values = values;
    this.places = places ?? values.map((_, k) => k);
  }

  static from(shape: readonly number[], valueAt: (flat: number) => number): PlainArray {
    const size = shape.reduce((product, extent) => product * extent, 1);
    return new PlainArray(
      shape,
      Array.from({ length: size }, (_, k) => valueAt(k)),
    );
  }

  get elements(): number[] {
    return this.places.map((place) => this.values[place]);
  }

  /** The elements as arrays in arrays. */
  get nested(): unknown {
    const { elements, shape } = this;
    let level: unknown[] = elements;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const extent = shape[axis];
      const count = shape.slice(0, axis).reduce((product, n) => product * n, 1);
      level = Array.from({ length: count }, (_, k) => level.slice(k * extent, (k + 1) * extent));
    }
    return level[0];
  }

  slice(items: readonly PlainItem[]): PlainArray {
    const shape: number[] = [];
    let indices: number[][] = [[]];
    this.shape.forEach((extent, axis) => {
      const item = items[axis] ?? {};
      const along =
        typeof item === 'number' ? [item < 0 ? item + extent : item] : range(item, extent);
      if (typeof item !== 'number') shape.push(along.length);
      indices = indices.flatMap((index) => along.map((i) => [...index, i]));
    });
    return new PlainArray(
      shape,
      this.values,
      indices.map((index) => this.places[this.#flat(index)]),
    );
  }

  /** Elements of both, broadcast together, combined. */
  combine(other: PlainArray | number, combine: (x: number, y: number) => number): PlainArray {
    const right = typeof other === 'number' ? new PlainArray([], [other]) : other;
    const ndim = Math.max(this.shape.length, right.shape.length);
    const shape = Array.from({ length: ndim }, (_, axis) => {
      const [a, b] = [this, right].map((each) => each.shape[axis - ndim + each.shape.length] ?? 1);
      return a === 1 ? b : a;
    });
    return PlainArray.from(shape, (k) => {
      const [x, y] = [this, right].map((each) => each.#broadcastAt(shape, k));
      return combine(x, y);
    });
  }

  assign(other: PlainArray | number): void {
    const taken = this.combine(other, (_, y) => y).elements;
    this.places.forEach((place, k) => {
      this.values[place] = taken[k];
    });
  }

  copy(): PlainArray {
    return new PlainArray(this.shape, this.elements);
  }

  #broadcastAt(shape: readonly number[], k: number): number {
    const index: number[] = [];
    let rest = k;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index.unshift(rest % shape[axis]);
      rest = Math.floor(rest / shape[axis]);
    }
    const own = index.slice(shape.length - this.shape.length);
    return this.values[this.places[this.#flat(own.map((i, axis) => i % this.shape[axis]))]];
  }

  #flat(index: readonly number[]): number {
    return index.reduce((flat, i, axis) => flat * this.shape[axis] + i, 0);
  }
}

/** The indices of a range, as Python's `slice.indices` tells. */
function range(item: Exclude<PlainItem, number>, extent: number): number[] {
  const step = item.step ?? 1;
  const [low, high] = step > 0 ? [0, extent] : [-1, extent - 1];
  const clip = (bound: number | null | undefined, missing: number) => {
    if (bound === null || bound === undefined) return missing;
    const positive = bound < 0 ? bound + extent : bound;
    return Math.min(Math.max(positive, low), high);
  };
  const start = clip(item.start, step > 0 ? low : high);
  const stop = clip(item.stop, step > 0 ? high : low);
  const indices: number[] = [];
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) indices.push(i);
  return indices;
}
