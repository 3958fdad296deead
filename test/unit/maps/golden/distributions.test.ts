import {
  type Construction,
  compared,
  construct,
  expectedOf,
  type GoldenDistribution,
  sameDistribution,
} from './distributionCases.ts';
import { agreesWithGolden, type GoldenError, outcome, REFUSED, readGolden } from './golden.ts';

interface DistributionCase extends Construction {
  readonly id: number;
  readonly error?: GoldenError;
  readonly result?: GoldenDistribution;
}

describe('distributions, made in every way', () => {
  const { cases } = readGolden<{ cases: DistributionCase[] }>('distributions');
  agreesWithGolden(
    'distributions.json',
    cases.map((golden) => ({
      name: String(golden.id),
      golden: golden.result === undefined ? REFUSED : expectedOf(golden.result),
      ours: () => outcome(() => compared(construct(golden))),
    })),
    sameDistribution,
  );
});
