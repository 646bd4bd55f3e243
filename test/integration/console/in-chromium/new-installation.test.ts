/**
 * An installation from its first day: every page says what to do while there is nothing to show,
 * and then people perform every action of every page. Without this test an empty page could leave
 * people without a word, and a button could lead to a form that nobody can send.
 */
import assert from 'node:assert/strict';
import type { Role } from '../../../../src/access/roles.js';
import type { Page } from '../../../../src/console/page.js';
import { PAGES } from '../../../../src/console/pages/all.js';
import { TABLE_WORDS } from '../../../../src/console/words/layout.js';
import { present } from '../../../../src/kernel/assert.js';
import { assertAccessible, assertFits } from '../../../support/browser/accessibility.js';
import { type FieldValues, performAction } from '../../../support/browser/action-form.js';
import type { PageOptions } from '../../../support/browser/browser.js';
import { describeConsole } from '../../../support/browser/describe-console.js';
import { actSoon } from '../../../support/campaigns/date-soon.js';
import { cardPath } from '../../../support/cards/card-routes.js';
import { actionAddress, addressOf, type Example, examplesOf, firstRole } from '../../../support/console/examples.js';
import { loseDelivery, type ServiceContent } from '../../../support/console/populate.js';
import type { IssuedCertificate } from '../../../support/service/client.js';
import { makeCsr, makeKey } from '../../../support/service/csr.js';
import { bodyOf, cardBody, nextNumber, professionalId } from '../../../support/service/orders.js';

const DAY_MS = 86_400_000;

const LOOKS = [
  { language: 'fr', size: 'wide', scheme: 'light' },
  { language: 'en', size: 'narrow', scheme: 'dark' },
] as const satisfies readonly PageOptions[];

/**
 * In how many looks axe judges an empty page: 1, in turns, or 2. With 2, each action is performed
 * in the language in which it is not performed with 1, and axe judges what is shown after it.
 */
const JUDGED_LOOKS = Number(process.env.PFCNG_JUDGED_LOOKS ?? 1);

/** Lists that are empty on the first day. */
const EMPTY_AT_FIRST = ['orders', 'updates', 'campaigns', 'approvals', 'search', 'support', 'registrations'];

/** An order is worked off within a second, so that it can rarely be paused in time. */
const NOT_PERFORMED = ['order/pause'];

/** These end what the other actions of the page need. */
const LAST = ['revoke', 'bar', 'unbar', 'oppose', 'cancel', 'end', 'drop', 'withdraw'];

type Task = { readonly page: Page; readonly id: string };

const TASKS: readonly Task[] = PAGES.flatMap((page) =>
  page.actions
    .map(({ id }) => ({ page, id }))
    .toSorted((one, other) => LAST.indexOf(one.id) - LAST.indexOf(other.id))
    .filter(({ id }) => !NOT_PERFORMED.includes(`${page.id}/${id}`)),
);

/** The development account of a role. */
const accountOf = (role: Role): string => (role === 'officer' ? 'officer-1' : role);

