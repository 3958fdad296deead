import { strict as assert } from 'node:assert';
import { flavours, runJob } from '../../support/runJob.ts';

// What docs/mpi.md says makes Open MPI 4.1 stop at the end of the buffer.
const copying = { OMPI_MCA_btl_vader_flags: 'send', OMPI_MCA_btl_self_flags: 'send' };

for (const flavour of flavours) {
  describe(`a long message that does not fit (${flavour})`, function () {
    this.timeout(60_000);

    it('is an error, and nothing beyond the buffer is written', async () => {
      const env = flavour === 'openmpi' ? copying : {};
      const { code, stdout, stderr } = await runJob(flavour, 2, 'receivesTooMuch', [], { env });
      assert.equal(code, 0, stderr);
      const lines = stdout.trim().split(/\r?\n/).sort();
      const expected = ['0 1000', '0 200000', '1 1000', '1 200000'].flatMap((which) => {
        const line = `${which}: MPI_ERR_TRUNCATE, 0 beyond`;
        return [line, line];
      });
      assert.deepEqual(lines, expected);
    });
  });
}
