/**
 * The validator of the protocol (`validator.validate` of the Distributed Array Protocol 0.10), with
 * the holes of the reference closed; `docs/protocol.md` lists them.
 */
import { readBuffer } from './buffer.ts';
import { indicesProblem } from './indices.ts';
import {
  type Dictionary,
  describe,
  integerOf,
  isDictionary,
  presentKeys,
  typeName,
} from './values.ts';
import { versionProblem } from './version.ts';

/** What a validator says; the message is empty when all is well. */
export interface Verdict {
  readonly valid: boolean;
  /** The first problem, with the key and the dimension it is in. */
  readonly message: string;
}

type Problem = string | undefined;

/**
 * Returns whether a value is a structure of the protocol: one process's part of a distributed array,
 * as `__distarray__()` returns it. Never throws, whatever the value.
 *
 * @remarks Looks at this part alone; whether the parts of all processes fit together is told by
 * {@link checkPieces}. Source: `validator.validate` of the Distributed Array Protocol 0.10.
 */
export function validate(structure: unknown): Verdict {
  return verdictOf(() => structureProblem(structure));
}

/**
 * Returns whether a value is an array of dimension dictionaries. Never throws.
 * Source: `validator.validate_dim_data`.
 */
export function validateDimData(dimData: unknown): Verdict {
  return verdictOf(() => dimDataProblem(dimData));
}

/**
 * Returns whether a value is the dimension dictionary of dimension `index`. Never throws.
 * Source: `validator.validate_dim_dict`.
 */
export function validateDimDict(index: number, dimDict: unknown): Verdict {
  return verdictOf(() => dimDictProblem(index, dimDict));
}

/** A getter or a proxy of the caller may throw on any access. */
function verdictOf(find: () => Problem): Verdict {
  let message: Problem;
  try {
    message = find();
  } catch (error) {
    message = `the structure cannot be read: ${describe((error as Partial<Error> | null)?.message)}.`;
  }
  return { valid: message === undefined, message: message ?? '' };
}

const KEYS = ['__version__', 'buffer', 'dim_data'];

function structureProblem(structure: unknown): Problem {
  if (!isDictionary(structure)) return `non-dictionary object of type ${typeName(structure)}.`;
  const present = presentKeys(structure);
  const extra = present.filter((key) => !KEYS.includes(key));
  if (extra.length > 0) return `extra keys ${list(extra)} present.`;
  const missing = KEYS.filter((key) => !present.includes(key));
  if (missing.length > 0) return `keys ${list(missing)} missing.`;
  const { __version__: version, buffer, dim_data: dimData } = structure;
  const wrongVersion = versionProblem(version);
  if (wrongVersion !== undefined) return wrongVersion;
  const view = readBuffer(buffer);
  if (typeof view === 'string') return `buffer: ${view}.`;
  return dimDataProblem(dimData) ?? shapeProblem(dimData as Dictionary[], view.shape);
}

function dimDataProblem(dimData: unknown): Problem {
  if (!Array.isArray(dimData)) return `dim_data (type ${typeName(dimData)}) is not an array.`;
  const dicts: readonly unknown[] = Array.from(dimData);
  const other = dicts.findIndex((dict) => !isDictionary(dict));
  if (other >= 0) {
    return `dim_data for dimension ${other} (type ${typeName(dicts[other])}) is not a dictionary.`;
  }
  return first(dicts.map((dict, index) => () => dimDictProblem(index, dict)));
}

/** The protocol wants `stop - start` of block dimensions to be the buffer's extent. */
function shapeProblem(dimData: readonly Dictionary[], shape: readonly number[]): Problem {
  if (dimData.length !== shape.length) {
    return `len(dim_data) == ${dimData.length}, which is not equal to buffer.ndim == ${shape.length}.`;
  }
  return first(
    dimData.map(({ dist_type, start, stop }, index) => () => {
      if (dist_type !== 'b') return undefined;
      const extent = (integerOf(stop) ?? 0) - (integerOf(start) ?? 0);
      return extent === shape[index]
        ? undefined
        : `stop - start (${stop} - ${start}) for dimension ${index} is not equal to buffer.shape[${index}] (${shape[index]}).`;
    }),
  );
}

function dimDictProblem(index: number, dict: unknown): Problem {
  if (!isDictionary(dict)) {
    return `dim_data for dimension ${index} (type ${typeName(dict)}) is not a dictionary.`;
  }
  if (Object.keys(dict).length === 0) return undefined;
  const type = dict.dist_type;
  if (type === undefined) return `keys 'dist_type' missing for dimension ${index}.`;
  if (type !== 'b' && type !== 'c' && type !== 'u') {
    const given = typeof type === 'string' ? `'${type.slice(0, 80)}'` : describe(type);
    return `dimension dict at index ${index} should have dist_type of 'b', 'c', or 'u' (given ${given})`;
  }
  const specific = { b: blockProblem, c: cyclicProblem, u: unstructuredProblem }[type];
  return commonProblem(index, dict) ?? specific(index, dict);
}

