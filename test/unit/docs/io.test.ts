/** The program of docs/io.md runs, and its assertions hold. */
import { runPage } from '../../support/docProgram.ts';

describe('docs/io.md', function () {
  this.timeout(60_000);

  it('is a program that runs on three ranks', () => runPage('io.md', 1));
});
