/** CertRepMessage (RFC 9810 5.3.4): the content of ip, cp and kup. */
import { contextTag, type DerElement, explicit, malformed, sequence, sequenceOf, TAG } from '../../asn1/der-reader.js';
import { explicit as encodeExplicit, seq } from '../../asn1/der-writer.js';
import type { Bytes } from '../../kernel/bytes.js';
import {
  asSequence,
  atLeastOne,
  encodeWholeNumber,
  explicitOf,
  opaqueSequence,
  optionalExplicit,
  retagged,
  wholeNumber,
} from '../elements.js';
import type { CertOrEncCert, CertRepMessage, CertResponse } from '../model.js';
import { encodeStatusInfo, readStatusInfo } from '../status-info.js';

/** For use inside `parseDer`. */
export function readCertRepMessage(element: DerElement): CertRepMessage {
  const fields = sequence(element, 'certRepMessage');
  const caPubs = optionalExplicit(fields, { number: 1, what: 'caPubs' }, (inner, what) =>
    atLeastOne(inner, what).map((one) => opaqueSequence(one, what)),
  );
  const responses = sequenceOf(fields.next(TAG.sequence, 'response'), 'response').map(readCertResponse);
  fields.end();
  return { caPubs: caPubs ?? [], responses };
}

function readCertResponse(element: DerElement): CertResponse {
  const fields = sequence(element, 'certResponse');
  const certReqId = wholeNumber(fields.next(TAG.integer, 'certReqId'), 'certReqId');
  const status = readStatusInfo(fields.next(TAG.sequence, 'status'), 'status');
  const pair = fields.optional(TAG.sequence);
  fields.optional(TAG.octetString);
  fields.end();
  return { certReqId, status, certificate: pair === null ? null : readCertifiedKeyPair(pair) };
}

/** CertifiedKeyPair; privateKey and publicationInfo are not used here. */
function readCertifiedKeyPair(element: DerElement): CertOrEncCert {
  const fields = sequence(element, 'certifiedKeyPair');
  const certificate = readCertOrEncCert(fields.any('certOrEncCert'));
  fields.optional(contextTag(0, 'constructed'));
  fields.optional(contextTag(1, 'constructed'));
  fields.end();
  return certificate;
}

const ENVELOPED_DATA = contextTag(0, 'constructed');

function readCertOrEncCert(element: DerElement): CertOrEncCert {
  if (element.tag === contextTag(0, 'constructed'))
    return { kind: 'certificate', der: opaqueSequence(explicit(element, 'certificate'), 'certificate') };
  if (element.tag !== contextTag(1, 'constructed'))
    return malformed(element, 'certOrEncCert: neither certificate nor encryptedCert');
  const encrypted = explicit(element, 'encryptedCert');
  // EncryptedKey is of CRMF's module, which has implicit tags (RFC 4211 2.1).
  if (encrypted.tag === ENVELOPED_DATA) return { kind: 'envelopedData', der: asSequence(encrypted) };
  return { kind: 'encryptedValue', der: opaqueSequence(encrypted, 'encryptedCert') };
}

export function encodeCertRepMessage({ caPubs, responses }: CertRepMessage): Bytes {
  return seq(
    ...explicitOf(1, caPubs, (certificates) => seq(...certificates)),
    seq(...responses.map(encodeCertResponse)),
  );
}

function encodeCertResponse({ certReqId, status, certificate }: CertResponse): Bytes {
  const pair = certificate === null ? [] : [seq(encodeCertOrEncCert(certificate))];
  return seq(encodeWholeNumber(certReqId), encodeStatusInfo(status), ...pair);
}

function encodeCertOrEncCert({ kind, der }: CertOrEncCert): Bytes {
  switch (kind) {
    case 'certificate':
      return encodeExplicit(0, der);
    case 'envelopedData':
      return encodeExplicit(1, retagged(der, ENVELOPED_DATA));
    case 'encryptedValue':
      return encodeExplicit(1, der);
  }
}
