/** Which block of memory holds which value of a program, and for how long. */
import type { Step } from '../kernels/program.ts';

/**
 * Gives the results of steps the numbers of temporaries: a temporary is used again after the last step that reads it,
 * and that step may write over it if the elements are of one size.
 *
 * @param itemsizeOf - bytes of an element of a value
 * @param inputs - number of inputs; temporaries are numbered after them
 * @param firstStep - the value that the first step makes; the others follow
 */
export function allocateTemporaries(
  steps: readonly Step[],
  inputs: number,
  firstStep: number,
  itemsizeOf: (value: number) => number,
): { steps: Step[]; count: number } {
  const lastUse = new Map<number, number>();
  steps.forEach((step, index) => {
    for (const value of step.inputs) lastUse.set(value, index);
  });
  const places = new Map<number, number>();
  const free: number[] = [];
  let count = 0;
  const placed = steps.map((step, index): Step => {
    const from = step.inputs.map((value) => (value < firstStep ? value : places.get(value)!));
    if (index === steps.length - 1) return { ...step, inputs: from, output: -1 };
    const read = [...new Set(step.inputs)].filter(
      (value) => value >= firstStep && lastUse.get(value) === index,
    );
    const size = itemsizeOf(step.output);
    const inPlace = read.filter((value) => itemsizeOf(value) === size);
    free.push(...inPlace.map((value) => places.get(value)!));
    const output = free.pop() ?? inputs + count++;
    places.set(step.output, output);
    const rest = read.filter((value) => !inPlace.includes(value));
    free.push(...rest.map((value) => places.get(value)!));
    return { ...step, inputs: from, output };
  });
  return { steps: placed, count };
}
