/** CertReqMessages (RFC 4211 section 3): the content of ir, cr and kur. */
import { type DerElement, objectIdentifier, sequence, TAG } from '../../asn1/der-reader.js';
import { seq } from '../../asn1/der-writer.js';
import type { Bytes } from '../../kernel/bytes.js';
import { atLeastOne, encodeInfoTypeAndValue, encodeWholeNumber, wholeNumber } from '../elements.js';
import type { CertReqMsg, CertRequest, InfoTypeAndValue } from '../model.js';
import { encodeCertTemplate, readCertTemplate } from './cert-template.js';
import { encodeProof, isProofTag, readProof } from './proof-of-possession.js';

/** For use inside `parseDer`. */
export function readCertReqMessages(element: DerElement): readonly CertReqMsg[] {
  return atLeastOne(element, 'certReqMessages').map(readCertReqMsg);
}

function readCertReqMsg(element: DerElement): CertReqMsg {
  const fields = sequence(element, 'certReqMsg');
  const request = readCertRequest(fields.next(TAG.sequence, 'certReq'));
  // regInfo has the tag of a SEQUENCE, and each alternative of popo has one of its own.
  const second = fields.more() ? fields.any('popo') : null;
  const isProof = second !== null && isProofTag(second.tag);
  const regInfo = isProof ? fields.optional(TAG.sequence) : second;
  fields.end();
  if (regInfo !== null) readControls(regInfo, 'regInfo');
  return { request, proof: isProof ? readProof(second) : null };
}

function readCertRequest(element: DerElement): CertRequest {
  const fields = sequence(element, 'certReq');
  const certReqId = wholeNumber(fields.next(TAG.integer, 'certReqId'), 'certReqId');
  const template = readCertTemplate(fields.next(TAG.sequence, 'certTemplate'));
  const controls = fields.optional(TAG.sequence);
  fields.end();
  return {
    der: element.whole,
    certReqId,
    template,
    controls: controls === null ? [] : readControls(controls, 'controls'),
  };
}

/** Controls, and other lists of AttributeTypeAndValue: at least one, each with its value. */
function readControls(element: DerElement, what: string): readonly InfoTypeAndValue[] {
  return atLeastOne(element, what).map((member) => {
    const fields = sequence(member, what);
    const oid = objectIdentifier(fields.next(TAG.oid, 'type'), 'type');
    const value = fields.any('value').whole;
    fields.end();
    return { oid, value };
  });
}

export function encodeCertReqMessages(messages: readonly CertReqMsg[]): Bytes {
  return seq(
    ...messages.map(({ request, proof }) => seq(request.der, ...(proof === null ? [] : [encodeProof(proof)]))),
  );
}

/** A CertRequest with its encoding, which is what a signature as proof of possession covers. */
export function certRequest({ certReqId, template, controls }: Omit<CertRequest, 'der'>): CertRequest {
  const der = seq(
    encodeWholeNumber(certReqId),
    encodeCertTemplate(template),
    ...(controls.length === 0 ? [] : [encodeControls(controls)]),
  );
  return { der, certReqId, template, controls };
}

function encodeControls(controls: readonly InfoTypeAndValue[]): Bytes {
  return seq(...controls.map(encodeInfoTypeAndValue));
}
