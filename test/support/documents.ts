/** The Markdown pages of the repository, and what they mention of it: links, paths, commands, metrics and log events. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { packageRoot } from '../../src/package/package-root.js';

export type Page = { readonly path: string; readonly text: string };

const FOLDERS = ['ops', 'ops/decisions', 'scripts/ceremony', 'test', ''];

/** Pages that are written by hand or generated; vendored ones are elsewhere. */
export function readPages(): readonly Page[] {
  const root = packageRoot();
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name))
      .sort()
      .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })),
  );
}

/** All source files below a folder of the repository. */
export function readSources(folder: string): readonly Page[] {
  const root = packageRoot();
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, folder, name))
    .map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') }));
}

/** Targets of links within the repository, with their anchor. */
export function linksOf({ text }: Page): readonly { readonly path: string; readonly anchor: string | null }[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor = null] = target.split('#');
      return { path, anchor };
    });
}

/** Anchors that GitHub gives to the headings of a page. */
export function anchorsOf({ text }: Page): ReadonlySet<string> {
  const outsideOfCode = text.replace(/^```[\s\S]*?^```$/gm, '');
  return new Set(
    [...outsideOfCode.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-'),
    ),
  );
}

const PATH =
  /(?<![\w/.-])(?:src|hsm|test|scripts|ops|policies)\/[\w./*{},-]*\.(?:ts|mjs|cjs|c|json|md|txt|svg|service|conf)\b/g;

/** Paths of files of the repository, from its root; patterns and generated names are left out. */
export function pathsIn({ text }: Page): readonly string[] {
  return [...text.matchAll(PATH)].map(([path]) => path).filter((path) => !/[*{}]/.test(path));
}

/** Calls of the `pfcng` command, as words: `pfcng hsm check --token ca-fort` without `pfcng`. */
export function commandsIn({ text }: Page): readonly (readonly string[])[] {
  const continued = text.replace(/\\\n\s*/g, '');
  const code = [...continued.matchAll(/^\s*```sh\n([\s\S]*?)^\s*```$/gm)].flatMap(([, block = '']) =>
    block.split('\n'),
  );
  const spans = [...continued.replace(/^\s*```[\s\S]*?^\s*```$/gm, '').matchAll(/`([^`\n]+)`/g)].map(
    ([, span = '']) => span,
  );
  return [...code, ...spans].flatMap((line) => {
    const [, call] = /(?:^|\s)(?:npx pfcng|pfcng|\.\/ceremony|dist\/bin\/main\.js) ([^|;&>#]+)/.exec(line) ?? [];
    if (call === undefined) return [];
    const words = call.trim().split(/\s+/);
    return [line.includes('./ceremony ') ? ['ceremony', ...words] : words];
  });
}

/** What is in backquotes and is made of words with dots or hyphens between them. */
export function codeWordsIn({ text }: Page): readonly string[] {
  return [...text.matchAll(/`([a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:\.[a-z][a-z0-9]*(?:-[a-z0-9]+)*)?)`/g)].map(
    ([, word = '']) => word,
  );
}

export type LoggedEvent = { readonly event: string; readonly at: string; readonly isAlarm: boolean };

/** Events that the service logs: the first argument of `warn`, `error` and `info`, also by the name of a constant of the file. */
export function loggedBy(sources: readonly Page[]): readonly LoggedEvent[] {
  return sources.flatMap(({ path, text }) =>
    [...text.matchAll(/\blog\.(warn|error|info)\(\s*(?:'([^']+)'|([A-Z_]+))/g)].map(([, level, literal, constant]) => {
      const named = constant === undefined ? undefined : new RegExp(`const ${constant} = '([^']+)'`).exec(text)?.[1];
      return { event: literal ?? named ?? `${path}: ${constant}`, at: path, isAlarm: level !== 'info' };
    }),
  );
}

/** Events of the supervisor of the signers: the member `event` of what it logs. */
export function supervisorEvents(sources: readonly Page[]): readonly string[] {
  return sources.flatMap(({ text }) =>
    [...text.matchAll(/\bevent(?: =|:) (?:\w+ \? '([a-z-]+)' : )?'([a-z-]+)'/g)].flatMap(([, ...events]) =>
      events.filter((event) => event !== undefined),
    ),
  );
}
