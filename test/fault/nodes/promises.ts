/** What an installation of several nodes promises, whatever fails: one list. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { rawDatabase } from '../../support/db/raw.js';
import type { Answer, Problem } from '../../support/service/client.js';
import { fromPem } from '../../support/service/csr.js';
import { runPfcng } from '../../support/service/service.js';
import { assertRecordsWhole, type JournalLine, journalLines, type Ledger } from '../ledger.js';
import type { Fault } from './faults.js';
import type { Installation, Node } from './installation.js';
import { type LoadResult, statusOf } from './load.js';

export type Evidence = {
  readonly installation: Installation;
  readonly fault: Pick<Fault, 'wrongClock'>;
  readonly load: LoadResult;
  /** All that was acknowledged since the installation was made. */
  readonly ledger: Ledger;
};

const WAIT_MS_MAX = 300_000;
const ANSWER_MS_MAX = 5_000;
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
    for (const node of installation.nodes) {
      let said = '';
      const isReady = async (): Promise<boolean> => {
        await node.revive();
        said = await readinessOf(node);
        return said.startsWith('{"state":"ready"');
      };
      await until(`${node.host.name} is ready`, isReady, () => said);
    }
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

  'there is one entry for each issued certificate and each signature, and all records are whole': async ({
    installation,
    fault,
  }) => {
    const lines = allLines(installation).filter(({ kind }) => /^(responder-)?certificate$/.test(kind));
    const rows = await query(installation, 'select id, tbs, signature from certificates');
    const entries = await entriesIn(installation);
    const namedIn = (wanted: string) => entries.flatMap(({ type, details }) => (type === wanted ? [details.id] : []));
    const digests = new Map(rows.map(({ id, tbs }) => [sha256Of(tbs), String(id)]));
    const signed = new Set(
      lines.map(({ sha256 }) => digests.get(sha256) ?? assert.fail('a signer has signed what no intent has')),
    );
    // The signature of an abandoned intent is not stored.
    for (const id of namedIn('certificate.abandoned')) signed.delete(id);
    // A ceremony has signed the certificates that are registered.
    const registered = new Set(namedIn('certificate.registered'));
    const issued = rows.flatMap(({ id, signature }) => (signature === null ? [] : [String(id)]));
    const issuedHere = issued.filter((id) => !registered.has(id)).sort();
    assert.deepEqual(namedIn('certificate.issued').sort(), issuedHere);
    assert.deepEqual([...signed].sort(), issuedHere);
    if (fault.wrongClock !== null) await acceptRefusals(installation.nodes[fault.wrongClock]);
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

async function entriesIn(installation: Installation): Promise<readonly Entry[]> {
  const rows = await query(installation, 'select bytes from audit_entries');
  return rows.map(({ bytes }) => JSON.parse(String(bytes)) as Entry);
}

async function readinessOf({ service }: Node): Promise<string> {
  try {
    const answer = await fetch(`${service.urls.operators}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    return await answer.text();
  } catch (error) {
    return String(error);
  }
}

/** A signer refuses a list of a node whose clock is behind, and `hsm reconcile` reports it once. */
async function acceptRefusals(node: Node | undefined): Promise<void> {
  assert.ok(node);
  const { stderr } = await runPfcng(node.at, 'hsm', 'reconcile');
  const reported = stderr.split('\n').filter((line) => line !== '');
  assert.ok(
    reported.every((line) => line.includes('crl-this-update-goes-back')),
    stderr,
  );
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

/** `seen`: what is said of the last try, if it never holds. */
export async function until(what: string, holds: () => Promise<boolean>, seen: () => string = () => ''): Promise<void> {
  for (const end = performance.now() + WAIT_MS_MAX; !(await holds()); await sleep(100))
    assert.ok(performance.now() < end, `never: ${what} ${seen()}`);
}
