/** The procedures that a source in Fortran defines for C. */
import type { Dtype } from '../dtype/dtype.ts';
import { TYPES_OF_C } from './cTypes.ts';
import { NotCallable, type Parameter, type ParsedSource, type Prototype } from './prototype.ts';

/** Types by the kinds of `iso_c_binding`, and by gfortran's, which are bytes. */
const KINDS: Readonly<Record<string, Readonly<Record<string, Dtype>>>> = {
  integer: {
    c_int8_t: 'int8',
    c_signed_char: 'int8',
    1: 'int8',
    c_int16_t: 'int16',
    c_short: 'int16',
    2: 'int16',
    c_int: 'int32',
    c_int32_t: 'int32',
    int32: 'int32',
    4: 'int32',
    c_int64_t: 'int64',
    c_long: 'int64',
    c_long_long: 'int64',
    c_size_t: 'int64',
    c_ptrdiff_t: 'int64',
    c_intptr_t: 'int64',
    int64: 'int64',
    8: 'int64',
    '': 'int32',
  },
  real: { c_float: 'float32', real32: 'float32', 4: 'float32', '': 'float32' },
  complex: { c_float_complex: 'complex64', 4: 'complex64', '': 'complex64' },
  logical: { c_bool: 'bool', 1: 'bool' },
};
const DOUBLES: Readonly<Record<string, Readonly<Record<string, Dtype>>>> = {
  real: { c_double: 'float64', real64: 'float64', 8: 'float64' },
  complex: { c_double_complex: 'complex128', c_double: 'complex128', 8: 'complex128' },
};

const TYPE =
  '(?:integer|real|complex|logical|double\\s+precision)(?:\\s*\\([^)]*\\)|\\s*\\*\\s*\\d+)?';
const HEAD = new RegExp(
  `^((?:(?:pure|elemental|recursive|impure|module)\\s+|(?:${TYPE})\\s+)*)(subroutine|function)\\s+(\\w+)\\s*(?:\\(([^)]*)\\))?\\s*(.*)$`,
);
const DECLARATION = new RegExp(`^(${TYPE})\\s*((?:,[^:]*?(?:\\([^)]*\\))?[^:]*?)*)::\\s*(.*)$`);

/** Returns the procedures with `bind(c)`; their names in C are lower-case unless the source says otherwise. */
export function functionsOfFortran(source: string): ParsedSource {
  const functions: Prototype[] = [];
  const refused: { name: string; reason: string }[] = [];
  const statements = statementsOf(source);
  for (let k = 0; k < statements.length; k++) {
    const statement = statements[k];
    const head = HEAD.exec(statement.toLowerCase());
    if (head === null || /^end\b/.test(statement.toLowerCase())) continue;
    try {
      functions.push(prototypeOf(statement, head, declarationsAfter(statements, k + 1)));
    } catch (error) {
      if (!(error instanceof NotCallable)) throw error;
      refused.push({ name: head[3], reason: error.message });
    }
  }
  return { functions, refused };
}

