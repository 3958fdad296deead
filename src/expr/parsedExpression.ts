/** Expressions that were read from texts, which stand for them where they are sent. */
import { registerClass } from '../mpi/objects/registry.ts';
import { parseExpression } from './parse.ts';
import type { Expression, Place, TopReduction, Tree } from './tree.ts';

/** What stands for a hole in the text of an expression. */
const HOLE = '\u0024{}';
/** Most expressions that are remembered by their texts. */
const MOST_KNOWN = 1024;

/** An expression of a template. */
export class ParsedExpression implements Expression {
  readonly tree: Tree;
  readonly reduction: TopReduction | null;
  readonly text: string;
  readonly places: readonly Place[];

  /** @param strings - the text around the holes */
  constructor(strings: readonly string[]) {
    const { tree, reduction, text, places } = parseExpression(strings);
    this.tree = tree;
    this.reduction = reduction;
    this.text = text;
    this.places = places;
  }
}

/** Those that have come as texts: what is compiled of one is found again. */
const known = new Map<string, ParsedExpression>();

registerClass(ParsedExpression, {
  name: 'distarray.ParsedExpression',
  serialize: ({ text }) => text,
  deserialize(text: string) {
    let expression = known.get(text);
    if (expression === undefined) {
      expression = new ParsedExpression(text.split(HOLE));
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(text, expression);
    }
    return expression;
  },
});
