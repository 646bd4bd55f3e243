/** What no module may contain, or only where it is at home. */
import { type Node, type SignatureDeclaration, SyntaxKind } from 'typescript/unstable/ast';
import {
  isArrowFunction,
  isCallExpression,
  isExportAssignment,
  isExportDeclaration,
  isExportSpecifier,
  isFunctionExpression,
  isFunctionLikeDeclaration,
  isIdentifier,
  isImportSpecifier,
  isNewExpression,
  isPropertyAccessExpression,
} from 'typescript/unstable/ast/is';
import { isReference } from './imports.js';
import { LIMITS, WORLD_HOMES } from './tables.js';
import { type Finding, finding, isIn, type Module, type Rule, type Tree } from './tree.js';

const SIGNATURES: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.CallSignature,
  SyntaxKind.ConstructSignature,
  SyntaxKind.MethodSignature,
  SyntaxKind.FunctionType,
  SyntaxKind.ConstructorType,
  SyntaxKind.FunctionDeclaration,
  SyntaxKind.MethodDeclaration,
  SyntaxKind.Constructor,
  SyntaxKind.FunctionExpression,
  SyntaxKind.ArrowFunction,
]);
const LITERALS: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.StringLiteral,
  SyntaxKind.NoSubstitutionTemplateLiteral,
  SyntaxKind.TemplateHead,
  SyntaxKind.TemplateMiddle,
  SyntaxKind.TemplateTail,
  SyntaxKind.RegularExpressionLiteral,
]);
const RANDOM = new Set(['randomBytes', 'randomUUID', 'randomInt', 'randomFill', 'randomFillSync', 'getRandomValues']);

const isSignature = (node: Node): node is SignatureDeclaration => SIGNATURES.has(node.kind);

/** A ban is a sentence about one node: what is wrong with it, or null. */
function ban(says: string, judge: (node: Node, module: Module) => string | null): Rule {
  const judged = (module: Module): readonly Finding[] =>
    module.nodes.flatMap((node) => {
      const what = judge(node, module);
      return what === null ? [] : [finding(module, node, what)];
    });
  return { says, check: (tree: Tree) => tree.modules.flatMap(judged) };
}

/** A rule about lines of code and comments; what strings and patterns hold is blanked first. */
function lineBan(says: string, judge: (line: string) => string | null): Rule {
  const judged = (module: Module): readonly Finding[] =>
    withoutLiterals(module)
      .split('\n')
      .flatMap((line, index) => {
        const what = judge(line);
        return what === null ? [] : [{ path: module.path, line: index + 1, what }];
      });
  return { says, check: (tree) => tree.modules.flatMap(judged) };
}

/**
 * The text with every other character of its literals than line ends replaced by a blank:
 * positions stay.
 */
export function withoutLiterals({ ast, nodes, text }: Module): string {
  let blanked = '';
  let at = 0;
  for (const node of nodes) {
    if (!LITERALS.has(node.kind)) continue;
    const start = node.getStart(ast);
    blanked += text.slice(at, start) + text.slice(start, node.end).replace(/[^\n]/g, ' ');
    at = node.end;
  }
  return blanked + text.slice(at);
}

/** `Date.now`: a member of a global by its two names. */
function memberName(node: Node): string | null {
  if (!isPropertyAccessExpression(node) || !isIdentifier(node.expression) || !isIdentifier(node.name)) return null;
  return `${node.expression.text}.${node.name.text}`;
}

function worldUse(node: Node): keyof typeof WORLD_HOMES | null {
  const member = memberName(node);
  if (member === 'Date.now' || member === 'Math.random' || member === 'process.env') return member;
  if (isNewExpression(node) && isIdentifier(node.expression) && node.expression.text === 'Date') {
    return (node.arguments?.length ?? 0) === 0 ? 'new Date()' : null;
  }
  if (isCallExpression(node) && isIdentifier(node.expression) && node.expression.text === 'Date') return 'new Date()';
  if (isIdentifier(node) && node.text === 'setInterval' && isReference(node)) return 'setInterval';
  if (isImportSpecifier(node)) {
    const name = (node.propertyName ?? node.name).text;
    if (name === 'setInterval') return name;
    return RANDOM.has(name) ? 'crypto random' : name === 'env' ? 'process.env' : null;
  }
  if (isPropertyAccessExpression(node) && isIdentifier(node.name) && RANDOM.has(node.name.text)) {
    return /^(?:node)?(?:web)?crypto$/i.test(node.expression.getText()) ? 'crypto random' : null;
  }
  return null;
}

const isMeasured = ({ path }: Module): boolean => !isIn(path, ['test/']) && !path.endsWith('.mjs');

const worldHomes = ban('clock, timers, random and environment are used in their homes only', (node, module) => {
  if (!isMeasured(module)) return null;
  if (isIdentifier(node) && node.text === 'globalThis' && isReference(node)) return 'globalThis hides what it reaches';
  const use = worldUse(node);
  if (use === null || isIn(module.path, WORLD_HOMES[use])) return null;
  return `${use} is at home in ${WORLD_HOMES[use].join(' ') || 'no room'}`;
});

