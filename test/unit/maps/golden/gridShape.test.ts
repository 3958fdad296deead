import { makeGridShape } from '../../../../src/maps/gridShape.ts';
import { agreesWithGolden, outcome, REFUSED, readGolden } from './golden.ts';

interface GridShapeCase {
  readonly shape: number[];
  readonly dist: string;
  readonly comm_size: number;
  readonly result?: number[];
}

describe('makeGridShape', () => {
  const { cases } = readGolden<{ cases: GridShapeCase[] }>('make_grid_shape');
  agreesWithGolden(
    'make_grid_shape.json',
    cases.map(({ shape, dist, comm_size, result }, i) => ({
      name: String(i),
      golden: result ?? REFUSED,
      ours: () => outcome(() => makeGridShape(shape, dist, comm_size)),
    })),
  );
});
