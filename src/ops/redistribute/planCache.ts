/** Plans that are kept, because the same arrays are often redistributed in the same way. */
import { type Plan, tableBytes } from './plan.ts';

/** Most plans that are kept, and most bytes of their tables. */
const MOST_PLANS = 64;
const MOST_BYTES = 16 * 2 ** 20;

/** The most recently used plans, by a text that tells what they are for. */
export class PlanCache {
  readonly #plans = new Map<string, { readonly plan: Plan; readonly bytes: number }>();
  #bytes = 0;

  /** Number of plans. */
  get size(): number {
    return this.#plans.size;
  }

  /** Bytes of the tables of all plans. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Returns the plan of a key; undefined when there is none. */
  get(key: string): Plan | undefined {
    const entry = this.#plans.get(key);
    if (entry === undefined) return undefined;
    this.#plans.delete(key);
    this.#plans.set(key, entry);
    return entry.plan;
  }

  /** Keeps a plan; those that were not used for the longest time make room for it. */
  set(key: string, plan: Plan): Plan {
    const bytes = tableBytes(plan);
    if (bytes > MOST_BYTES) return plan;
    this.#plans.set(key, { plan, bytes });
    this.#bytes += bytes;
    for (const [oldest, entry] of this.#plans) {
      if (this.#plans.size <= MOST_PLANS && this.#bytes <= MOST_BYTES) break;
      this.#plans.delete(oldest);
      this.#bytes -= entry.bytes;
    }
    return plan;
  }
}
