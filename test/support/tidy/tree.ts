/**
 * What the rules look at: parsed modules, and the texts of everything else. Parsing is the
 * compiler's own.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Node, SourceFile } from 'typescript/unstable/ast';
import { createVirtualFileSystem } from 'typescript/unstable/fs';
import { API } from 'typescript/unstable/sync';
import { GENERATED } from './tables.js';

export type Module = {
  readonly path: string;
  readonly text: string;
  readonly ast: SourceFile;
  /** Every node, parents before children. */
  readonly nodes: readonly Node[];
  /** The paths of all modules of its tree. */
  readonly paths: ReadonlySet<string>;
};

export type Tree = {
  readonly modules: readonly Module[];
  /** Every text file by its path, modules included. */
  readonly texts: ReadonlyMap<string, string>;
};

export type Finding = { readonly path: string; readonly line: number; readonly what: string };

/** Rules find; they never throw on what they are shown. */
export type Rule = { readonly says: string; readonly check: (tree: Tree) => readonly Finding[] };

const IS_MODULE = /^(?:src|hsm|scripts|test)\/.*\.(?:tsx?|mjs)$/;
const HAS_TEXT_ENDING = /\.(?:tsx?|[mc]?js|json|md|c|java|gyp|ya?ml|sh|conf|service|toml|sql|html|css)$/;
const HAS_TEXT_NAME = /(?:^|\/)(?:run|LICENSE|\.(?:\w+rc|gitignore|editorconfig))$/;
const isText = (path: string): boolean =>
  (HAS_TEXT_ENDING.test(path) || HAS_TEXT_NAME.test(path)) && !GENERATED.includes(path);
const NOT_OURS = new Set(['.git', 'node_modules', 'dist', 'var', 'coverage', 'build']);

/** The texts of the checkout as it stands, tracked or not. */
export function readTexts(root: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory() && !NOT_OURS.has(entry.name)) visit(path);
      if (entry.isFile() && isText(path)) texts.set(path, readFileSync(join(root, path), 'utf8'));
    }
  };
  visit('');
  return texts;
}

/**
 * Trees of any size, parsed in one go by one process of the compiler (which says `context
 * canceled` when it is sent home).
 */
export function parseTrees(trees: readonly ReadonlyMap<string, string>[]): readonly Tree[] {
  const files: Record<string, string> = {};
  for (const [index, texts] of trees.entries()) {
    for (const [path, text] of texts) if (IS_MODULE.test(path)) files[`/${index}/${path}`] = text;
  }
  const compilerOptions = {
    noLib: true,
    jsx: 'react-jsx',
    noResolve: true,
    allowJs: true,
    types: [],
    module: 'nodenext',
    noEmit: true,
  };
  const config = JSON.stringify({ compilerOptions, files: Object.keys(files) });
  const api = new API({ cwd: '/', fs: createVirtualFileSystem({ ...files, '/tsconfig.json': config }) });
  try {
    const program = api.updateSnapshot({ openProjects: ['/tsconfig.json'] }).getProjects()[0]?.program;
    if (program === undefined) throw new Error('the compiler opened no project');
    const parse = (index: number, [path, text]: readonly [string, string], paths: ReadonlySet<string>): Module => {
      const ast = program.getSourceFile(`/${index}/${path}`);
      if (ast === undefined) throw new Error(`the compiler did not parse ${path}`);
      return { path, text, ast, nodes: flatten(ast), paths };
    };
    return trees.map((texts, index) => {
      const modules = [...texts].filter(([path]) => IS_MODULE.test(path));
      const paths = new Set(modules.map(([path]) => path));
      return { texts, modules: modules.map((module) => parse(index, module, paths)) };
    });
  } finally {
    api.close();
  }
}

function flatten(root: Node): readonly Node[] {
  const nodes: Node[] = [];
  const visit = (node: Node): undefined => {
    nodes.push(node);
    node.forEachChild(visit);
    return undefined;
  };
  visit(root);
  return nodes;
}

/** 1-based, of the first character that is not blank or comment. */
export function lineOf(module: Module, node: Node): number {
  return module.ast.getLineAndCharacterOfPosition(node.getStart(module.ast)).line + 1;
}

export function finding(module: Module, node: Node, what: string): Finding {
  return { path: module.path, line: lineOf(module, node), what };
}

/** Whether a path is one of the entries of a table, or in one of its folders. */
export function isIn(path: string, entries: readonly string[]): boolean {
  return entries.some((entry) => {
    if (entry.endsWith('*')) return path.startsWith(entry.slice(0, -1));
    return entry.endsWith('/') ? path.startsWith(entry) : path === entry;
  });
}

/** The checkout that this compiled file belongs to. */
export function checkoutRoot(from: string): string {
  let folder = from;
  while (!existsSync(join(folder, 'package.json'))) folder = join(folder, '..');
  return folder;
}
