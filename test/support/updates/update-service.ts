/**
 * The API with its operations in the process of the test, on a real database, with a clock that the
 * test moves and a software signer that it can halt. kill -9 of a real service is in `test/fault`.
 */
import { ACCOUNT_DEFAULTS } from '../../../src/access/account.js';
import type { DatabaseOptions } from '../../../src/db/open.js';
import type { ApiContext } from '../../../src/http/api/handler.js';
import { processDueUpdatesJob } from '../../../src/jobs/updates-due.js';
import { present } from '../../../src/kernel/assert.js';
import { ok } from '../../../src/kernel/result.js';
import { decideStatus } from '../../../src/ocsp/decide.js';
import { platformKeyOf } from '../../../src/orders/receipt.js';
import type { Policy } from '../../../src/policy/model.js';
import type { RunId } from '../../../src/ports/node.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import { NOW, testPolicy } from '../../unit/policy/fixtures.js';
import { opened, unwrap } from '../db/fixture.js';
import { sharedWorldOf, workDue } from '../job-run.js';
import { createBench, FORT, halting, type OrderBench, recoverEnded, recoverOwn } from '../orders/order-bench.js';
import { createBareApi, listening } from '../servers/bare-api.js';
import { makeKey } from '../service/csr.js';
import type { StatementPlace } from './field-card.js';

export type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> };

const EVERYTHING = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };

function accountOf(id: string, role: string): Account {
  return {
    id,
    name: id,
    roles: [role],
    scope: EVERYTHING,
    credentials: [],
    disabled: false,
    ...ACCOUNT_DEFAULTS,
    createdAt: NOW,
  };
}

const ACCOUNTS = {
  cards: accountOf('cards', 'card-management'),
  'officer-1': accountOf('officer-1', 'officer'),
  'officer-2': accountOf('officer-2', 'officer'),
} as const;
export type Asker = keyof typeof ACCOUNTS;

/** The header field by which these tests say who they are. */
const ACCOUNT = 'x-account';

export type UpdateService = {
  readonly place: StatementPlace;
  readonly time: { now: number };
  readonly send: (as: Asker, path: string, body?: unknown) => Promise<Answer>;
  /**
   * Sends a request, and kills the process when it asks for its signature number `at`. null: it was
   * killed, and another process has taken over.
   */
  readonly sendAndKill: (path: string, body: unknown, at: number) => Promise<Answer | null>;
  /** The signer of the cards' CA goes, or comes back. */
  readonly setSigner: (isThere: boolean) => Promise<void>;
  /** It goes at its next signature, so that intents are open until it comes back. */
  readonly loseSigner: () => void;
  /** Moves the clock, and runs what is due then. */
  readonly pass: (ms: number) => Promise<void>;
  /** What OCSP says of a certificate of the cards' CA. */
  readonly status: (serial: string) => Promise<string>;
  readonly close: () => Promise<void>;
};

const platform = present(
  platformKeyOf(new Uint8Array(makeKey().publicKey.export({ type: 'spki', format: 'der' }))),
  'a platform key',
);

/** Lives have more updates in a day than any card. */
function withoutDailyLimit(policy: Policy): Policy {
  const updates = { ...policy.environment.updates, perCardPerDay: 1_000 };
  return { ...policy, environment: { ...policy.environment, updates } };
}

type Process = { readonly bench: OrderBench; readonly url: string; readonly close: () => Promise<void> };

