/**
 * The pages mention only links, paths, commands, steps, metrics and log events that exist, and
 * every alarm has its row in ops/README.md. Without this test, a rename in the code would leave
 * operators with pages about names that they cannot find.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { Command } from 'commander';
import { createProgram } from '../../../src/cli/main.js';
import { packageRoot } from '../../../src/package/package-root.js';
import {
  anchorsOf,
  codeWordsIn,
  commandsIn,
  linksOf,
  loggedBy,
  type Page,
  pathsIn,
  readPages,
  readSources,
  supervisorEvents,
} from '../../support/documents.js';
import { ROOMS } from '../../support/tidy/tables.js';

const PAGES = readPages();
const SRC = readSources('src');
const HSM = readSources('hsm');

/** Events of the supervisor that are not alarms: a signer starts, is ready, or was stopped. */
const INFORMATION = ['child-started', 'child-ready', 'child-stopped', 'supervisor-started'];
/** Words that look like events: configuration members, composed audit entries, files. */
const NO_EVENTS = /^(?:publication\.outlets|mass-revocation\.(?:submitted|completed|cancelled)|signer-child\.js)$/;
/** Words that look like steps: events, rules, and a job. */
const NO_STEPS = ['read-back', 'read-back-differs', 'read-back-partial', 'sign-ahead'];

/** The example of CONTRIBUTING.md, which another test adds to a copy of the tree. */
const EXAMPLE = 'src/ceremony/steps/write-notice.ts';

const isThere = (path: string): boolean => existsSync(join(packageRoot(), path));
const of = (path: string): Page => PAGES.find((page) => page.path === path) ?? assert.fail(path);

/** Returns what is wrong on all pages. */
function wrong(find: (page: Page) => readonly string[]): readonly string[] {
  return PAGES.flatMap((page) => find(page).map((what) => `${page.path}: ${what}`));
}

