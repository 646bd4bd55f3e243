/** What an installation of several nodes promises, whatever fails: one list. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { rawDatabase } from '../../support/db/raw.js';
import type { Answer, Problem } from '../../support/service/client.js';
import { fromPem } from '../../support/service/csr.js';
import { assertRecordsWhole, type JournalLine, journalLines, type Ledger } from '../ledger.js';
import type { Fault } from './faults.js';
import type { Installation } from './installation.js';
import { type LoadResult, statusOf } from './load.js';

export type Evidence = {
  readonly installation: Installation;
  readonly fault: Pick<Fault, 'wrongClock'>;
  readonly load: LoadResult;
  /** All that was acknowledged since the installation was made. */
  readonly ledger: Ledger;
};

const WAIT_MS_MAX = 60_000;
/** Statuses are asked for some of the revoked certificates, at every node. */
const REVOKED_ASKED = 10;

type Entry = { readonly type: string; readonly details: { readonly id: string } };

export const PROMISES: Readonly<Record<string, (evidence: Evidence) => Promise<void>>> = {
  'clients that retry end with success': async ({ load: { orders, unrevoked } }) => {
    assert.ok(orders.length > 0);
    const unsettled = orders.filter(({ isSettled }) => !isSettled);
    const lastOf = ({ outcomes }: (typeof orders)[number]) => outcomes.map(({ answer }) => nameOf(answer)).join(', ');
    assert.deepEqual(unsettled.map(lastOf), []);
    assert.deepEqual(
      unrevoked.map(({ id }) => id),
      [],
    );
  },

  'all nodes are ready again, and no intent is open': async ({ installation }) => {
    for (const { service } of installation.nodes)
      await until(`${service.urls.operators} is ready`, async () => {
        const answer = await fetch(`${service.urls.operators}/readyz`).catch(() => null);
        return answer !== null && ((await answer.json()) as { readonly state: string }).state === 'ready';
      });
    await until('no intent is open', async () => {
      const rows = await query(installation, "select id from certificates where status = 'open'");
      return rows.length === 0;
    });
  },

  'what was acknowledged is there': async ({ installation, ledger, load }) => {
    const rows = await query(installation, 'select id, status, tbs, signature from certificates');
    const stored = new Map(rows.map((row) => [String(row.id), row]));
    for (const [id, { certificate }] of ledger.promised) {
      const [der] = fromPem(certificate);
      const { tbs, signature } = stored.get(id) ?? assert.fail(`the certificate ${id} is lost`);
      assert.ok(der && Buffer.isBuffer(tbs) && Buffer.isBuffer(signature));
      assert.ok(der.includes(tbs) && der.includes(signature), `the certificate ${id} is another one`);
    }
    for (const { id } of load.revoked)
      assert.equal(stored.get(id)?.status, 'revoked', `the revocation of ${id} is lost`);
  },

  'every node says what was revoked, and none goes back': async ({ installation, load: { revoked, statuses } }) => {
    for (const one of revoked.slice(-REVOKED_ASKED))
      for (const { service } of installation.nodes)
        await until(`${one.id} is revoked at every node`, async () => (await statusOf(service, one)) === 'revoked');
    for (const { node, id, answeredAt } of statuses.filter(({ status }) => status === 'revoked')) {
      const later = statuses.filter((other) => other.node === node && other.id === id && other.askedAt > answeredAt);
      assert.ok(!later.some(({ status }) => status === 'good'), `node ${node} has forgotten the revocation of ${id}`);
    }
  },

  'serial numbers and numbers of lists are unique': async ({ installation }) => {
    const first = new Map<string, string>();
    for (const line of allLines(installation)) {
      const { kind, issuer, serial, scope, number, base, sha256 } = line;
      if (kind !== 'certificate' && kind !== 'crl') continue;
      const name =
        kind === 'crl' ? `${issuer} ${scope} ${number} ${base == null ? 'full' : 'delta'}` : `${issuer} ${serial}`;
      assert.equal(first.get(name) ?? sha256, sha256, `two signed ${kind} have the number ${name}`);
      first.set(name, sha256);
    }
  },

  'entries, certificates and signatures agree, and all records are whole': async ({ installation }) => {
    const rows = await query(installation, 'select id, profile, tbs, signature from certificates');
    const digests = new Map(rows.map(({ id, tbs }) => [sha256Of(tbs), String(id)]));
    const lines = allLines(installation).filter(({ kind }) => /^(responder-)?certificate$/.test(kind));
    for (const { sha256 } of lines) assert.ok(digests.has(sha256), 'a signer has signed what no intent has');
    const entries = (await query(installation, 'select bytes from audit_entries')).map(
      ({ bytes }) => JSON.parse(String(bytes)) as Entry,
    );
    const namedIn = (wanted: string) => entries.flatMap(({ type, details }) => (type === wanted ? [details.id] : []));
    // A ceremony has signed the certificates that are registered.
    const registered = new Set(namedIn('certificate.registered'));
    const issued = rows.filter(({ id, signature }) => signature !== null && !registered.has(String(id)));
    assert.deepEqual(namedIn('certificate.issued').sort(), issued.map(({ id }) => String(id)).sort());
    const signed = new Set(lines.map(({ sha256 }) => sha256));
    for (const { id, profile, tbs } of issued)
      assert.ok(signed.has(sha256Of(tbs)), `no journal has the signature of ${id} (${profile})`);
    for (const { at } of installation.nodes) await assertRecordsWhole(at);
  },

  'only a node with a wrong clock stops issuing because of it': async ({ fault, load: { refusals } }) => {
    const nodes = new Set(refusals.flatMap(({ code, node }) => (code === 'clock-wrong' ? [node] : [])));
    assert.deepEqual([...nodes], fault.wrongClock === null ? [] : [fault.wrongClock]);
  },
};

function nameOf(answer: Answer | null): string {
  return answer === null ? 'no answer' : `${answer.status} ${(answer.body as Partial<Problem>).code ?? ''}`;
}

export function query({ databases }: Installation, sql: string) {
  return withRaw(databases.database, (raw) => raw.all(sql));
}

async function withRaw<Value>(
  database: Installation['databases']['database'],
  use: (raw: Awaited<ReturnType<typeof rawDatabase>>) => Promise<Value>,
): Promise<Value> {
  const raw = await rawDatabase(database);
  try {
    return await use(raw);
  } finally {
    await raw.close();
  }
}

function allLines({ nodes }: Installation): readonly JournalLine[] {
  return nodes.flatMap(({ at }) => journalLines(at.home));
}

function sha256Of(octets: unknown): string {
  assert.ok(Buffer.isBuffer(octets));
  return createHash('sha256').update(octets).digest('hex');
}

export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + WAIT_MS_MAX; !(await holds()); await sleep(100))
    assert.ok(performance.now() < end, `never: ${what}`);
}
