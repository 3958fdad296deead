import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadNative } from '../../../src/native.ts';
import { root } from '../../support/programs.ts';

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
  const declarations = ['native.ts', 'rawMpi.ts', 'rawHdf5.ts']
    .map((file) => readFileSync(join(root, 'src', file), 'utf8'))
    .join('\n');

  /** Names that an interface of src/raw….ts declares. */
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

  it('have the parameters that C++ says and reads', () => {
    const folders = ['native/mpi', 'native/hdf5'].map((folder) => join(root, folder));
    const source = folders
      .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
      .filter((file) => file.endsWith('.cc'))
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    const withParameters = [...functions('RawMpi'), ...functions('RawHdf5')].filter(
      ({ parameters }) => parameters.length > 0,
    );
    assert.ok(withParameters.length > 15);
    for (const { name, parameters } of withParameters) {
      const found = source.match(new RegExp(`// ${name}\\(([^)]*)\\)[^]*?\\n\\}\\n`));
      assert.ok(found, `a comment with the signature of ${name} in native/`);
      const [definition, signature] = found;
      const said = signature.split(',').map((parameter) => parameter.trim().split(':')[0]);
      assert.deepEqual(said, parameters, name);
      // What is read from the arguments, unless something else is handed all of them.
      const indices = [...definition.matchAll(/info(?:\[|, )(\d+)/g)].map(([, index]) =>
        Number(index),
      );
      assert.ok(indices.length > 0, name);
      // One that is handed all of them may read more.
      const whole = /[(,] ?info[),](?! \d)/.test(definition.replace(/& info\)/g, ''));
      const expected = whole
        ? indices.filter((index) => index < parameters.length)
        : [...parameters.keys()];
      assert.deepEqual([...new Set(indices)].sort(), [...new Set(expected)].sort(), name);
    }
  });

  /** Functions that an interface of src/raw….ts declares, with the names of their parameters. */
  function functions(name: string): { name: string; parameters: string[] }[] {
    const [, body] = declarations.match(
      new RegExp(`export interface ${name}[^{]*\\{\\n(.*?)\\n\\}`, 's'),
    )!;
    // One of them takes a function.
    const flat = body.replace(/: \([^)]*\) => \w+/g, ': unknown');
    return [...flat.matchAll(/^ {2}(\w+)\(([^)]*)\):/gms)].map(([, member, list]) => ({
      name: member,
      parameters: [...list.matchAll(/(\w+):/g)].map(([, parameter]) => parameter),
    }));
  }
});

/** SendAddress → SEND_ADDRESS, Argument0 → ARGUMENT0. */
function snake(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
}