describe('the pages', () => {
  it('link to files and headings that exist', () => {
    const broken = wrong((page) =>
      linksOf(page)
        .filter(({ path, anchor }) => {
          const target = path === '' ? page.path : normalize(join(dirname(page.path), path));
          if (!isThere(target)) return true;
          const linked = PAGES.find((one) => one.path === target);
          return anchor !== null && linked !== undefined && !anchorsOf(linked).has(anchor);
        })
        .map(({ path, anchor }) => `${path}#${anchor ?? ''}`),
    );
    assert.deepEqual(broken, []);
  });

  it('name files that exist', () => {
    const missing = wrong((page) => pathsIn(page).filter((path) => path !== EXAMPLE && !isThere(path)));
    assert.deepEqual(missing, []);
  });

  it('name commands and options that exist', async () => {
    const program = await createProgram();
    assert.deepEqual(
      wrong((page) => commandsIn(page).flatMap((words) => faultOf(program, words) ?? [])),
      [],
    );
  });

  it('name npm commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { scripts: object };
    assert.deepEqual(
      wrong(({ text }) =>
        [...text.matchAll(/npm run ([a-z:-]+)/g)].map(([, name = '']) => name).filter((name) => !(name in scripts)),
      ),
      [],
    );
  });

  it('name kinds of ceremony steps that exist', () => {
    const steps = SRC.filter(({ path }) => path.startsWith('src/ceremony/steps/'));
    const kinds = new Set(
      steps.flatMap(({ text }) => [...text.matchAll(/^ {2}do: '([a-z-]+)'/gm)].map(([, kind]) => kind)),
    );
    assert.ok(kinds.size > 15, String(kinds.size));
    const verbs = new Set([...kinds].map((kind) => kind?.split('-')[0]));
    assert.deepEqual(
      wrong((page) =>
        codeWordsIn(page).filter(
          (word) =>
            word.includes('-') &&
            !/[.]/.test(word) &&
            verbs.has(word.split('-')[0]) &&
            !kinds.has(word) &&
            !NO_STEPS.includes(word),
        ),
      ),
      [],
    );
  });

  it('quote the messages of `pfcng signer unlock`', () => {
    const [, table = ''] = /\n\| message .*\n\|[- |]+\n((?:\|.*\n)+)/.exec(of('ops/signers.md').text) ?? [];
    const quoted = [...table.matchAll(/^\| `([^`]+)`/gm)].flatMap(([, message = '']) => message.split(' ... '));
    assert.ok(quoted.length > 5, table);
    const sources = [...SRC, ...HSM].map(({ text }) => text).join('\n');
    assert.deepEqual(
      quoted.filter((message) => !sources.includes(message)),
      [],
    );
  });

  it('list in CONTRIBUTING.md the rooms of the house, in their order', () => {
    const [, table = ''] = /\n\| room .*\n\|[- |]+\n((?:\|.*\n)+)/.exec(of('CONTRIBUTING.md').text) ?? [];
    const listed = table
      .trimEnd()
      .split('\n')
      .map((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, folder]) => `${folder}/`));
    assert.deepEqual(listed, ROOMS);
  });

  it('name metrics that exist', () => {
    const names = new Set(
      SRC.filter(({ path }) => path.startsWith('src/observe/')).flatMap(
        ({ text }) => text.match(/pfcng_[a-z_]+/g) ?? [],
      ),
    );
    assert.deepEqual(
      wrong(({ text }) => (text.match(/pfcng_[a-z_]+/g) ?? []).filter((name) => !names.has(name))),
      [],
    );
  });

  it('name log events that exist', () => {
    const sources = [...SRC, ...HSM].map(({ text }) => text).join('\n');
    const events = [...loggedBy(SRC).map(({ event }) => event), ...supervisorEvents(HSM)];
    const kinds = new Set(events.map((event) => event.split(/[.-]/)[0]));
    const isEvent = (word: string): boolean =>
      kinds.has(word.split('.')[0]?.split('-')[0] ?? '') &&
      /^(?:[a-z-]+\.[a-z-]+|(?:child|supervisor)-[a-z-]+)$/.test(word);
    const extensions = /\.(?:md|ts|json|pem|cer|crl|ndjson|conf|service|target|pin|sock|sqlite)$/;
    const strange = wrong((page) =>
      codeWordsIn(page).filter(
        (word) => isEvent(word) && !extensions.test(word) && !sources.includes(word) && !NO_EVENTS.test(word),
      ),
    );
    assert.deepEqual(strange, []);
  });

  it('explain every alarm in ops/README.md', () => {
    const { text } = of('ops/README.md');
    const rows = new Set([...text.matchAll(/^\| `([a-z.-]+)`/gm)].map(([, event]) => event));
    const alarms = new Set([
      ...loggedBy([...SRC, ...HSM])
        .filter(({ isAlarm }) => isAlarm)
        .map(({ event }) => event),
      ...supervisorEvents(HSM).filter((event) => !INFORMATION.includes(event)),
    ]);
    assert.ok(alarms.size > 50, String(alarms.size));
    assert.deepEqual([...alarms].filter((event) => !rows.has(event)).sort(), [], 'alarms without a row');
    assert.deepEqual(
      [...rows].filter((event) => event === undefined || !alarms.has(event)).sort(),
      [],
      'rows without an alarm',
    );
  });
});

/**
 * Returns the reason why the program does not know these words; `null`: it knows them. Arguments
 * are not checked, and words in capitals are placeholders.
 */
function faultOf(program: Command, words: readonly string[]): string | null {
  let command = program;
  const rest = [...words];
  for (;;) {
    const next = command.commands.find((one) => one.name() === rest[0]);
    if (next === undefined) break;
    command = next;
    rest.shift();
  }
  if (command === program) return /^[a-z]/.test(words[0] ?? '') ? `no command: ${words.join(' ')}` : null;
  if (command.commands.length > 0 && /^[a-z]/.test(rest[0] ?? '')) return `no sub-command: ${words.join(' ')}`;
  const known = new Set([...command.options.map(({ long }) => long), '--help']);
  const unknown = rest.filter((word) => word.startsWith('--') && !known.has(word.split('=')[0] ?? ''));
  return unknown.length === 0 ? null : `no option ${unknown.join(', ')}: ${words.join(' ')}`;
}
