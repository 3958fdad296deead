/** Sums of products of small arrays of numbers, element by element: what distributed products are compared with. */

/** Numbers in C order. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/**
 * Returns sums of products as `numpy.einsum('ij,jk->ik', a, b)`; an axis of length 1 is broadcast.
 *
 * @param labels - one letter an axis: those of `a`, of `b`, and of the result
 */
export function einsum(
  a: Numbers,
  b: Numbers,
  [ofA, ofB, ofResult]: readonly [string, string, string],
): Numbers {
  const extents = new Map<string, number>();
  for (const [labels, { shape }] of [
    [ofA, a],
    [ofB, b],
  ] as const) {
    [...labels].forEach((label, axis) => {
      const known = extents.get(label);
      extents.set(label, known === undefined || known === 1 ? shape[axis] : known);
    });
  }
  const all = [...ofResult, ...[...extents.keys()].filter((label) => !ofResult.includes(label))];
  const shape = [...ofResult].map((label) => extents.get(label)!);
  const data: number[] = new Array(shape.reduce((size, extent) => size * extent, 1)).fill(0);
  const index = new Map(all.map((label) => [label, 0]));
  const placeIn = (labels: string, { shape: own }: { shape: readonly number[] }) =>
    [...labels].reduce(
      (place, label, axis) => place * own[axis] + (own[axis] === 1 ? 0 : index.get(label)!),
      0,
    );
  const visit = (depth: number): void => {
    if (depth === all.length) {
      const product = a.data[placeIn(ofA, a)] * b.data[placeIn(ofB, b)];
      data[placeIn(ofResult, { shape })] += product;
      return;
    }
    for (let i = 0; i < extents.get(all[depth])!; i++) {
      index.set(all[depth], i);
      visit(depth + 1);
    }
  };
  visit(0);
  return { shape, data };
}
