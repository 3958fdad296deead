/** The program of docs/kernels.md runs, and its assertions hold. */
import { runPage } from '../../support/docProgram.ts';
import { needsFortran } from '../../support/fortran.ts';

describe('docs/kernels.md', function () {
  this.timeout(60_000);

  it('is a program that runs on three ranks', async function () {
    needsFortran(this);
    await runPage('kernels.md', 5);
  });
});
