/**
 * The steps of issuances in a process of its own, without HTTP: each step alone, for some requests
 * at once, with the processor time that it takes. Keys, requests and their octets are made before.
 * The signers are other processes, whose time is counted by whoever started this one.
 *
 * Forked with an IPC channel and the home in its environment: takes a `StepLoad` and says `ready`;
 * takes a `StepPlan` and says `made`; and answers `go` with a `StepReport`. A broken channel ends
 * it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACCOUNT_DEFAULTS } from '../../../src/access/account.js';
import { accountActor } from '../../../src/audit/actors.js';
import { type Home, loadHome } from '../../../src/compose/home.js';
import { type HomeIssuers, readIssuers } from '../../../src/compose/issuers.js';
import { type ConnectedSigners, connectSigners } from '../../../src/compose/signers/client.js';
import { systemClock, systemRandom } from '../../../src/compose/world.js';
import { openStore } from '../../../src/db/open.js';
import { type CertificateRequestBody, orderOf } from '../../../src/http/api/card-request.js';
import { parseJson } from '../../../src/http/api/json-body.js';
import { validateBody } from '../../../src/http/api/validate.js';
import { orderFacts } from '../../../src/issuance/intent.js';
import { proveApplication, type VettedRequest, vet } from '../../../src/issuance/prepare.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, utf8 } from '../../../src/kernel/bytes.js';
import { type Intent, prepareIntent } from '../../../src/operations/issuance/prepare-intent.js';
import { RESERVE_INTENTS } from '../../../src/operations/issuance/reserve.js';
import { STORE_SIGNATURES } from '../../../src/operations/issuance/store-signatures.js';
import type { IdempotencyClaim } from '../../../src/ports/store/idempotency.js';
import type { Store } from '../../../src/ports/store.js';
import { verifySignatureAsync } from '../../../src/x509/keys/algorithms.js';
import { unwrap } from '../../support/db/fixture.js';
import type { PostgresqlDatabase } from '../../support/db/postgresql-cluster.js';
import { AUDIT_ORIGIN, RUN } from '../../support/db/records.js';
import { reservation } from '../../support/db/reservations.js';
import { runFacts } from '../../support/db/runs.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { bodyOf, type ProfileId } from '../../support/service/orders.js';
import { SILENT_LOG } from '../../support/status/authority.js';

/** `atOnce`: requests that are in the same step at a time. `postgresql`: null: SQLite. */
export type StepLoad = {
  readonly profile: ProfileId;
  readonly atOnce: number;
  readonly postgresql: (Omit<PostgresqlDatabase, 'password'> & { readonly password: string }) | null;
};
export type StepPlan = { readonly issuances: number };
/** Milliseconds of processor time of this process for one issuance, by step. */
export type StepReport = Readonly<Record<Step, number>>;

export const STEPS = ['body', 'proof', 'plan', 'bytes', 'reserve', 'sign', 'verify', 'store'] as const;
export type Step = (typeof STEPS)[number];

const ACCOUNT = 'card-management';

type Under = {
  readonly home: Home;
  readonly issuers: HomeIssuers;
  readonly signer: ConnectedSigners['signer'];
  readonly store: Store;
  readonly profile: ProfileId;
};

/** One request on its way; each step adds what it has made. */
type Way = {
  readonly octets: Bytes;
  readonly claim: IdempotencyClaim;
  body?: CertificateRequestBody;
  proven?: Awaited<ReturnType<typeof prove>>;
  vetted?: VettedRequest;
  intent?: Intent;
  signature?: Bytes;
};

async function open({ profile, postgresql }: StepLoad): Promise<Under & { readonly close: () => Promise<void> }> {
  const home = unwrap(loadHome());
  const issuers = unwrap(readIssuers(home));
  const signers = connectSigners(home, { issuers, authorities: [] }, { roles: ['api'], log: SILENT_LOG });
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-steps-'));
  const tagKeys = new Map([[String(new Date().getUTCFullYear()), new Uint8Array(32)]]);
  const store = unwrap(
    await openStore({
      database:
        postgresql === null
          ? { kind: 'sqlite', file: join(folder, 'pfcng.sqlite') }
          : { ...postgresql, password: () => postgresql.password },
      environmentMark: home.policy.environment.mark,
      auditOrigin: { ...AUDIT_ORIGIN, tagKeys },
      clock: postgresql === null ? systemClock : null,
      newId: '0123456789abcdef',
    }),
  );
  const scope = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };
  const account = { id: ACCOUNT, name: '', roles: ['card-management' as const], scope, credentials: [] };
  const at = systemClock();
  unwrap(
    await store.transaction(async (tx) => {
      await tx.insertAccount({ ...account, disabled: false, ...ACCOUNT_DEFAULTS, createdAt: at });
      await tx.insertRun(runFacts(), { at, clockOffsetMs: 0 });
    }),
  );
  const close = async (): Promise<void> => {
    signers.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { home, issuers, signer: signers.signer, store, profile, close };
}

