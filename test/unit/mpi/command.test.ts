import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadNative } from '../../../src/native.ts';
import { root } from '../../support/runJob.ts';

const header = readFileSync(join(root, 'native/napi/command.h'), 'utf8');
const source = readFileSync(join(root, 'src/mpi/command.ts'), 'utf8');

describe('the command block', () => {
  it('has the same slots in C++ and in TypeScript', () => {
    const [, body] = header.match(/enum Slot : int \{(.*?)\};/s)!;
    const native = [...body.matchAll(/^\s*k(\w+),/gm)].map(([, name]) => snake(name));
    const typescript = [...source.matchAll(/^export const (\w+) = (\d+);/gm)]
      .filter(([, name]) => !['BLOCKING', 'NONBLOCKING', 'PERSISTENT'].includes(name))
      .sort((a, b) => Number(a[2]) - Number(b[2]))
      .map(([, name]) => name);
    assert.ok(native.length > 20);
    assert.deepEqual(typescript, native);
  });

  it('has the same special values', () => {
    assert.match(header, /enum Mode : int \{ kBlocking, kNonblocking, kPersistent \};/);
    assert.match(source, /BLOCKING = 0;\s.*NONBLOCKING = 1;\s.*PERSISTENT = 2;/);
    assert.match(header, /kNotInitialized = -1;/);
    assert.match(source, /NOT_INITIALIZED = -1;/);
    for (const name of [
      'InsideOperation',
      'OperationInUse',
      'Unsupported',
      'OperationFailedHere',
      'OperationFailedElsewhere',
    ]) {
      const [, value] = header.match(new RegExp(`k${name} = (-\\d+);`))!;
      assert.ok(source.includes(`export const ${snake(name)} = ${value};`), name);
    }
    assert.match(header, /kInPlaceAddress = -1;/);
    assert.match(source, /IN_PLACE_ADDRESS = -1;/);
  });
});

describe('the raw functions', () => {
  const declarations = readFileSync(join(root, 'src/native.ts'), 'utf8');

  /** Names that an interface of src/native.ts declares. */
  function members(name: string): string[] {
    const [, body] = declarations.match(
      new RegExp(`export interface ${name}[^{]*\\{\\n(.*?)\\n\\}`, 's'),
    )!;
    return [...body.matchAll(/^ {2}(?:readonly )?(\w+)[(:?]/gm)].map(([, member]) => member);
  }

  /** Alternatives of the type CommandName. */
  const commands = [
    ...declarations.match(/export type CommandName =(.*?);/s)![1].matchAll(/'(\w+)'/g),
  ].map(([, name]) => name);

  it('are declared as the addon has them, no more and no less', () => {
    const addon = loadNative();
    assert.deepEqual(Object.keys(addon).sort(), members('RawAddon').sort());
    assert.deepEqual(Object.keys(addon.mpi).sort(), [...members('RawMpi'), ...commands].sort());
    assert.deepEqual(Object.keys(addon.hdf5).sort(), members('RawHdf5').sort());
  });

  it('take their arguments from the command block when they are commands, and only then', () => {
    const files = readdirSync(join(root, 'native/mpi')).filter((file) => file.endsWith('.cc'));
    const exported = files.flatMap((file) => {
      const text = readFileSync(join(root, 'native/mpi', file), 'utf8');
      return [...text.matchAll(/exportCommand<[^>]+>\(\s*exports,\s*state,\s*"(\w+)"\)/g)];
    });
    assert.deepEqual(exported.map(([, name]) => name).sort(), [...commands].sort());
  });
});

/** SendAddress → SEND_ADDRESS, Argument0 → ARGUMENT0. */
function snake(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
}