describeConsole(
  'a new installation, in the console',
  (console) => {
    for (const [turn, look] of LOOKS.entries())
      it(`has pages that say what to do while there is nothing, in ${look.language}`, async () => {
        for (const [at, page] of PAGES.filter(({ path }) => !path.includes('{')).entries()) {
          const opened = await console.keptPage(accountOf(firstRole(page)), look);
          assert.equal((await opened.goto(page.path))?.status(), 200, page.id);
          const words = await opened.locator('main .empty').allTextContents();
          for (const said of words) {
            assert.ok(said.length > 15, `${page.id} says no more than: ${said}`);
            assert.notEqual(said, TABLE_WORDS.nothing[look.language], page.id);
          }
          if (EMPTY_AT_FIRST.includes(page.id)) assert.ok(words.length > 0, `${page.id} says nothing`);
          assert.equal(await opened.locator('main table:not(:has(tbody tr))').count(), 0, `${page.id}: an empty table`);
          await assertFits(opened);
          if (JUDGED_LOOKS > 1 || at % LOOKS.length === turn) await assertAccessible(opened);
        }
      });

    describe('lets people perform', () => {
      for (const [number, { page, id }] of TASKS.entries()) {
        const look = present(LOOKS[(number + JUDGED_LOOKS + 1) % LOOKS.length], 'a look');
        it(`${page.id}/${id}, in ${look.language}, and says what was done`, async () => {
          const content = await console.populated();
          const example = await exampleOf({ page, id }, content);
          const entered = present(example.actions?.[id], `what is entered into ${page.id}/${id}`);
          const opened = await console.keptPage(content.accounts[firstRole(page, id)].credential, look);
          await opened.goto(addressOf(page, example));
          await performAction(opened, actionAddress(page, example, id), entered);
          assert.ok((await opened.locator('main [role=status]').count()) > 0, `${opened.url()} says nothing`);
          await assertFits(opened);
          // `every-page` judges the same pages, without the words that say what was done.
          if (JUDGED_LOOKS > 1) await assertAccessible(opened);
          const { pathname } = new URL(opened.url());
          const [, approval] = /^\/console\/approvals\/([0-9a-f-]{36})$/.exec(pathname) ?? [];
          if (approval !== undefined && page.id !== 'approval') await refuse(approval);
        });
      }
    });

    /** An object has one open request, so the second officer refuses it before the next one. */
    async function refuse(approval: string): Promise<void> {
      const body = { decision: 'refuse', reason: 'tried only' };
      await console.running.shared.as('officer-2').expect('POST', `/v1/approvals/${approval}`, { body });
    }

    async function exampleOf(task: Task, content: ServiceContent): Promise<Example> {
      const name = `${task.page.id}/${task.id}`;
      const entering = (example: Omit<Example, 'shows' | 'actions'>, entered: FieldValues = {}): Example => ({
        shows: name,
        ...example,
        actions: { [task.id]: entered },
      });
      switch (name) {
        case 'expiring/campaign':
          return entering({}, { name: 'ends of the quarter', capacity: '60' });
        case 'campaign/list':
          return entering(
            { params: { id: content.campaigns.draft } },
            { class: 'doctors', file: `id,card\n1,"${content.cards.updated}"\n` },
          );
        case 'certificate/renew': {
          // Within the window of its profile.
          const notAfter = new Date(Date.now() + 30 * DAY_MS).toISOString().replace(/\.\d+Z$/, 'Z');
          const { id } = await issue({ validity: { notAfter } });
          return entering({ params: { id } }, { csr: makeCsr(makeKey()) });
        }
        case 'holder/revoke':
          return entering({ params: { idNat: await holderWithCard() } }, { situation: 'left-structure' });
        case 'campaigns/create': {
          const rules = { reason: 'superseded', cards: 'criteria', products: 'cps', class: 'all' };
          return entering({}, { name: 'all cards', ...rules, capacity: '60', channel: 'any' });
        }
        case 'campaign/release': {
          const officers = { first: console.running.officer, second: console.running.shared.as('officer-2') };
          await actSoon(officers, content.campaigns.paused, 'suspension');
          return entering({ params: { id: content.campaigns.paused } });
        }
        case 'campaign/end':
          return entering({ params: { id: content.campaigns.open } });
        case 'holder/bar':
          return entering({ params: { idNat: content.holders.free } });
        case 'orders/dry-run':
          return entering({}, { reference: 'tried', file: `${JSON.stringify(cardBody())}\n` });
        case 'order/cancel':
          return entering({ params: { id: await pausedOrder() } });
        case 'approval/refuse':
          return entering({ params: { id: await openApproval() } }, { reason: 'the wrong person' });
        case 'accounts/new_account': {
          const { id: certificate } = await issue({});
          const rights = { 'role-auditor': 'yes', profiles: '*', holders: '*' };
          return entering({}, { account: 'clerk', name: 'Clerk', certificate, ...rights, reason: 'a new colleague' });
        }
        case 'delivery/drop':
          return entering({ params: await loseDelivery(console.running) });
        default: {
          const examples = examplesOf(task.page, content);
          return present(
            examples.find(({ actions }) => actions?.[task.id] !== undefined),
            `an example of ${name}`,
          );
        }
      }
    }

    const issue = (changes: object): Promise<IssuedCertificate> =>
      console.running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
        body: { ...bodyOf('elementaire/org-auth-cli'), ...changes },
      });

    async function holderWithCard(): Promise<string> {
      const number = nextNumber();
      await console.running.cards.expect('POST', `${cardPath(number)}/certificates`, { body: cardBody(number) });
      return professionalId(number);
    }

    async function pausedOrder(): Promise<string> {
      const order = { raw: `${JSON.stringify(cardBody())}\n`, type: 'application/x-ndjson' };
      const path = '/v1/orders?paused=true';
      return (await console.running.cards.expect<{ readonly id: string }>('POST', path, order)).id;
    }

    async function openApproval(): Promise<string> {
      const path = '/v1/approvals?state=requested';
      const { approvals } = await console.running.officer.expect<{
        readonly approvals: readonly { readonly id: string }[];
      }>('GET', path);
      return present(approvals[0], 'an approval that waits').id;
    }
  },
  'new-console',
);