function makeWays(profile: ProfileId, name: string, count: number): readonly Way[] {
  return Array.from({ length: count }, (_, at) => {
    const body = bodyOf(profile, makeCsr(makeKey()));
    const { structure } = body.holder as { readonly structure: object };
    const holder = { kind: 'organisation', application: `${name}-${at}`, structure };
    const claim = { account: ACCOUNT, route: 'POST /v1/certificates', key: `${name}-${at}` };
    return { octets: utf8(JSON.stringify({ ...body, holder })), claim };
  });
}

function made<Value>(value: Value | undefined): Value {
  return present(value, 'what an earlier step has made');
}

async function prove({ home: { policy } }: Under, { body }: Way) {
  const { csr, ...rest } = made(body);
  return unwrap(await proveApplication({ order: orderOf(rest), csr, pointer: '' }, { policy, now: systemClock() }));
}

function planned({ home: { policy }, issuers }: Under, { proven }: Way): VettedRequest {
  const { authority } = present(policy.profiles.get(made(proven).order.profile), 'the profile');
  const issuer = present(issuers.current(authority), 'its issuer');
  return unwrap(vet(made(proven), { policy, issuer, now: systemClock() }));
}

function prepared({ home: { policy }, issuers }: Under, { vetted, proven, claim }: Way): Intent {
  const world = { policy, run: RUN, random: systemRandom, log: SILENT_LOG };
  const issuer = present(issuers.byId(made(vetted).plan.issuer), 'the issuer of a plan');
  const request = {
    ...orderFacts(made(proven).order),
    accountId: ACCOUNT,
    claim,
    renews: null,
    becomes: 'issued',
    updateId: null,
    registrationId: null,
    protocol: 'rest',
    selfRenewal: false,
  } as const;
  return unwrap(prepareIntent(world, made(vetted), { issuer, request, now: systemClock() }));
}

async function reserve({ store, home: { policy } }: Under, { intent, proven, claim }: Way): Promise<void> {
  const { record } = made(intent);
  const outcome = await store.groupedTransaction(RESERVE_INTENTS, {
    ...reservation(record, claim.key),
    applications: [made(proven)],
    requestId: claim.key,
    now: systemClock(),
    clock: systemClock,
    environment: policy.environment,
  });
  if (unwrap(outcome).kind !== 'reserved') throw new Error(unwrap(outcome).kind);
}

async function storeSignature({ store }: Under, { intent, signature, claim }: Way): Promise<void> {
  const signed = [{ record: made(intent).record, signature: made(signature) }];
  const request = { actor: accountActor(ACCOUNT), requestId: claim.key, now: systemClock(), claim, line: null };
  const released = unwrap(await store.groupedTransaction(STORE_SIGNATURES, { signed, ...request }));
  if (released === null) throw new Error('revoked');
}

async function verify({ intent, signature }: Way): Promise<void> {
  const { issuer, record } = made(intent);
  const { spki, signatureAlgorithm: algorithm } = issuer;
  if (!(await verifySignatureAsync({ spki, algorithm, data: record.tbs, signature: made(signature) })))
    throw new Error('a signature that does not verify');
}

const WORK: Readonly<Record<Step, (under: Under, way: Way) => void | Promise<void>>> = {
  body: (_, way) => {
    way.body = unwrap(
      validateBody<CertificateRequestBody>('CertificateRequest', unwrap(parseJson(way.octets, 'body'))),
    );
  },
  proof: async (under, way) => {
    way.proven = await prove(under, way);
  },
  plan: (under, way) => {
    way.vetted = planned(under, way);
  },
  bytes: (under, way) => {
    way.intent = prepared(under, way);
  },
  reserve,
  sign: async ({ signer }, way) => {
    const { token, record } = made(way.intent);
    way.signature = unwrap(await signer.certificate(token, record.profile));
  },
  verify: (_, way) => verify(way),
  store: storeSignature,
};

async function run(under: Under, atOnce: number, ways: readonly Way[]): Promise<StepReport> {
  const sums = new Map<Step, number>();
  for (let from = 0; from < ways.length; from += atOnce) {
    const group = ways.slice(from, from + atOnce);
    for (const step of STEPS) {
      const before = process.cpuUsage();
      await Promise.all(group.map((way) => WORK[step](under, way)));
      const { user, system } = process.cpuUsage(before);
      sums.set(step, (sums.get(step) ?? 0) + (user + system) / 1000);
    }
  }
  const each = STEPS.map((step) => [step, (sums.get(step) ?? 0) / ways.length] as const);
  return Object.fromEntries(each) as StepReport;
}

process.once('message', async (load: StepLoad) => {
  const { close, ...under } = await open(load);
  let ways: readonly Way[] = [];
  let runs = 0;
  process.on('message', async (message: StepPlan | 'go') => {
    if (message === 'go') return void process.send?.(await run(under, load.atOnce, ways));
    runs += 1;
    ways = makeWays(load.profile, `STEPS-${runs}`, message.issuances);
    process.send?.('made');
  });
  process.once('disconnect', () => void close());
  process.send?.('ready');
});
