/**
 * Fills the database of a home with certificates that nobody signed, as fast as the database
 * takes them: rows, domains, claims and audit entries as the store writes them, over all
 * profiles, holders and cards; some are revoked. The schema must be there, the service must not
 * run. A process of its own: `node fill-database.js COUNT`, the home in its environment; prints a
 * sample as JSON.
 */
import { createHash, randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { domainsOf } from '../../../src/access/decide.js';
import { extendChain } from '../../../src/audit/chain.js';
import { columnsOf } from '../../../src/db/tables/audit/audit-row.js';
import { certificateColumns } from '../../../src/db/tables/certificate-row.js';
import { splitIssuerId } from '../../../src/db/tables/issuers.js';
import { recordIdFrom } from '../../../src/issuance/intent.js';
import type { Json } from '../../../src/kernel/json.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { StoredState } from '../../../src/ports/store/statuses.js';
import { AUDIT_ORIGIN, intentEventOf, issuedEventOf } from '../../support/db/records.js';
import { PROFILES, type ProfileId } from '../../support/service/orders.js';
import { newSerial, openTemplates, orderFor, POINT_OCTETS, type Template } from '../template.js';
import { openSink, type Sink } from './fill-sinks.js';

export type FilledCertificate = {
  readonly id: string;
  readonly serial: string;
  readonly holderId: string;
  readonly cardTokenId: string | null;
};

const ROWS_A_TRANSACTION = 10_000;
const ROWS_A_TURN = 100;
const SAMPLE = 2_000;
const SIGNATURE_OCTETS = 512;
const REVOKED_EVERY = 40;
/** Born over so long before now, evenly. */
const SPREAD_MS = 300 * 86_400_000;
const ACCOUNT = 'card-management';

const count = Number(process.argv[2]);
const { home, make } = openTemplates();
const templates = new Map<ProfileId, Template>();
for (const profile of PROFILES) templates.set(profile, await make(profile, 1));
type Inserts = Sink['insert'];

const now = Date.now();

function recordOf(at: number): CertificateRecord {
  const profile = PROFILES[at % PROFILES.length] as ProfileId;
  const template = templates.get(profile) as Template;
  // Two certificates of a card follow each other; each such pair has a holder of its own.
  const number = 1_000_000 + Math.floor(at / PROFILES.length);
  const { holder, card, identity } = orderFor(profile, number);
  const serial = newSerial();
  const point = randomBytes(POINT_OCTETS);
  const tbs = Buffer.from(template.tbs);
  tbs.set(serial, template.serialAt);
  tbs.set(point, template.pointAt);
  const createdAt = Math.round(now - SPREAD_MS + (SPREAD_MS * at) / count);
  return {
    id: recordIdFrom(createdAt, randomBytes(10)),
    issuer: template.issuer.id,
    serial: serial.toString('hex'),
    profile,
    policyDigest: home.policy.digest,
    tbs,
    signature: randomBytes(SIGNATURE_OCTETS),
    state: stateOf(at, createdAt),
    notBefore: createdAt,
    notAfter: createdAt + (template.plan.validity.notAfter - template.plan.validity.notBefore),
    createdAt,
    run: null,
    holderId: holderIdOf(holder as unknown as Holder),
    structureId: 'structure' in holder ? holder.structure.id : null,
    cardTokenId: card?.tokenId ?? null,
    holder: holder as unknown as Json,
    card: card as unknown as Json,
    identity: identity as unknown as Json,
    spkiSha256: createHash('sha256').update(point).digest('hex'),
    accountId: ACCOUNT,
    keyOrigin: null,
    container: null,
    claim: { account: ACCOUNT, route: 'POST /v1/certificates', key: `fill-${at}` },
    renews: null,
    becomes: 'issued',
    protocol: 'rest',
    updateId: null,
    registrationId: null,
    selfRenewal: false,
    encrypted: false,
    confirmed: false,
    keyType: null,
    crlPartition: null,
    recoveredSha256: null,
  };
}

function stateOf(at: number, createdAt: number): StoredState {
  if (at % REVOKED_EVERY !== 0) return { status: 'issued' };
  return { status: 'revoked', at: createdAt + 1000, reason: 'superseded', invalidityDate: null };
}

type Holder = {
  readonly idNat?: string;
  readonly application?: string;
  readonly names?: readonly string[];
  readonly structure?: { readonly id: string };
};

/** As the store's `CertificateRecord` says. */
function holderIdOf({ idNat, application, names, structure }: Holder): string {
  return idNat ?? names?.[0] ?? `${structure?.id}/${application}`;
}

/** `seq`: the number of the entry of its intent; the one of its signature follows it. */
function insertAll(insert: Inserts, record: CertificateRecord, seq: number): void {
  const columns = { ...certificateColumns(record), intent_seq: seq, issued_seq: seq + 1 };
  insert('certificates', columns);
  const { id, holder, createdAt, claim, state } = record;
  for (const domain of domainsOf(holder)) insert('certificate_domains', { certificate_id: id, domain });
  if (claim !== null) {
    const result = JSON.stringify({ ids: [id] });
    insert('idempotency', { ...claim, body_sha256: record.spkiSha256, claimed_at: createdAt, result });
  }
  if (state.status !== 'revoked') return;
  const { status, state_at, reason, invalidity_date } = columns;
  insert('status_events', {
    certificate_id: id,
    issuer: record.issuer,
    at: state.at,
    actor: `account:${ACCOUNT}`,
    audit_seq: seq + 1,
    affects_status: true,
    status,
    state_at,
    reason,
    invalidity_date,
  });
}

async function fill(sink: Sink): Promise<readonly FilledCertificate[]> {
  const issuers = new Set([...templates.values()].map((template) => template.issuer.id));
  const sample: FilledCertificate[] = [];
  let head = await sink.auditHead();
  for (let at = 0; at < count; ) {
    await sink.begin();
    if (at === 0) {
      for (const issuer of issuers) {
        const { authority, generation } = splitIssuerId(issuer);
        const values = `('${issuer}', '${authority}', ${generation})`;
        // The service may have published a list of it.
        await sink.run(`insert into issuers (issuer, authority, generation) values ${values} on conflict do nothing`);
      }
    }
    for (const end = Math.min(count, at + ROWS_A_TRANSACTION); at < end; at += 1) {
      const record = recordOf(at);
      insertAll(sink.insert, record, head.seq + 1);
      for (const entry of extendChain(head, [intentEventOf(record), issuedEventOf(record)], AUDIT_ORIGIN)) {
        sink.insert('audit_entries', columnsOf(entry));
        head = { seq: entry.seq, chainHash: entry.chainHash };
      }
      // Lets the sink send what it has.
      if (at % ROWS_A_TURN === 0) await turn();
      if (at % Math.max(1, Math.floor(count / SAMPLE)) === 0) {
        const { id, serial, holderId, cardTokenId } = record;
        sample.push({ id, serial, holderId, cardTokenId });
      }
    }
    await sink.commit(head);
    if (at % 100_000 === 0) process.stderr.write(`bench: ${at} rows\n`);
  }
  await sink.finish();
  return sample;
}

process.stdout.write(JSON.stringify(await fill(await openSink(home))));
