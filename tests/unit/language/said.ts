/**
 * Finds what the portal and the hosts say to readers: details, remedies and issues of errors, what zod checks say, progress of actions, mails, and
 * whatever else in lib/ and agent/ reads like a sentence. `node tests/unit/language/said.ts` lists what has no German.
 */
import ts from 'typescript';
import { addCatalog, catalogs } from '#lib/language/catalogs.ts';
import { translate, translatePart } from '#lib/language/translate.ts';
import { declarationOf, nameOf, place, Resolver, returnsOf, Sources, unwrapped } from './resolve.ts';

/** One text that may be said; {@link place} stands for whatever is put in. */
export type Said = { file: string; line: number; text: string };

/** For who runs the installation or a rescue system from a terminal, for programs and for developers: English. */
const nobodyReads =
  /^(lib\/language|lib\/db\/(schema|migrat)|server\/(setup|panel|upgrade|maintenance)|server\/supervisor|lib\/http\/(openapi|deprecation|log)|lib\/workflows\/engine|agent\/(sys\/process|actions\/welcome|templates\/definitions|store\/schema|sim\/(shell|runtime)|network\/plan|enroll|config|monitor))/;
const errors = /^(BerthError|UndoneError|Refusal|TooManyRequests)$/;
const checks = /^(regex|refine|min|max|length|url|email|startsWith|endsWith|includes|superRefine|check)$/;

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

/** Words that German has not: what of them is in a German text was left in English. */
const english =
  /\b(?:the|of|to|is|are|and|or|not|with|it|its|has|have|for|be|by|that|this|on|there|more|from|could|can|which|their|been|they|you|your)\b/giu;
function leftOver(text: string, words: string): string[] {
  const had = new Set(text.toLowerCase().match(english) ?? []);
  return (words.match(english) ?? []).filter((one) => had.has(one.toLowerCase()));
}

/** Why the text is not said in German, or undefined. The catalog must have been added. */
export function fault(text: string): string | undefined {
  const asNames = faultWith(text, (n) => `«${n}»`);
  // German may have plurals where English has a number.
  return asNames === noGerman ? faultWith(text, (n) => `${700 + n}`) : asNames;
}

const noGerman = 'no German';
function faultWith(text: string, put: (n: number) => string): string | undefined {
  const given: string[] = [];
  const sample = text.replaceAll(place, () => {
    given.push(put(given.length + 1));
    return given.at(-1) ?? '';
  });
  const whole = translate(sample, 'de');
  const words = whole === sample ? translatePart(sample, 'de') : whole;
  if (words === sample && catalogs().de?.texts[sample] === undefined) return noGerman;
  const missing = given.filter((one) => !words.includes(one));
  if (missing.length > 0) return `without ${missing.join(', ')}: ${words}`;
  const left = leftOver(sample, words);
  return left.length > 0 ? `half English (${left.join(', ')}): ${words}` : undefined;
}

/** Those of them without German, each with its place in the sources and what is wrong. */
export const withoutGerman = (all: readonly Said[]): string[] =>
  all.flatMap(({ file, line, text }) => {
    const why = fault(text);
    return why === undefined ? [] : [`${file}:${line} “${text.replaceAll(place, '{…}')}”: ${why}`];
  });

if (import.meta.main) {
  const { german } = await import('#lib/language/german/all.ts');
  const { said } = await import('#lib/language/german/said/all.ts');
  addCatalog('de', { texts: german, said });
  const all = allSaid();
  const wrong = withoutGerman(all);
  process.stdout.write([...wrong, `${wrong.length} of ${all.length} texts have no German`, ''].join('\n'));
}
