/** Sources in C and C++ as tokens. */

const TOKEN =
  /\/\/(?:[^\n\\]|\\[\s\S])*|\/\*[\s\S]*?(?:\*\/|$)|R"([^()\\\s]{0,16})\([\s\S]*?\)\1"|"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?|[A-Za-z_]\w*|\.?\d(?:[eEpP][+-]|[\w.'])*|::|\s+|[\s\S]/g;

/**
 * Returns the tokens of a source: words, numbers, strings, single characters and `::`. Comments and lines of the
 * preprocessor are left out.
 */
export function tokensOfC(source: string): string[] {
  const tokens: string[] = [];
  for (const [token] of withoutDirectives(source).matchAll(TOKEN)) {
    if (/^\s|^\/[/*]/.test(token)) continue;
    tokens.push(token);
  }
  return tokens;
}

/** Comments may hide what looks like a directive, and directives end with a line that no `\` continues. */
function withoutDirectives(source: string): string {
  const spaced = source.replace(TOKEN, (token) =>
    /^\/[/*]/.test(token) ? token.replace(/[^\n]/g, ' ') : token,
  );
  return spaced.replace(/^[ \t]*#(?:[^\n\\]|\\[\s\S])*/gm, '');
}
