/**
 * Rules about imports: the import table, the homes of libraries, purity of the core, independence
 * of the two parsers.
 */
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { type Node, SyntaxKind } from 'typescript/unstable/ast';
import {
  isCallExpression,
  isExportDeclaration,
  isIdentifier,
  isImportDeclaration,
  isImportTypeNode,
  isLiteralTypeNode,
  isNamedImports,
  isNamespaceImport,
  isStringLiteral,
} from 'typescript/unstable/ast/is';
import {
  CORE,
  CORE_BANNED_GLOBALS,
  CORE_BUILTINS,
  FOR_OTHERS,
  GUARDED_EXPORTS,
  INDEPENDENT,
  LIBRARY_HOMES,
  PROCESS_PARTS,
  READS_ONLY,
  ROOMS,
  SERVICE_PARTS,
} from './tables.js';
import { type Finding, finding, isIn, type Module, type Rule, type Tree } from './tree.js';

export type Import = {
  readonly node: Node;
  /** As written; null where it is computed. */
  readonly specifier: string | null;
  /** Path of the module of ours that it names, or null. */
  readonly target: string | null;
  readonly names: readonly string[];
};

const literal = (node: Node | undefined): string | null => (node && isStringLiteral(node) ? node.text : null);

/** Several rules look at the imports of each module. */
const found = new WeakMap<Module, readonly Import[]>();

export function importsOf(module: Module): readonly Import[] {
  const known = found.get(module) ?? readImports(module);
  found.set(module, known);
  return known;
}

function readImports(module: Module): readonly Import[] {
  return module.nodes.flatMap((node) => {
    const seen = importAt(node);
    if (seen === null) return [];
    const { specifier } = seen;
    const target = specifier?.startsWith('.') ? sourceOf(module, specifier) : null;
    return [{ ...seen, node, target }];
  });
}

/** The source of the compiled module that an import names. */
function sourceOf({ path, paths }: Module, specifier: string): string {
  const source = posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts');
  return paths.has(`${source}x`) ? `${source}x` : source;
}

function importAt(node: Node): { specifier: string | null; names: readonly string[] } | null {
  if (isImportDeclaration(node)) {
    const bindings = node.importClause?.namedBindings;
    const named = bindings && isNamedImports(bindings) ? bindings.elements : [];
    const names = named.map((element) => (element.propertyName ?? element.name).text);
    const whole = bindings !== undefined && isNamespaceImport(bindings);
    return { specifier: literal(node.moduleSpecifier), names: whole ? ['*'] : names };
  }
  if (isExportDeclaration(node) && node.moduleSpecifier)
    return { specifier: literal(node.moduleSpecifier), names: ['*'] };
  if (isImportTypeNode(node)) {
    return { specifier: isLiteralTypeNode(node.argument) ? literal(node.argument.literal) : null, names: [] };
  }
  if (isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword) {
    return { specifier: literal(node.arguments[0]), names: ['*'] };
  }
  return null;
}

const lineInTable = (path: string): number => ROOMS.findIndex((rooms) => isIn(path, rooms));
const roomOf = (path: string): string | undefined => ROOMS.flat().find((room) => isIn(path, [room]));
const isOurs = (module: Module): boolean => isIn(module.path, ['src/', 'hsm/']);

function eachImport(tree: Tree, judge: (module: Module, seen: Import) => string | null): readonly Finding[] {
  return tree.modules.flatMap((module) =>
    importsOf(module).flatMap((seen) => {
      const what = judge(module, seen);
      return what === null ? [] : [finding(module, seen.node, what)];
    }),
  );
}

const importTable: Rule = {
  says: 'a room imports only rooms on the lines above its own',
  check: (tree) => [
    ...tree.modules
      .filter(({ path }) => roomOf(path) === undefined)
      .map(({ path }) => ({ path, line: 1, what: 'is in no room of the import table' })),
    ...eachImport(tree, ({ path }, { target }) => {
      if (target === null || roomOf(path) === undefined || roomOf(target) === roomOf(path)) return null;
      if (target.endsWith('.json') || path.endsWith('.mjs')) return null;
      if (isIn(target, FOR_OTHERS) && isIn(path, ['src/', 'hsm/'])) return `imports ${target}, which is for others`;
      const isAbove = lineInTable(target) !== -1 && lineInTable(target) < lineInTable(path);
      return isAbove ? null : `imports ${target}, which is not above it`;
    }),
  ],
};

/** The part of `hsm` that a file belongs to, as the table names it; null: the file is elsewhere. */
function processPartOf(path: string): string | null {
  if (!path.startsWith('hsm/')) return null;
  const [, folder] = /^hsm\/([^/]+)\//.exec(path) ?? [];
  return folder === undefined ? 'hsm/*.ts' : `hsm/${folder}/`;
}

function partsFor(path: string): readonly string[] | null {
  const own = processPartOf(path);
  if (own !== null) return [own, ...(PROCESS_PARTS[own] ?? [])];
  return isIn(path, ['src/']) && !isIn(path, SERVICE_PARTS.commands) ? SERVICE_PARTS.may : null;
}

