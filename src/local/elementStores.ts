/** Storages of scijs ndarrays for elements that no typed array holds one by one. */
import type { Complex } from '../dtype/dtype.ts';

/** What scijs calls a generic storage. */
export interface ElementStore<Value> {
  readonly length: number;
  get(index: number): Value;
  set(index: number, value: Value): void;
}

/** Interleaved complex numbers. */
export class ComplexStore implements ElementStore<Complex> {
  /** Number of complex numbers. */
  readonly length: number;
  /** What the numbers are in NumPy's terms. */
  readonly dtype: 'complex64' | 'complex128';
  /** Their memory: real and imaginary parts in turns. */
  readonly parts: Float32Array | Float64Array;

  constructor(parts: Float32Array | Float64Array) {
    this.parts = parts;
    this.length = parts.length / 2;
    this.dtype = parts instanceof Float32Array ? 'complex64' : 'complex128';
  }

  get(index: number): Complex {
    return { re: this.parts[2 * index], im: this.parts[2 * index + 1] };
  }

  set(index: number, value: Complex | number): void {
    const number = typeof value === 'number';
    this.parts[2 * index] = number ? value : value.re;
    this.parts[2 * index + 1] = number ? 0 : value.im;
  }
}

/** A typed array as a storage: every `lanes`-th of its elements, from `lane` on. */
export class LaneStore<Value> implements ElementStore<Value> {
  readonly length: number;
  private readonly data: { [index: number]: Value };
  private readonly lanes: number;
  private readonly lane: number;

  constructor(data: { readonly length: number; [index: number]: Value }, lanes = 1, lane = 0) {
    this.data = data;
    this.lanes = lanes;
    this.lane = lane;
    this.length = Math.floor(data.length / lanes);
  }

  get(index: number): Value {
    return this.data[index * this.lanes + this.lane];
  }

  set(index: number, value: Value): void {
    this.data[index * this.lanes + this.lane] = value;
  }
}

/**
 * Elements that are spread over another storage by lists, one an axis: element k in C order is where the
 * entries of its indices add up to.
 */
export class SpreadStore<Value> implements ElementStore<Value> {
  readonly length: number;
  private readonly store: ElementStore<Value>;
  private readonly origin: number;
  private readonly offsets: readonly Float64Array[];

  constructor(store: ElementStore<Value>, origin: number, offsets: readonly Float64Array[]) {
    this.store = store;
    this.origin = origin;
    this.offsets = offsets;
    this.length = offsets.reduce((product, { length }) => product * length, 1);
  }

  get(index: number): Value {
    return this.store.get(this.placeOf(index));
  }

  set(index: number, value: Value): void {
    this.store.set(this.placeOf(index), value);
  }

  private placeOf(index: number): number {
    let place = this.origin;
    let rest = index;
    for (let axis = this.offsets.length - 1; axis >= 0; axis--) {
      const list = this.offsets[axis];
      place += list[rest % list.length];
      rest = Math.floor(rest / list.length);
    }
    return place;
  }
}
