/** From the tree of an expression to a program: dtypes as NumPy's, equal parts once. */
import { DTYPES, type Dtype } from '../dtype/dtype.ts';
import { ELEMENTWISE, type ElementwiseName } from '../dtype/elementwise.ts';
import { resultType } from '../dtype/promotion.ts';
import { resolveElementwise } from '../dtype/resolve.ts';
import { type Scalar, sideOfRange, type WeakKind } from '../dtype/scalar.ts';
import {
  MAX_INPUTS,
  MAX_TEMPORARIES,
  outputDtype,
  Program,
  type Step,
} from '../kernels/program.ts';
import { holds } from '../ops/elementwise/elementwise.ts';
import type { Constant } from './constants.ts';
import { ExpressionError } from './expressionError.ts';
import { sourceOf } from './machineCode.ts';
import { pairSteps } from './pairs.ts';
import { allocateTemporaries } from './temporaries.ts';
import { type Call, depthOf, type Expression, type Tree } from './tree.ts';

/** An input of a program: an array by its number, or a number that is the same for all elements. */
export type Input =
  | { readonly array: number }
  | { readonly constant: number }
  | { readonly fixed: Scalar };

/** A program and what it takes. */
export interface Compiled {
  readonly program: Program;
  readonly inputs: readonly Input[];
  readonly dtype: Dtype;
  /** Number of steps. */
  readonly steps: number;
  /** The inputs that are no arrays. */
  readonly numbers: readonly number[];
  /** The program in C, where a compiler makes better code of it; null otherwise. */
  readonly source: string | null;
}

/** A value of the program. */
interface Computed {
  readonly id: number;
  readonly dtype: Dtype;
}

/** What a part of an expression is: a value of the program, or a number. */
type Value = Computed | { readonly id: null; readonly constant: Constant; readonly number: number };

/** Parts that are numbers alone, with what they come to. */
export type NumberedConstants = ReadonlyMap<
  Tree,
  { readonly number: number; readonly constant: Constant }
>;

const ORDER: Readonly<Record<WeakKind, number>> = { bool: 0, int: 1, float: 2, complex: 3 };

/**
 * Compiles an expression for operands of these dtypes.
 *
 * @param arrayAt - the number of the array at a place
 * @param dtypes - of the arrays
 * @param constants - the parts that are numbers alone, with what they come to; the program depends on their kinds
 * ({@link constantClass}) alone
 */
export function compileExpression(
  expression: Expression,
  arrayAt: (place: number) => number,
  dtypes: readonly Dtype[],
  constants: NumberedConstants,
): Compiled {
  return new Compiler(expression, arrayAt, dtypes, constants).compile();
}

/** What of a constant decides how an expression is computed. */
export function constantClass({ value, weak }: Constant): string {
  if (weak === 'float') return value === 0.5 ? 'half' : weak;
  if (weak !== 'int') return weak;
  if (value === 2) return 'two';
  const integer = value as number | bigint;
  if (integer >= 0 && integer <= 127) return weak;
  return `int ${INTEGERS.map((dtype) => sideOfRange(integer, dtype) + 1).join('')}`;
}

const INTEGERS = (Object.keys(DTYPES) as Dtype[]).filter((dtype) =>
  ['int', 'uint'].includes(DTYPES[dtype].kind),
);

class Compiler {
  readonly #expression: Expression;
  readonly #arrayAt: (place: number) => number;
  readonly #arrayDtypes: readonly Dtype[];
  readonly #constants: NumberedConstants;
  readonly #inputs: Input[] = [];
  readonly #inputDtypes: Dtype[] = [];
  /** By what is computed: the value that has it. */
  readonly #known = new Map<string, Computed>();
  readonly #steps: Step[] = [];

  constructor(
    expression: Expression,
    arrayAt: (place: number) => number,
    dtypes: readonly Dtype[],
    constants: NumberedConstants,
  ) {
    this.#expression = expression;
    this.#arrayAt = arrayAt;
    this.#arrayDtypes = dtypes;
    this.#constants = constants;
  }

