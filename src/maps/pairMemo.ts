/** What follows from two distributions, worked out once for each pair. */
import type { Distribution } from './distribution.ts';

/** Values by pairs of distributions, which go with them. */
export class PairMemo<V> {
  readonly #known = new WeakMap<Distribution, WeakMap<Distribution, V>>();

  /** Returns the value of a pair; `make` is called for one that has none. */
  of(from: Distribution, to: Distribution, make: () => V): V {
    let ofFrom = this.#known.get(from);
    if (ofFrom === undefined) {
      ofFrom = new WeakMap();
      this.#known.set(from, ofFrom);
    }
    let value = ofFrom.get(to);
    if (value === undefined) {
      value = make();
      ofFrom.set(to, value);
    }
    return value;
  }
}
