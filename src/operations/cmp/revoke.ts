/**
 * rr (RFC 9483 4.2): revokes, suspends or releases one certificate, with the verbs and the rights
 * of the API. The row of its transaction is stored with the change, in one transaction of the
 * database, so that a message that is repeated after a crash gets the answer of the first one.
 */
import { actorOf } from '../../access/principal.js';
import { OID } from '../../asn1/oids.js';
import { SYSTEM } from '../../audit/actors.js';
import { decodeBody } from '../../cmp/bodies.js';
import type { CertTemplate, CmpFault, RevDetails } from '../../cmp/model.js';
import { bodyFault, errorFault } from '../../cmp/status-info.js';
import { equalBytes, toHex } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { isCertificate, statusEvents, statusOf } from '../../lifecycle/certificate-states.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { CmpTransaction } from '../../ports/store/enrolment/cmp-transactions.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { RevocationReason } from '../../ports/store/statuses.js';
import type { Transaction } from '../../ports/store.js';
import { readTbs } from '../../x509/certificate/certificate-reader.js';
import { isSameName } from '../../x509/certificate/name-comparison.js';
import { readInvalidityDate } from '../../x509/extensions/invalidity-date.js';
import { type CrlReason, readReasonCode } from '../../x509/extensions/reason-code.js';
import type { OperationFailure } from '../failures.js';
import { type Author, isVisibleTo } from '../revocation/author.js';
import {
  releaseCertificate,
  revokeCertificate,
  type StoredWithChange,
  suspendCertificate,
} from '../revocation/revoke.js';
import { revokeRecords } from '../revocation/revoke-records.js';
import { followRevocations } from '../updates/end-updates.js';
import type { World } from '../world.js';
import { answeringProfile } from './enrol.js';
import type { CmpExchange } from './exchange.js';
import { faultOfFailure } from './fail-infos.js';
import { newRow, refusedRow } from './rows.js';

type ChangeResult = Result<CmpTransaction, CmpFault | StoreFailure>;

const IN_USE = errorFault('transactionIdInUse', 'The transactionID was used before.');

/** Returns the row of the transaction, whose outcome is answered. */
export async function changeStatus(world: World, exchange: CmpExchange): Promise<ChangeResult> {
  const { principal, transactionId } = exchange;
  const known = await world.store.read((reads) =>
    reads.cmpTransaction({ principal: actorOf(principal), transactionId }),
  );
  if (!known.ok) return known;
  if (known.value !== null) return err(IN_USE);
  const asked = await readChange(world, exchange);
  const changed = asked.ok ? await change(world, exchange, asked.value) : asked;
  if (changed.ok) return changed;
  if ('kind' in changed.error) return err(changed.error);
  const profile = asked.ok ? asked.value.record.profile : answeringProfile(world, exchange);
  const refused = refusedRow(newRow(exchange, { kind: 'rr', profile }), changed.error, world.clock());
  const stored = await world.store.transaction(async (tx): Promise<Result<CmpTransaction, CmpFault>> => {
    // Copies of a message that arrive at once get one answer.
    const first = await tx.cmpTransaction(refused);
    if (first !== null) return first.requestSha256 === refused.requestSha256 ? ok(first) : err(IN_USE);
    await tx.insertCmpTransactions([refused]);
    return ok(refused);
  });
  return stored.ok ? stored.value : stored;
}

type ChangeRequest = {
  readonly record: CertificateRecord;
  readonly author: Author;
  readonly asked: StatusRequest;
};

/** What is asked of which certificate, and by whom. */
async function readChange(
  world: World,
  exchange: CmpExchange,
): Promise<Result<ChangeRequest, CmpFault | StoreFailure>> {
  const asked = readRequest(exchange);
  if (!asked.ok) return asked;
  const author = authorOf(exchange);
  if (author === null)
    return refuse('notAuthorized', 'A registration revokes nothing: ask the account that registered it.');
  const found = await findCertificate(world, asked.value.template);
  if (!found.ok) return found;
  const record = found.value;
  if (record === null) return refuse('badCertId', 'There is no such certificate of these CAs.');
  return ok({ record, author, asked: asked.value });
}

