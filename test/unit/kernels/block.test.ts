/** The kernels' side of the addon. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DTYPE_NAMES } from '../../../src/dtype/dtype.ts';
import { loadNative } from '../../../src/native.ts';
import { nodeArguments, root } from '../../support/programs.ts';

const header = readFileSync(join(root, 'native/kernels/kernel_block.h'), 'utf8');
const source = readFileSync(join(root, 'src/kernels/block.ts'), 'utf8');

/** Constants of src/kernels/block.ts. */
const constants = Object.fromEntries(
  [...source.matchAll(/^export const (\w+) = (\d+);/gm)].map(([, name, value]) => [
    name,
    Number(value),
  ]),
);

/** Names and values of a C++ enum. */
function enumOf(name: string): Record<string, number> {
  const [, body] = header.match(new RegExp(`enum ${name} : int \\{(.*?)\\};`, 's'))!;
  let next = 0;
  const values: Record<string, number> = {};
  for (const [, constant, value, other] of body
    .replace(/\/\/.*/g, '')
    .matchAll(/k(\w+)(?:\s*=\s*(?:(\d+)|k(\w+)))?/g)) {
    if (value !== undefined) next = Number(value);
    if (other !== undefined) next = values[constantCase(other)];
    values[constantCase(constant)] = next++;
  }
  return values;
}

function constantCase(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
}

describe('the kernels’ block', () => {
  it('has the same slots and results in C++ and in TypeScript', () => {
    const native = { ...enumOf('KernelSlot'), ...enumOf('KernelResult') };
    assert.ok(Object.keys(native).length >= 13);
    const { MAX_DIMS, RUNS_AXIS_SLOTS, ...ours } = constants;
    assert.deepEqual(ours, native);
    assert.equal(Number(/kRunsAxisSlots = (\d+);/.exec(header)?.[1]), RUNS_AXIS_SLOTS);
    const nest = readFileSync(join(root, 'native/kernels/nest.h'), 'utf8');
    assert.equal(Number(/kMaxDims = (\d+);/.exec(nest)?.[1]), MAX_DIMS);
  });

  it('numbers the dtypes alike', () => {
    const dtypes = readFileSync(join(root, 'native/kernels/dtype.h'), 'utf8');
    const [, body] = dtypes.match(/enum class Dtype : uint8_t \{(.*?)\};/s)!;
    const names = [...body.matchAll(/k(\w+),/g)].map(([, name]) => name.toLowerCase());
    assert.deepEqual(names, DTYPE_NAMES);
  });
});

describe('the kernels’ functions', () => {
  it('are declared as the addon has them', () => {
    const declarations = readFileSync(join(root, 'src/rawKernels.ts'), 'utf8');
    const [, body] = declarations.match(/export interface RawKernels[^{]*\{\n(.*?)\n\}/s)!;
    const members = [...body.matchAll(/^ {2}(?:readonly )?(\w+)[(:?]/gm)].map(
      ([, member]) => member,
    );
    const commands = [
      ...declarations.match(/export type KernelName =(.*?);/s)![1].matchAll(/'(\w+)'/g),
    ];
    const declared = [...members, ...commands.map(([, name]) => name)];
    assert.deepEqual(Object.keys(loadNative().kernels).sort(), declared.sort());
  });
});

describe('instruction sets', function () {
  this.timeout(60_000);

  interface Digests {
    readonly instructionSet: string;
    /** By function and dtype. */
    readonly digests: Readonly<Record<string, string>>;
  }

  function run(instructionSet: string): Digests {
    const program = nodeArguments('test/fixtures/kernels/digests.ts');
    const { status, stdout, stderr } = spawnSync(process.execPath, program, {
      env: { ...process.env, DISTARRAY_SIMD: instructionSet },
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout);
  }

  /** What the baseline leaves to libm. */
  const rounding =
    /^(arc\w+|sin|cos|tan|sinh|cosh|tanh|exp|exp2|expm1|log|log2|log10|log1p|hypot|cbrt|power of float\d+)\b/;

  /** Products, whose operations the baseline does not fuse. */
  const fused = /^product .* of (float|complex)/;

  it('change no bit of what they compute, but for libm and products in the baseline', () => {
    const best = run('');
    const others = ['baseline', 'avx2']
      .map(run)
      .filter(({ instructionSet }) => instructionSet !== best.instructionSet);
    assert.ok(Object.keys(best.digests).length > 500);
    for (const other of others) {
      const differing = Object.keys(best.digests).filter(
        (key) => best.digests[key] !== other.digests[key],
      );
      const unexpected =
        other.instructionSet === 'baseline'
          ? differing.filter(
              (key) => !fused.test(key) && (!rounding.test(key) || / complex/.test(key)),
            )
          : differing;
      assert.deepEqual(unexpected, [], other.instructionSet);
    }
  });

  it('are compiled from sources that bring no inline functions of the library', () => {
    // Those of immintrin.h are inlined always, and leave no function behind; of utility only types are used.
    const folder = join(root, 'native/kernels/loops');
    for (const file of readdirSync(folder).filter((name) => name !== 'complex_math.cc')) {
      const text = readFileSync(join(folder, file), 'utf8');
      const includes = [...text.matchAll(/#include [<"](.*)[>"]/g)];
      const strangers = includes
        .map(([, name]) => name)
        .filter((name) => !/^(kernels\/|sleef\.h|immintrin\.h|utility$)/.test(name));
      assert.deepEqual(strangers, [], file);
      const names = [...text.replace(/\/\/.*/g, '').matchAll(/std::(\w+)/g)].map(
        ([, name]) => name,
      );
      const functions = names.filter((name) => !/^(make_)?index_sequence$/.test(name));
      assert.deepEqual(functions, [], file);
    }
  });
});
