/** Officers and the API without TLS, on a real database: what the tests of approvals work with. */
import { ACCOUNT_DEFAULTS } from '../../../src/access/account.js';
import type { ApiContext } from '../../../src/http/api/handler.js';
import { ok } from '../../../src/kernel/result.js';
import { blockKey } from '../../../src/operations/keys/block-key.js';
import type { World } from '../../../src/operations/world.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import type { Store } from '../../../src/ports/store.js';
import { testPolicy } from '../../unit/policy/fixtures.js';
import { unwrap } from '../db/fixture.js';
import { NOW } from '../db/records.js';
import { createBareApi, listening } from '../servers/bare-api.js';
import { SILENT_LOG } from '../status/authority.js';

export const FIRST = accountOf('officer-1', 'officer');
export const SECOND = accountOf('officer-2', 'officer');
export const THIRD = accountOf('officer-3', 'officer');
/** An officer who may act for some professionals only. */
export const LIMITED: Account = { ...accountOf('limited', 'officer'), scope: scopeOf(['8*']) };
export const AUDITOR = accountOf('auditor', 'auditor');
export const CARDS = accountOf('cards', 'card-management');
const ACCOUNTS = [FIRST, SECOND, THIRD, LIMITED, AUDITOR, CARDS];

function accountOf(id: string, role: string): Account {
  return {
    id,
    name: id,
    roles: [role],
    scope: scopeOf(['*']),
    credentials: [],
    disabled: false,
    ...ACCOUNT_DEFAULTS,
    createdAt: NOW,
  };
}

function scopeOf(holders: readonly string[]): Account['scope'] {
  return { profiles: ['*'], structures: ['*'], domains: ['*'], holders };
}

/** SHA-256 of a key that an officer has blocked. */
export const KEY = 'ab'.repeat(32);

export type ShownApproval = {
  readonly id: string;
  readonly action: string;
  readonly state: string;
  readonly requestedBy: string;
  readonly reason: string | null;
  readonly fr?: { readonly reason: string };
  readonly statement: string;
  readonly statementSha256: string;
  readonly subject: Readonly<Record<string, unknown>>;
  readonly object: Readonly<Record<string, unknown>>;
  readonly signatures: readonly { readonly account: string; readonly form: string }[];
};

/** Answers of the API: approvals, lists of them, and problem documents. */
type OfficeBody = ShownApproval & {
  readonly approval: ShownApproval;
  readonly approvals: readonly ShownApproval[];
  readonly nextCursor: string | null;
  readonly rule?: string;
  readonly code: string;
  readonly detail: string;
  readonly violations?: readonly { readonly pointer: string; readonly rule: string }[];
};

export type OfficeAnswer = { readonly status: number; readonly body: OfficeBody };

export type Office = {
  readonly world: World;
  /** The time of the database, which a test may change. */
  now: number;
  /** `call`: the method and the path, `GET /v1/approvals`. */
  readonly send: (as: Account, call: string, body?: object) => Promise<OfficeAnswer>;
  /** Requests that `KEY` is unblocked. */
  readonly request: (as?: Account, reason?: string) => Promise<OfficeAnswer>;
  readonly approve: (as: Account, id: string) => Promise<OfficeAnswer>;
  readonly close: () => Promise<void>;
};

/** An office on this database, in which `KEY` is blocked. */
export async function openOffice(store: Store): Promise<Office> {
  const known = unwrap(await store.read((reads) => reads.accounts())).map(({ id }) => id);
  unwrap(
    await store.transaction(async (tx) => {
      for (const account of ACCOUNTS.filter(({ id }) => !known.includes(id))) await tx.insertAccount(account);
    }),
  );
  await blockKey({ store, clock: () => NOW }, KEY, { officer: FIRST.id, reason: 'leaked', login: 'root' });
  let now = NOW;
  const databaseClock = async () => ({ now, mark: null });
  const transaction: Store['transaction'] = (work) => store.transaction((tx) => work({ ...tx, databaseClock }));
  const world = {
    policy: testPolicy(),
    store: { ...store, transaction },
    clock: () => now,
    random: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
    log: SILENT_LOG,
    statusChanged: () => undefined,
  } as unknown as World;
  let caller = FIRST;
  const server = createBareApi({
    context: { world } as unknown as ApiContext,
    authenticate: async () => ok({ kind: 'account', account: caller }),
  });
  server.prependListener('request', ({ headers }) => {
    caller = ACCOUNTS.find(({ id }) => id === headers['x-account']) ?? FIRST;
  });
  const { url, close } = await listening(server);
  const send: Office['send'] = async (as, call, body) => {
    const [method, path] = call.split(' ');
    const answer = await fetch(`${url}${path}`, {
      method: method ?? '',
      headers: { 'x-account': as.id, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as OfficeBody };
  };
  return {
    world,
    get now() {
      return now;
    },
    set now(at) {
      now = at;
    },
    send,
    request: (as = FIRST, reason = 'another key than was thought') =>
      send(as, `DELETE /v1/blocked-keys/${KEY}?reason=${encodeURIComponent(reason)}`),
    approve: (as, id) => send(as, `POST /v1/approvals/${id}`, { decision: 'approve' }),
    close,
  };
}
