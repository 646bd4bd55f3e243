/**
 * The work on orders in the process of the test, on a real database. The signer is software behind
 * its port, so that a test can take it away; kill -9 and SoftHSM are in `test/fault/orders`.
 */

import { randomBytes, sign } from 'node:crypto';
import { deferred } from '../../../hsm/deferred.js';
import { ACCOUNT_DEFAULTS } from '../../../src/access/account.js';
import { LINE_FORM } from '../../../src/http/api/card-request.js';
import { recordIdFrom } from '../../../src/issuance/intent.js';
import { processOrdersJob } from '../../../src/jobs/orders/order.js';
import { endOrdersJob } from '../../../src/jobs/orders/order-end.js';
import { type AttemptEnd, runAttempt } from '../../../src/jobs/runner/attempt.js';
import { present } from '../../../src/kernel/assert.js';
import { utf8 } from '../../../src/kernel/bytes.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { err, ok } from '../../../src/kernel/result.js';
import { redeemLintToken } from '../../../src/lint/token.js';
import { recoverIntents } from '../../../src/operations/issuance/recover.js';
import type { OrderWorld } from '../../../src/operations/orders/lines/order-world.js';
import {
  createLineSplitter,
  PART_BYTES_MAX,
  recordBytes,
  type UploadLine,
  writeRecords,
} from '../../../src/orders/upload.js';
import type { Policy } from '../../../src/policy/model.js';
import type { NodeId, RunId } from '../../../src/ports/node.js';
import type { Signer } from '../../../src/ports/signer.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import type { Order, SettledLine } from '../../../src/ports/store/orders.js';
import type { Store } from '../../../src/ports/store.js';
import { hashFor } from '../../../src/x509/keys/algorithms.js';
import { NOW, testIssuer, testKey, testPolicy } from '../../unit/policy/fixtures.js';
import { cmpPartsOf } from '../cmp/cmp-parts.js';
import { NO_CMP_SIGNERS } from '../cmp/cmp-signers.js';
import { unwrap } from '../db/fixture.js';
import { RUN } from '../db/records.js';
import { runFacts } from '../db/runs.js';
import { issuersOf } from '../issuers-of.js';
import { sharedWorldOf, workDue } from '../job-run.js';
import { NO_BLOCKED_KEYS } from '../no-blocked-keys.js';
import { type Body, cardBody } from '../service/orders.js';
import { SILENT_LOG } from '../status/authority.js';
import { orderRecord } from './records.js';

/** The CA of FORT cards. */
export const FORT = 'aci-fo-pp';

export const CARD_MANAGEMENT: Account = {
  id: 'card-management',
  name: 'card management',
  roles: ['card-management'],
  scope: { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] },
  credentials: [],
  disabled: false,
  ...ACCOUNT_DEFAULTS,
  createdAt: NOW,
};

export type OrderBench = {
  readonly store: Store;
  readonly world: OrderWorld;
  /** The time of the test; it stands still unless the test moves it. */
  readonly time: { now: number };
  /** Issuers whose signer is away. */
  readonly away: Set<string>;
  /** Runs before each signature. */
  readonly hooks: { beforeSignature: () => Promise<void> };
  /** How many certificates were signed. */
  readonly signed: () => number;
};

export type BenchOptions = {
  readonly store: Store;
  readonly run?: RunId;
  readonly time?: { now: number };
  readonly policy?: Policy;
};

let known: Policy | null = null;

function policyOfTests(): Policy {
  known ??= testPolicy();
  return known;
}

