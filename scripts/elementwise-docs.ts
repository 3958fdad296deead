/** Writes docs/elementwise.md from the table of elementwise functions: node --import tsx scripts/elementwise-docs.ts */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DTYPE_NAMES, type Dtype } from '../src/dtype/dtype.ts';
import {
  ELEMENTWISE,
  type ElementwiseFunction,
  type ElementwiseName,
} from '../src/dtype/elementwise.ts';
import { resolveElementwise } from '../src/dtype/resolve.ts';

export const path = fileURLToPath(new URL('../docs/elementwise.md', import.meta.url));

/** Returns the text of docs/elementwise.md. */
export function elementwiseDocs(): string {
  const rows = Object.entries<ElementwiseFunction>(ELEMENTWISE).map(
    ([name, { aliases, numpy, doc }]) =>
      `| \`${name}\` | ${aliases.map((alias) => `\`${alias}\``).join(' ')} | \`${numpy}\` | ${doc.replaceAll('|', '\\|')} | ${dtypesOf(name as ElementwiseName)} |`,
  );
  return `# Elementwise functions

Made from \`src/dtype/elementwise.ts\` by \`scripts/elementwise-docs.ts\`; a test compares the two. Operands are
broadcast together and promoted as in NumPy 2; numbers are weak scalars. The last column tells the dtype of the
result for operands of each dtype.

| function | also | NumPy | result | dtypes |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

/** "int8 → float32, …", where the result is not of the operand's dtype; what is not taken. */
function dtypesOf(name: ElementwiseName): string {
  const groups = new Map<string, Dtype[]>();
  for (const dtype of DTYPE_NAMES) {
    const result = resultOf(name, dtype);
    const key = result === dtype ? 'same' : (result ?? 'error');
    groups.set(key, [...(groups.get(key) ?? []), dtype]);
  }
  if (groups.size === 1) return [...groups.keys()][0];
  return [...groups].map(([result, dtypes]) => `${shorten(dtypes)} → ${result}`).join('; ');
}

function resultOf(name: ElementwiseName, dtype: Dtype): Dtype | undefined {
  try {
    return resolveElementwise(name, [dtype]).result;
  } catch {
    return undefined;
  }
}

/** Kinds instead of dtypes where all of a kind are there. */
function shorten(dtypes: readonly Dtype[]): string {
  let rest = [...dtypes];
  const words: string[] = [];
  for (const [word, pattern] of [
    ['bool', /^bool$/],
    ['integers', /int/],
    ['floats', /^float/],
    ['complex', /^complex/],
  ] as const) {
    const kind = DTYPE_NAMES.filter((dtype) => pattern.test(dtype));
    if (!kind.every((dtype) => rest.includes(dtype))) continue;
    words.push(word);
    rest = rest.filter((dtype) => !kind.includes(dtype));
  }
  return [...words, ...rest].join(', ');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(path, elementwiseDocs());
