/**
 * Finds what the portal and the hosts say to readers: details, remedies and issues of errors, what zod checks say, progress of actions, mails, and
 * whatever else in lib/ and agent/ reads like a sentence. `node tests/unit/language/said.ts` lists what has no German.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** One text that may be said; {@link place} stands for whatever is put in. */
export type Said = { file: string; line: number; text: string };
export const place = '\ue000';

const root = new URL('../../../', import.meta.url).pathname;
/** For who runs the installation from a terminal, for programs and for developers: English. */
const nobodyReads =
  /^(lib\/language|lib\/db|server\/(setup|panel|upgrade|maintenance)|server\/supervisor|lib\/http\/(openapi|deprecation|log)|lib\/workflows\/engine|agent\/(sys\/process|templates\/definitions|store\/schema|sim\/(shell|runtime)|network\/plan|enroll|config|monitor))/;
const errors = /^(BerthError|UndoneError|Refusal|TooManyRequests)$/;
const checks = /^(regex|refine|min|max|length|url|email|startsWith|endsWith|includes|superRefine|check)$/;
const mostAlternatives = 40;

type Fn = ts.FunctionDeclaration | ts.ArrowFunction | ts.FunctionExpression | ts.MethodDeclaration;
const unwrapped = (node: ts.Expression): ts.Expression =>
  ts.isParenthesizedExpression(node) ||
  ts.isAsExpression(node) ||
  ts.isSatisfiesExpression(node) ||
  ts.isAwaitExpression(node) ||
  ts.isNonNullExpression(node)
    ? unwrapped(node.expression)
    : node;
const nameOf = (node: ts.Node): string =>
  ts.isPropertyAccessExpression(node) ? node.name.text : ts.isIdentifier(node) ? node.text : '';

