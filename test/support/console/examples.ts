/**
 * One address of each page of the console for each thing that it can show. The tests of all pages,
 * the list of controls and `npm run screenshots` open them.
 */
import { rolesPermit } from '../../../src/access/decide.js';
import { ROLES, type Role } from '../../../src/access/roles.js';
import type { Page } from '../../../src/console/page.js';
import { present } from '../../../src/kernel/assert.js';
import { makeCsr, makeKey } from '../service/csr.js';
import { professionalId, STRUCTURE, tokenId } from '../service/orders.js';
import type { ServiceContent } from './populate.js';

export type Example = {
  /** What the page shows: `many` rows, a `revoked` certificate. */
  readonly shows: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** What is entered into the forms of actions that are open, by the id of the action. */
  readonly actions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

type Examples = (populated: ServiceContent) => readonly Example[];

const REVOKE = { revoke: { situation: 'struck-off' } } as const;
const WHY = { reason: 'the holder has shown the card' } as const;
const RIGHTS = { name: 'The portal', 'role-portal': 'yes', profiles: '*', holders: '*', ...WHY } as const;

const OF_STRUCTURE = { structure: STRUCTURE.id, structureName: STRUCTURE.name, department: STRUCTURE.department };

/** What is entered into the form of each kind of holder. */
export const NEW_REGISTRATIONS = {
  professional: {
    'profile-fort/cps-authentication': 'yes',
    'profile-fort/cps-signature': 'yes',
    idNat: professionalId(9_000),
    givenName: 'Anne-Zoé',
    surname: 'DOCTEUR',
    profession: '10',
    card: tokenId(9_000),
    product: 'cps',
    assurance: 'high',
    source: 'PSI',
    evidence: 'psi-test-9000',
    verifiedAt: '2026-03-01',
  },
  staff: {
    'profile-standard/cpe-authentication': 'yes',
    idNat: '30B0057881/CPET9000',
    givenName: 'CLAUDE',
    surname: 'EMPLOYE',
    title: 'Personnel santé ou social',
    card: tokenId(9_001),
    product: 'cpe',
    ...OF_STRUCTURE,
  },
  organisation: { 'profile-elementaire/org-auth-cli': 'yes', application: 'APPLICATION-9000', ...OF_STRUCTURE },
  server: { 'profile-elementaire/serv-ssl': 'yes', names: 'lps-9000.example.org', ...OF_STRUCTURE },
} as const;

/** By the id of the page. A page without parameters that is not here is opened as it is. */
const EXAMPLES: Readonly<Record<string, Examples>> = {
  search: ({ cards, structure }) => [
    { shows: 'start' },
    { shows: 'empty', query: { card: '8025000001/0000000000' } },
    { shows: 'one', query: { card: cards.opposed } },
    { shows: 'many', query: { structure } },
    { shows: 'refused', query: { card: 'x'.repeat(65) } },
  ],
  certificate: ({ certificates: { issued, suspended, revoked, hostile } }) => [
    {
      shows: 'issued',
      params: { id: issued.id },
      actions: { ...REVOKE, suspend: {}, renew: { csr: makeCsr(makeKey()) } },
    },
    { shows: 'as OpenSSL text', params: { id: issued.id }, query: { text: 'yes' } },
    { shows: 'suspended', params: { id: suspended.id }, actions: { ...REVOKE, release: {} } },
    { shows: 'revoked', params: { id: revoked.id } },
    { shows: 'hostile', params: { id: hostile.id } },
  ],
  expiring: () => [{ shows: 'many' }, { shows: 'wide', query: { days: '365' } }],
  card: ({ cards }) => [
    {
      shows: 'in use',
      params: { tokenId: cards.inUse },
      actions: { oppose: { situation: 'card-lost' }, replace: { by: '8025000001/9999999999', overlap: '7' } },
    },
    { shows: 'opposed', params: { tokenId: cards.opposed } },
    { shows: 'replaced', params: { tokenId: cards.replaced } },
    { shows: 'updated', params: { tokenId: cards.updated } },
  ],
  holder: ({ holders }) => [
    { shows: 'free', params: { idNat: holders.free }, actions: { revoke: { situation: 'left-structure' } } },
    { shows: 'barred', params: { idNat: holders.barred }, actions: { unbar: WHY } },
  ],
  registrations: ({ holders }) => [
    { shows: 'many', actions: NEW_REGISTRATIONS },
    { shows: 'empty', query: { holder: holders.free } },
    { shows: 'refused', query: { reference: 'K7QMB2Z5' } },
  ],
  registration: ({ registrations: { open, used, withdrawn } }) => [
    { shows: 'open', params: { id: open }, actions: { secret: {}, withdraw: {} } },
    { shows: 'used', params: { id: used } },
    { shows: 'withdrawn', params: { id: withdrawn } },
  ],
  support: ({ cards }) => [
    { shows: 'start' },
    { shows: 'one', query: { ticket: 'T-2026-0042', card: cards.opposed } },
    { shows: 'empty', query: { ticket: 'T-2026-0042', card: '8025000001/0000000000' } },
  ],
  'support-certificate': ({ certificates: { revoked } }) => [{ shows: 'revoked', params: { id: revoked.id } }],
  orders: () => [
    { shows: 'many', actions: { 'dry-run': { reference: 'night 2026-03-03' } } },
    { shows: 'empty', query: { state: 'receiving' } },
  ],
  order: ({ orders }) => [
    { shows: 'finished', params: { id: orders.finished } },
    { shows: 'paused', params: { id: orders.paused }, actions: { resume: {}, cancel: {} } },
    { shows: 'dry run', params: { id: orders.dryRun } },
  ],
  updates: ({ cards }) => [
    { shows: 'many' },
    { shows: 'one', query: { card: cards.updated } },
    { shows: 'empty', query: { card: '8025000001/0000000000' } },
  ],
  update: ({ updates }) => [
    { shows: 'offered', params: { id: updates.offered } },
    { shows: 'confirmed', params: { id: updates.confirmed } },
    { shows: 'abandoned', params: { id: updates.abandoned } },
    {
      shows: 'undetermined',
      params: { id: updates.undetermined },
      actions: { decide: { outcome: 'confirmed', ...WHY } },
    },
  ],
  campaign: ({ campaigns }) => [
    {
      shows: 'open',
      params: { id: campaigns.open },
      actions: { pause: {}, arm: { date: 'suspension' }, dates: { revokesAt: '2030-01-01' } },
    },
    { shows: 'paused', params: { id: campaigns.paused }, actions: { resume: {} } },
    { shows: 'ready', params: { id: campaigns.ready }, actions: { open: {} } },
    { shows: 'draft', params: { id: campaigns.draft }, actions: { list: { class: 'doctors' } } },
  ],
  'campaign-cards': ({ campaigns }) => [
    { shows: 'many', params: { id: campaigns.open } },
    { shows: 'empty', params: { id: campaigns.open }, query: { state: 'confirmed' } },
  ],
  approvals: () => [{ shows: 'many' }, { shows: 'empty', query: { state: 'expired' } }],
  approval: ({ approvals }) => [
    { shows: 'requested', params: { id: approvals.requested }, actions: { approve: {}, refuse: WHY } },
    { shows: 'executed', params: { id: approvals.executed } },
    { shows: 'refused', params: { id: approvals.refused } },
  ],
  accounts: ({ certificates: { issued } }) => [
    { shows: 'many', actions: { new_account: { account: 'portal-2', certificate: issued.id, ...RIGHTS } } },
  ],
  account: ({ accounts, disabledAccount }) => [
    {
      shows: 'enabled',
      params: { id: accounts.portal.id },
      actions: { change: RIGHTS, disable: WHY },
    },
    { shows: 'disabled', params: { id: disabledAccount }, actions: { enable: WHY } },
  ],
  profile: () => [{ shows: 'one', params: { hierarchy: 'fort', profile: 'cps-authentication' } }],
  'authority-lists': () => [
    { shows: 'issuing', params: { issuer: 'aci-fo-pp' }, actions: { publish: { kind: 'full' } } },
    { shows: 'root', params: { issuer: 'acr-fo' } },
  ],
  ceremony: () => [
    { shows: 'recorded', params: { id: 'fort' } },
    { shows: 'verified', params: { id: 'fort' }, query: { verify: 'yes' } },
  ],
  runbook: () => [{ shows: 'page', params: { name: 'nodes' } }],
  webhook: ({ delivery: { endpoint } }) => [{ shows: 'one', params: { endpoint }, actions: { test: {} } }],
  delivery: ({ delivery }) => [{ shows: 'dead', params: delivery, actions: { replay: {}, drop: {} } }],
  audit: () => [
    { shows: 'many' },
    { shows: 'refusals', query: { type: 'access.denied' } },
    { shows: 'empty', query: { actor: 'account:nobody' } },
  ],
  'audit-entry': () => [{ shows: 'first', params: { seq: '1' } }],
};

/** A page with parameters must have an example. */
export function examplesOf(page: Page, populated: ServiceContent): readonly Example[] {
  const examples = EXAMPLES[page.id]?.(populated);
  if (examples !== undefined) return examples;
  if (page.path.includes('{'))
    throw new Error(`the page ${page.id} has no example in test/support/console/examples.ts`);
  return [{ shows: 'start' }];
}

/** The path of a page with its parameters and its query. */
export function addressOf({ path }: Page, { params = {}, query = {} }: Example): string {
  const filled = pathOf(path, params);
  return Object.keys(query).length === 0 ? filled : `${filled}?${new URLSearchParams(query)}`;
}

/** The path of the form of an action. */
export function actionAddress(page: Page, example: Example, action: string): string {
  return `${pathOf(page.path, example.params ?? {}).replace(/\/$/, '')}/${action}`;
}

function pathOf(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_place, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`an example of ${path} has no ${name}`);
    return encodeURIComponent(value);
  });
}

export function opensFor(page: Page, role: Role): boolean {
  return page.opensFor.some((action) => rolesPermit([role], action));
}

/** Officers and auditors see most. */
export const ROLES_TRIED: readonly Role[] = [
  // The keys are roles.
  ...new Set(['officer', 'auditor', ...Object.keys(ROLES)] as readonly Role[]),
];

/** The role as which a page is looked at, or the form of one of its actions. */
export function firstRole(page: Page, action?: string): Role {
  const needed = page.actions.find(({ id }) => id === action)?.action;
  return present(
    ROLES_TRIED.find((role) => opensFor(page, role) && (needed === undefined || rolesPermit([role], needed))),
    `a role that opens ${page.id} ${action ?? ''}`,
  );
}