/** Stores the account and the run, unless they are there. */
export async function createBench({ store, run = RUN, time = { now: NOW }, policy = policyOfTests() }: BenchOptions) {
  const away = new Set<string>();
  const hooks = { beforeSignature: async (): Promise<void> => undefined };
  let signatures = 0;
  const issuers = [...policy.authorities.values()]
    .filter(({ kind }) => kind === 'issuing')
    .map(({ id }) => testIssuer(policy, id));
  const unavailable = { kind: 'signer-unavailable', retryAfterMs: 1_000, detail: 'away' } as const;
  const signer = {
    absence: (issuer: string) => (away.has(issuer) ? unavailable : null),
    reportBadSignature: async () => undefined,
    certificate: async (token: Parameters<Signer['certificate']>[0]) => {
      await hooks.beforeSignature();
      if (away.has(token.issuer)) return err(unavailable);
      signatures += 1;
      const { keyType, authority, signatureAlgorithm } = present(
        issuers.find(({ id }) => id === token.issuer),
        token.issuer,
      );
      const { privateKey } = testKey(keyType, `${authority}-1`);
      return ok(new Uint8Array(sign(hashFor(signatureAlgorithm), redeemLintToken(token), privateKey)));
    },
  } as unknown as Signer;
  const world: OrderWorld = {
    node: '00c0ffee00c0ffee' as NodeId,
    run,
    underWay: new Set(),
    policy,
    issuers: issuersOf(issuers),
    blockedKeys: NO_BLOCKED_KEYS,
    registrationKeys: new Map([['20270101T000000Z', new Uint8Array(32)]]),
    cmpSigners: NO_CMP_SIGNERS,
    publishedLists: { find: async () => null },
    cmpParts: cmpPartsOf(() => time.now),
    store,
    signer,
    batchSigner: signer,
    interactive: { note: () => undefined, isRecent: () => false },
    clock: () => time.now,
    random: (length) => new Uint8Array(randomBytes(length)),
    log: SILENT_LOG,
    statusChanged: () => undefined,
    lineForm: LINE_FORM,
    linesAtOnceMax: () => 64,
    countLine: () => undefined,
    yieldTurn: async () => undefined,
  };
  unwrap(
    await store.transaction(async (tx) => {
      if (!(await tx.accounts()).some(({ id }) => id === CARD_MANAGEMENT.id)) await tx.insertAccount(CARD_MANAGEMENT);
      if (!(await tx.isRunLive(run))) await tx.insertRun(runFacts({ run }), { at: time.now, clockOffsetMs: 0 });
    }),
  );
  const bench: OrderBench = { store, world, time, away, hooks, signed: () => signatures };
  return bench;
}

/** Lets signatures wait from the given one on, until it is told to go on. */
export function halting(from: number) {
  const gate = deferred<void>();
  const reached = new Map<number, () => void>();
  let count = 0;
  return {
    beforeSignature: async (): Promise<void> => {
      count += 1;
      reached.get(count)?.();
      if (count >= from) await gate.promise;
    },
    goOn: (): void => gate.resolve(),
    /** Resolves when so many signatures were asked for. */
    reachedBy: (number: number): Promise<void> =>
      new Promise((resolve) => {
        reached.set(number, resolve);
        if (count >= number) resolve();
      }),
  };
}

/** Bodies for cards with numbers from 1 on, made once, because their keys take time. */
export const CARDS: readonly Body[] = Array.from({ length: 80 }, (_, at) => cardBody(at + 1));

export type Submission = { readonly dryRun?: boolean; readonly deadlineMs?: number };

let orders = 0;

/** Stores an accepted order with these lines, as the intake does. */
export async function submit(
  { store, time }: Pick<OrderBench, 'store' | 'time'>,
  lines: readonly (object | string | Uint8Array)[],
  { dryRun = false, deadlineMs = 3 * DAY_MS }: Submission = {},
): Promise<string> {
  orders += 1;
  const upload = Buffer.concat(lines.flatMap((line) => [octetsOf(line), Buffer.from('\n')]));
  const split = createLineSplitter().push(upload);
  const id = recordIdFrom(time.now + orders, new Uint8Array(randomBytes(10)));
  const order = orderRecord(orders, {
    id,
    accountId: CARD_MANAGEMENT.id,
    dryRun,
    stateAt: time.now,
    receivedAt: time.now,
    requestId: 'of-the-order',
  });
  const parts = partsOf(split);
  const records = await Promise.all(parts.map(writeRecords));
  unwrap(
    await store.transaction(async (tx) => {
      await tx.insertOrder(order);
      let lastLine = 0;
      for (const [at, part] of parts.entries()) {
        const firstLine = lastLine + 1;
        lastLine += part.length;
        const found = present(records[at], 'records');
        await tx.insertPart({ orderId: id, part: at + 1, firstLine, lastLine, records: found });
      }
      await tx.changeOrder(id, 1, {
        state: 'accepted',
        acceptedAt: time.now,
        deadlineAt: time.now + deadlineMs,
        lines: split.length,
        octets: upload.length,
        requestSha256: sha256Hex(new Uint8Array(upload)),
      });
    }),
  );
  return id;
}