export async function openUpdateService(
  database: DatabaseOptions,
  given: Policy = testPolicy(),
): Promise<UpdateService> {
  const policy = withoutDailyLimit(given);
  const time = { now: NOW };
  let runs = 0;
  const start = async (): Promise<Process> => {
    runs += 1;
    const store = await opened({ database, clock: () => time.now });
    const run = String(runs).padStart(32, '0') as RunId;
    const bench = await createBench({ store, run, time, policy });
    if (runs === 1)
      unwrap(
        await store.transaction(async (tx) => {
          for (const account of Object.values(ACCOUNTS)) await tx.insertAccount(account);
        }),
      );
    return { bench, ...(await serve(bench)) };
  };
  let process = await start();
  /** Requests of killed processes, which go on when everything is over. */
  const late: (() => Promise<unknown>)[] = [];

  const send: UpdateService['send'] = (as, path, body) => ask(process.url, { as, path, body });

  async function sendAndKill(path: string, body: unknown, at: number): Promise<Answer | null> {
    const dying = process;
    const halt = halting(at);
    dying.bench.hooks.beforeSignature = halt.beforeSignature;
    const asked = ask(dying.url, { as: 'cards', path, body }).catch(() => null);
    const answer = await Promise.race([halt.reachedBy(at).then(() => null), asked]);
    late.push(async () => {
      halt.goOn();
      await asked;
      await dying.close();
    });
    process = await start();
    time.now += RUN_IS_LOST_MS;
    const lost = dying.bench.world.run;
    unwrap(await process.bench.store.transaction((tx) => tx.endRun(lost, { at: time.now, reason: 'lost' })));
    await recoverEnded(process.bench);
    return answer;
  }

  async function runDue(): Promise<void> {
    const { world, store } = process.bench;
    await workDue(processDueUpdatesJob, world, sharedWorldOf(store, { run: world.run }));
  }

  async function status(serial: string): Promise<string> {
    const { store } = process.bench;
    const found = unwrap(await store.read((reads) => reads.statuses(FORT as never, [serial])));
    return decideStatus(found.records.get(serial) ?? null, 'unknown').kind;
  }

  return {
    place: { environment: policy.environment.mark, platform: platform.id },
    time,
    send,
    sendAndKill,
    loseSigner: () => {
      const { away, hooks } = process.bench;
      hooks.beforeSignature = async () => void away.add(FORT);
    },
    setSigner: async (isThere) => {
      const { away, hooks } = process.bench;
      if (!isThere) return void away.add(FORT);
      hooks.beforeSignature = async () => undefined;
      away.clear();
      await recoverOwn(process.bench);
    },
    pass: async (ms) => {
      time.now += ms;
      await runDue();
    },
    status,
    close: async () => {
      for (const end of late) await end();
      await process.close();
    },
  };
}

/** A run that has not written for so long is ended by others. */
const RUN_IS_LOST_MS = 11_000;

async function serve(bench: OrderBench): Promise<Pick<Process, 'url' | 'close'>> {
  const context = {
    world: bench.world,
    serverKeys: [],
    startMassRevocations: () => undefined,
    webhooks: { endpoints: [], wake: () => undefined },
    startOrders: () => undefined,
    accountAuthorities: [],
    otherEnvironment: { name: 'production', differences: () => ok([]) },
    ceremonies: { ids: () => [], lines: () => ok([]), read: () => null },
    platformKey: platform,
    countAcknowledgements: () => undefined,
    observeConfirmation: () => undefined,
    askStatus: async () => ({ ok: false, error: 'not asked' }),
    certificateText: async () => ({ ok: false, error: 'not printed' }),
    tagsOf: () => [],
    checkAddresses: async () => [],
    readiness: async () => null,
    runbook: async () => null,
    publishCrl: async () => {
      throw new Error('no list is made here');
    },
  } satisfies ApiContext;
  const accounts = new WeakMap<object, Account>();
  const server = createBareApi({
    context,
    authenticate: async (request) => ok({ kind: 'account', account: accounts.get(request) ?? ACCOUNTS.cards }),
  });
  server.prependListener('request', (request) => {
    accounts.set(request, ACCOUNTS[String(request.headers[ACCOUNT]) as Asker] ?? ACCOUNTS.cards);
  });
  return listening(server);
}

type SentCall = { readonly as: Asker; readonly path: string; readonly body?: unknown };

async function ask(url: string, { as, path, body }: SentCall): Promise<Answer> {
  const sent =
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(`${url}${path}`, { ...sent, headers: { ...sent.headers, [ACCOUNT]: as } });
  return { status: answer.status, body: (await answer.json()) as Answer['body'] };
}
