/** Basic slices of arrays that are not in memory: slices of slices are one. Pure. */
import type { ResolvedItem } from '../../maps/resolveSlice.ts';
import type { SliceItem } from '../../maps/sliceSpec.ts';

/** What becomes of an axis of the array: an axis of the view goes along it, or one index is left. */
export interface ViewedAxis {
  /** The axis of the view; null where one index is left. */
  readonly axis: number | null;
  readonly start: number;
  /** From an index of the view to the next; may be negative. */
  readonly step: number;
}

/** A basic slice of an array. Axes of the view that no axis of the array becomes have one index. */
export interface BasicView {
  readonly shape: readonly number[];
  /** One an axis of the array. */
  readonly axes: readonly ViewedAxis[];
}

/** Returns all of an array as a view. */
export function wholeView(shape: readonly number[]): BasicView {
  return { shape, axes: shape.map((_, axis) => ({ axis, start: 0, step: 1 })) };
}

/** Returns the shape that a slice has. */
export function shapeOfSlice(items: readonly ResolvedItem[]): number[] {
  return items.flatMap((item) => {
    if (item.kind === 'index') return [];
    return [item.kind === 'newaxis' ? 1 : item.count];
  });
}

/** Returns a slice of a view. */
export function sliceView({ axes }: BasicView, items: readonly ResolvedItem[]): BasicView {
  const found = new Map<number, ResolvedItem & { readonly to: number }>();
  let to = 0;
  for (const item of items) {
    if (item.kind !== 'newaxis') found.set(item.axis, { ...item, to });
    if (item.kind !== 'index') to++;
  }
  return {
    shape: shapeOfSlice(items),
    axes: axes.map((viewed) => {
      const item = viewed.axis === null ? undefined : found.get(viewed.axis);
      if (item === undefined || item.kind === 'newaxis') return viewed;
      const { start, step } = viewed;
      if (item.kind === 'index') return { axis: null, start: start + item.index * step, step: 1 };
      return { axis: item.to, start: start + item.start * step, step: step * item.step };
    }),
  };
}

/**
 * Returns what a slice of an array of shape `whole` takes of one of shape `shape` that is broadcast to it, so that the
 * slices broadcast together again.
 */
export function sliceOfBroadcast(
  items: readonly ResolvedItem[],
  whole: readonly number[],
  shape: readonly number[],
): ResolvedItem[] {
  const lead = whole.length - shape.length;
  return items.flatMap((item): ResolvedItem[] => {
    if (item.kind === 'newaxis') return [item];
    const axis = item.axis - lead;
    if (axis < 0) return [];
    if (shape[axis] === whole[item.axis]) return [{ ...item, axis }];
    if (item.kind === 'index') return [{ kind: 'index', axis, index: 0 }];
    return [{ kind: 'range', axis, start: 0, step: 1, count: 1 }];
  });
}

/** Returns the entries that say what a resolved slice does. */
export function sliceItems(items: readonly ResolvedItem[], newaxis: SliceItem): SliceItem[] {
  return items.map((item): SliceItem => {
    if (item.kind === 'newaxis') return newaxis;
    if (item.kind === 'index') return item.index;
    const { start, step, count } = item;
    if (count === 0) return { start: 0, stop: 0, step: 1 };
    const stop = start + count * step;
    return { start, stop: stop < 0 ? null : stop, step };
  });
}
