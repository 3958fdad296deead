import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
    assert.match(header, /kInPlaceAddress = -1;/);
    assert.match(source, /IN_PLACE_ADDRESS = -1;/);
  });

  it('declares the functions that the addon has, no more and no less', () => {
    const declared = readFileSync(join(root, 'src/native.ts'), 'utf8')
      .match(/export type CommandName =(.*?);/s)![1]
      .matchAll(/'(\w+)'/g);
    const files = ['communicator', 'topology', 'point_to_point', 'collectives', 'request'];
    const exported = files.flatMap((file) => {
      const text = readFileSync(join(root, `native/mpi/${file}.cc`), 'utf8');
      return [...text.matchAll(/exportCommand<\w+>\(exports, state, "(\w+)"\)/g)].map((m) => m[1]);
    });
    assert.deepEqual([...declared].map((m) => m[1]).sort(), exported.sort());
  });
});

/** SendAddress → SEND_ADDRESS, Argument0 → ARGUMENT0. */
function snake(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
}
