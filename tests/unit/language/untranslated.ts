/** Finds texts of a source file that would be shown in English whatever the reader speaks. `node tests/unit/language/untranslated.ts app/_ui/files` lists them. */
import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';

export type Found = { line: number; text: string; why: 'element' | 'attribute' | 'text' | 'too early' | 'case' };

/** Attributes and properties that nobody reads. */
const technical = new Set(
  `accept action scope col allow as autoComplete autoCapitalize className color cx d dateTime dir display dateStyle timeStyle encType enterKeyHint
  fill fontFamily form formAction height href htmlFor icon id inputMode key kind lang lineCap max media method min name pattern place points preserveAspectRatio property r
  ref rel role route sandbox size sizes spellCheck src step stroke strokeLinecap strokeLinejoin style tabIndex target tone transform type
  value variant vectorEffect viewBox width x x1 x2 xmlns y y1 y2 data-theme aria-live aria-current aria-haspopup aria-controls aria-describedby
  aria-labelledby nonce charSet content next path until field verb words align download over position shapeRendering base
  rolesPath teamPath translate`.split(/\s+/),
);
/** Names, which are the same in any language. */
const names = new Set(['ApiError', 'Chrome', 'Edge', 'Firefox', 'MySQL', 'Opera', 'PostgreSQL', 'Safari']);
/** What could be typed into a field, and is no word of any language. */
const example = /^([a-z][\w.:/-]*|ssh-ed25519 .+)$/;
/** Calls whose texts are translated, or are for nobody's eyes. */
const calls =
  /^(t|rich|cx|require|querySelector|querySelectorAll|closest|matches|addEventListener|setAttribute|getAttribute|startsWith|endsWith|includes|split|replace|replaceAll|set|get|has|append|test|exec|call|useCall|useAnswer|actorFor|hasPermission|withQuery|address|param|idParam|Error|TypeError|RegExp|URL|createElement|getElementById|match|matchMedia)$/;
