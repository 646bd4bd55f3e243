/**
 * Decodes ResponseData (RFC 6960 4.2.1) with the strict reader. The rules check what it means. For
 * use inside `parseDer`.
 */
import {
  contextTag,
  type DerElement,
  expectTag,
  explicit,
  fieldsOf,
  generalizedTime,
  integerOctets,
  nullValue,
  objectIdentifier,
  octetString,
  parseDer,
  sequence,
  sequenceOf,
  smallInteger,
  TAG,
} from '../../asn1/der-reader.js';
import { OID } from '../../asn1/oids.js';
import { readExtensions } from '../../x509/certificate/extension-reader.js';
import type { Extension } from '../../x509/model.js';
import { HASHES } from './cert-id.js';
import type { OcspResponseView, OcspSingle } from './subjects.js';

export function readResponseData(root: DerElement): OcspResponseView {
  const fields = sequence(root, 'ResponseData');
  const version = fields.optional(contextTag(0, 'constructed'));
  const responder = fields.any('responderID');
  const isNamed = responder.tag === contextTag(1, 'constructed');
  if (!isNamed) expectTag(responder, contextTag(2, 'constructed'), 'responderID');
  const id = explicit(responder, 'responderID');
  const producedAt = generalizedTime(fields.next(TAG.generalizedTime, 'producedAt'), 'producedAt');
  const singles = sequenceOf(fields.next(TAG.sequence, 'responses'), 'responses').map(readSingle);
  const extensions = extensionsIn(fields.optional(contextTag(1, 'constructed')), 'responseExtensions');
  fields.end();
  const nonce = extensions.find(({ oid }) => oid === OID.ocspNonce);
  const revoke = extensions.find(({ oid }) => oid === OID.ocspExtendedRevoke);
  const empty = revoke === undefined ? null : parseDer(revoke.value, (value) => nullValue(value, 'extendedRevoke'));
  return {
    version: version === null ? null : smallInteger(explicit(version, 'version'), 'version'),
    responderName: isNamed ? expectTag(id, TAG.sequence, 'byName').whole : null,
    responderKeyHash: isNamed ? null : octetString(id, 'byKey'),
    producedAt,
    singles,
    extensions,
    nonceOctets: nonce === undefined ? null : nonceLength(nonce),
    isExtendedRevoke: revoke !== undefined,
    extendedRevokeFault: empty === null || empty.ok ? null : empty.error.rule,
  };
}

/** The length of the OCTET STRING in the extension, or of its value if that is none. */
function nonceLength({ value }: Extension): number {
  const wrapped = parseDer(value, (root) => octetString(root, 'nonce').length);
  return wrapped.ok ? wrapped.value : value.length;
}

function extensionsIn(tagged: DerElement | null, what: string): readonly Extension[] {
  return tagged === null ? [] : readExtensions(explicit(tagged, what), what);
}

function readSingle(element: DerElement): OcspSingle {
  const fields = sequence(element, 'SingleResponse');
  const certId = fields.next(TAG.sequence, 'certID');
  const id = readCertId(certId);
  const status = readStatus(fields.any('certStatus'));
  const thisUpdate = generalizedTime(fields.next(TAG.generalizedTime, 'thisUpdate'), 'thisUpdate');
  const next = fields.optional(contextTag(0, 'constructed'));
  const nextUpdate = next === null ? null : generalizedTime(explicit(next, 'nextUpdate'), 'nextUpdate');
  const extensions = extensionsIn(fields.optional(contextTag(1, 'constructed')), 'singleExtensions');
  fields.end();
  const cutoff = extensions.find(({ oid }) => oid === OID.ocspArchiveCutoff);
  const { statusFault, revokedAt, reason } = status;
  const { hash, hashOid, hashHasParameters, nameHash, keyHash, serial } = id;
  // Written out, because a copy by spreading costs more than reading it.
  return {
    certId: certId.whole,
    hash,
    hashOid,
    hashHasParameters,
    nameHash,
    keyHash,
    serial,
    status: status.status,
    statusFault,
    revokedAt,
    reason,
    thisUpdate,
    nextUpdate,
    extensions,
    archiveCutoff:
      cutoff === undefined ? null : parseDer(cutoff.value, (root) => generalizedTime(root, 'archiveCutoff')),
  };
}

type CertIdFields = 'hash' | 'hashOid' | 'hashHasParameters' | 'nameHash' | 'keyHash' | 'serial';

function readCertId(element: DerElement): Pick<OcspSingle, CertIdFields> {
  const fields = sequence(element, 'CertID');
  const algorithm = sequence(fields.next(TAG.sequence, 'hashAlgorithm'), 'hashAlgorithm');
  const hashOid = objectIdentifier(algorithm.next(TAG.oid, 'algorithm'), 'algorithm');
  const parameters = algorithm.more() ? algorithm.any('parameters') : null;
  algorithm.end();
  const nameHash = octetString(fields.next(TAG.octetString, 'issuerNameHash'), 'issuerNameHash');
  const keyHash = octetString(fields.next(TAG.octetString, 'issuerKeyHash'), 'issuerKeyHash');
  const serial = integerOctets(fields.next(TAG.integer, 'serialNumber'), 'serialNumber');
  fields.end();
  const isNull = parameters === null || (parameters.tag === TAG.null && parameters.content.length === 0);
  const hash = HASHES.get(hashOid) ?? null;
  return { hash, hashOid, hashHasParameters: !isNull, nameHash, keyHash, serial };
}

type Status = Pick<OcspSingle, 'status' | 'statusFault' | 'revokedAt' | 'reason'>;

const UNKNOWN: Status = { status: 'unknown', statusFault: null, revokedAt: null, reason: null };

function readStatus(element: DerElement): Status {
  switch (element.tag) {
    case contextTag(0, 'primitive'):
    case contextTag(2, 'primitive'):
      if (element.content.length !== 0) return { ...UNKNOWN, statusFault: 'NULL with content' };
      return element.tag === contextTag(0, 'primitive') ? { ...UNKNOWN, status: 'good' } : UNKNOWN;
    case contextTag(1, 'constructed'):
      return readRevoked(element);
    default:
      return { ...UNKNOWN, statusFault: `tag ${element.tag}` };
  }
}

function readRevoked(element: DerElement): Status {
  const fields = fieldsOf(element, 'RevokedInfo');
  const revokedAt = generalizedTime(fields.next(TAG.generalizedTime, 'revocationTime'), 'revocationTime');
  const tagged = fields.optional(contextTag(0, 'constructed'));
  fields.end();
  const reason =
    tagged === null ? null : smallInteger(explicit(tagged, 'revocationReason'), 'revocationReason', TAG.enumerated);
  return { status: 'revoked', statusFault: null, revokedAt, reason };
}
