/** What an expression of a source may be, as texts: choices, tables, parameters and what calls give them are followed, within lib/, server/, app/api/ and agent/. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** Stands in a text for whatever is put in. */
export const place = '\ue000';
const root = new URL('../../../', import.meta.url).pathname;
const mostAlternatives = 40;

type Fn = ts.FunctionDeclaration | ts.ArrowFunction | ts.FunctionExpression | ts.MethodDeclaration;
export const unwrapped = (node: ts.Expression): ts.Expression =>
  ts.isParenthesizedExpression(node) ||
  ts.isAsExpression(node) ||
  ts.isSatisfiesExpression(node) ||
  ts.isAwaitExpression(node) ||
  ts.isNonNullExpression(node)
    ? unwrapped(node.expression)
    : node;
export const nameOf = (node: ts.Node): string =>
  ts.isPropertyAccessExpression(node) ? node.name.text : ts.isIdentifier(node) ? node.text : '';

export class Sources {
  readonly files = new Map<string, ts.SourceFile>();
  readonly #calls = new Map<string, (ts.CallExpression | ts.NewExpression)[]>();

  constructor() {
    for (const file of globSync(['lib/**/*.ts', 'server/**/*.ts', 'app/api/**/*.ts', 'agent/**/*.ts'], {
      cwd: root,
    }).sort()) {
      const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
      this.files.set(file, source);
      const visit = (node: ts.Node): void => {
        if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
          const name = nameOf(node.expression);
          this.#calls.set(name, [...(this.#calls.get(name) ?? []), node]);
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
    }
  }

  /** What is called by this name, in this file or in those that import it. */
  callsOf(name: string, file: string, isExported: boolean): (ts.CallExpression | ts.NewExpression)[] {
    return (this.#calls.get(name) ?? []).filter((one) => isExported || one.getSourceFile().fileName === file);
  }

  /** The file that a name comes from by an import. */
  imported(name: string, source: ts.SourceFile): ts.SourceFile | undefined {
    for (const one of source.statements) {
      if (!ts.isImportDeclaration(one) || !ts.isStringLiteral(one.moduleSpecifier)) continue;
      const bindings = one.importClause?.namedBindings;
      if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
      if (!bindings.elements.some((element) => element.name.text === name)) continue;
      const from = one.moduleSpecifier.text;
      const path = from.startsWith('#') ? from.slice(1) : join(dirname(source.fileName), from);
      return this.files.get(path);
    }
    return undefined;
  }
}

/** The declaration of a name, as seen from here. */
export function declarationOf(
  name: string,
  from: ts.Node,
): ts.VariableDeclaration | ts.ParameterDeclaration | Fn | undefined {
  for (let at: ts.Node | undefined = from.parent; at !== undefined; at = at.parent) {
    if (ts.isFunctionLike(at)) {
      const found = at.parameters.find((one) => ts.isIdentifier(one.name) && one.name.text === name);
      if (found !== undefined) return found;
    }
    const statements = ts.isBlock(at) || ts.isSourceFile(at) || ts.isModuleBlock(at) ? at.statements : undefined;
    for (const one of statements ?? []) {
      if (ts.isFunctionDeclaration(one) && one.name?.text === name) return one;
      if (!ts.isVariableStatement(one)) continue;
      for (const declared of one.declarationList.declarations)
        if (ts.isIdentifier(declared.name) && declared.name.text === name) return declared;
    }
  }
  return undefined;
}

const isExported = (node: ts.Node) =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((one) => one.kind === ts.SyntaxKind.ExportKeyword);

function functionName(fn: ts.Node): { name: string; exported: boolean } | undefined {
  if (ts.isFunctionDeclaration(fn) && fn.name !== undefined) return { name: fn.name.text, exported: isExported(fn) };
  if (ts.isMethodDeclaration(fn)) return { name: fn.name.getText(), exported: false };
  const { parent } = fn;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name))
    return { name: parent.name.text, exported: isExported(parent.parent.parent) };
  if (ts.isConstructorDeclaration(fn) && ts.isClassDeclaration(parent) && parent.name !== undefined)
    return { name: parent.name.text, exported: isExported(parent) };
  return undefined;
}

const unknown = [place];

/** Every text that an expression may be; a place where that cannot be told. */
export class Resolver {
  readonly #sources: Sources;
  readonly #under = new Set<ts.Node>();
  constructor(sources: Sources) {
    this.#sources = sources;
  }

