/**
 * Lint of a to-be-signed OCSP answer (ResponseData, RFC 6960 4.2.1). The service lints before it asks its signer, and the
 * signer before it signs. Reads with the reader alone; nothing that it is given makes it throw.
 */
import {
  contextTag,
  type DerElement,
  expectTag,
  explicit,
  fieldsOf,
  generalizedTime,
  integerOctets,
  octetString,
  parseDer,
  sequence,
  sequenceOf,
  smallInteger,
  TAG,
} from '../asn1/der-reader.js';
import { type Bytes, equalBytes, toHex } from '../kernel/bytes.js';
import { formatInstant, type Instant } from '../kernel/clock.js';
import { LIMITS } from '../kernel/limits.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { Linted } from '../ports/signer.js';
import type { Issuer } from '../x509/model.js';
import { grant } from './linted.js';
import { createIssuerCheck, type IssuerCheck } from './ocsp-cert-id.js';
import { readAnswerExtensions } from './ocsp-extensions.js';
import { Found, found } from './ocsp-found.js';
import type { OcspFinding } from './ocsp-rules.js';

export type OcspLintContext = {
  /** The only CA whose certificates the answer may be about. */
  readonly issuer: Pick<Issuer, 'subjectDer' | 'spki'>;
  /** Subject and key of the certificate whose key is to sign. */
  readonly responder: { readonly subjectDer: Bytes; readonly spki: Bytes };
  /** Longest time from thisUpdate to nextUpdate, in milliseconds. */
  readonly lifeMsMax: number;
};

export type OcspSummary = {
  readonly producedAt: Instant;
  readonly responses: readonly {
    /** Lower-case hex of even length, without leading zero octets. */
    readonly serial: string;
    readonly status: 'good' | 'revoked' | 'unknown';
    readonly thisUpdate: Instant;
    readonly nextUpdate: Instant;
  }[];
};

export type OcspLintFailure = { readonly kind: 'lint-failed'; readonly findings: readonly OcspFinding[] };

/** A token for these bytes under `issuer`, whose delegated responder signs; or what stands against it. */
export function lintOcsp(
  issuer: Issuer,
  responseData: Bytes,
  context: Pick<OcspLintContext, 'responder' | 'lifeMsMax'>,
): Result<Linted<'ocsp'>, OcspLintFailure> {
  const checked = checkOcspResponseData({ ...context, issuer }, responseData);
  if (!checked.ok) return err({ kind: 'lint-failed', findings: [checked.error] });
  return ok(grant('ocsp', issuer.id, responseData));
}

/** The same without a token: for the signer, which decides for itself. The first finding ends it. */
export function checkOcspResponseData(context: OcspLintContext, responseData: Bytes): Result<OcspSummary, OcspFinding> {
  if (responseData.length > LIMITS.signerFrameBytesMax)
    return err({ rule: 'e_ocsp_size_within_limit', detail: `${responseData.length} octets` });
  try {
    const parsed = parseDer(responseData, (root) => readResponseData(root, context));
    return parsed.ok
      ? parsed
      : err({ rule: 'e_ocsp_der_is_strict', detail: `octet ${parsed.error.offset}: ${parsed.error.rule}` });
  } catch (error) {
    if (error instanceof Found) return err(error.finding);
    throw error;
  }
}

function readResponseData(root: DerElement, context: OcspLintContext): OcspSummary {
  const fields = sequence(root, 'ResponseData');
  if (fields.optional(contextTag(0, 'constructed')) !== null) found('e_ocsp_version_is_v1', 'version is written');
  checkResponder(fields.any('responderID'), createIssuerCheck(context.responder));
  const producedAt = generalizedTime(fields.next(TAG.generalizedTime, 'producedAt'), 'producedAt');
  const list = sequenceOf(fields.next(TAG.sequence, 'responses'), 'responses');
  if (list.length === 0) found('e_ocsp_response_present', 'none');
  if (list.length > LIMITS.ocspRequestsPerMessageMax) found('e_ocsp_size_within_limit', `${list.length} responses`);
  const issuer = createIssuerCheck(context.issuer);
  const singles = list.map((element) => readSingle(element, { issuer, producedAt, lifeMsMax: context.lifeMsMax }));
  const { extendedRevoke } = readAnswerExtensions(fields.optional(contextTag(1, 'constructed')));
  fields.end();
  const asked = new Set(singles.map(({ certId }) => toHex(certId)));
  if (asked.size !== singles.length) found('e_ocsp_certid_unique', 'a CertID twice');
  const neverIssued = singles.some((single) => single.revokedAt === 0);
  if (neverIssued !== extendedRevoke)
    found('e_ocsp_never_issued_is_extended_revoke', extendedRevoke ? 'without cause' : 'absent');
  return { producedAt, responses: singles.map(({ summary }) => summary) };
}