async function change(world: World, exchange: CmpExchange, request: ChangeRequest): Promise<ChangeResult> {
  const { record, author, asked } = request;
  // A certificate is no secret: its serial number is in lists and OCSP responses.
  if (!isVisibleTo(author, record))
    return refuse('notAuthorized', 'The certificate is outside of what the sender may revoke.');
  const differing = templateFault(asked.template, record);
  if (differing !== null) return err(differing);
  const state = statusOf(record, exchange.now);
  if (state === 'revoked' || state === 'expired') return refuse('certRevoked', `The certificate is ${state} already.`);
  if (asked.reason === 'removeFromCRL' && state !== 'suspended')
    return refuse('badCertId', 'The certificate is not suspended, so that it cannot be released.');
  const row = doneRow(world, exchange, { record, reason: asked.reason });
  const outcome = await apply(world, request, row);
  if (outcome.ok) return ok(row);
  const { error } = outcome;
  return error.kind === 'database-unavailable' ? err(error) : err(faultOf(error));
}

type StatusChange = { readonly record: CertificateRecord; readonly reason: CrlReason };

/** The text says what was done, for people who read the answer of their client. */
function doneRow({ clock }: World, exchange: CmpExchange, { record, reason }: StatusChange): CmpTransaction {
  const row = newRow(exchange, { kind: 'rr', profile: record.profile });
  const text = [DONE[reason] ?? 'The certificate is revoked.'];
  return { ...row, state: 'done', outcome: { status: 'accepted', failInfo: null, text }, endedAt: clock() };
}

const DONE: Partial<Readonly<Record<CrlReason, string>>> = {
  certificateHold: 'The certificate is suspended.',
  removeFromCRL: 'The certificate is released: it was revived.',
};

type StatusRequest = {
  readonly template: CertTemplate;
  readonly reason: CrlReason;
  readonly invalidityDate: Instant | null;
};

function readRequest({ message }: CmpExchange): Result<StatusRequest, CmpFault> {
  const decoded = decodeBody.rr(message.bodyContent);
  if (!decoded.ok) return decoded;
  const [details, another] = decoded.value;
  if (details === undefined || another !== undefined) return refuse('badRequest', 'exactly one RevDetails is accepted');
  const { template } = details;
  if (template.version !== null && template.version !== 2)
    return refuse('badRequest', 'version must be absent or v3 (2)');
  if (template.issuer === null || template.serialNumber === null)
    return refuse('addInfoNotAvailable', 'issuer and serialNumber must name the certificate (-oldcert)');
  return readEntry(details);
}

/**
 * Reads crlEntryDetails: at most one reasonCode and one invalidityDate. Others are ignored, unless
 * they are critical (RFC 5280 5.3).
 */
function readEntry({ template, crlEntryDetails }: RevDetails): Result<StatusRequest, CmpFault> {
  const reasons = crlEntryDetails.filter(({ oid }) => oid === OID.reasonCode);
  const dates = crlEntryDetails.filter(({ oid }) => oid === OID.invalidityDate);
  const other = crlEntryDetails.find(
    ({ oid, critical }) => critical && oid !== OID.reasonCode && oid !== OID.invalidityDate,
  );
  if (other !== undefined) return refuse('badRequest', `the critical entry ${other.oid} is not known`);
  const [reason] = reasons;
  const [date] = dates;
  if (reasons.length > 1 || dates.length > 1)
    return refuse('badRequest', 'at most one reasonCode and one invalidityDate');
  const read = reason === undefined ? ok('unspecified' as const) : readReasonCode(reason.value);
  if (!read.ok) return refuse('badDataFormat', 'reasonCode is no CRLReason (-revreason)');
  const since = date === undefined ? ok(null) : readInvalidityDate(date.value);
  if (!since.ok) return refuse('badDataFormat', 'invalidityDate must be a GeneralizedTime');
  if (read.value === 'cACompromise' || read.value === 'aACompromise')
    return refuse('badRequest', `${read.value} is for the certificates of authorities only`);
  return ok({ template, reason: read.value, invalidityDate: since.value });
}

function authorOf({ principal }: CmpExchange): Author | null {
  if (principal.kind === 'account') return { account: principal.account };
  return principal.kind === 'self' ? { self: principal, proof: null } : null;
}

