/** Interleaved complex numbers as the storage of a scijs ndarray. */
import type { Complex } from '../dtype/dtype.ts';

/** Gives `get(i)` and `set(i, { re, im })` over interleaved parts, as scijs wants of a storage. */
export class ComplexStore {
  /** Number of complex numbers. */
  readonly length: number;
  private readonly parts: Float32Array | Float64Array;

  constructor(parts: Float32Array | Float64Array) {
    this.parts = parts;
    this.length = parts.length / 2;
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