  compile(): Compiled {
    const root = this.#value(this.#expression.tree);
    if (root.id === null) throw this.#error('Expected at least one array', 1);
    // An operand alone is copied.
    const result =
      root.id < FIRST_STEP ? this.#step('cast', root.dtype, [root.id], root.dtype) : root;
    if (this.#inputs.length > MAX_INPUTS) {
      const found = `found ${this.#inputs.length}`;
      throw this.#error(`Expected at most ${MAX_INPUTS} different operands, ${found}`, 1);
    }
    const needed = stepsFor(result.id, this.#steps);
    const paired = pairSteps(needed, FIRST_STEP);
    const { steps, count } = allocateTemporaries(paired, this.#inputs.length, FIRST_STEP);
    if (count > MAX_TEMPORARIES) {
      throw this.#error(`Expected at most ${MAX_TEMPORARIES} parts at a time, found ${count}`, 1);
    }
    const inputs = this.#inputs;
    const numbers = [...inputs.keys()].filter((k) => !('array' in inputs[k]));
    return Object.freeze({
      program: new Program(this.#inputDtypes, count, steps),
      inputs,
      dtype: root.dtype,
      steps: needed.length,
      numbers,
      source: sourceOf(this.#inputDtypes, new Set(numbers), needed),
    });
  }

  #error(problem: string, column: number): ExpressionError {
    return new ExpressionError(problem, this.#expression.text, column);
  }

  #value(tree: Tree): Value {
    const constant = this.#constants.get(tree);
    if (constant !== undefined) return { id: null, ...constant };
    if (tree.kind === 'hole') {
      const array = this.#arrayAt(tree.place);
      return this.#input({ array }, this.#arrayDtypes[array], `array ${array}`);
    }
    if (tree.kind === 'literal') throw new Error('a literal is a constant');
    const operands = this.#operands(tree);
    return tree.name === 'where' ? this.#choice(operands) : this.#call(tree, operands);
  }

  /** The operand that needs more temporaries first: fewer are kept at a time. */
  #operands({ operands }: Call): Value[] {
    const order = [...operands.keys()].sort((a, b) => depthOf(operands[b]) - depthOf(operands[a]));
    const values = new Array<Value>(operands.length);
    for (const k of order) values[k] = this.#value(operands[k]);
    return values;
  }

  #call(call: Call, operands: readonly Value[]): Value {
    const { name: asked, operands: trees, column } = call;
    if (asked === 'where') throw new Error('not a function');
    const dtypes = [...new Set(operands.flatMap((each) => (each.id === null ? [] : each.dtype)))];
    let weak: WeakKind | undefined;
    for (const each of operands) {
      if (each.id !== null) continue;
      const kind = each.constant.weak;
      if (weak === undefined || ORDER[kind] > ORDER[weak]) weak = kind;
    }
    const { name, arity } = simplerPower(call, asked, operands, dtypes);
    let types: { compute: Dtype; result: Dtype };
    try {
      types = resolveElementwise(name, dtypes, weak);
    } catch (error) {
      throw this.#error((error as Error).message, column);
    }
    if (ELEMENTWISE[name].comparison && trees.length === 2) {
      const special = this.#comparison(name, operands, types.compute);
      if (special !== null) return special;
    }
    const inputs = operands.slice(0, arity).map((each) => this.#as(each, types.compute));
    const value = this.#step(name, types.compute, inputs);
    return value.dtype === types.result ? value : this.#cast(value, types.result);
  }

  #choice([condition, x, y]: readonly Value[]): Value {
    const dtype = resultType(
      ...[x, y].map((each) => (each.id === null ? plain(each.constant) : each.dtype)),
    );
    return this.#step('where', dtype, [
      this.#as(condition, 'bool'),
      this.#as(x, dtype),
      this.#as(y, dtype),
    ]);
  }

  /** Comparisons that no common dtype can make ({@link elementwise} has the same). */
  #comparison(name: ElementwiseName, operands: readonly Value[], compute: Dtype): Value | null {
    const [x, y] = operands;
    if (x.id !== null && y.id !== null) {
      const kinds = [DTYPES[x.dtype].kind, DTYPES[y.dtype].kind];
      if (compute !== 'float64' || !kinds.includes('int') || !kinds.includes('uint')) return null;
      // As unsigned numbers, then corrected where the signed one is negative.
      const signed = kinds[0] === 'int' ? x : y;
      const zero = { id: null, constant: { value: 0, weak: 'int' }, number: -1 } as const;
      const negative = this.#step('less', signed.dtype, [signed.id, this.#as(zero, signed.dtype)]);
      const answers = this.#step(name, 'uint64', [this.#as(x, 'uint64'), this.#as(y, 'uint64')]);
      const answer = holds(name, signed === x ? -1 : 0, signed === x ? 0 : -1);
      return this.#step('where', 'bool', [negative.id, this.#flag(answer).id, answers.id]);
    }
    const constant = x.id === null ? x : y;
    const { kind } = DTYPES[compute];
    if (constant.id !== null || (kind !== 'int' && kind !== 'uint')) return null;
    const { value } = constant.constant;
    if (typeof value !== 'number' && typeof value !== 'bigint') return null;
    const side = sideOfRange(value, compute);
    if (side === 0) return null;
    // All integers of the dtype stand to the number as 0 stands to its side; the operand tells the shape only.
    const answer = this.#flag(holds(name, constant === y ? 0 : side, constant === y ? side : 0));
    return this.#step('logicalOr', 'bool', [answer.id, answer.id]);
  }

  #flag(value: boolean): Computed {
    return this.#input({ fixed: value }, 'bool', `fixed ${value}`);
  }

  /** The value in a dtype. */
  #as(value: Value, dtype: Dtype): number {
    if (value.id === null) {
      const { number, constant } = value;
      if (number < 0)
        return this.#input({ fixed: constant.value }, dtype, `fixed ${constant.value} ${dtype}`).id;
      return this.#input({ constant: number }, dtype, `constant ${number} ${dtype}`).id;
    }
    return value.dtype === dtype ? value.id : this.#cast(value, dtype).id;
  }

  #cast({ id, dtype }: Computed, to: Dtype): Computed {
    return this.#step('cast', dtype, [id], to);
  }

  #input(input: Input, dtype: Dtype, key: string): Computed {
    return this.#remembered(key, () => {
      this.#inputDtypes.push(dtype);
      return { id: this.#inputs.push(input) - 1, dtype };
    });
  }

  #step(
    operation: Step['operation'],
    compute: Dtype,
    inputs: readonly number[],
    to?: Dtype,
  ): Computed {
    return this.#remembered(`${operation} ${compute} ${to} ${inputs}`, () => {
      const output = FIRST_STEP + this.#steps.length;
      const dtype = to ?? outputDtype(operation, compute)!;
      this.#steps.push({ operation, compute, to, inputs, output });
      return { id: output, dtype };
    });
  }

  #remembered(key: string, make: () => Computed): Computed {
    let value = this.#known.get(key);
    if (value === undefined) {
      value = make();
      this.#known.set(key, value);
    }
    return value;
  }
}

