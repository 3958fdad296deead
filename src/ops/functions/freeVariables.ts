/** Names that code takes from around it, found by the scopes of its syntax tree. */
import type { Node } from 'acorn';

/** What code takes from around it. */
export interface FreeNames {
  /**
   * The names, in the order of their first use. To each what the code takes of it when it only takes properties that it
   * names (`m.a`, `m.b`), null when it uses the thing itself.
   */
  readonly names: ReadonlyMap<string, ReadonlySet<string> | null>;
  /** Those of them that the code assigns to. */
  readonly assigned: ReadonlySet<string>;
  /** Things that no text can take along: `this` and `arguments` of what is around it, `import.meta`. */
  readonly surroundings: ReadonlySet<string>;
}

/** A node with whatever fields its type has. */
export interface SyntaxNode extends Node {
  readonly [field: string]: unknown;
}

/** Returns the names that code takes from around it. */
export function freeNames(root: Node): FreeNames {
  const walk = new Walk();
  walk.visit(root as SyntaxNode, new Scope(null, 'around'));
  return walk;
}

/** The nodes that a node is made of. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (const value of Object.values(node)) {
    for (const each of Array.isArray(value) ? value : [value])
      if (isNode(each)) children.push(each);
  }
  return children;
}

/** The names that a pattern binds: `a` and `b` of `{ a, x: [b = 1] }`. */
export function boundNames(pattern: SyntaxNode): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name as string];
    case 'ObjectPattern':
      return (pattern.properties as SyntaxNode[]).flatMap((property) =>
        boundNames((property.type === 'Property' ? property.value : property) as SyntaxNode),
      );
    case 'ArrayPattern':
      return (pattern.elements as (SyntaxNode | null)[]).flatMap((element) =>
        element === null ? [] : boundNames(element),
      );
    case 'AssignmentPattern':
      return boundNames(pattern.left as SyntaxNode);
    case 'RestElement':
      return boundNames(pattern.argument as SyntaxNode);
    default:
      return [];
  }
}

/** Whether a node is a function. */
export function isFunctionNode({ type }: SyntaxNode): boolean {
  return FUNCTIONS.has(type);
}

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** Where names are declared: `function` also has `this` and `arguments`, `class` members have `this` alone. */
class Scope {
  readonly names = new Set<string>();
  readonly parent: Scope | null;
  readonly kind: 'around' | 'function' | 'class' | 'block';

  constructor(parent: Scope | null, kind: Scope['kind']) {
    this.parent = parent;
    this.kind = kind;
  }

  declare(names: Iterable<string>): this {
    for (const name of names) this.names.add(name);
    return this;
  }

  has(name: string): boolean {
    return this.names.has(name) || (this.parent?.has(name) ?? false);
  }

  /** Whether `this`, or `arguments`, is that of something inside of the code. */
  hasOwn(what: 'this' | 'arguments'): boolean {
    if (this.kind === 'function' || (this.kind === 'class' && what === 'this')) return true;
    return this.parent?.hasOwn(what) ?? false;
  }
}

class Walk implements FreeNames {
  readonly names = new Map<string, Set<string> | null>();
  readonly assigned = new Set<string>();
  readonly surroundings = new Set<string>();

