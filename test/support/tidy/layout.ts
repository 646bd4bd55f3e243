/**
 * Rules about the shape of the tree and of the code: circles of imports, crowded folders, long
 * factories, spreads.
 */
import { type Node, SyntaxKind } from 'typescript/unstable/ast';
import { isFunctionLikeDeclaration } from 'typescript/unstable/ast/is';
import { importsOf } from './imports.js';
import { CROWDED_FOLDERS, LIMITS } from './tables.js';
import { type Finding, finding, isIn, type Module, type Rule, type Tree } from './tree.js';

const PRODUCT = ['src/', 'hsm/'];

const importCircles: Rule = {
  says: 'no modules of src and hsm import each other in a circle, types included',
  check: (tree) =>
    circles(importGraph(tree)).map((members) => ({
      path: members[0] ?? '',
      line: 1,
      what: `is in a circle of ${members.length}: ${members.join(' ')}`,
    })),
};

function importGraph(tree: Tree): ReadonlyMap<string, readonly string[]> {
  const ours = tree.modules.filter(({ path }) => isIn(path, PRODUCT));
  return new Map(ours.map((module) => [module.path, importsOf(module).flatMap(({ target }) => target ?? [])]));
}

/**
 * The strongly connected components of more than one module, by Tarjan's algorithm (SIAM J.
 * Comput. 1, 1972).
 */
function circles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (path: string): number => {
    const number = index.size;
    index.set(path, number);
    stack.push(path);
    let lowest = number;
    for (const next of graph.get(path) ?? []) {
      if (!graph.has(next)) continue;
      if (!index.has(next)) lowest = Math.min(lowest, visit(next));
      else if (stack.includes(next)) lowest = Math.min(lowest, index.get(next) ?? lowest);
    }
    low.set(path, lowest);
    if (lowest === number) {
      const members = stack.splice(stack.indexOf(path));
      if (members.length > 1) found.push(members.sort());
    }
    return lowest;
  };
  for (const path of graph.keys()) if (!index.has(path)) visit(path);
  return found;
}

const crowdedFolders: Rule = {
  says: `a folder has at most ${LIMITS.folderFiles} source files of its own, unless it is a list of kinds`,
  check: (tree) => {
    const counts = new Map<string, number>();
    for (const { path } of tree.modules) {
      const folder = path.slice(0, path.lastIndexOf('/') + 1);
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
    return [...counts]
      .filter(([folder, count]) => count > LIMITS.folderFiles && !(folder in CROWDED_FOLDERS))
      .map(([folder, count]) => ({ path: folder, line: 1, what: `${count} source files` }));
  },
};

const freshSpreads: Rule = {
  says: 'a literal is written out, not spread into another literal',
  check: (tree) =>
    tree.modules.flatMap((module) =>
      module.nodes
        .filter((node) => isSpread(node) && SPREAD_LITERALS.has(spreadOf(node)))
        .map((node) => finding(module, node, 'spreads a fresh literal')),
    ),
};

const SPREAD_LITERALS: ReadonlySet<SyntaxKind | null> = new Set([
  SyntaxKind.ObjectLiteralExpression,
  SyntaxKind.ArrayLiteralExpression,
]);

const isSpread = (node: Node): boolean =>
  node.kind === SyntaxKind.SpreadAssignment || node.kind === SyntaxKind.SpreadElement;

const spreadOf = (node: Node): SyntaxKind | null =>
  'expression' in node ? ((node.expression as Node | undefined)?.kind ?? null) : null;

const longFactories: Rule = {
  says: `a function that creates closures has at most ${LIMITS.factoryLines} lines as a whole`,
  check: (tree) => tree.modules.filter(({ path }) => isIn(path, PRODUCT)).flatMap(longFactoriesOf),
};

function longFactoriesOf(module: Module): readonly Finding[] {
  const line = (position: number): number => module.ast.getLineAndCharacterOfPosition(position).line;
  return module.nodes
    .filter((node) => isFunctionLikeDeclaration(node) && hasClosure(node))
    .map((node) => ({ node, lines: line(node.end) - line(node.getStart(module.ast)) + 1 }))
    .filter(({ lines }) => lines > LIMITS.factoryLines)
    .map(({ node, lines }) => finding(module, node, `${lines} lines with its closures`));
}

function hasClosure(node: Node): boolean {
  let found = false;
  const visit = (child: Node): undefined => {
    if (isFunctionLikeDeclaration(child)) found = true;
    else child.forEachChild(visit);
    return undefined;
  };
  node.forEachChild(visit);
  return found;
}

export const LAYOUT_RULES = {
  'import-circles': importCircles,
  'crowded-folders': crowdedFolders,
  'fresh-spreads': freshSpreads,
  'long-factories': longFactories,
} as const satisfies Readonly<Record<string, Rule>>;