/** ResponderID: byName [1] Name, byKey [2] SHA-1 of the key. */
function checkResponder(element: DerElement, responder: IssuerCheck): void {
  const rule = 'e_ocsp_responder_id_is_signer';
  if (element.tag === contextTag(1, 'constructed')) {
    if (!equalBytes(explicit(element, 'byName').whole, responder.subjectDer)) found(rule, 'another name');
    return;
  }
  expectTag(element, contextTag(2, 'constructed'), 'responderID');
  const keyHash = octetString(explicit(element, 'byKey'), 'byKey');
  if (!equalBytes(keyHash, responder.keyHash('sha1'))) found(rule, 'another key');
}

type SingleContext = { readonly issuer: IssuerCheck; readonly producedAt: Instant; readonly lifeMsMax: number };

type Single = {
  readonly certId: Bytes;
  readonly revokedAt: Instant | null;
  readonly summary: OcspSummary['responses'][number];
};

function readSingle(element: DerElement, context: SingleContext): Single {
  const fields = sequence(element, 'SingleResponse');
  const certId = fields.next(TAG.sequence, 'certID');
  const serial = readCertId(certId, context.issuer);
  const { status, revokedAt } = readStatus(fields.any('certStatus'), context.producedAt);
  const thisUpdate = generalizedTime(fields.next(TAG.generalizedTime, 'thisUpdate'), 'thisUpdate');
  const next = fields.optional(contextTag(0, 'constructed'));
  if (fields.more()) found('e_ocsp_no_unknown_extension', 'singleExtensions');
  fields.end();
  if (next === null) found('e_ocsp_next_update_after_this_update', 'absent');
  const nextUpdate = generalizedTime(explicit(next, 'nextUpdate'), 'nextUpdate');
  const lifeMs = nextUpdate - thisUpdate;
  if (thisUpdate > context.producedAt) found('e_ocsp_this_update_not_after_produced_at', formatInstant(thisUpdate));
  if (lifeMs <= 0) found('e_ocsp_next_update_after_this_update', formatInstant(nextUpdate));
  if (lifeMs > context.lifeMsMax) found('e_ocsp_next_update_within_policy', `${lifeMs} ms`);
  return { certId: certId.whole, revokedAt, summary: { serial, status, thisUpdate, nextUpdate } };
}

/** The serial number; any other CA than ours is a finding. */
function readCertId(element: DerElement, issuer: IssuerCheck): string {
  const fields = sequence(element, 'CertID');
  const hash = issuer.readHash(fields.next(TAG.sequence, 'hashAlgorithm'));
  const name = octetString(fields.next(TAG.octetString, 'issuerNameHash'), 'issuerNameHash');
  const key = octetString(fields.next(TAG.octetString, 'issuerKeyHash'), 'issuerKeyHash');
  const serial = integerOctets(fields.next(TAG.integer, 'serialNumber'), 'serialNumber');
  fields.end();
  if (!equalBytes(name, issuer.nameHash(hash)) || !equalBytes(key, issuer.keyHash(hash)))
    found('e_ocsp_certid_of_issuer', `serial ${toHex(serial)}`);
  return toHex(serial).replace(/^(00)+(?=..)/, '');
}

type Status = { readonly status: 'good' | 'revoked' | 'unknown'; readonly revokedAt: Instant | null };

function readStatus(element: DerElement, producedAt: Instant): Status {
  switch (element.tag) {
    case contextTag(0, 'primitive'):
    case contextTag(2, 'primitive'):
      if (element.content.length !== 0) found('e_ocsp_status_form', 'NULL with content');
      return { status: element.tag === contextTag(0, 'primitive') ? 'good' : 'unknown', revokedAt: null };
    case contextTag(1, 'constructed'):
      return { status: 'revoked', revokedAt: readRevoked(element, producedAt) };
    default:
      return found('e_ocsp_status_form', `tag ${element.tag}`);
  }
}

/** keyCompromise, affiliationChanged, superseded, cessationOfOperation, certificateHold, privilegeWithdrawn; unspecified. */
const REASONS: ReadonlySet<number> = new Set([0, 1, 3, 4, 5, 6, 9]);
const CERTIFICATE_HOLD = 6;

/** Time and reason are both always told. */
function readRevoked(element: DerElement, producedAt: Instant): Instant {
  const fields = fieldsOf(element, 'RevokedInfo');
  const at = generalizedTime(fields.next(TAG.generalizedTime, 'revocationTime'), 'revocationTime');
  const tagged = fields.next(contextTag(0, 'constructed'), 'revocationReason');
  const reason = smallInteger(explicit(tagged, 'revocationReason'), 'revocationReason', TAG.enumerated);
  fields.end();
  if (at > producedAt) found('e_ocsp_revocation_not_after_produced_at', formatInstant(at));
  if (!REASONS.has(reason)) found('e_ocsp_reason_is_ours', `reason ${reason}`);
  if (at === 0 && reason !== CERTIFICATE_HOLD) found('e_ocsp_never_issued_is_extended_revoke', `reason ${reason}`);
  return at;
}
