/**
 * Rules about the files around the code: manifest, lock, changelog, decisions, and what no text
 * may give away.
 */
import { declaredDependencies } from './imports.js';
import { MACHINE_FOLDERS } from './tables.js';
import type { Finding, Rule, Tree } from './tree.js';

const LOCK = 'package-lock.json';

type Lock = {
  readonly version?: string;
  readonly packages?: Readonly<Record<string, { readonly resolved?: string; readonly hasInstallScript?: boolean }>>;
};

function json<Shape>(tree: Tree, path: string, none: Shape): Shape {
  return JSON.parse(tree.texts.get(path) ?? JSON.stringify(none));
}

const at = (path: string, what: string): Finding => ({ path, line: 1, what });

const noAddresses: Rule = {
  says: 'the lock records digests, not download addresses: every mirror serves the same bytes',
  check: (tree) =>
    Object.entries(json<Lock>(tree, LOCK, {}).packages ?? {})
      .filter(([, { resolved }]) => resolved !== undefined)
      .map(([name]) => at(LOCK, `${name} records an address`)),
};

const pinned: Rule = {
  says: 'every dependency is pinned to one version',
  check: (tree) =>
    [...declaredDependencies(tree)]
      .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/.test(version))
      .map(([name, version]) => at('package.json', `${name} is asked for as ${version}`)),
};

const installScripts: Rule = {
  says: 'package.json says of every package with an install script whether it may run, and of no other',
  check: (tree) => {
    const { allowScripts = {} } = json<{ allowScripts?: Record<string, boolean> }>(tree, 'package.json', {});
    const packages = Object.entries(json<Lock>(tree, LOCK, {}).packages ?? {});
    const scripted = packages
      .filter(([path, { hasInstallScript }]) => path !== '' && hasInstallScript === true)
      .map(([path]) => path.replace(/^.*node_modules\//, ''));
    return [
      ...scripted.filter((name) => !(name in allowScripts)).map((name) => at('package.json', `${name} is not decided`)),
      ...Object.keys(allowScripts)
        .filter((name) => !scripted.includes(name))
        .map((name) => at('package.json', `${name} has no install script`)),
    ];
  },
};

const oneVersion: Rule = {
  says: 'manifest, lock and changelog speak of the same version',
  check: (tree) => {
    const { version = '' } = json<{ version?: string }>(tree, 'package.json', {});
    const changelog = tree.texts.get('CHANGELOG.md') ?? '';
    const headings = [...changelog.matchAll(/^## \[([^\]]+)\]/gm)].map((match) => match[1]);
    const locked = json<Lock>(tree, LOCK, {}).version;
    return [
      ...(headings.includes(version) ? [] : [at('CHANGELOG.md', `has no section for ${version}`)]),
      ...(locked === version ? [] : [at(LOCK, `is for ${locked}, not ${version}`)]),
    ];
  },
};

/** null: the name of the page has another form. */
function numberOfDecision(path: string): string | null {
  return /\/(\d{4})-[a-z0-9-]+\.md$/.exec(path)?.[1] ?? null;
}

const decisions: Rule = {
  // Numbers may be missing: they are reserved for decisions that several people write at one time.
  says: 'each decision has a number of its own, from 0001, and context, choice and price',
  check: (tree) => {
    const pages = [...tree.texts].filter(([path]) => /^ops\/decisions\/.*\.md$/.test(path)).sort();
    return pages.flatMap(([path, text], index) => {
      const number = numberOfDecision(path);
      const isOwn = number !== null && number !== '0000' && number !== numberOfDecision(pages[index - 1]?.[0] ?? '');
      const missing = ['Context', 'Choice', 'Price'].filter((heading) => !text.includes(`\n## ${heading}\n`));
      return [
        ...(isOwn ? [] : [at(path, 'has no number of its own')]),
        ...(text.startsWith(`# ${number} `) ? [] : [at(path, `does not begin with "# ${number} "`)]),
        ...missing.map((heading) => at(path, `has no section "${heading}"`)),
      ];
    });
  },
};

const MACHINE_PATH = new RegExp(`(?:^|[\\s"'\`(=:])(/(?:${MACHINE_FOLDERS.join('|')})/[\\w.-]+)`);

const machinePaths: Rule = {
  says: 'no file names a path of one machine',
  check: (tree) =>
    [...tree.texts].flatMap(([path, text]) =>
      text.split('\n').flatMap((line, index) => {
        const seen = MACHINE_PATH.exec(line)?.[1];
        return seen === undefined ? [] : [{ path, line: index + 1, what: seen }];
      }),
    ),
};

export const PAPERWORK_RULES = {
  'no-addresses': noAddresses,
  pinned,
  'install-scripts': installScripts,
  'one-version': oneVersion,
  decisions,
  'machine-paths': machinePaths,
} as const satisfies Readonly<Record<string, Rule>>;
