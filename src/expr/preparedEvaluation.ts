/** Evaluations that are made again with the same arrays: all that does not depend on their elements is done once. */
import type { Dtype } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalar.ts';
import { describeCall } from '../kernels/program.ts';
import type { StridedView } from '../kernels/stridedView.ts';
import type { LocalArray } from '../local/localArray.ts';
import { canShrink } from '../mpi/viewMemory.ts';
import { PreparedStep } from '../ops/halo/preparedStep.ts';
import type { OperationEnvironment, PreparedCall } from '../ops/operation.ts';
import type { Traffic } from '../ops/redistribute/traffic.ts';
import { cutsOf } from './cuts.ts';
import { type EvaluateParams, inferred, inputsOf, isAmong } from './evaluate.ts';
import { warm } from './hot.ts';
import { layoutOf } from './operands.ts';
import { type Plan, planOf } from './plan.ts';
import { Edges, viewInBox } from './windows.ts';

/**
 * Prepares an evaluation into an array to be made again, with other numbers perhaps.
 *
 * @returns null where operands are redistributed, or memory is needed in between
 * @remarks Local: it makes the messages that `evaluate` would, so that each process may do as it likes.
 */
export function prepareEvaluation(
  arrays: readonly LocalArray[],
  params: EvaluateParams,
  { traffic }: OperationEnvironment,
): PreparedCall<EvaluateParams> | null {
  if (!params.hasOut) return null;
  const { plan, meta } = inferred(arrays, params);
  const count = arrays.length - 1;
  const result = arrays[count];
  // Memory that may go away without a sign is asked for each time.
  if (!arrays.every((array) => array.isStrided && !canShrink(array.data))) return null;
  const { windows, aligned, isCut } = layoutOf(arrays, count, meta.distribution);
  if (windows.some((window, k) => window === null && !aligned[k])) return null;
  if (isCut && isAmong(result, arrays, count)) return null;
  const edges = isCut ? new Edges(windows) : null;
  const { program } = plan.compiled;
  const out = result.strided;
  const calls = { inner: [] as number[][], outer: [] as number[][] };
  if (result.localSize > 0) {
    const { inner, outer } = cutsOf(out.shape, windows, edges);
    for (const [cuts, described] of [
      [inner, calls.inner],
      [outer, calls.outer],
    ] as const) {
      for (const { box, views } of cuts) {
        const shown = views.map((view, k) => view ?? viewInBox(arrays[k].strided, box));
        described.push(describeCall(program, inputsOf(plan, shown), viewInBox(out, box)));
      }
    }
  }
  const messages = [...(edges?.all ?? [])].map((ghosts) => ghosts.messages());
  const step = PreparedStep.of({ program, ...calls, edges: messages });
  if (step === null) return null;
  const dtypes = arrays.slice(0, count).map(({ dtype }) => ({ dtype }));
  return new PreparedEvaluation(step, params, plan, dtypes, result.localSize, traffic);
}

class PreparedEvaluation implements PreparedCall<EvaluateParams> {
  readonly #step: PreparedStep;
  readonly #params: EvaluateParams;
  readonly #plan: Plan;
  readonly #dtypes: readonly { readonly dtype: Dtype }[];
  readonly #size: number;
  readonly #traffic: Traffic;
  #scalars: readonly Scalar[];
  #isSettled = false;

  constructor(
    step: PreparedStep,
    params: EvaluateParams,
    plan: Plan,
    dtypes: readonly { readonly dtype: Dtype }[],
    size: number,
    traffic: Traffic,
  ) {
    this.#step = step;
    this.#params = params;
    this.#plan = plan;
    this.#dtypes = dtypes;
    this.#size = size;
    this.#traffic = traffic;
    this.#scalars = params.scalars;
    this.#setNumbers(plan);
  }

  accept({ scalars }: EvaluateParams): boolean {
    if (areSame(scalars, this.#scalars)) return true;
    const { expression, places } = this.#params;
    const plan = planOf(expression, places, this.#dtypes, this.#dtypes.length, scalars);
    if (plan.compiled !== this.#plan.compiled) return false;
    this.#setNumbers(plan);
    this.#scalars = scalars;
    return true;
  }

  run(): void {
    if (!this.#isSettled) this.#isSettled = warm(this.#plan.compiled, this.#size);
    const { messages, bytes } = this.#step;
    if (messages > 0) this.#traffic.count(bytes, messages);
    this.#step.run();
  }

  #setNumbers(plan: Plan): void {
    const noViews: readonly StridedView[] = this.#dtypes.map(({ dtype }) => ({
      ...NO_VIEW,
      dtype,
    }));
    this.#step.setNumbers(plan.compiled.program, inputsOf(plan, noViews));
  }
}

/** Stands for an array where only numbers count. */
const NO_VIEW = { data: new Float64Array(0), shape: [], strides: [], offset: 0 } as const;

/** Whether numbers are known to be the same; a complex one is an object, which may have changed. */
function areSame(a: readonly Scalar[], b: readonly Scalar[]): boolean {
  for (let k = 0; k < a.length; k++) {
    if (!Object.is(a[k], b[k]) || typeof a[k] === 'object') return false;
  }
  return true;
}
