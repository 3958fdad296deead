/** Padding of block maps: how wide it is at each edge between two parts. */

import { ArgumentRangeError, ArgumentTypeError, checkInteger, describeValue } from '../errors.ts';

/** Padding of a block-distributed dimension, as the protocol defines it. */
export interface BlockPaddingOptions {
  /**
   * Communication padding: how many indices of its neighbour a part has room for on either side
   * of each inner edge. One width for all edges, or one an edge, `gridSize` − 1 in all. In a
   * periodic dimension the outer edges have it too, unless they have boundary padding: one width
   * holds for them as well, of a list a last one may say it (`gridSize` widths in all).
   */
  readonly commPadding?: number | readonly number[];
  /**
   * Boundary padding: how many of the first and of the last indices are cells of the boundary.
   * They are owned like all others and count in the size.
   */
  readonly boundaryPadding?: number | readonly [lower: number, upper: number];
  /** Whether the first and the last part are neighbours. */
  readonly periodic?: boolean;
}

/** What {@link BlockPadding} has to know of the map. */
interface Parts {
  readonly size: number;
  readonly gridSize: number;
  /** Whether all parts but the last ones have the same size. */
  readonly isEven: boolean;
  localSize(gridRank: number): number;
}

/** Checked padding of one block map; O(1) memory when all inner edges have the same width. */
export class BlockPadding {
  readonly periodic: boolean;
  /** Widths of the boundary at the lower and upper end. */
  readonly boundary: readonly [lower: number, upper: number];
  /** Width of the communication padding around the outer edge of a periodic dimension. */
  readonly wrap: number;
  /** Width at all inner edges, or at each. */
  readonly inner: number | Float64Array;
  readonly #parts: Parts;
  /** First and last grid rank that holds something; -1 and -1 when none does. */
  readonly #ends: readonly [first: number, last: number];

  private constructor(
    parts: Parts,
    inner: number | Float64Array,
    wrap: number,
    boundary: readonly [number, number],
    periodic: boolean,
  ) {
    this.#parts = parts;
    this.inner = inner;
    this.wrap = wrap;
    this.boundary = Object.freeze([...boundary] as [number, number]);
    this.periodic = periodic;
    this.#ends = endsOf(parts);
    Object.freeze(this);
  }

  /**
   * Returns the padding that the options describe; undefined when there is none.
   *
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}, also for padding wider than
   * the neighbour holds
   */
  static from(
    parts: Parts,
    options: BlockPaddingOptions,
    argument = 'options',
  ): BlockPadding | undefined {
    const { commPadding = 0, boundaryPadding = 0, periodic = false } = options;
    if (typeof periodic !== 'boolean') {
      throw new ArgumentTypeError(`${argument}.periodic`, 'a boolean', periodic);
    }
    const boundary = boundaryWidths(boundaryPadding, `${argument}.boundaryPadding`);
    const name = `${argument}.commPadding`;
    const { inner, outer } = edgeWidths(commPadding, parts, periodic, name);
    const bounded = boundary[0] > 0 || boundary[1] > 0;
    const wrap = periodic && !bounded ? outer : 0;
    const none = inner === 0 && wrap === 0 && !bounded && !periodic;
    if (none) return undefined;
    const padding = new BlockPadding(parts, inner, wrap, boundary, periodic);
    padding.#check(name, `${argument}.boundaryPadding`);
    return padding;
  }

  /** Communication padding below and above the part of `gridRank`. */
  halo(gridRank: number): readonly [lower: number, upper: number] {
    if (this.#parts.localSize(gridRank) === 0) return [0, 0];
    const last = this.#parts.gridSize - 1;
    const lower = gridRank === 0 ? this.wrap : this.#edge(gridRank - 1);
    const upper = gridRank === last ? this.wrap : this.#edge(gridRank);
    return [lower, upper];
  }

  /** Boundary padding at the lower and upper end of the part of `gridRank`. */
  boundaryOf(gridRank: number): readonly [lower: number, upper: number] {
    const last = this.#parts.gridSize - 1;
    return [gridRank === 0 ? this.boundary[0] : 0, gridRank === last ? this.boundary[1] : 0];
  }

  equals(other: BlockPadding | undefined): boolean {
    return (
      other !== undefined &&
      this.periodic === other.periodic &&
      this.wrap === other.wrap &&
      this.boundary.every((width, end) => width === other.boundary[end]) &&
      sameWidths(this.inner, other.inner)
    );
  }

  /** The width at all edges, the outer ones of a periodic dimension included, if there is one. */
  get uniform(): number | undefined {
    const { inner, periodic, wrap } = this;
    return typeof inner === 'number' && (!periodic || wrap === inner) ? inner : undefined;
  }

  get key(): string {
    const inner = typeof this.inner === 'number' ? this.inner : this.inner.join(' ');
    return `p${inner},${this.boundary.join(' ')},${this.periodic ? `o${this.wrap}` : ''}`;
  }

  toString(): string {
    const words: string[] = [];
    if (typeof this.inner !== 'number') words.push('padding by edge');
    else if (this.inner > 0) words.push(`padding ${this.inner}`);
    if (this.boundary.some((width) => width > 0)) words.push(`boundary ${this.boundary}`);
    if (this.periodic) words.push('periodic');
    return words.join(', ');
  }

  /** Width at the edge between `gridRank` and the next; 0 next to the parts beyond the last. */
  #edge(gridRank: number): number {
    const [first, last] = this.#ends;
    if (gridRank < first || gridRank >= last) return 0;
    return typeof this.inner === 'number' ? this.inner : this.inner[gridRank];
  }