/** Values from here on are results of steps; those below are inputs. */
const FIRST_STEP = 2 ** 16;

/** The steps that a result is made of, of which it is the last: what does not depend on an operand leaves it behind. */
function stepsFor(result: number, steps: readonly Step[]): Step[] {
  const needed = new Set([result]);
  return steps
    .toReversed()
    .filter(({ output, inputs }) => {
      if (!needed.has(output)) return false;
      for (const input of inputs) needed.add(input);
      return true;
    })
    .reverse();
}

/** `x ** 2` and `x ** 0.5` have functions of their own, as in NumPy. */
function simplerPower(
  { isOperator }: Call,
  name: ElementwiseName,
  operands: readonly Value[],
  dtypes: readonly Dtype[],
): { name: ElementwiseName; arity: number } {
  const { arity } = ELEMENTWISE[name];
  const exponent = operands[1];
  if (!isOperator || name !== 'power' || exponent.id !== null || dtypes.length === 0)
    return { name, arity };
  const { value, weak } = exponent.constant;
  if (value === 2 && weak === 'int') return { name: 'square', arity: 1 };
  const isFloat = ['float', 'complex'].includes(DTYPES[dtypes[0]].kind);
  if (value === 0.5 && isFloat) return { name: 'sqrt', arity: 1 };
  return { name, arity };
}

/** A number that tells its kind. */
function plain({ value, weak }: Constant): Scalar {
  return weak === 'float' ? 0.5 : value;
}
