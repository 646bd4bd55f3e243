/** RevReqContent and RevRepContent (RFC 9810 5.3.9, 5.3.10). */
import { type DerElement, integerOctets, sequence, sequenceOf, TAG } from '../../asn1/der-reader.js';
import { seq, tagged } from '../../asn1/der-writer.js';
import type { Bytes } from '../../kernel/bytes.js';
import { encodeCertTemplate, encodeExtensionList, readCertTemplate, readExtensionList } from '../crmf/cert-template.js';
import { atLeastOne, explicitOf, opaqueSequence, optionalExplicit, readGeneralName } from '../elements.js';
import type { CertId, RevDetails, RevRepContent } from '../model.js';
import { encodeStatusInfo, readStatusInfo } from '../status-info.js';

/** For use inside `parseDer`, as the others. */
export function readRevReqContent(element: DerElement): readonly RevDetails[] {
  return sequenceOf(element, 'revReqContent').map((details) => {
    const fields = sequence(details, 'revDetails');
    const template = readCertTemplate(fields.next(TAG.sequence, 'certDetails'));
    const extensions = fields.optional(TAG.sequence);
    fields.end();
    return { template, crlEntryDetails: extensions === null ? [] : readExtensionList(extensions) };
  });
}

export function encodeRevReqContent(details: readonly RevDetails[]): Bytes {
  return seq(
    ...details.map(({ template, crlEntryDetails: entry }) =>
      seq(encodeCertTemplate(template), ...(entry.length === 0 ? [] : [encodeExtensionList(entry)])),
    ),
  );
}

export function readRevRepContent(element: DerElement): RevRepContent {
  const fields = sequence(element, 'revRepContent');
  const statuses = atLeastOne(fields.next(TAG.sequence, 'status'), 'status').map((one) =>
    readStatusInfo(one, 'status'),
  );
  const revCerts = optionalExplicit(fields, { number: 0, what: 'revCerts' }, (inner, what) =>
    atLeastOne(inner, what).map(readCertId),
  );
  const crls = optionalExplicit(fields, { number: 1, what: 'crls' }, (inner, what) =>
    atLeastOne(inner, what).map((crl) => opaqueSequence(crl, what)),
  );
  fields.end();
  return { statuses, revCerts: revCerts ?? [], crls: crls ?? [] };
}

export function encodeRevRepContent({ statuses, revCerts, crls }: RevRepContent): Bytes {
  return seq(
    seq(...statuses.map(encodeStatusInfo)),
    ...explicitOf(0, revCerts, (ids) => seq(...ids.map(encodeCertId))),
    ...explicitOf(1, crls, (lists) => seq(...lists)),
  );
}

export function readCertId(element: DerElement): CertId {
  const fields = sequence(element, 'certId');
  const issuer = readGeneralName(fields.any('issuer'), 'issuer');
  const serialNumber = integerOctets(fields.next(TAG.integer, 'serialNumber'), 'serialNumber');
  fields.end();
  return { issuer, serialNumber };
}

export function encodeCertId({ issuer, serialNumber }: CertId): Bytes {
  return seq(issuer.der, tagged(TAG.integer, serialNumber));
}