  #check(comm: string, boundary: string): void {
    const { gridSize } = this.#parts;
    this.#checkBoundary(boundary);
    if (this.wrap > 0) {
      this.#checkNeighbour(comm, this.wrap, 0, gridSize - 1);
      this.#checkNeighbour(comm, this.wrap, gridSize - 1, 0);
    }
    const [first, last] = this.#ends;
    if (this.inner === 0) return;
    // In an even map, all parts between the ends are as large as the first.
    const edges = this.#parts.isEven && typeof this.inner === 'number';
    for (let rank = first; rank < last; rank++) {
      if (edges && rank > first && rank < last - 1) rank = last - 1;
      const width = this.#edge(rank);
      this.#checkNeighbour(comm, width, rank, rank + 1);
      this.#checkNeighbour(comm, width, rank + 1, rank);
    }
  }

  #checkNeighbour(argument: string, width: number, gridRank: number, neighbour: number): void {
    const held = this.#parts.localSize(neighbour);
    if (width <= held) return;
    const expected =
      `padding of grid rank ${gridRank} no wider than the ${held} indices that its neighbour, ` +
      `grid rank ${neighbour}, holds`;
    throw new ArgumentRangeError(argument, expected, width);
  }

  #checkBoundary(argument: string): void {
    const { gridSize } = this.#parts;
    const [lower, upper] = this.boundary;
    const ends =
      gridSize === 1
        ? [[lower + upper, 0]]
        : [
            [lower, 0],
            [upper, gridSize - 1],
          ];
    for (const [width, gridRank] of ends) {
      const held = this.#parts.localSize(gridRank);
      if (width <= held) continue;
      const expected = `boundary cells among the ${held} indices that grid rank ${gridRank} holds`;
      throw new ArgumentRangeError(argument, expected, [lower, upper]);
    }
  }
}

function endsOf(parts: Parts): readonly [number, number] {
  let first = 0;
  let last = parts.gridSize - 1;
  if (parts.size === 0) return [-1, -1];
  if (parts.isEven) {
    last = Math.ceil(parts.size / parts.localSize(0)) - 1;
  } else {
    while (parts.localSize(first) === 0) first++;
    while (parts.localSize(last) === 0) last--;
  }
  return [first, last];
}

function boundaryWidths(value: unknown, argument: string): readonly [number, number] {
  if (!Array.isArray(value)) {
    if (typeof value !== 'number') {
      throw new ArgumentTypeError(argument, 'a width or [lower, upper]', value);
    }
    checkInteger(argument, value, 0);
    return [value, value];
  }
  if (value.length !== 2) throw new ArgumentRangeError(argument, '[lower, upper]', value);
  checkInteger(`${argument}[0]`, value[0], 0);
  checkInteger(`${argument}[1]`, value[1], 0);
  return [value[0], value[1]];
}

function edgeWidths(
  value: unknown,
  parts: Parts,
  periodic: boolean,
  argument: string,
): { inner: number | Float64Array; outer: number } {
  const { gridSize } = parts;
  // Edges that are not between two parts that hold something have no padding, whatever is said.
  const [first, last] = endsOf(parts);
  if (typeof value === 'number') {
    checkInteger(argument, value, 0);
    return { inner: first === last ? 0 : value, outer: value };
  }
  const expected = `a width, or the widths of the ${gridSize - 1} inner edges`;
  if (!Array.isArray(value)) throw new ArgumentTypeError(argument, expected, value);
  const withOuter = periodic && value.length === gridSize;
  if (value.length !== gridSize - 1 && !withOuter) {
    throw new ArgumentRangeError(argument, expected, describeValue(value));
  }
  value.forEach((width, edge) => {
    checkInteger(`${argument}[${edge}]`, width, 0);
  });
  const inner = value
    .slice(0, gridSize - 1)
    .map((width, edge) => (edge >= first && edge < last ? width : 0));
  const between = inner.slice(Math.max(0, first), Math.max(0, last));
  const uniform = between.every((width) => width === between[0]);
  return {
    inner: uniform ? (between[0] ?? 0) : Float64Array.from(inner),
    outer: withOuter ? value[gridSize - 1] : 0,
  };
}

function sameWidths(a: number | Float64Array, b: number | Float64Array): boolean {
  if (typeof a === 'number' || typeof b === 'number') return a === b;
  return a.length === b.length && a.every((width, edge) => width === b[edge]);
}