const processBoundary: Rule = {
  says: 'a part of hsm imports only what belongs into its process',
  check: (tree) => [
    ...tree.modules.flatMap(({ path }) => {
      const own = processPartOf(path);
      if (own === null || PROCESS_PARTS[own] !== undefined) return [];
      return [{ path, line: 1, what: `${own} is not in the table of processes` }];
    }),
    ...eachImport(tree, ({ path }, { target }) => {
      const part = target === null ? null : processPartOf(target);
      const may = partsFor(path);
      if (part === null || may === null || may.includes(part)) return null;
      return `imports ${target}, which belongs to another process`;
    }),
  ],
};

const computedImports: Rule = {
  says: 'what the product imports is written out, so that this table sees it',
  check: (tree) =>
    eachImport(tree, (module, { specifier }) =>
      specifier === null && isOurs(module) ? 'imports a module whose name is computed' : null,
    ),
};

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
const isBuiltin = (specifier: string): boolean => specifier.startsWith('node:') || builtinModules.includes(specifier);

const libraryHomes: Rule = {
  says: 'a library is imported in its homes only, and only when package.json declares it',
  check: (tree) => {
    const declared = declaredDependencies(tree);
    const homeless = [...declared.keys()].filter((name) => LIBRARY_HOMES[name] === undefined);
    const undeclared = Object.keys(LIBRARY_HOMES).filter((name) => declared.size > 0 && !declared.has(name));
    return [
      ...homeless.map((name) => ({ path: 'package.json', line: 1, what: `${name} has no home in the table` })),
      ...undeclared.map((name) => ({ path: 'package.json', line: 1, what: `${name} has a home but is not declared` })),
      ...eachImport(tree, ({ path }, { specifier }) => {
        if (specifier === null || specifier.startsWith('.') || isBuiltin(specifier)) return null;
        const name = packageOf(specifier);
        const homes = LIBRARY_HOMES[name];
        if (homes === undefined) return `imports ${name}, which has no home`;
        return isIn(path, [...homes, 'test/'])
          ? null
          : `imports ${name}, at home in ${homes.join(' ') || 'tests only'}`;
      }),
    ];
  },
};

/** Name to version, of both sections. */
export function declaredDependencies(tree: Tree): ReadonlyMap<string, string> {
  const manifest = JSON.parse(tree.texts.get('package.json') ?? '{}');
  return new Map(Object.entries<string>({ ...manifest.dependencies, ...manifest.devDependencies }));
}

const coreIsPure: Rule = {
  says: 'the core takes nothing from Node but hashing and verification, and reaches the world through arguments only',
  check: (tree) => [
    ...eachImport(tree, ({ path }, { specifier }) => {
      if (!isIn(path, CORE) || specifier === null || !isBuiltin(specifier)) return null;
      return CORE_BUILTINS.includes(specifier) ? null : `imports ${specifier}`;
    }),
    ...tree.modules
      .filter(({ path }) => isIn(path, CORE))
      .flatMap((module) =>
        module.nodes
          .filter((node) => isIdentifier(node) && CORE_BANNED_GLOBALS.includes(node.text) && isReference(node))
          .map((node) => finding(module, node, `uses ${node.getText(module.ast)}`)),
      ),
  ],
};

/**
 * Whether an identifier stands for a variable, not for a member of something else or a name that
 * is being given.
 */
export function isReference(node: Node): boolean {
  const { parent } = node;
  if (parent === undefined) return false;
  return !('name' in parent && parent.name === node) && !('propertyName' in parent && parent.propertyName === node);
}

const guardedExports: Rule = {
  says: 'exports that decide what may be signed are imported by their few importers only',
  check: (tree) =>
    eachImport(tree, ({ path }, { target, names }) => {
      const guarded = GUARDED_EXPORTS.filter(
        ({ module, name }) => module === target && (names.includes(name) || names.includes('*')),
      );
      const wrong = guarded.find(({ importers }) => !isIn(path, [...importers, 'test/']));
      return wrong ? `imports ${wrong.name} of ${wrong.module}, which is for ${wrong.importers.join(' ')}` : null;
    }),
};

const parsersAreIndependent: Rule = {
  says: 'DER reader and DER writer do not reach each other, and the second reader does not use the writer',
  check: (tree) => {
    const graph = new Map(
      tree.modules.map((module) => [module.path, importsOf(module).flatMap((seen) => seen.target ?? [])]),
    );
    return [
      ...INDEPENDENT.filter(({ from, never }) => reach(graph, from).has(never)).map(({ from, never }) => ({
        path: from,
        line: 1,
        what: `reaches ${never}`,
      })),
      ...eachImport(tree, ({ path }, { target }) =>
        isIn(path, READS_ONLY.rooms) && target !== null && READS_ONLY.never.test(target) ? `imports ${target}` : null,
      ),
    ];
  },
};

/** Every module that one leads to. */
function reach(graph: ReadonlyMap<string, readonly string[]>, from: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const pending = [from];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    for (const next of graph.get(path) ?? []) {
      if (reached.has(next)) continue;
      reached.add(next);
      pending.push(next);
    }
  }
  return reached;
}

export const IMPORT_RULES = {
  'import-table': importTable,
  'process-boundary': processBoundary,
  'computed-imports': computedImports,
  'library-homes': libraryHomes,
  'core-is-pure': coreIsPure,
  'guarded-exports': guardedExports,
  'independent-parsers': parsersAreIndependent,
} as const satisfies Readonly<Record<string, Rule>>;
