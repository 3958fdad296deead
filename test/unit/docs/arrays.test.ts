/** The program of docs/arrays.md runs, and its assertions hold. */
import { runPage } from '../../support/docProgram.ts';

describe('docs/arrays.md', function () {
  this.timeout(60_000);

  it('is a program that runs on three ranks', () => runPage('arrays.md', 6));
});