/** Calls that say something; and what tables of words have. Their case is the language's: German nouns keep their capital (`inSentence`). */
const says = /^(t|said|titleOf|aboutOf)$/;
const ofWords = /^(noun|word|doing|done)$/;
const classLike = (text: string) => {
  const tokens = text.trim().split(/\s+/);
  return (
    tokens.every((one) => /^[!@*[a-z0-9-][\w\-:./[\]()%#&>*=,~+!|'@]*$/.test(one)) &&
    (tokens.length === 1 || tokens.some((one) => /[-:[]/.test(one))) &&
    !tokens.some((one) =>
      /^(the|a|an|is|are|of|to|and|or|no|in|on|it|its|that|with|from|by|at|be|has|was|you|your)$/.test(one),
    )
  );
};
const isWords = (text: string) =>
  /\p{L}{2}/u.test(text) &&
  (/\p{Lu}\p{Ll}/u.test(text) || /\p{L}[,.:]? \p{L}/u.test(text)) &&
  !/^<svg /.test(text) &&
  !names.has(text) &&
  !classLike(text);

export function untranslated(file: string, source: string, isKnown: (text: string) => boolean): Found[] {
  const tree = ts.createSourceFile(
    file,
    source,
    ts.ScriptTarget.Latest,
    true,
    file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  const found: Found[] = [];
  const add = (node: ts.Node, text: string, why: Found['why']) =>
    found.push({
      line: tree.getLineAndCharacterOfPosition(node.getStart()).line + 1,
      text: text.trim().replace(/\s+/g, ' '),
      why,
    });
  const nameOf = (node: ts.Expression): string =>
    ts.isPropertyAccessExpression(node) ? node.name.text : ts.isIdentifier(node) ? node.text : '';

  const literal = (node: ts.Node, text: string, inAttribute: boolean) => {
    if (inAttribute ? /\p{L}{2}/u.test(text) : isWords(text) && !isKnown(text))
      add(node, text, inAttribute ? 'attribute' : 'text');
  };
  function elements(node: ts.Node, depth: number): void {
    ts.forEachChild(node, (child) => {
      if (ts.isJsxElement(child) || ts.isJsxSelfClosingElement(child) || ts.isJsxFragment(child)) visit(child, depth);
      else elements(child, depth);
    });
  }
  function visit(node: ts.Node, depth: number): void {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isExpressionStatement(node) && ts.isStringLiteral(node.expression)) return;
    if (ts.isJsxText(node)) {
      if (/\p{L}{2}/u.test(node.text)) add(node, node.text, 'element');
      return;
    }
    if (ts.isJsxAttribute(node)) {
      const name = node.name.getText();
      if (technical.has(name)) {
        // An element there is read all the same: `action` is an address of a form, and the button of a notice.
        elements(node, depth);
        return;
      }
      if (name === 'placeholder' && example.test(node.initializer?.getText().slice(1, -1) ?? '')) return;
      if (node.initializer !== undefined && ts.isStringLiteral(node.initializer)) {
        literal(node.initializer, node.initializer.text, true);
        return;
      }
    }
    if (ts.isPropertyAssignment(node)) {
      const name = node.name.getText().replace(/['"]/g, '');
      if (!technical.has(name) || name === 'name' || name === 'words') visit(node.initializer, depth);
      return;
    }
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const name = nameOf(node.expression);
      if (/^to(Locale)?(Lower|Upper)Case$/.test(name) && ts.isPropertyAccessExpression(node.expression)) {
        const object = node.expression.expression;
        const isCall = ts.isCallExpression(object) && says.test(nameOf(object.expression));
        if (isCall || (ts.isPropertyAccessExpression(object) && ofWords.test(object.name.text)))
          add(node, node.getText().slice(0, 60), 'case');
      }
      if ((name === 't' || name === 'rich') && depth === 0) add(node, node.getText().slice(0, 60), 'too early');
      if (calls.test(name)) {
        for (const argument of node.arguments ?? []) {
          if (
            !ts.isStringLiteralLike(argument) &&
            !ts.isTemplateExpression(argument) &&
            !ts.isConditionalExpression(argument)
          )
            visit(argument, depth);
        }
        if (ts.isPropertyAccessExpression(node.expression)) visit(node.expression.expression, depth);
        return;
      }
    }
    if (ts.isBinaryExpression(node) && /^(===|!==)$/.test(node.operatorToken.getText())) return;
    if (ts.isCaseClause(node)) {
      for (const one of node.statements) visit(one, depth);
      return;
    }
    if (ts.isStringLiteralLike(node)) {
      literal(node, node.text, false);
      return;
    }
    if (ts.isTemplateExpression(node)) {
      const text = [node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join('…');
      if (isWords(text) && !text.startsWith('/')) add(node, text, 'text');
      for (const span of node.templateSpans) visit(span.expression, depth);
      return;
    }
    const deeper = ts.isFunctionLike(node) ? depth + 1 : depth;
    ts.forEachChild(node, (child) => {
      visit(child, deeper);
    });
  }
  visit(tree, 0);
  return found;
}

export const translatedSources = () =>
  globSync('app/**/*.{ts,tsx}', { cwd: new URL('../../..', import.meta.url) }).filter(
    (file) => !file.startsWith('app/api/'),
  );

if (import.meta.main) {
  const { german } = await import('#lib/language/german/all.ts');
  const wanted = process.argv.slice(2);
  let total = 0;
  for (const file of translatedSources().sort()) {
    if (wanted.length > 0 && !wanted.some((one) => file.startsWith(one))) continue;
    const path = new URL(`../../../${file}`, import.meta.url);
    const found = untranslated(file, readFileSync(path, 'utf8'), (text) => text in german);
    total += found.length;
    for (const { line, text, why } of found) process.stdout.write(`${file}:${line} ${why}: ${text}\n`);
  }
  process.stdout.write(`${total} texts\n`);
}
