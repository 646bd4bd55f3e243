/**
 * Builds the answers of transactions from their rows: no answer is stored, so that a repeated
 * message gets the same content again, protected anew.
 */
import { generalizedTime, nullValue } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import { encodeBody } from '../../cmp/bodies.js';
import { encryptCertificate } from '../../cmp/encrypted-certificate.js';
import type { CertOrEncCert, CmpFault, FailInfo, InfoTypeAndValue, PkiStatus, StatusInfo } from '../../cmp/model.js';
import { errorFault } from '../../cmp/status-info.js';
import { present } from '../../kernel/assert.js';
import { type Bytes, fromHex } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { SECOND_MS } from '../../kernel/duration.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { CmpOutcome } from '../../ports/store/enrolment/cmp-transactions.js';
import { readTbs } from '../../x509/certificate/certificate-reader.js';
import { assembleCertificate } from '../../x509/certificate/certificate-writer.js';
import type { World } from '../world.js';
import type { AnsweredRow, CmpAnswer, CmpExchange, CmpSituation } from './exchange.js';
import { nextCheck } from './rows.js';

/** The answer to the first message of each kind that asks for a certificate. */
const ANSWERS = { ir: 'ip', cr: 'cp', p10cr: 'cp', kur: 'kup' } as const;
type EnrolmentKind = keyof typeof ANSWERS;

export function isEnrolment(kind: string): kind is EnrolmentKind {
  return Object.hasOwn(ANSWERS, kind);
}

type AnswerContext = Pick<CmpExchange, 'message' | 'usesMac'>;

/** ip, cp or kup: the certificate, a rejection, or that the client has to wait. */
export function certificateAnswer(world: World, exchange: AnswerContext, { row, record }: CmpSituation): CmpAnswer {
  const certificate = record === null || record.signature === null ? null : shown(world, exchange, { row, record });
  const isRefused = row.state === 'refused';
  const status = isRefused || certificate !== null ? statusOf(row.outcome) : WAITING;
  const issuer = record === null ? null : world.issuers.byId(record.issuer);
  const chain = certificate === null || issuer === null ? [] : world.issuers.chain(issuer.id);
  const isFinal = certificate !== null && !isRefused;
  return {
    ...common(world, exchange, row),
    bodyKind: ANSWERS[row.kind as EnrolmentKind],
    bodyContent: encodeBody[ANSWERS[row.kind as EnrolmentKind]]({
      // RFC 9810 8.9: a root is trusted only because the shared secret protects it.
      caPubs: isFinal && row.kind === 'ir' && exchange.usesMac ? chain.slice(-1) : [],
      responses: [{ certReqId: row.certReqId, status, certificate: isFinal ? certificate : null }],
    }),
    // In a final answer after polling, the nonce of the original request (RFC 9483 3.1).
    recipNonce: exchange.message.bodyKind === 'pollReq' ? firstNonce(row) : exchange.message.header.senderNonce,
    generalInfo: isFinal ? confirmation(row) : [],
    extraCerts: isFinal ? chain.slice(0, -1) : [],
    failInfo: isRefused ? (status.failInfo[0] ?? null) : null,
  };
}

const WAITING: StatusInfo = { status: 'waiting', text: ['The certificate is not ready: poll for it.'], failInfo: [] };

function statusOf(outcome: CmpOutcome | null): StatusInfo {
  const { status, failInfo, text } = present(outcome, 'the outcome of a decided transaction');
  return { status: status as PkiStatus, text, failInfo: failInfo === null ? [] : [failInfo as FailInfo] };
}

/**
 * RFC 9483 3.1: implicitConfirm if it was granted, otherwise how long the client has to confirm.
 */
function confirmation({ implicit, confirmBy }: AnsweredRow): readonly InfoTypeAndValue[] {
  if (implicit) return [{ oid: OID.implicitConfirm, value: nullValue() }];
  return confirmBy === null ? [] : [{ oid: OID.confirmWaitTime, value: generalizedTime(wholeSecond(confirmBy)) }];
}

/** Times of CMP have no fraction. */
function wholeSecond(at: Instant): Instant {
  return Math.floor(at / SECOND_MS) * SECOND_MS;
}

/** The certificate, encrypted to its own key where its confirmation is the proof of possession. */
function shown(
  world: World,
  { message }: AnswerContext,
  { row, record }: { readonly row: AnsweredRow; readonly record: CertificateRecord },
): CertOrEncCert {
  const der = certificateOf(world, record);
  if (!row.encrypted) return { kind: 'certificate', der };
  const tbs = readTbs(record.tbs);
  const { spki } = present(tbs.ok ? tbs.value : null, 'a certificate of ours that can be read');
  const encrypted = encryptCertificate(der, { pvno: message.header.pvno, spki, random: world.random });
  return present(encrypted, 'the key of a certificate that is sent encrypted');
}