/** Statements of free-form Fortran without comments, continued lines joined. */
function statementsOf(source: string): string[] {
  const lines = source.split('\n').map(withoutComment);
  return lines
    .join('\n')
    .replace(/&\s*\n\s*&?/g, ' ')
    .split(/[\n;]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .filter(outsideOfInterfaces());
}

/** Interfaces declare what is defined elsewhere. */
function outsideOfInterfaces(): (statement: string) => boolean {
  let depth = 0;
  return (statement) => {
    if (/^(?:abstract\s+)?interface\b/i.test(statement)) depth++;
    const isOutside = depth === 0;
    if (/^end\s*interface\b/i.test(statement)) depth--;
    return isOutside;
  };
}

function withoutComment(line: string): string {
  return line.replace(/("[^"]*"|'[^']*')|!.*$/g, (_, text?: string) => text ?? '');
}

interface Declared {
  readonly dtype: Dtype | undefined;
  readonly isArray: boolean;
  readonly isValue: boolean;
  readonly isConst: boolean;
  readonly refusal: string | null;
}

/** What the statements up to the end of a procedure say about its names. */
function declarationsAfter(statements: readonly string[], from: number): Map<string, Declared> {
  const declared = new Map<string, Declared>();
  for (let k = from; k < statements.length; k++) {
    const statement = statements[k].toLowerCase();
    if (/^(?:end\s*(?:$|subroutine|function)|contains$)/.test(statement)) break;
    const found = DECLARATION.exec(statement);
    if (found === null) continue;
    const [, type, attributes, entities] = found;
    for (const entity of splitEntities(entities)) {
      const own = /^(\w+)\s*(\(.*\))?/.exec(entity);
      if (own === null) continue;
      const dimensions = own[2] ?? /dimension\s*(\([^)]*\))/.exec(attributes)?.[1];
      const assumed = dimensions !== undefined && /[(,]\s*\w*\s*:/.test(dimensions);
      const special = /\b(allocatable|pointer|optional)\b/.exec(attributes)?.[1];
      declared.set(own[1], {
        dtype: dtypeOfFortran(type),
        isArray: dimensions !== undefined,
        isValue: /\bvalue\b/.test(attributes),
        isConst: /intent\s*\(\s*in\s*\)/.test(attributes),
        refusal:
          special ??
          (assumed ? 'an array of assumed shape: give it its extents, as in a(n)' : null),
      });
    }
  }
  return declared;
}

function splitEntities(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth++;
    if (character === ')') depth--;
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim());
}

function dtypeOfFortran(type: string): Dtype | undefined {
  if (/^double\s+precision/.test(type)) return 'float64';
  const [, base, rest] = /^(\w+)\s*(.*)$/.exec(type)!;
  const kind = rest.replace(/kind\s*=|[()*\s]/g, '');
  return KINDS[base]?.[kind] ?? DOUBLES[base]?.[kind];
}

function prototypeOf(
  statement: string,
  head: RegExpExecArray,
  declared: ReadonlyMap<string, Declared>,
): Prototype {
  const [, prefix, kind, own, list = '', rest] = head;
  if (!/\bbind\s*\(\s*c\b/.test(rest)) throw new NotCallable("it has no bind(c, name='…')");
  // The name in C keeps its case.
  const name = /bind\s*\(\s*c\s*,\s*name\s*=\s*(["'])(\w+)\1/i.exec(statement)?.[2] ?? own;
  const names = list.split(',').map((each) => each.trim());
  const parameters = list.trim() === '' ? [] : names.map((each) => parameterOf(each, declared));
  if (kind === 'subroutine') return { name, parameters, result: null };
  const result = /\bresult\s*\(\s*(\w+)\s*\)/.exec(rest)?.[1] ?? own;
  const type = new RegExp(TYPE).exec(prefix)?.[0];
  const dtype = type === undefined ? declared.get(result)?.dtype : dtypeOfFortran(type);
  if (dtype === undefined) throw new NotCallable(`the type of its result, ${result}, is not known`);
  return { name, parameters, result: { dtype, type: TYPES_OF_C[dtype] } };
}

function parameterOf(name: string, declared: ReadonlyMap<string, Declared>): Parameter {
  const known = declared.get(name);
  if (known === undefined) throw new NotCallable(`its argument ${name} is not declared with '::'`);
  const { dtype, isArray, isValue, isConst, refusal } = known;
  if (dtype === undefined) throw new NotCallable(`its argument ${name} is of no type that C has`);
  if (refusal !== null) throw new NotCallable(`its argument ${name} is ${refusal}`);
  const type = TYPES_OF_C[dtype];
  if (isValue && !isArray) return { name, dtype, passed: 'value', isConst: true, type };
  return {
    name,
    dtype,
    passed: isArray ? 'pointer' : 'reference',
    isConst,
    type: `${isConst ? 'const ' : ''}${type}*`,
  };
}
