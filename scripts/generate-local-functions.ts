/**
 * Writes `src/ops/elementwise/localFunctions.ts`, the local functions by name, from the table of
 * elementwise functions: `node --import tsx scripts/generate-local-functions.ts`. A test tells when
 * that was forgotten.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ELEMENTWISE, type ElementwiseName } from '../src/dtype/elementwise.ts';

const FACTORY = { 1: 'unary', 2: 'binary', 3: 'ternary' } as const;
const TYPE = { 1: 'LocalUnary', 2: 'LocalBinary', 3: 'LocalTernary' } as const;

/** Where the functions go. */
export const target = fileURLToPath(
  new URL('../src/ops/elementwise/localFunctions.ts', import.meta.url),
);

/** Returns the source text of the module. */
export function source(): string {
  const head = [
    '/**',
    ' * The elementwise functions of local arrays by name. Made by `scripts/generate-local-functions.ts`',
    ' * from the table in `src/dtype/elementwise.ts`: do not edit.',
    ' */',
    'import {',
    ...[
      'binary',
      'type LocalBinary',
      'type LocalTernary',
      'type LocalUnary',
      'ternary',
      'unary',
    ].map((name) => `  ${name},`),
    "} from './local.ts';",
    '',
  ];
  const names = Object.keys(ELEMENTWISE) as ElementwiseName[];
  const functions = names.map((name) => {
    const { aliases, arity, doc, numpy } = ELEMENTWISE[name];
    return [
      `/** Returns elementwise: ${doc} (\`numpy.${numpy}\`). */`,
      `export const ${name}: ${TYPE[arity]} = ${FACTORY[arity]}('${name}');`,
      ...(aliases.length > 0
        ? [`export { ${aliases.map((alias) => `${name} as ${alias}`).join(', ')} };`]
        : []),
    ].join('\n');
  });
  return `${head.join('\n')}\n${functions.join('\n\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(target, source());