function commonProblem(index: number, dict: Dictionary): Problem {
  const needed = ['size', 'proc_grid_size', 'proc_grid_rank'];
  const missing = needed.filter((key) => dict[key] === undefined);
  if (missing.length > 0) return `keys ${list(missing)} missing for dimension ${index}.`;
  return (
    first(needed.map((key) => () => nonInteger(key, index, dict[key]))) ??
    negative('size', index, dict.size) ??
    gridProblem(index, Number(dict.proc_grid_size), Number(dict.proc_grid_rank))
  );
}

function gridProblem(index: number, size: number, rank: number): Problem {
  if (size < 1) {
    return `proc_grid_size for dimension ${index} has value ${size} and is less than one.`;
  }
  if (rank < 0) return negative('proc_grid_rank', index, rank);
  return rank < size
    ? undefined
    : `proc_grid_rank (value ${rank}) >= proc_grid_size (value ${size}) for dimension ${index}.`;
}

function blockProblem(index: number, dict: Dictionary): Problem {
  for (const key of ['start', 'stop']) {
    if (dict[key] === undefined) {
      return `key '${key}' not present in dictionary for distributed dimension ${index}.`;
    }
    const problem = nonInteger(`'${key}'`, index, dict[key]);
    if (problem !== undefined) return problem;
  }
  const [start, stop, size] = [Number(dict.start), Number(dict.stop), Number(dict.size)];
  if (start < 0) return negative('start', index, start);
  if (stop < start) return `stop (${stop}) for dimension ${index} is less than start (${start}).`;
  if (stop > size) return `stop (${stop}) for dimension ${index} is greater than size (${size}).`;
  return (
    paddingProblem(index, dict) ??
    firstStartProblem(index, dict) ??
    nonBoolean('periodic', index, dict.periodic)
  );
}

function paddingProblem(index: number, dict: Dictionary): Problem {
  const { padding } = dict;
  if (padding === undefined) return undefined;
  const shown = `padding (${describe(padding)}) for dimension ${index}`;
  if (!Array.isArray(padding)) return `${shown} is not an array.`;
  if (padding.length !== 2) return `${shown} is not of length 2.`;
  for (const [k, element] of padding.entries()) {
    const width = integerOf(element);
    const which = `padding element ${k} (${describe(element)}) for dimension ${index}`;
    if (width === undefined) return `${which} has non-integer type ${typeName(element)}.`;
    if (width < 0) return `${which} is negative.`;
  }
  const wide = padding.reduce((sum: number, element) => sum + Number(element), 0);
  return wide > Number(dict.stop) - Number(dict.start)
    ? `${shown} is wider than start:stop (${dict.start}:${dict.stop}).`
    : undefined;
}

function cyclicProblem(index: number, dict: Dictionary): Problem {
  if (dict.start === undefined) {
    return `start not present in dictionary for distributed dimension ${index}.`;
  }
  const blockSize = dict.block_size === undefined ? 1 : dict.block_size;
  const problem =
    nonInteger('start', index, dict.start) ?? nonInteger('block_size', index, blockSize);
  if (problem !== undefined) return problem;
  const [start, block, rank] = [Number(dict.start), Number(blockSize), Number(dict.proc_grid_rank)];
  if (start < 0) return negative('start', index, start);
  if (block < 1) return `block_size (${block}) for dimension ${index} is less than one.`;
  // The protocol's text lets an empty part start at `size`, its validator only at its block.
  const size = Number(dict.size);
  if (start === size && rank * block >= size) return undefined;
  return rank * block === start
    ? undefined
    : `proc_grid_rank * block_size != start (${rank} * ${block} != ${start}) for dimension ${index}.`;
}

function unstructuredProblem(index: number, dict: Dictionary): Problem {
  if (dict.indices === undefined) {
    return `indices not present in dictionary for distributed dimension ${index}.`;
  }
  const view = readBuffer(dict.indices);
  if (typeof view === 'string') return `indices for distributed dimension ${index}: ${view}.`;
  const problem = indicesProblem(view);
  return problem === undefined
    ? nonBoolean('one_to_one', index, dict.one_to_one)
    : `indices for dimension ${index} ${problem}.`;
}

function firstStartProblem(index: number, dict: Dictionary): Problem {
  const start = Number(dict.start);
  return Number(dict.proc_grid_rank) === 0 && start !== 0
    ? `start should be zero, but has value ${start} for dimension ${index} with proc_grid_rank == 0.`
    : undefined;
}

function nonInteger(key: string, index: number, value: unknown): Problem {
  return integerOf(value) === undefined
    ? `${key} for dimension ${index} has non-integer type ${typeName(value)}.`
    : undefined;
}

function nonBoolean(key: string, index: number, value: unknown): Problem {
  return value === undefined || typeof value === 'boolean'
    ? undefined
    : `${key} for dimension ${index} has non-boolean type ${typeName(value)}.`;
}

function negative(key: string, index: number, value: unknown): Problem {
  return Number(value) < 0
    ? `${key} for dimension ${index} has negative value ${value}.`
    : undefined;
}

function list(keys: readonly string[]): string {
  return keys.map((key) => `'${key.slice(0, 80)}'`).join(', ');
}

/** Returns the first problem that is found; looks no further. */
function first(checks: readonly (() => Problem)[]): Problem {
  for (const check of checks) {
    const problem = check();
    if (problem !== undefined) return problem;
  }
  return undefined;
}
