/** Halo exchanges of distributed arrays, as methods. */
import {
  addHaloOperation,
  type HaloParams,
  updateHaloOperation,
} from '../ops/halo/haloOperations.ts';
import type { Stencil } from '../ops/halo/haloPlan.ts';
import type { ValueOperation } from '../ops/operation.ts';
import { checkOptions, optionNames } from '../options.ts';
import { DistArray } from './distArray.ts';

/** Options of the methods that exchange halos. */
export interface HaloMethodOptions {
  /** Across edges only (`'star'`), or across corners as well (`'box'`, the default). */
  readonly stencil?: Stencil;
}

const HALO_OPTIONS = optionNames<HaloMethodOptions>({ stencil: true });

/** The methods of arrays that exchange halos. */
export interface HaloMethods {
  /**
   * Gives each cell of the communication padding the value of the element that it stands for, from the process
   * that owns it. What is read there locally (`array.local.padded`) is up to date then.
   *
   * @remarks Collective; neighbours exchange their edges. Functions of shifted slices, such as
   * `u.slice('1:').subtract(u.slice(':-1'))`, bring the halo up to date themselves where it is wide enough,
   * and read it from there.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}, also for slices, which have no halo of their own
   */
  updateHalo(options?: HaloMethodOptions): this;
  /**
   * Adds the values in the communication padding to the elements that they stand for: the reverse of
   * {@link HaloMethods.updateHalo}, for contributions that were computed on both sides of an edge.
   *
   * @remarks Collective. The padding keeps its values.
   * @throws as {@link HaloMethods.updateHalo}
   */
  addHalo(options?: HaloMethodOptions): this;
}

const METHODS: { readonly [Name in keyof HaloMethods]: ValueOperation<HaloParams, void> } = {
  updateHalo: updateHaloOperation,
  addHalo: addHaloOperation,
};

for (const [name, operation] of Object.entries(METHODS)) {
  const value = function (this: DistArray, options: HaloMethodOptions = {}): DistArray {
    checkOptions(options, HALO_OPTIONS, "{ stencil: 'star' }");
    const { stencil = 'box' } = options;
    this.context.session.evaluate(operation, [this.handle], { stencil });
    return this;
  };
  Object.defineProperty(DistArray.prototype, name, { value, writable: true, configurable: true });
}
