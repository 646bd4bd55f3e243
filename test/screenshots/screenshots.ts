/**
 * Writes pictures of every page of the console into a folder, with an `index.html` that shows them:
 * `screenshots.js [FOLDER [PAGE...]]`. The first role that opens a page, or may do its action, sees
 * it in every size, color scheme and language; the other roles see it in one of them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page as BrowserPage } from 'playwright-core';
import { rolesPermit } from '../../src/access/decide.js';
import type { Role } from '../../src/access/roles.js';
import type { Page } from '../../src/console/page.js';
import { PAGES } from '../../src/console/pages/all.js';
import { type Browser, COLOR_SCHEMES, openBrowser, type PageOptions, SCREENS } from '../support/browser/browser.js';
import { actionAddress, addressOf, examplesOf, firstRole, opensFor, ROLES_TRIED } from '../support/console/examples.js';
import { populate, type ServiceContent } from '../support/console/populate.js';
import { PACKAGE_ROOT } from '../support/service/home.js';
import { sharedService, stopSharedServices } from '../support/service/shared.js';

type Look = Required<Pick<PageOptions, 'size' | 'scheme' | 'language'>>;
const EVERY_LOOK: readonly Look[] = (Object.keys(SCREENS) as (keyof typeof SCREENS)[]).flatMap((size) =>
  COLOR_SCHEMES.flatMap((scheme) => (['fr', 'en'] as const).map((language) => ({ size, scheme, language }))),
);
const ONE_LOOK = EVERY_LOOK.filter(
  ({ size, scheme, language }) => size === 'wide' && scheme === 'light' && language === 'fr',
);

type Picture = { readonly page: string; readonly shows: string; readonly file: string; readonly role: Role };

async function takePictures(folder: string, ids: readonly string[]): Promise<readonly Picture[]> {
  const shared = await sharedService('p-256', 'sqlite', 'console');
  const populated = await populate(shared);
  const pages = PAGES.filter(({ id }) => ids.length === 0 || ids.includes(id));
  const pictures: Picture[] = [];
  for (const role of ROLES_TRIED) {
    const browser = await openBrowser({ service: shared.service, identity: populated.accounts[role].credential });
    const tasks = { browser, populated, folder, role };
    for (const page of pages.filter((one) => opensFor(one, role))) pictures.push(...(await picturesOf(page, tasks)));
    for (const report of browser.takeReports()) process.stdout.write(`${JSON.stringify(report)}\n`);
    await browser.close();
  }
  return pictures;
}

type Tasks = {
  readonly browser: Browser;
  readonly populated: ServiceContent;
  readonly folder: string;
  readonly role: Role;
};

async function picturesOf(page: Page, { browser, populated, folder, role }: Tasks): Promise<readonly Picture[]> {
  const pictures: Picture[] = [];
  const views = viewsOf(page, populated, role);
  for (const look of EVERY_LOOK) {
    const opened = await browser.page(look);
    for (const { shows, address } of views.filter(({ looks }) => looks.includes(look))) {
      const file = [page.id, shows, role, look.size, look.scheme, look.language].join('-').replace(/[^\w-]+/g, '_');
      await takePicture(opened, { address, language: look.language, path: join(folder, `${file}.png`) });
      pictures.push({ page: page.id, shows, file: `${file}.png`, role });
    }
    await browser.closePages();
  }
  process.stdout.write(`${role} ${page.id}: ${pictures.length}\n`);
  return pictures;
}

type View = { readonly shows: string; readonly address: string; readonly looks: readonly Look[] };

/** The page in each thing that it shows, and the forms of the actions that the role may do. */
function viewsOf(page: Page, populated: ServiceContent, role: Role): readonly View[] {
  const looksOf = (action?: string) => (firstRole(page, action) === role ? EVERY_LOOK : ONE_LOOK);
  const isPermitted = (id: string): boolean => {
    const action = page.actions.find((one) => one.id === id)?.action;
    return action !== undefined && rolesPermit([role], action);
  };
  return examplesOf(page, populated).flatMap((example) => [
    { shows: example.shows, address: addressOf(page, example), looks: looksOf() },
    ...Object.entries(example.actions ?? {})
      .filter(([id]) => isPermitted(id))
      .flatMap(([id, input]): readonly View[] => {
        const address = actionAddress(page, example, id);
        const review = `${address}?${new URLSearchParams({ ...input, step: 'review' })}`;
        return [
          { shows: `${example.shows} ${id}`, address, looks: looksOf(id) },
          { shows: `${example.shows} ${id} review`, address: review, looks: looksOf(id) },
        ];
      }),
  ]);
}

async function takePicture(
  page: BrowserPage,
  { address, language, path }: { readonly address: string; readonly language: string; readonly path: string },
): Promise<void> {
  await page.goto(`${address}${address.includes('?') ? '&' : '?'}lang=${language}`);
  await page.screenshot({ path, fullPage: true, animations: 'disabled' });
}

function indexOf(pictures: readonly Picture[]): string {
  const pages = [...new Set(pictures.map(({ page }) => page))];
  const parts = pages.map((page) => {
    const figures = pictures
      .filter((one) => one.page === page)
      .map(
        ({ file, shows, role }) =>
          `<figure><a href="${file}"><img src="${file}" loading="lazy" alt=""></a>` +
          `<figcaption>${shows}, ${role}<br>${file}</figcaption></figure>`,
      );
    return `<h2>${page}</h2><div>${figures.join('\n')}</div>`;
  });
  const style =
    'body{font-family:sans-serif}div{display:flex;flex-wrap:wrap;gap:1rem}' +
    'figure{margin:0;width:20rem}img{width:100%;border:1px solid #888}';
  return `<!doctype html><meta charset="utf-8"><title>Screenshots</title><style>${style}</style>${parts.join('\n')}\n`;
}

const [folder = join(PACKAGE_ROOT, 'var/screenshots'), ...ids] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
try {
  const pictures = await takePictures(folder, ids);
  writeFileSync(join(folder, 'index.html'), indexOf(pictures));
  process.stdout.write(`${pictures.length} pictures: ${join(folder, 'index.html')}\n`);
} finally {
  await stopSharedServices();
}
process.exit();
