/** .npy files that NumPy has written. */
import { strict as assert } from 'node:assert';
import { DTYPE_NAMES } from '../../../src/dtype/dtype.ts';
import { loadNpy } from '../../../src/entry/io.ts';
import { skip } from '../../launcher/skip.ts';
import {
  assertNumbered,
  COLUMNS,
  LAYOUTS,
  NUMBERED,
  python,
  ROWS,
  SharedDirectory,
} from '../../support/files.ts';

const directory = new SharedDirectory('npy-numpy');

describe('loadNpy', () => {
  it('read what NumPy writes: dtypes, orders, byte orders and versions', function () {
    const program = `${NUMBERED}
folder = sys.argv[1]
for dtype in sys.argv[2:]:
    for order in 'CF':
        for byteorder in '<>':
            a = np.asarray(numbered(dtype, (${ROWS}, ${COLUMNS})).astype(np.dtype(dtype).newbyteorder(byteorder)), order=order)
            np.save(f'{folder}/{dtype}-{order}{ord(byteorder)}.npy', a)
for version in (1, 2, 3):
    with open(f'{folder}/version{version}.npy', 'wb') as f:
        np.lib.format.write_array(f, numbered('<i4', (${ROWS}, ${COLUMNS})), (version, 0))
np.save(f'{folder}/cube.npy', np.asfortranarray(numbered('>c8', (3, 4, 5))))`;
    const { ok, text } = python(program, directory.path(), ...DTYPE_NAMES);
    if (!ok && text.includes('No module'))
      skip(this, 'NumPy is not installed for /usr/bin/python3');
    assert.ok(ok, text);
    const targets = ['bn', 'cc', 'with a halo', 'unstructured', 'nb'] as const;
    let turn = 0;
    for (const dtype of DTYPE_NAMES) {
      // One of the other three, in turn, beside what differs most from ours.
      for (const layout of ['F62', ['C62', 'F60', 'C60'][turn % 3]]) {
        const file = directory.path(`${dtype}-${layout}.npy`);
        const to = targets[turn++ % targets.length];
        assertNumbered(loadNpy(file, LAYOUTS[to]()), dtype, `${file} → ${to}`);
      }
    }
    for (const version of [1, 2, 3])
      assertNumbered(loadNpy(directory.path(`version${version}.npy`)), 'int32');
    for (const dist of ['bnn', 'nbb', 'ccc', 'nnn']) {
      assertNumbered(loadNpy(directory.path('cube.npy'), { dist }), 'complex64', dist);
    }
  });
});
