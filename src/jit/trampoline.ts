/**
 * Functions of one form that call those of a source: `const char* distarray_call_f(void** arguments)` takes the
 * addresses of the arguments and of the result. They are compiled with the source, so that neither its types nor
 * conventions of calls need be known here.
 */
import type { Language } from './compiler.ts';
import type { Parameter, Prototype } from './prototype.ts';

const HEADERS_OF_C = ['stdbool.h', 'stddef.h', 'stdint.h', 'math.h'];
const HEADERS_OF_CPP = ['cmath', 'complex', 'cstddef', 'cstdint', 'cstdio', 'exception'];

/** Name of the function that calls another one. */
export function callerOf(name: string): string {
  return `distarray_call_${name}`;
}

/** What is compiled before a source, whose lines are then counted from 1. */
export function prelude(language: Language, sourceName: string): string {
  if (language === 'fortran') return '';
  const headers = language === 'c' ? HEADERS_OF_C : [...HEADERS_OF_CPP, ...HEADERS_OF_C];
  return [...headers.map((name) => `#include <${name}>`), `#line 1 "${sourceName}"`, ''].join('\n');
}

/** What is compiled after a source in C or C++. */
export function callers(functions: readonly Prototype[], language: 'c' | 'c++'): string {
  const texts = functions.map((prototype) => (language === 'c' ? inC : inCpp)(prototype));
  return ['', '#line 1 "calls of functions"', ...texts, ''].join('\n');
}

/** The source in C that calls functions of another language by their names in C. */
export function externalCallers(functions: readonly Prototype[]): string {
  const declarations = functions.map(({ name, parameters, result }) => {
    const types = parameters.map(({ type }) => type).join(', ') || 'void';
    return `extern ${result?.type ?? 'void'} ${name}(${types});`;
  });
  const headers = HEADERS_OF_C.map((name) => `#include <${name}>`);
  return [...headers, ...declarations, ...functions.map(inC), ''].join('\n');
}

const EXPORTED = '__attribute__((visibility("default")))';

function inC(prototype: Prototype): string {
  // A void* becomes any pointer in C, also one to rows whose length is another argument.
  const call = callText(prototype, (parameter, address) =>
    parameter.passed === 'value' ? `*(${parameter.type}*)${address}` : address,
  );
  return `${EXPORTED} const char* ${callerOf(prototype.name)}(void** distarray_arguments) {
  (void)distarray_arguments;
  ${call};
  return NULL;
}`;
}

function inCpp(prototype: Prototype): string {
  const call = callText(prototype, ({ type, passed }, address) =>
    passed === 'value' ? `*static_cast<${type}*>(${address})` : `static_cast<${type}>(${address})`,
  );
  return `extern "C" ${EXPORTED} const char* ${callerOf(prototype.name)}(void** distarray_arguments) {
  (void)distarray_arguments;
#ifdef __cpp_exceptions
  static char distarray_thrown[1024];
  try {
    ${call};
  } catch (const std::exception& distarray_error) {
    std::snprintf(distarray_thrown, sizeof distarray_thrown, "%s", distarray_error.what());
    return distarray_thrown;
  } catch (...) {
    return "an exception of another kind than std::exception";
  }
#else
  ${call};
#endif
  return nullptr;
}`;
}

function callText(
  { name, parameters, result }: Prototype,
  argument: (parameter: Parameter, address: string) => string,
): string {
  const list = parameters.map((each, k) => argument(each, `distarray_arguments[${k}]`));
  const call = `${name}(${list.join(', ')})`;
  if (result === null) return call;
  return `*(${result.type}*)distarray_arguments[${parameters.length}] = ${call}`;
}
