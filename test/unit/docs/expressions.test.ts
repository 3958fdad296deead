/** The program of docs/expressions.md runs, and its assertions hold. */
import { runPage } from '../../support/docProgram.ts';

describe('docs/expressions.md', function () {
  this.timeout(60_000);

  it('is a program that runs on three ranks', () => runPage('expressions.md', 7));
});
