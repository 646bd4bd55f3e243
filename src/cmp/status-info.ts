/** PKIStatusInfo (RFC 9810 5.2.3). */
import { type DerElement, malformed, namedBits, sequence, TAG } from '../asn1/der-reader.js';
import { namedBits as encodeNamedBits, integer, seq } from '../asn1/der-writer.js';
import type { Bytes } from '../kernel/bytes.js';
import { encodeFreeText, readFreeText, wholeNumber } from './elements.js';
import { type CmpFault, FAIL_INFOS, PKI_STATUSES, type StatusInfo } from './model.js';

/** For use inside `parseDer`. */
export function readStatusInfo(element: DerElement, what: string): StatusInfo {
  const fields = sequence(element, what);
  const status = readStatus(fields.next(TAG.integer, 'status'));
  const text = fields.optional(TAG.sequence);
  const bits = fields.optional(TAG.bitString);
  fields.end();
  return {
    status,
    text: text === null ? [] : readFreeText(text, 'statusString'),
    failInfo: (bits === null ? [] : namedBits(bits, 'failInfo')).flatMap((bit) => FAIL_INFOS[bit] ?? []),
  };
}

function readStatus(element: DerElement): StatusInfo['status'] {
  return PKI_STATUSES[wholeNumber(element, 'status')] ?? malformed(element, 'status: not a PKIStatus');
}

export function encodeStatusInfo({ status, text, failInfo }: StatusInfo): Bytes {
  return seq(
    integer(PKI_STATUSES.indexOf(status)),
    ...(text.length === 0 ? [] : [encodeFreeText(text)]),
    ...(failInfo.length === 0 ? [] : [encodeNamedBits(failInfo.map((name) => FAIL_INFOS.indexOf(name)))]),
  );
}

const ACCEPTED: StatusInfo = { status: 'accepted', text: [], failInfo: [] };

/** What a fault is in the status of an answer; null: the request was accepted. */
export function statusOf(fault: Pick<CmpFault, 'failInfo' | 'text'> | null): StatusInfo {
  return fault === null ? ACCEPTED : { status: 'rejection', text: fault.text, failInfo: [fault.failInfo] };
}