  texts(given: ts.Expression): string[] {
    const node = unwrapped(given);
    if (this.#under.has(node) || this.#under.size > 60) return unknown;
    this.#under.add(node);
    try {
      const found = [...new Set(this.#texts(node))];
      return found.length > mostAlternatives ? unknown : found;
    } finally {
      this.#under.delete(node);
    }
  }

  #texts(node: ts.Expression): string[] {
    if (ts.isStringLiteralLike(node)) return [node.text];
    if (ts.isNumericLiteral(node)) return [node.text];
    if (node.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(node) && node.text === 'undefined')) return [];
    if (ts.isTemplateExpression(node)) {
      let all = [node.head.text];
      for (const span of node.templateSpans) {
        const parts = this.texts(span.expression);
        const next = all.flatMap((one) =>
          (parts.length === 0 ? unknown : parts).map((part) => one + part + span.literal.text),
        );
        all = next.length > mostAlternatives ? all.map((one) => one + place + span.literal.text) : next;
      }
      return all;
    }
    if (ts.isConditionalExpression(node)) return [...this.texts(node.whenTrue), ...this.texts(node.whenFalse)];
    if (ts.isBinaryExpression(node)) {
      const [left, right] = [this.texts(node.left), this.texts(node.right)];
      const operator = node.operatorToken.kind;
      if (operator === ts.SyntaxKind.PlusToken) return left.flatMap((one) => right.map((other) => one + other));
      if (operator === ts.SyntaxKind.QuestionQuestionToken || operator === ts.SyntaxKind.BarBarToken)
        return [...left, ...right];
      return unknown;
    }
    if (ts.isElementAccessExpression(node) || ts.isPropertyAccessExpression(node)) {
      const values = this.#values(node);
      return values === undefined ? unknown : values.flatMap((one) => this.texts(one));
    }
    if (ts.isIdentifier(node)) return this.#identifier(node);
    if (ts.isCallExpression(node)) return this.#call(node);
    return unknown;
  }

  #identifier(node: ts.Identifier): string[] {
    const declared = declarationOf(node.text, node);
    if (declared === undefined) {
      const there = this.#sources.imported(node.text, node.getSourceFile());
      const found = there === undefined ? undefined : declarationOf(node.text, there.endOfFileToken);
      return found !== undefined && ts.isVariableDeclaration(found) && found.initializer !== undefined
        ? this.texts(found.initializer)
        : unknown;
    }
    if (ts.isVariableDeclaration(declared)) {
      const isConst = (declared.parent.flags & ts.NodeFlags.Const) !== 0;
      return declared.initializer === undefined || !isConst ? unknown : this.texts(declared.initializer);
    }
    if (ts.isParameter(declared)) return this.#parameter(declared);
    return unknown;
  }

  #parameter(parameter: ts.ParameterDeclaration): string[] {
    const fn = parameter.parent;
    const index = fn.parameters.indexOf(parameter);
    const own = parameter.initializer === undefined ? [] : this.texts(parameter.initializer);
    const named = functionName(fn);
    if (named === undefined) return [...own, ...unknown];
    const calls = this.#sources.callsOf(named.name, fn.getSourceFile().fileName, named.exported);
    const given = calls.flatMap((one) => {
      const argument = one.arguments?.[index];
      return argument === undefined ? [] : this.texts(argument);
    });
    return own.length + given.length === 0 ? unknown : [...own, ...given];
  }

  #call(node: ts.CallExpression): string[] {
    const callee = node.expression;
    if (ts.isIdentifier(callee)) {
      const declared = declarationOf(callee.text, callee);
      const fn =
        declared !== undefined && ts.isVariableDeclaration(declared) && declared.initializer !== undefined
          ? unwrapped(declared.initializer)
          : declared;
      const body = fn !== undefined && ts.isFunctionLike(fn) && 'body' in fn ? fn.body : undefined;
      if (body !== undefined) {
        const returned = ts.isBlock(body as ts.Node) ? returnsOf(body as ts.Block) : [body as ts.Expression];
        const found = returned.flatMap((one) => this.texts(one));
        if (found.length > 0 && found.some((one) => one !== place)) return found;
      }
      // One line of a text is said as the text.
      if (callee.text === 'line' && node.arguments[0] !== undefined) return this.texts(node.arguments[0]);
    }
    return unknown;
  }

  /** What a table has under whatever is asked of it. */
  #values(node: ts.Expression): ts.Expression[] | undefined {
    const at = unwrapped(node);
    if (ts.isElementAccessExpression(at) || ts.isPropertyAccessExpression(at)) {
      const tables = this.#values(at.expression);
      if (tables === undefined) return undefined;
      const key = ts.isPropertyAccessExpression(at)
        ? at.name.text
        : ts.isStringLiteral(at.argumentExpression)
          ? at.argumentExpression.text
          : undefined;
      const found: ts.Expression[] = [];
      for (const table of tables) {
        const object = unwrapped(table);
        if (!ts.isObjectLiteralExpression(object)) return undefined;
        for (const one of object.properties) {
          if (!ts.isPropertyAssignment(one)) return undefined;
          if (key === undefined || one.name.getText().replace(/['"]/g, '') === key) found.push(one.initializer);
        }
      }
      return found.length === 0 ? undefined : found;
    }
    if (ts.isObjectLiteralExpression(at)) return [at];
    if (!ts.isIdentifier(at)) return undefined;
    const there = this.#sources.imported(at.text, at.getSourceFile());
    const declared = declarationOf(at.text, at) ?? (there && declarationOf(at.text, there.endOfFileToken));
    if (declared === undefined || !ts.isVariableDeclaration(declared) || declared.initializer === undefined)
      return undefined;
    const value = unwrapped(declared.initializer);
    return ts.isObjectLiteralExpression(value) ? [value] : undefined;
  }
}

export function returnsOf(body: ts.Block): ts.Expression[] {
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node) && node.expression !== undefined) found.push(node.expression);
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
  return found;
}