  visit(node: SyntaxNode, scope: Scope): void {
    if (isFunctionNode(node)) {
      this.#function(node, scope);
      return;
    }
    switch (node.type) {
      case 'Identifier':
        this.#reference(node.name as string, scope);
        return;
      case 'ThisExpression':
        if (!scope.hasOwn('this')) this.surroundings.add('this');
        return;
      case 'MetaProperty':
        if ((node.meta as SyntaxNode).name === 'import') this.surroundings.add('import.meta');
        return;
      case 'MemberExpression':
        this.#member(node, scope);
        return;
      case 'Property':
      case 'MethodDefinition':
        this.#visitAll([...keyOf(node), node.value as SyntaxNode], scope);
        return;
      case 'PropertyDefinition':
        this.#field(node, scope);
        return;
      case 'AssignmentExpression':
        this.#assign(node.left as SyntaxNode, scope);
        this.#visitAll([node.left as SyntaxNode, node.right as SyntaxNode], scope);
        return;
      case 'UpdateExpression':
        this.#assign(node.argument as SyntaxNode, scope);
        this.visit(node.argument as SyntaxNode, scope);
        return;
      case 'VariableDeclarator':
        this.#visitAll(
          [...insideOf(node.id as SyntaxNode), ...(isNode(node.init) ? [node.init] : [])],
          scope,
        );
        return;
      case 'ClassDeclaration':
      case 'ClassExpression':
        this.#class(node, scope);
        return;
      case 'StaticBlock': {
        const inside = new Scope(scope, 'class')
          .declare(functionNames(node))
          .declare(blockNames(node));
        this.#visitAll(node.body as SyntaxNode[], inside);
        return;
      }
      case 'CatchClause': {
        const param = node.param as SyntaxNode | null;
        const inside = new Scope(scope, 'block').declare(param === null ? [] : boundNames(param));
        this.#visitAll(
          [...(param === null ? [] : insideOf(param)), node.body as SyntaxNode],
          inside,
        );
        return;
      }
      case 'ForInStatement':
      case 'ForOfStatement':
        this.#assign(node.left as SyntaxNode, scope);
        break;
      case 'LabeledStatement':
        this.visit(node.body as SyntaxNode, scope);
        return;
      case 'BreakStatement':
      case 'ContinueStatement':
        return;
    }
    const names =
      node.type === 'Program' ? [...functionNames(node), ...blockNames(node)] : blockNames(node);
    const inside = names.length === 0 ? scope : new Scope(scope, 'block').declare(names);
    this.#visitAll(childrenOf(node), inside);
  }

  #visitAll(nodes: readonly SyntaxNode[], scope: Scope): void {
    for (const node of nodes) this.visit(node, scope);
  }

  #function(node: SyntaxNode, scope: Scope): void {
    const id = node.id as SyntaxNode | null;
    const isArrow = node.type === 'ArrowFunctionExpression';
    const around = new Scope(scope, isArrow ? 'block' : 'function');
    // Its own name; that of a declaration is declared around it as well.
    if (id) around.declare(boundNames(id));
    if (!isArrow) around.declare(['arguments']);
    const params = node.params as SyntaxNode[];
    around.declare(params.flatMap(boundNames));
    this.#visitAll(params.flatMap(insideOf), around);
    const body = node.body as SyntaxNode;
    const inside = new Scope(around, 'block').declare(functionNames(body));
    this.visit(body, inside);
  }

  #class(node: SyntaxNode, scope: Scope): void {
    const id = node.id as SyntaxNode | null;
    const inside = new Scope(scope, 'block').declare(id ? boundNames(id) : []);
    if (isNode(node.superClass)) this.visit(node.superClass, inside);
    this.visit(node.body as SyntaxNode, inside);
  }

  #field(node: SyntaxNode, scope: Scope): void {
    this.#visitAll(keyOf(node), scope);
    if (isNode(node.value)) this.visit(node.value, new Scope(scope, 'class'));
  }

  #member(node: SyntaxNode, scope: Scope): void {
    const object = node.object as SyntaxNode;
    const property = node.property as SyntaxNode;
    if (node.computed || property.type !== 'Identifier' || object.type !== 'Identifier') {
      this.visit(object, scope);
      if (node.computed) this.visit(property, scope);
      return;
    }
    this.#reference(object.name as string, scope, property.name as string);
  }

  #reference(name: string, scope: Scope, member?: string): void {
    if (scope.has(name)) return;
    if (name === 'arguments' && !scope.hasOwn('arguments')) {
      this.surroundings.add('arguments');
      return;
    }
    const known = this.names.get(name);
    if (member === undefined || known === null) this.names.set(name, null);
    else this.names.set(name, (known ?? new Set()).add(member));
  }

  #assign(target: SyntaxNode, scope: Scope): void {
    for (const name of boundNames(target)) if (!scope.has(name)) this.assigned.add(name);
  }
}

/** Names that are declared in the whole function, or script, that a node is the body of: those of `var`. */
function functionNames(node: SyntaxNode): string[] {
  return childrenOf(node).flatMap((child) => {
    if (
      isFunctionNode(child) ||
      child.type === 'StaticBlock' ||
      child.type === 'PropertyDefinition'
    )
      return [];
    const inner = functionNames(child);
    return child.type === 'VariableDeclaration' && child.kind === 'var'
      ? [...declaredNames(child), ...inner]
      : inner;
  });
}

/** Names that are declared in a block, a switch or the head of a loop itself. */
function blockNames(node: SyntaxNode): string[] {
  return statementsOf(node).flatMap((statement) => {
    switch (statement.type) {
      case 'VariableDeclaration':
        return statement.kind === 'var' ? [] : declaredNames(statement);
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        return boundNames(statement.id as SyntaxNode);
      default:
        return [];
    }
  });
}

function statementsOf(node: SyntaxNode): SyntaxNode[] {
  switch (node.type) {
    case 'Program':
    case 'BlockStatement':
    case 'StaticBlock':
      return node.body as SyntaxNode[];
    case 'SwitchStatement':
      return (node.cases as SyntaxNode[]).flatMap((each) => each.consequent as SyntaxNode[]);
    case 'ForStatement':
      return isNode(node.init) ? [node.init] : [];
    case 'ForInStatement':
    case 'ForOfStatement':
      return [node.left as SyntaxNode];
    default:
      return [];
  }
}

/** The names that a declaration of variables declares. */
export function declaredNames(declaration: SyntaxNode): string[] {
  return (declaration.declarations as SyntaxNode[]).flatMap(({ id }) =>
    boundNames(id as SyntaxNode),
  );
}

/** What is evaluated when a pattern is bound: default values and computed keys. */
function insideOf(pattern: SyntaxNode): SyntaxNode[] {
  switch (pattern.type) {
    case 'ObjectPattern':
      return (pattern.properties as SyntaxNode[]).flatMap((property) =>
        property.type === 'Property'
          ? [...keyOf(property), ...insideOf(property.value as SyntaxNode)]
          : insideOf(property),
      );
    case 'ArrayPattern':
      return (pattern.elements as (SyntaxNode | null)[]).flatMap((each) =>
        each ? insideOf(each) : [],
      );
    case 'AssignmentPattern':
      return [...insideOf(pattern.left as SyntaxNode), pattern.right as SyntaxNode];
    case 'RestElement':
      return insideOf(pattern.argument as SyntaxNode);
    default:
      return [];
  }
}

/** The key of a property, if it is computed. */
function keyOf(node: SyntaxNode): SyntaxNode[] {
  return node.computed === true ? [node.key as SyntaxNode] : [];
}

function isNode(value: unknown): value is SyntaxNode {
  return (
    typeof value === 'object' && value !== null && typeof (value as SyntaxNode).type === 'string'
  );
}
