/** Which block of memory holds which value of a program, and for how long. */
import { DTYPES } from '../dtype/dtype.ts';
import { outputDtype, type Step } from '../kernels/program.ts';

/**
 * Gives the results of steps the numbers of temporaries: a temporary is used again after the last step that reads it.
 * That step may write over it only if its own elements are as large: larger ones would overtake those that are still
 * to be read.
 *
 * @param inputs - number of inputs; temporaries are numbered after them
 * @param firstStep - the value that the first step makes; the others follow
 */
export function allocateTemporaries(
  steps: readonly Step[],
  inputs: number,
  firstStep: number,
): { steps: Step[]; count: number } {
  const lastUse = new Map<number, number>();
  steps.forEach((step, index) => {
    for (const value of step.inputs) lastUse.set(value, index);
  });
  const places = new Map<number, number>();
  const itemsizes = new Map<number, number>();
  const free: number[] = [];
  let count = 0;
  const placed = steps.map((step, index): Step => {
    const from = step.inputs.map((value) => (value < firstStep ? value : places.get(value)!));
    if (index === steps.length - 1) return { ...step, inputs: from, output: -1 };
    const { itemsize } = DTYPES[step.to ?? outputDtype(step.operation, step.compute)!];
    const later: number[] = [];
    for (const value of new Set(step.inputs)) {
      if (value < firstStep || lastUse.get(value) !== index) continue;
      (itemsizes.get(value) === itemsize ? free : later).push(places.get(value)!);
    }
    const output = free.pop() ?? inputs + count++;
    free.push(...later);
    places.set(step.output, output);
    itemsizes.set(step.output, itemsize);
    return { ...step, inputs: from, output };
  });
  return { steps: placed, count };
}
