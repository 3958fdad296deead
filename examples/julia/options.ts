/** The command line of the Julia example. */
import { parseArgs } from 'node:util';
import type { JuliaKernel } from './kernel.ts';

export interface JuliaOptions {
  /** Points along each side of the plane. */
  readonly size: number;
  readonly dist: string;
  readonly kernel: JuliaKernel;
  readonly out: string | undefined;
  readonly png: string | undefined;
  readonly json: boolean;
}

export const usage = `Usage: distarray run -n N examples/julia.ts [options]

Computes the Julia set of z² − 0.045 + 0.45i on a distributed array.

Options:
  --size N       points along each side (default 1024)
  --dist DIST    how the plane is distributed: bn, cn, bb or cc (default cc)
  --kernel K     cython or numpy: which of DistArray's loops to count as (default cython)
  --out FILE     write the counts to this HDF5 file, read them back and compare
  --png FILE     draw the picture
  --json         print one line of JSON instead of the table
  --help         print this text
`;

const dists = ['bn', 'cn', 'bb', 'cc'];
const kernels = ['cython', 'numpy'];

/** The parsed command line, or `help`; throws an Error that says what was expected. */
export function parseOptions(args: string[]): JuliaOptions | 'help' {
  const { values } = parseArgs({
    args,
    options: {
      size: { type: 'string', default: '1024' },
      dist: { type: 'string', default: 'cc' },
      kernel: { type: 'string', default: 'cython' },
      out: { type: 'string' },
      png: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const size = Number(values.size);
  if (!Number.isInteger(size) || size < 1) {
    throw new Error(`Expected an integer ≥ 1 for --size, but received '${values.size}'.`);
  }
  return {
    size,
    dist: oneOf('--dist', values.dist, dists),
    kernel: oneOf('--kernel', values.kernel, kernels) as JuliaKernel,
    out: values.out,
    png: values.png,
    json: values.json,
  };
}

function oneOf(option: string, value: string, accepted: readonly string[]): string {
  if (accepted.includes(value)) return value;
  throw new Error(`Expected one of ${accepted.join(', ')} for ${option}, but received '${value}'.`);
}