export function certificateOf({ issuers }: Pick<World, 'issuers'>, record: CertificateRecord): Bytes {
  const { signatureAlgorithm } = present(issuers.byId(record.issuer), 'issuer of a record');
  const signature = present(record.signature, 'signature of a certificate');
  return assembleCertificate(record.tbs, signatureAlgorithm, signature);
}

const WAIT_REASON = 'The certificate is not signed yet: the signer is unavailable, or the same request is in progress.';

export function pollAnswer(world: World, exchange: AnswerContext, row: AnsweredRow): CmpAnswer {
  // While an intent is being signed, its row has no `checkAfter`.
  const checkAfter = row.checkAfter ?? nextCheck(row, world.clock());
  const checkAfterSeconds = Math.max(1, Math.ceil((checkAfter - world.clock()) / SECOND_MS));
  return {
    ...common(world, exchange, row),
    bodyKind: 'pollRep',
    bodyContent: encodeBody.pollRep([{ certReqId: row.certReqId, checkAfterSeconds, reason: [WAIT_REASON] }]),
  };
}

/** The certificate is confirmed, or its rejection was received (RFC 9810 5.3.17). */
function confirmAnswer(world: Pick<World, 'policy'>, exchange: AnswerContext, row: AnsweredRow): CmpAnswer {
  return { ...common(world, exchange, row), bodyKind: 'pkiconf', bodyContent: encodeBody.pkiconf(null) };
}

/** rp with one status (RFC 9483 4.2). */
export function revocationAnswer(world: World, exchange: AnswerContext, row: AnsweredRow): CmpAnswer {
  const status = statusOf(row.outcome);
  return {
    ...common(world, exchange, row),
    bodyKind: 'rp',
    bodyContent: encodeBody.rp({ statuses: [status], revCerts: [], crls: [] }),
    failInfo: status.failInfo[0] ?? null,
  };
}

/** genp, with the items that answer those of genm. */
export function informationAnswer(
  world: World,
  { message, senderNonce }: Pick<CmpExchange, 'message' | 'senderNonce'>,
  { profile, items }: { readonly profile: string | null; readonly items: readonly InfoTypeAndValue[] },
): CmpAnswer {
  return {
    bodyKind: 'genp',
    bodyContent: encodeBody.genp(items),
    generalInfo: [],
    senderNonce,
    recipNonce: message.header.senderNonce,
    authority: world.policy.profiles.get(profile ?? '')?.authority ?? null,
    extraCerts: [],
    failInfo: null,
  };
}

/** An error message that belongs to a transaction or to none. */
export function errorAnswer(
  fault: Pick<CmpFault, 'failInfo' | 'text'>,
  {
    senderNonce,
    recipNonce,
    authority = null,
  }: Pick<CmpAnswer, 'senderNonce' | 'recipNonce'> & { authority?: string | null },
): CmpAnswer {
  const status: StatusInfo = { status: 'rejection', text: fault.text, failInfo: [fault.failInfo] };
  return {
    bodyKind: 'error',
    bodyContent: encodeBody.error({ status, errorCode: null, errorDetails: [] }),
    generalInfo: [],
    senderNonce,
    recipNonce,
    authority,
    extraCerts: [],
    failInfo: fault.failInfo,
  };
}

/** rp, to an rr that is refused before its certificate is looked for (RFC 9483 4.2). */
export function revocationRefusal(fault: CmpFault, fields: Parameters<typeof errorAnswer>[1]): CmpAnswer {
  const statuses: readonly StatusInfo[] = [{ status: 'rejection', text: fault.text, failInfo: [fault.failInfo] }];
  const bodyContent = encodeBody.rp({ statuses, revCerts: [], crls: [] });
  return { ...errorAnswer(fault, fields), bodyKind: 'rp', bodyContent };
}

/** The row says how its end was answered; null: with pkiConf. */
export function endAnswer(world: Pick<World, 'policy'>, exchange: AnswerContext, row: AnsweredRow): CmpAnswer {
  const end = row.outcome?.end ?? null;
  if (end === null) return confirmAnswer(world, exchange, row);
  const { senderNonce, recipNonce, authority } = common(world, exchange, row);
  return errorAnswer(errorFault(end.failInfo as FailInfo, ...end.text), { senderNonce, recipNonce, authority });
}

function common(
  world: Pick<World, 'policy'>,
  { message }: AnswerContext,
  row: AnsweredRow,
): Omit<CmpAnswer, 'bodyKind' | 'bodyContent'> {
  const profile = row.profile === null ? undefined : world.policy.profiles.get(row.profile);
  return {
    generalInfo: [],
    senderNonce: nonceOf(row.nonces.sent),
    recipNonce: message.header.senderNonce,
    authority: profile?.authority ?? null,
    extraCerts: [],
    failInfo: null,
  };
}

function firstNonce({ nonces }: AnsweredRow): Bytes {
  return nonceOf(present(nonces.received[0], 'the first nonce of a transaction'));
}

function nonceOf(hex: string): Bytes {
  return present(fromHex(hex), 'a nonce in hexadecimal');
}
