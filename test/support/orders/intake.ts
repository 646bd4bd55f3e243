/** The API without TLS on a real database: what the tests of uploads send their orders to. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ACCOUNT_DEFAULTS } from '../../../src/access/account.js';
import type { ApiContext } from '../../../src/http/api/handler.js';
import { ok } from '../../../src/kernel/result.js';
import type { World } from '../../../src/operations/world.js';
import type { OrderLimits } from '../../../src/policy/model.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import type { Order } from '../../../src/ports/store/orders.js';
import type { Store } from '../../../src/ports/store.js';
import { testPolicy } from '../../unit/policy/fixtures.js';
import { unwrap } from '../db/fixture.js';
import { NOW, RUN } from '../db/records.js';
import { withRun } from '../db/runs.js';
import { createBareApi, type ListeningServer, listening } from '../servers/bare-api.js';
import { SILENT_LOG } from '../status/authority.js';

export const CARDS: Account = accountOf('cards', ['card-management'], []);
export const OTHER: Account = accountOf('other', ['card-management'], []);
/** Its scope is unlimited. */
export const CENTRAL: Account = accountOf('central', ['card-management'], ['*']);
/** Its scope is unlimited, and it sees the orders that name it alone. */
export const BUREAU: Account = accountOf('bureau', ['card-bureau'], ['*']);
export const OFFICER: Account = accountOf('officer', ['officer'], ['*']);
export const SECOND_OFFICER: Account = accountOf('second-officer', ['officer'], ['*']);
const ACCOUNTS = [CARDS, OTHER, CENTRAL, BUREAU, OFFICER, SECOND_OFFICER];

function accountOf(id: string, roles: readonly string[], all: readonly string[]): Account {
  const scope = { profiles: all, structures: all, domains: all, holders: all };
  return { id, name: id, roles, scope, credentials: [], disabled: false, ...ACCOUNT_DEFAULTS, createdAt: NOW };
}

export type Intake = {
  readonly url: string;
  readonly world: World;
  readonly send: (path: string, sent?: SentUpload) => Promise<ShownAnswer>;
  /** A connection on which a test writes HTTP itself. */
  readonly socket: () => Promise<Socket>;
  readonly order: (id: string) => Promise<Order>;
  readonly close: () => Promise<void>;
};

export type SentUpload = {
  readonly method?: string;
  readonly as?: Account;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
};

export type ShownAnswer = { readonly status: number; readonly headers: Headers; readonly body: ShownBody };

/** What the tests look at in orders, lists of orders and problem documents. */
export type ShownBody = {
  readonly id: string;
  readonly state: string;
  readonly lines: number;
  readonly octets: number;
  readonly pausedBy: string | null;
  readonly reference: string | null;
  readonly requestSha256: string | null;
  readonly code: string;
  readonly detail: string;
  readonly rule?: string;
  readonly violations?: readonly { readonly pointer: string; readonly rule: string }[];
  readonly orders: readonly { readonly id: string }[];
  readonly nextCursor: string | null;
};

/** The header field by which these tests say who they are. */
const ACCOUNT = 'x-account';

/** A running intake on this store, whose accounts are those above. */
export async function openIntake(
  store: Store,
  { limits = {}, ...more }: Partial<World> & { readonly limits?: Partial<OrderLimits> } = {},
): Promise<Intake> {
  await withRun(store);
  const known = unwrap(await store.read((reads) => reads.accounts())).map(({ id }) => id);
  const missing = ACCOUNTS.filter(({ id }) => !known.includes(id));
  unwrap(
    await store.transaction(async (tx) => {
      for (const account of missing) await tx.insertAccount(account);
    }),
  );
  const policy = testPolicy();
  const { environment } = policy;
  const world = {
    policy: { ...policy, environment: { ...environment, orders: { ...environment.orders, ...limits } } },
    store,
    run: RUN,
    underWay: new Set<string>(),
    clock: () => NOW,
    random: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
    log: SILENT_LOG,
    statusChanged: () => undefined,
    ...more,
  } as unknown as World;
  const accounts = new WeakMap<object, Account>();
  const server = createBareApi({
    context: { world, startOrders: () => undefined } as unknown as ApiContext,
    authenticate: async (request) => ok({ kind: 'account', account: accounts.get(request) ?? CARDS }),
  });
  server.prependListener('request', (request) => {
    accounts.set(request, ACCOUNTS.find(({ id }) => id === request.headers[ACCOUNT]) ?? CARDS);
  });
  return intakeOf(await listening(server), world);
}

function intakeOf({ url, port, close }: ListeningServer, world: World): Intake {
  const sockets: Socket[] = [];
  return {
    url,
    world,
    send: async (path, { method = 'POST', as = CARDS, body, headers = {} } = {}) => {
      const type = {
        'content-type': path.startsWith('/v1/orders?') || path === '/v1/orders' ? NDJSON : 'application/json',
      };
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: { ...(body === undefined ? {} : type), [ACCOUNT]: as.id, ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
      });
      return { status: answer.status, headers: answer.headers, body: (await answer.json()) as ShownBody };
    },
    socket: async () => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      sockets.push(socket);
      await once(socket, 'connect');
      return socket;
    },
    order: async (id) => {
      const found = unwrap(await world.store.read((reads) => reads.order(id)));
      assert.ok(found !== null, id);
      return found;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await close();
    },
  };
}

export const NDJSON = 'application/x-ndjson';
