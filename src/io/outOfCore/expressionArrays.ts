/** Expressions without the arrays in memory, which go beside them to where they are computed. */
import type { LocalArray } from '../../local/localArray.ts';
import type { ArrayMeta } from '../../ops/operation.ts';
import { type ArrayPart, type Expression, isExpression } from './expression.ts';

/**
 * Returns an expression of plain values, with numbers in the place of arrays, and the arrays.
 * @typeParam A - what the arrays are
 */
export function withoutArrays<A extends ArrayMeta>(
  expression: Expression,
): { readonly expression: Expression; readonly arrays: readonly A[] } {
  const arrays: A[] = [];
  const numberOf = ({ array }: ArrayPart): number => {
    const known = arrays.indexOf(array as A);
    return known >= 0 ? known : arrays.push(array as A) - 1;
  };
  return { expression: replaced(expression, numberOf), arrays };
}

/** Returns the expression with these arrays in the places of their numbers. */
export function withArrays(expression: Expression, arrays: readonly LocalArray[]): Expression {
  return replaced(expression, ({ array }) => (typeof array === 'number' ? arrays[array] : array));
}

/** What occurs several times stays one. */
function replaced(
  expression: Expression,
  replacement: (part: ArrayPart) => ArrayPart['array'],
): Expression {
  const known = new Map<Expression, Expression>();
  const visit = (node: Expression): Expression => {
    if (node.kind === 'stored') return node;
    let made = known.get(node);
    if (made === undefined) {
      made =
        node.kind === 'array'
          ? { ...node, array: replacement(node) }
          : {
              ...node,
              operands: node.operands.map((each) => (isExpression(each) ? visit(each) : each)),
            };
      known.set(node, made);
    }
    return made;
  };
  return visit(expression);
}
