/**
 * Writes the functions and methods of `src/global/elementwise/`, and the methods of lazy arrays, from the table of elementwise functions:
 * modules export names one by one, and each has its documentation.
 *
 *     node --import tsx scripts/elementwise-bindings.ts
 */
import { writeFileSync } from 'node:fs';
import { ELEMENTWISE, type ElementwiseName } from '../src/dtype/elementwise.ts';

const FOLDER = 'src/global/elementwise';
const KINDS = { 1: 'unary', 2: 'binary', 3: 'ternary' } as const;
const OPERANDS: Readonly<Record<string, readonly string[]>> = {
  arctan2: ['y', 'x'],
  clip: ['x', 'low', 'high'],
};
const NAMES = Object.keys(ELEMENTWISE) as ElementwiseName[];
/** Functions that are written by hand in `special.ts`, and what their methods take. */
const SPECIAL: Readonly<Partial<Record<ElementwiseName, string>>> = {
  clip: '<R extends Dtype = Dtype>(low?: Bound, high?: Bound, options?: ElementwiseOptions<R>)',
  round: "<R extends Dtype = ResultBy<'number', D>>(options?: number | RoundOptions<R>)",
};

/** The files by name, as they are to be. */
export function bindings(): Readonly<Record<string, string>> {
  return {
    [`${FOLDER}/functions.ts`]: functions(),
    [`${FOLDER}/methods.ts`]: methods(),
    'src/global/lazy/methods.ts': lazyMethods(),
  };
}

function functions(): string {
  const lines = [
    '/** Elementwise functions. Written by scripts/elementwise-bindings.ts; @remarks all are collective. */',
    "import { binary, unary } from './call.ts';",
    '',
    "export { where } from './call.ts';",
    `export { ${Object.keys(SPECIAL).join(', ')} } from './special.ts';`,
  ];
  for (const name of NAMES) {
    if (SPECIAL[name] !== undefined) continue;
    const { arity, aliases, numpy, doc } = ELEMENTWISE[name];
    const type = arity === 3 ? '' : `<'${RULES[ruleOf(name)]}'>`;
    lines.push(`/** Returns ${doc} (\`numpy.${numpy}\`). */`);
    lines.push(`export const ${name} = ${KINDS[arity]}${type}('${name}');`);
    if (aliases.length > 0) {
      lines.push(`export { ${aliases.map((alias) => `${name} as ${alias}`).join(', ')} };`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function methods(): string {
  const lines = [
    '/** Elementwise functions as methods. Written by scripts/elementwise-bindings.ts; @remarks all are collective. */',
    "import type { Dtype } from '../../dtype/dtype.ts';",
    "import type { DistArray } from '../distArray.ts';",
    "import type { ArrayOperand, ElementwiseOptions } from './options.ts';",
    "import type { ResultBy } from './resultTypes.ts';",
    "import type { Bound, RoundOptions } from './special.ts';",
    '',
    '/** The methods of arrays that are elementwise functions; the array is their first operand. */',
    'export interface ElementwiseMethods<D extends Dtype> {',
  ];
  for (const name of NAMES) {
    const { arity, aliases, numpy, doc } = ELEMENTWISE[name];
    const [first, ...others] = (OPERANDS[name] ?? ['x', 'y', 'z']).slice(0, arity);
    const rule = RULES[ruleOf(name)];
    const operand = arity === 2 ? 'Y' : 'ArrayOperand';
    const types = `${arity === 2 ? 'Y extends ArrayOperand, ' : ''}R extends Dtype = ${
      arity === 3 ? 'Dtype' : `ResultBy<'${rule}', D${arity === 2 ? ', Y' : ''}>`
    }`;
    const operands = others.map((each) => `${each}: ${operand}, `).join('');
    const plain = `<${types}>(${operands}options?: ElementwiseOptions<R>)`;
    const signature = `${SPECIAL[name] ?? plain}: DistArray<R>;`;
    lines.push(`  /** Returns ${doc}, where ${first} is this array (\`numpy.${numpy}\`). */`);
    lines.push(`  ${name}${signature}`);
    for (const alias of aliases) lines.push(`  /** \`${name}\` */`, `  ${alias}${signature}`);
  }
  lines.push('}');
  return `${lines.join('\n')}\n`;
}

/** The methods of lazy arrays: their types do not tell dtypes, which are in files. */
function lazyMethods(): string {
  const lines = [
    '/** Elementwise functions of lazy arrays. Written by scripts/elementwise-bindings.ts; nothing is computed. */',
    "import type { LazyArray, LazyFunctionOptions, LazyOperand } from './lazyArray.ts';",
    '',
    '/** The methods of lazy arrays that are elementwise functions; the array is their first operand. */',
    'export interface LazyElementwiseMethods {',
  ];
  for (const name of NAMES) {
    const { arity, aliases, numpy, doc } = ELEMENTWISE[name];
    // It takes decimals, and is written by hand.
    if (name === 'round') continue;
    const [first, ...others] = (OPERANDS[name] ?? ['x', 'y', 'z']).slice(0, arity);
    const isClip = name === 'clip';
    const operands = others.map((each) =>
      isClip ? `${each}?: LazyOperand | null, ` : `${each}: LazyOperand, `,
    );
    const signature = `(${operands.join('')}options?: LazyFunctionOptions): LazyArray;`;
    lines.push(`  /** Returns ${doc}, where ${first} is this array (\`numpy.${numpy}\`). */`);
    lines.push(`  ${name}${signature}`);
    for (const alias of aliases) lines.push(`  /** \`${name}\` */`, `  ${alias}${signature}`);
  }
  lines.push('}');
  return `${lines.join('\n')}\n`;
}

/** What the types of results follow, by what the table says of dtypes. */
const RULES = {
  bool: 'test',
  real: 'real',
  float: 'float',
  same: 'any',
  number: 'number',
} as const;

function ruleOf(name: ElementwiseName): keyof typeof RULES {
  const { rule } = ELEMENTWISE[name];
  if (rule.result !== 'same') return rule.result;
  if (rule.int !== 'same') return 'float';
  return rule.bool === 'same' ? 'same' : 'number';
}

if (import.meta.filename === process.argv[1]) {
  for (const [file, text] of Object.entries(bindings())) writeFileSync(file, text);
}
