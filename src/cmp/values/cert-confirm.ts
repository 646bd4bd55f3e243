/** CertConfirmContent (RFC 9810 5.3.18). */
import { type DerElement, octetString, sequence, sequenceOf, TAG } from '../../asn1/der-reader.js';
import { octetString as encodeOctetString, seq } from '../../asn1/der-writer.js';
import type { Bytes } from '../../kernel/bytes.js';
import { encodeWholeNumber, explicitOf, optionalExplicit, readAlgorithmIdentifier, wholeNumber } from '../elements.js';
import type { CertStatus } from '../model.js';
import { encodeStatusInfo, readStatusInfo } from '../status-info.js';

/** For use inside `parseDer`. No element at all rejects the certificate (RFC 9810 5.3.18). */
export function readCertConfirm(element: DerElement): readonly CertStatus[] {
  return sequenceOf(element, 'certConf').map((member) => {
    const fields = sequence(member, 'certStatus');
    const certHash = octetString(fields.next(TAG.octetString, 'certHash'), 'certHash');
    const certReqId = wholeNumber(fields.next(TAG.integer, 'certReqId'), 'certReqId');
    const status = fields.optional(TAG.sequence);
    const hashAlg = optionalExplicit(fields, { number: 0, what: 'hashAlg' }, readAlgorithmIdentifier);
    fields.end();
    return { certHash, certReqId, status: status === null ? null : readStatusInfo(status, 'statusInfo'), hashAlg };
  });
}

export function encodeCertConfirm(statuses: readonly CertStatus[]): Bytes {
  return seq(
    ...statuses.map(({ certHash, certReqId, status, hashAlg }) =>
      seq(
        encodeOctetString(certHash),
        encodeWholeNumber(certReqId),
        ...(status === null ? [] : [encodeStatusInfo(status)]),
        ...explicitOf(0, hashAlg, ({ der }) => der),
      ),
    ),
  );
}
