/** Distributions in messages: whole the first time, and by a number from then on. */
import { DistArrayError } from '../errors.ts';
import type { DimensionMap } from '../maps/dimensionMap.ts';
import { Distribution } from '../maps/distribution.ts';
import {
  restoreDistribution,
  type StoredDistribution,
  storeDistribution,
} from '../maps/storedDistribution.ts';
import { type StoredView, storeView, viewOfMap } from '../maps/storedMap.ts';
import { UnstructuredMap } from '../maps/unstructuredMap.ts';
import { registerClass } from '../mpi/objects/registry.ts';
import { Weak } from '../mpi/weak.ts';

/** What an unstructured dimension has beside its stored form. */
interface Lists extends StoredView {
  readonly indices: readonly (Int32Array | Float64Array)[];
  /** Size of the map that the dimension is a view of. */
  readonly size: number;
}

/** A distribution as a value. */
export interface PlainDistribution {
  readonly stored: StoredDistribution;
  /** By axis; null for regular maps. */
  readonly lists: readonly (Lists | null)[];
  /** The number that stands for it in the client's later messages; null for none. */
  readonly number: number | null;
}

/**
 * What the two ends of a session call distributions: the client gives the numbers, and the engines, which get all
 * that it sends in the same order, know them.
 */
export class DistributionNumbers {
  readonly #numbers = new WeakMap<Distribution, number>();
  /** Of an engine. */
  readonly #known = new Map<number, Distribution>();
  /** Of the client: those that the program still has. */
  readonly #given = new Map<number, Weak<Distribution>>();
  readonly #gone = new FinalizationRegistry<number>((number) => {
    this.#given.delete(number);
    this.#forgotten.push(number);
  });
  #forgotten: number[] = [];
  #next = 0;
  readonly #gives: boolean;

  /** @param gives - whether this end gives the numbers */
  constructor(gives: boolean) {
    this.#gives = gives;
  }

  /** Calls a function that encodes or decodes a message of the session. */
  during<T>(code: () => T): T {
    const before = current;
    current = this;
    try {
      return code();
    } finally {
      current = before;
    }
  }

  /** Calls a function that encodes a message: where it fails, nobody hears of the numbers that were given in it. */
  writing<T>(code: () => T): T {
    const first = this.#next;
    try {
      return this.during(code);
    } catch (error) {
      for (let number = first; number < this.#next; number++) {
        const distribution = this.#given.get(number)?.deref();
        if (distribution !== undefined) this.#numbers.delete(distribution);
        this.#given.delete(number);
      }
      throw error;
    }
  }

  /** Returns, once, the numbers that are not used any more. */
  takeForgotten(): readonly number[] {
    const taken = this.#forgotten;
    if (taken.length > 0) this.#forgotten = [];
    return taken;
  }

  /** The client has said that it does not use these numbers any more. */
  forget(numbers: readonly number[]): void {
    for (const number of numbers) this.#known.delete(number);
  }

  write(distribution: Distribution): number | PlainDistribution {
    const known = this.#numbers.get(distribution);
    // The client may have forgotten what an engine still knows.
    if (!this.#gives) return wholeOf(distribution, known ?? null);
    if (known !== undefined) return known;
    const number = this.#next++;
    this.#given.set(number, new Weak(distribution));
    this.#numbers.set(distribution, number);
    this.#gone.register(distribution, number);
    return wholeOf(distribution, number);
  }

  read(plain: number | PlainDistribution): Distribution {
    if (typeof plain === 'number') {
      const found = this.#known.get(plain);
      if (found !== undefined) return found;
      const message = `There is no distribution ${plain}`;
      throw new DistArrayError('ERR_UNKNOWN_DISTRIBUTION', message);
    }
    if (this.#gives && plain.number !== null) {
      const given = this.#given.get(plain.number)?.deref();
      if (given !== undefined) return given;
    }
    const distribution = distributionOf(plain);
    if (plain.number !== null && !this.#gives) {
      this.#known.set(plain.number, distribution);
      this.#numbers.set(distribution, plain.number);
    }
    return distribution;
  }
}

/** The numbers of the session whose message is being written or read. */
let current: DistributionNumbers | null = null;

registerClass(Distribution as unknown as new (...args: never[]) => Distribution, {
  name: 'distarray.Distribution',
  serialize: (distribution): number | PlainDistribution =>
    current === null ? wholeOf(distribution, null) : current.write(distribution),
  deserialize: (plain) =>
    current === null ? distributionOf(plain as PlainDistribution) : current.read(plain),
});

/** Returns a distribution as a value, and the number that stands for it. */
export function wholeOf(distribution: Distribution, number: number | null): PlainDistribution {
  const lists = distribution.maps.map((map) => (map.dist === 'u' ? listsOf(map) : null));
  return { stored: storeDistribution(distribution), lists, number };
}

function listsOf(map: DimensionMap): Lists {
  const base = map.base as UnstructuredMap;
  const indices = Array.from({ length: base.gridSize }, (_, gridRank) => base.indices(gridRank));
  return { indices, size: base.size, ...storeView(map) };
}

/** Returns the distribution that {@link wholeOf} has made a value of. */
export function distributionOf({ stored, lists }: PlainDistribution): Distribution {
  return restoreDistribution(stored, (map, axis) => {
    const { indices, size, slice } = lists[axis] as Lists;
    const base = UnstructuredMap.fromIndices(indices, { size, oneToOne: map.one_to_one });
    return viewOfMap(base, slice);
  });
}