/**
 * Splits lines into parts within their limit. All parts but the last have the same number of lines.
 * Two lines or more become at least two parts, so that no test passes with the first part alone.
 */
function partsOf(lines: readonly UploadLine[]): readonly UploadLine[][] {
  const longest = Math.max(...lines.map(recordBytes));
  const size = Math.min(Math.ceil(lines.length / 2), Math.floor(PART_BYTES_MAX / longest));
  const count = Math.ceil(lines.length / size);
  return Array.from({ length: count }, (_, at) => lines.slice(at * size, (at + 1) * size));
}

function octetsOf(line: object | string | Uint8Array): Uint8Array {
  if (line instanceof Uint8Array) return line;
  return utf8(typeof line === 'string' ? line : JSON.stringify(line));
}

/** One turn of the job for an order. */
export function workOnce({ store, world }: OrderBench, id: string): Promise<AttemptEnd> {
  const work = present(processOrdersJob.prepare({ ...world, steadyMs: () => performance.now() }), 'the work');
  const prepared = { job: processOrdersJob, work, everyMs: processOrdersJob.everyMs };
  const request = { item: id, woken: true, isStopping: () => false, begun: () => undefined };
  return runAttempt(sharedWorldOf(store, { run: world.run }), prepared, request);
}

/**
 * Turns until the work on the order is over, or has to wait; then orders end whose lines are all
 * settled.
 */
export async function workUntilDone(bench: OrderBench, id: string): Promise<AttemptEnd> {
  const { store, world } = bench;
  let end: AttemptEnd = 'more';
  while (end === 'more') end = await workOnce(bench, id);
  await workDue(endOrdersJob, { ...world, platformKey: null }, sharedWorldOf(store, { run: world.run }));
  return end;
}

export async function recoverEnded({ world }: OrderBench): Promise<void> {
  unwrap(await recoverIntents(world, 'ended'));
}

export async function recoverOwn({ world }: OrderBench): Promise<void> {
  unwrap(await recoverIntents(world, 'own'));
}

export async function orderOf({ store }: Pick<OrderBench, 'store'>, id: string): Promise<Order> {
  return present(unwrap(await store.read((reads) => reads.order(id))), 'an order');
}

export async function linesOf({ store }: Pick<OrderBench, 'store'>, id: string): Promise<readonly SettledLine[]> {
  return unwrap(await store.read((reads) => reads.orderLinesAfter({ id, after: 0, limit: 100_000 })));
}

/** The outcomes in the order of the lines. `-`: a line has none. */
export async function outcomesOf(bench: Pick<OrderBench, 'store'>, id: string): Promise<readonly string[]> {
  const { lines } = await orderOf(bench, id);
  const settled = new Map((await linesOf(bench, id)).map((one) => [one.line, one.outcome]));
  return Array.from({ length: lines }, (_, at) => settled.get(at + 1) ?? '-');
}

type ResultJson = {
  readonly card: string | null;
  readonly problem?: {
    readonly code: string;
    readonly rule?: string;
    readonly violations?: readonly { rule: string }[];
  };
  readonly certificates?: readonly { readonly id: string; readonly sha256: string }[];
};

export function resultOf({ result }: SettledLine): ResultJson {
  return JSON.parse(result) as ResultJson;
}

export async function changeState(
  { store, time }: Pick<OrderBench, 'store' | 'time'>,
  id: string,
  changes: Parameters<Parameters<Parameters<Store['transaction']>[0]>[0]['changeOrder']>[2],
): Promise<void> {
  unwrap(
    await store.transaction(async (tx) => {
      const { version } = present(await tx.order(id), 'an order');
      await tx.changeOrder(id, version, { stateAt: time.now, ...changes });
    }),
  );
}