class Sources {
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
function declarationOf(name: string, from: ts.Node): ts.VariableDeclaration | ts.ParameterDeclaration | Fn | undefined {
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
class Resolver {
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

function returnsOf(body: ts.Block): ts.Expression[] {
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node) && node.expression !== undefined) found.push(node.expression);
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
  return found;
}

const isSentence = (text: string) =>
  /^\p{Lu}[^\n]*\p{L}{2,}[^\n]* [^\n]*([.?:!…]|[:.] \ue000)$/u.test(text.replace(/^\ue000/, 'X'));
/** The texts that a function gives, and those of a table of texts or of functions. */
function saidBy(node: ts.FunctionDeclaration | ts.VariableDeclaration): ts.Expression[] {
  const of = (one: ts.Node | undefined): ts.Expression[] => {
    if (one === undefined) return [];
    if (ts.isArrowFunction(one) || ts.isFunctionDeclaration(one) || ts.isFunctionExpression(one)) {
      if (one.body === undefined) return [];
      return ts.isBlock(one.body) ? returnsOf(one.body) : [one.body];
    }
    const value = unwrapped(one as ts.Expression);
    if (ts.isObjectLiteralExpression(value))
      return value.properties.flatMap((each) => (ts.isPropertyAssignment(each) ? of(each.initializer) : []));
    return ts.isStringLiteralLike(value) || ts.isTemplateExpression(value) || ts.isConditionalExpression(value)
      ? [value]
      : [];
  };
  return of(ts.isVariableDeclaration(node) ? node.initializer : node);
}

const isSql = /^\s*(SELECT|UPDATE|DELETE|INSERT|CREATE|ALTER|GRANT|REVOKE|PRAGMA|DROP|WITH)\b/;
const hasWords = (text: string) => /\p{L}{2}/u.test(text) && !/^(ipv[46]|\ue000\/\w+)$/.test(text);
/** What these give is said, though it may be no whole sentence. */
const sayingFunctions = /^(\w*[wW]ords\w*|overWhat|amountOf|problemOf|titles|scopeWords|refusals)$/;
/** What is under these is for logs, programs or databases. */
const technicalCalls =
  /^(log|warn|info|error|debug|fatal|trace|write|describe|meta|execute|query|exec|prepare|Error|TypeError|RegExp|URL|takeTurn|startsWith|endsWith|includes|split|replace|replaceAll|set|header|raw|bind|createHash|update)$/;
const technicalNames = /^(inside|summary|description|instance|operationId|deprecated)$/;
const told = /^(remedy|message|text|next|about|why|title|report|words|body|subject|detail)$/;

/** All that is said by these sources. */
export function allSaid(): Said[] {
  const sources = new Sources();
  const resolver = new Resolver(sources);
  const found = new Map<string, Said>();
  for (const [file, source] of sources.files) {
    if (nobodyReads.test(file)) continue;
    const taken = new Set<ts.Node>();
    const add = (node: ts.Node, texts: readonly string[]) => {
      for (const text of texts) {
        if (!hasWords(text) || found.has(text) || isSql.test(text)) continue;
        found.set(text, { file, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, text });
      }
    };
    const say = (node: ts.Expression | undefined) => {
      if (node === undefined || ts.isObjectLiteralExpression(node)) return;
      taken.add(unwrapped(node));
      add(node, resolver.texts(node));
    };
    /** The paragraphs of a mail, and the lines of one. */
    const paragraphs = (node: ts.Node): void => {
      if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) say(node);
      else if (ts.isConditionalExpression(node)) {
        paragraphs(node.whenTrue);
        paragraphs(node.whenFalse);
      } else if (ts.isIdentifier(node)) {
        const declared = declarationOf(node.text, node);
        const lines = declared !== undefined && ts.isVariableDeclaration(declared) ? declared.initializer : undefined;
        if (lines !== undefined && (ts.isCallExpression(lines) || ts.isConditionalExpression(lines))) paragraphs(lines);
        else say(node);
      } else if (ts.isArrowFunction(node)) {
        for (const one of ts.isBlock(node.body) ? returnsOf(node.body) : [node.body]) paragraphs(one);
      } else if (!ts.isPropertyAccessExpression(node) || ts.isCallExpression(node.expression)) {
        ts.forEachChild(node, paragraphs);
      } else ts.forEachChild(node.expression, paragraphs);
    };
    const visit = (node: ts.Node): void => {
      if (taken.has(node)) {
        ts.forEachChild(node, inner);
        return;
      }
      if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || ts.isTaggedTemplateExpression(node)) return;
      if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
        const name = node.expression.kind === ts.SyntaxKind.SuperKeyword ? 'super' : nameOf(node.expression);
        if (errors.test(name)) say(node.arguments?.[1]);
        else if (name === 'super' && /Error\b/.test(node.parent.getText()) && node.arguments?.length === 2)
          say(node.arguments[1]);
        else if (name === 'progress') say(node.arguments?.[0]);
        else if (checks.test(name) && file.startsWith('lib/contract/')) {
          const last = node.arguments?.[1];
          if (last !== undefined && ts.isStringLiteralLike(last)) say(last);
        } else if (technicalCalls.test(name) && !node.expression.getText().startsWith('z.')) {
          return;
        }
      }
      if ((ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node)) && node.name !== undefined) {
        if (sayingFunctions.test(node.name.getText())) {
          for (const one of saidBy(node))
            add(
              one,
              resolver.texts(one).filter((text) => /\p{L}{2,}\P{L}* .*\p{L}{2}/u.test(text)),
            );
        }
      }
      if (ts.isPropertyAssignment(node)) {
        const name = node.name.getText().replace(/['"]/g, '');
        if (technicalNames.test(name)) return;
        const { parent } = node;
        const isMail = parent.properties.some(
          (one) => one.name?.getText() === 'recipient' || one.name?.getText() === 'kind',
        );
        if (name === 'remedy') say(node.initializer);
        else if (name === 'error' && file.startsWith('lib/contract/')) say(node.initializer);
        else if (name === 'message' && parent.properties.some((one) => one.name?.getText() === 'path'))
          say(node.initializer);
        else if (name === 'subject' && isMail) say(node.initializer);
        else if (name === 'body' && isMail) {
          paragraphs(node.initializer);
          return;
        } else if (told.test(name)) {
          const value = unwrapped(node.initializer);
          if (ts.isStringLiteralLike(value) || ts.isTemplateExpression(value) || ts.isConditionalExpression(value)) {
            const texts = resolver.texts(value).filter((one) => /\p{L} \p{L}/u.test(one) || isSentence(one));
            taken.add(value);
            add(value, texts);
          }
        }
      }
      if (ts.isShorthandPropertyAssignment(node)) {
        const name = node.name.text;
        const inIssue = name === 'message' && node.parent.properties.some((one) => one.name?.getText() === 'path');
        const inThread = name === 'body' && node.parent.properties.some((one) => one.name?.getText() === 'kind');
        if (inIssue || inThread || name === 'remedy' || name === 'title')
          add(
            node,
            resolver.texts(node.name).filter((one) => inIssue || /\p{L}[^ ]* .*\p{L}/u.test(one)),
          );
      }
      if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
        if (ts.isPropertyAccessExpression(node.left) && node.left.name.text === 'why') say(node.right);
      }
      if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
        const texts = resolver.texts(node).filter(isSentence);
        if (texts.length > 0) add(node, texts);
        if (ts.isTemplateExpression(node)) ts.forEachChild(node, inner);
        return;
      }
      ts.forEachChild(node, visit);
    };
    /** Within a text that was taken: only what is called there. */
    const inner = (node: ts.Node): void => {
      if (
        ts.isStringLiteralLike(node) ||
        ts.isTemplateExpression(node) ||
        ts.isTemplateSpan(node) ||
        ts.isConditionalExpression(node)
      ) {
        ts.forEachChild(node, inner);
        return;
      }
      visit(node);
    };
    visit(source);
  }
  return [...found.values()];
}

if (import.meta.main) {
  for (const { file, line, text } of allSaid())
    process.stdout.write(`${file}:${line} ${text.replaceAll(place, '{}').replaceAll('\n', '\\n')}\n`);
}