async function findCertificate(
  { issuers, store }: World,
  { issuer, serialNumber }: CertTemplate,
): Promise<Result<CertificateRecord | null, StoreFailure>> {
  const name = issuer?.name ?? null;
  if (name === null || serialNumber === null) return ok(null);
  const named = issuers.all().filter(({ subject }) => isSameName(subject, name));
  const serial = toHex(serialNumber[0] === 0 && serialNumber.length > 1 ? serialNumber.subarray(1) : serialNumber);
  return store.read(async (reads) => {
    for (const { id } of named) {
      const record = await reads.certificateBySerial(id, serial);
      // An intent, open or abandoned, has no certificate.
      if (record !== null && isCertificate(record)) return record;
    }
    return null;
  });
}

/** What the template says beside issuer and serial number must be as in the certificate. */
function templateFault(template: CertTemplate, { tbs }: CertificateRecord): CmpFault | null {
  const read = readTbs(tbs);
  if (!read.ok) return null;
  const { subject, publicKey, extensions } = template;
  const view = read.value;
  const differs = (what: string) => bodyFault('badCertId', `${what} is not that of the certificate`);
  if (subject !== null && (subject.name === null || !isSameName(subject.name, view.subject))) return differs('subject');
  if (publicKey !== null && !equalBytes(publicKey.spki, view.spki)) return differs('publicKey');
  const other = extensions.find(
    (one) => !view.extensions.some(({ oid, value }) => oid === one.oid && equalBytes(value, one.value)),
  );
  return other === undefined ? null : differs(`the extension ${other.oid}`);
}

async function apply(
  world: World,
  { record, author, asked }: ChangeRequest,
  row: CmpTransaction,
): Promise<Result<unknown, OperationFailure>> {
  const { reason, invalidityDate } = asked;
  const stored: StoredWithChange = {
    before: async (tx) => ((await tx.cmpTransaction(row)) === null ? null : { kind: 'idempotency-mismatch' }),
    after: async (tx, changed) => {
      await tx.insertCmpTransactions([row]);
      return reason === 'keyCompromise' ? revokeSuccessors(tx, changed, world.clock()) : [];
    },
  };
  if (reason === 'certificateHold' || reason === 'removeFromCRL') {
    if (!('account' in author)) return err(NOT_FOR_HOLDERS);
    const { account } = author;
    return reason === 'certificateHold'
      ? suspendCertificate(world, record.id, { account, invalidityDate, stored })
      : releaseCertificate(world, record.id, { account, stored });
  }
  const command = { ...author, reason: reason as RevocationReason, invalidityDate, stored };
  return revokeCertificate(world, record.id, command);
}

/**
 * An attacker with the key of a certificate may have asked for the successor that awaits its
 * confirmation, so that it is revoked too.
 */
async function revokeSuccessors(
  tx: Transaction,
  record: CertificateRecord,
  at: Instant,
): Promise<readonly CertificateRecord[]> {
  const renewals = await tx.renewalsOf(record.id);
  const unconfirmed = renewals.filter(
    ({ selfRenewal, state }) => selfRenewal && (state.status === 'pending' || state.status === 'open'),
  );
  const changed = await revokeRecords(tx, unconfirmed, { reason: 'keyCompromise', actor: SYSTEM, at });
  await followRevocations(tx, changed, { actor: SYSTEM, at });
  await tx.publish(statusEvents(changed, at));
  return changed;
}

const NOT_FOR_HOLDERS: OperationFailure = {
  kind: 'not-permitted',
  rule: 'self-service',
  message: {
    fr: 'un certificat ne se suspend ni ne se rétablit lui-même',
    en: 'a certificate neither suspends nor releases itself',
  },
};

const HOLD_RULES: ReadonlySet<string> = new Set(['not-suspended']);

function faultOf(failure: OperationFailure): CmpFault {
  const fault = faultOfFailure(failure);
  if (failure.kind === 'state-conflict' && HOLD_RULES.has(failure.rule)) return { ...fault, failInfo: 'badCertId' };
  return fault;
}

function refuse(failInfo: CmpFault['failInfo'], text: string): Result<never, CmpFault> {
  return err(bodyFault(failInfo, text));
}