const defaultExports = ban('nothing is exported as default', (node) => {
  if (isExportAssignment(node) || node.kind === SyntaxKind.DefaultKeyword) {
    return node.parent && node.parent.kind === SyntaxKind.DefaultClause ? null : 'default export';
  }
  return isExportSpecifier(node) && node.name.text === 'default' ? 'default export' : null;
});

const barrels = ban('a module exports what it makes itself', (node) =>
  isExportDeclaration(node) && node.moduleSpecifier !== undefined ? 're-export from another module' : null,
);

const looseTypes = ban('no any, no enum, no non-null assertion', (node) => {
  if (node.kind === SyntaxKind.AnyKeyword) return 'any';
  if (node.kind === SyntaxKind.EnumDeclaration) return 'enum';
  if (node.kind === SyntaxKind.NonNullExpression) return 'non-null assertion';
  return null;
});

const SKIPPING = /^(?:it|describe|context|specify|this)\.(?:only|skip)$/;

const skippedTests = ban('every test runs', (node) => {
  const named = isPropertyAccessExpression(node) ? node.getText() : null;
  // Also where it is not called at once: `const describeHere = describe.skip`.
  if (named !== null) return SKIPPING.test(named) ? `${named}: a test that does not run, or runs alone` : null;
  const callee = isCallExpression(node) ? node.expression.getText() : '';
  return /^x(?:it|describe|context|specify)$/.test(callee) ? `${callee}: a test that does not run` : null;
});

// The words stand here because this is the rule that looks for them.
const owners = lineBan('a note of work to do names its owner or its issue in brackets', (line) => {
  const mark = /\b(?:TODO|FIXME|XXX)\b(?!\([^)]+\))/.exec(line);
  return mark === null ? null : `${mark[0]} without an owner`;
});

const silencers = lineBan('the compiler is not silenced', (line) => {
  const silencer = /@ts-(?:ignore|nocheck|expect-error)\b/.exec(line);
  return silencer === null ? null : silencer[0];
});

/** A member that is a text for people: `fr: 'Une phrase.',` with the literal made blank. */
const ONLY_TEXT = /^ +\w+: +,?$/;

const lineLength = lineBan(`a line has at most ${LIMITS.lineColumns} columns, apart from texts`, (line) =>
  line.length > LIMITS.lineColumns && !ONLY_TEXT.test(line) ? `${line.length} columns` : null,
);

const fileLength: Rule = {
  says: `a file has at most ${LIMITS.fileLines} lines`,
  check: (tree) =>
    tree.modules.flatMap(({ path, text }) => {
      const lines = text.replace(/\n$/, '').split('\n').length;
      return lines > LIMITS.fileLines ? [{ path, line: 1, what: `${lines} lines` }] : [];
    }),
};

const parameters = ban(`a function has at most ${LIMITS.parameters} parameters, then a named object`, (node) => {
  if (!isSignature(node) || isCallback(node)) return null;
  const own = node.parameters.filter(({ name }) => !(isIdentifier(name) && name.text === 'this'));
  return own.length > LIMITS.parameters ? `${own.length} parameters` : null;
});

/** A function written as an argument has the shape that its callee asks for. */
function isCallback(node: Node): boolean {
  return (
    (isArrowFunction(node) || isFunctionExpression(node)) && node.parent !== undefined && isCallExpression(node.parent)
  );
}

const functionLength = ban(`a function has at most ${LIMITS.ownLines} lines of its own`, (node, module) => {
  if (!isFunctionLikeDeclaration(node)) return null;
  const inner = functionsInside(node).reduce((sum, nested) => sum + span(module, nested) - 1, 0);
  const ownLines = span(module, node) - inner;
  return ownLines > LIMITS.ownLines ? `${ownLines} lines` : null;
});

function span(module: Module, node: Node): number {
  const line = (position: number): number => module.ast.getLineAndCharacterOfPosition(position).line;
  return line(node.end) - line(node.getStart(module.ast)) + 1;
}

/** The outermost functions within one. */
function functionsInside(node: Node): readonly Node[] {
  const found: Node[] = [];
  const visit = (child: Node): undefined => {
    if (isFunctionLikeDeclaration(child)) found.push(child);
    else child.forEachChild(visit);
    return undefined;
  };
  node.forEachChild(visit);
  return found;
}

export const BAN_RULES = {
  'world-homes': worldHomes,
  'default-exports': defaultExports,
  barrels,
  'loose-types': looseTypes,
  'skipped-tests': skippedTests,
  owners,
  silencers,
  'line-length': lineLength,
  'file-length': fileLength,
  parameters,
  'function-length': functionLength,
} as const satisfies Readonly<Record<string, Rule>>;
