/**
 * The list of all controls of all pages, `ops/console-controls.md`. What people use most must not
 * vanish with an upgrade: a control goes only with a line in CHANGELOG.md, and the list says so.
 * `PFCNG_CONTROLS=write` writes the list.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Role } from '../../../src/access/roles.js';
import { PAGES } from '../../../src/console/pages/all.js';
import { describeConsole } from '../../support/browser/describe-console.js';
import { controlsOf } from '../../support/console/controls.js';
import { actionAddress, addressOf, examplesOf, firstRole } from '../../support/console/examples.js';
import { createVisitor, type Visitor } from '../../support/console/visitor.js';
import { PACKAGE_ROOT } from '../../support/service/home.js';

const LIST = join(PACKAGE_ROOT, 'ops/console-controls.md');
const CHANGELOG = join(PACKAGE_ROOT, 'CHANGELOG.md');

const HEAD = `# Controls of the console

Every control of every page, in English, without the data that a page shows. \`test/integration/console/controls.test.ts\` opens the
pages and compares. A new control must be here (\`PFCNG_CONTROLS=write npm test -- test/integration/console/controls.test.ts\`), and one
that goes moves to "Removed", with a sentence of [CHANGELOG.md](../CHANGELOG.md) that says so.
`;
const REMOVED = '## Removed';

type ListedControl = { readonly page: string; readonly control: string };
const nameOf = ({ page, control }: ListedControl): string => `${page}: ${control}`;

describeConsole(
  'the controls of the console',
  (console) => {
    let shown: readonly ListedControl[];
    before(async function openPages() {
      const populated = await console.populated();
      const found = new Map<string, ListedControl>();
      const { service } = console.running.shared;
      const parser = await console.page(populated.accounts.officer.credential);
      const visitors = new Map<Role, Visitor>();
      const visitorAs = (role: Role): Visitor => {
        const visitor = visitors.get(role) ?? createVisitor(service, populated.accounts[role].credential);
        visitors.set(role, visitor);
        return visitor;
      };
      for (const page of PAGES) {
        for (const example of examplesOf(page, populated)) {
          const forms = Object.entries(example.actions ?? {}).flatMap(([id, input]) => {
            const form = {
              name: `${page.id}/${id}`,
              address: actionAddress(page, example, id),
              role: firstRole(page, id),
            };
            return [form, { ...form, address: `${form.address}?${new URLSearchParams({ ...input, step: 'review' })}` }];
          });
          const itself = { name: page.id, address: addressOf(page, example), role: firstRole(page) };
          for (const { name, address, role } of [itself, ...forms]) {
            const { html } = await visitorAs(role).open(address, { 'accept-language': 'en' });
            for (const control of await controlsOf(parser, { html, address: `${service.urls.api}${address}` })) {
              const one = { page: name, control };
              found.set(nameOf(one), one);
            }
          }
        }
      }
      for (const visitor of visitors.values()) await visitor.close();
      shown = [...found.values()].sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
      if (process.env.PFCNG_CONTROLS === 'write') writeFileSync(LIST, listOf(shown, readList().removed));
    });

    it('are all in the list', () => {
      const { present: listed } = readList();
      const names = new Set(listed.map(nameOf));
      assert.deepEqual(
        shown.map(nameOf).filter((name) => !names.has(name)),
        [],
        'write the list anew: PFCNG_CONTROLS=write',
      );
    });

    it('go from the list only with a sentence in CHANGELOG.md', () => {
      const { present: listed, removed } = readList();
      const names = new Set(shown.map(nameOf));
      assert.deepEqual(
        listed.map(nameOf).filter((name) => !names.has(name)),
        [],
        `these controls are gone: bring them back, or move them to "${REMOVED}" with a sentence of CHANGELOG.md`,
      );
      const changelog = readFileSync(CHANGELOG, 'utf8');
      for (const line of removed) {
        const [, sentence = ''] = /: "(.+)"$/.exec(line) ?? [];
        assert.ok(sentence.length > 20 && changelog.includes(sentence), `CHANGELOG.md does not say: ${line}`);
      }
    });
  },
  'populated-console',
);

function listOf(shown: readonly ListedControl[], removed: readonly string[]): string {
  const pages = [...new Set(shown.map(({ page }) => page))];
  const parts = pages.map((page) => {
    const controls = shown.filter((one) => one.page === page).map(({ control }) => `- ${control}\n`);
    return `\n## ${page}\n\n${controls.join('')}`;
  });
  const gone = removed.length === 0 ? 'Nothing yet.\n' : removed.map((line) => `- ${line}\n`).join('');
  return `${HEAD}${parts.join('')}\n${REMOVED}\n\n${gone}`;
}

/** The list as it is committed. */
function readList(): { readonly present: readonly ListedControl[]; readonly removed: readonly string[] } {
  const [there = '', gone = ''] = readFileSync(LIST, 'utf8').split(`\n${REMOVED}\n`);
  const items = (text: string): readonly string[] => [...text.matchAll(/^- (.+)$/gm)].map(([, item = '']) => item);
  const sections = there.split(/^## /m).slice(1);
  return {
    present: sections.flatMap((section) => {
      const [page = ''] = section.split('\n', 1);
      return items(section).map((control) => ({ page, control }));
    }),
    removed: items(gone),
  };
}
