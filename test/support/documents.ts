/** Reads the Markdown pages of the repository, and finds the names that they mention. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { packageRoot } from '../../src/package/package-root.js';

export type Page = { readonly path: string; readonly text: string };

const FOLDERS = ['ops', 'ops/decisions', 'ops/guides', 'scripts/ceremony', 'test', ''];

/** Reads all pages, written by hand or generated. */
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

/** Reads all source files below a folder of the repository. */
export function readSources(folder: string): readonly Page[] {
  const root = packageRoot();
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, folder, name))
    .map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') }));
}

/** Returns the targets of links within the repository, with their anchors. */
export function linksOf({ text }: Page): readonly { readonly path: string; readonly anchor: string | null }[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor = null] = target.split('#');
      return { path, anchor };
    });
}

/** Returns the anchors that GitHub gives to the headings of a page. */
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
  /(?<![\w/.-])(?:src|hsm|test|scripts|ops|policies)\/[\w./*{},-]*\.(?:ts|mjs|cjs|c|json|md|txt|svg|service|timer|conf)\b/g;

/** Returns paths of files from the root of the repository; patterns are left out. */
export function pathsIn({ text }: Page): readonly string[] {
  return [...text.matchAll(PATH)].map(([path]) => path).filter((path) => !/[*{}]/.test(path));
}

/** Returns calls of the `pfcng` command as words, without `pfcng` itself. */
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

/** Returns code spans that consist of words joined by hyphens, with at most one dot. */
export function codeWordsIn({ text }: Page): readonly string[] {
  return [...text.matchAll(/`([a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:\.[a-z][a-z0-9]*(?:-[a-z0-9]+)*)?)`/g)].map(
    ([, word = '']) => word,
  );
}

export type LoggedEvent = { readonly event: string; readonly at: string; readonly isAlarm: boolean };

/** Returns the events that the service logs, given as literals or by constants of the file. */
export function loggedBy(sources: readonly Page[]): readonly LoggedEvent[] {
  return sources.flatMap(({ path, text }) =>
    [...text.matchAll(/\blog\.(warn|error|info)\(\s*(?:'([^']+)'|([A-Z_]+))/g)].map(([, level, literal, constant]) => {
      const named = constant === undefined ? undefined : new RegExp(`const ${constant} = '([^']+)'`).exec(text)?.[1];
      return { event: literal ?? named ?? `${path}: ${constant}`, at: path, isAlarm: level !== 'info' };
    }),
  );
}

/** Returns the events of the supervisor of the signers: the member `event` of what it logs. */
export function supervisorEvents(sources: readonly Page[]): readonly string[] {
  return sources.flatMap(({ text }) =>
    [...text.matchAll(/\bevent(?: =|:) (?:\w+ \? '([a-z-]+)' : )?'([a-z-]+)'/g)].flatMap(([, ...events]) =>
      events.filter((event) => event !== undefined),
    ),
  );
}
