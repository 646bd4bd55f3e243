/** PKIStatusInfo (RFC 9810 5.2.3). */
import { type DerElement, malformed, namedBits, parseDer, sequence, TAG } from '../asn1/der-reader.js';
import { namedBits as encodeNamedBits, integer, seq } from '../asn1/der-writer.js';
import type { Bytes } from '../kernel/bytes.js';
import { err, type Result } from '../kernel/result.js';
import { encodeFreeText, readFreeText, wholeNumber } from './elements.js';
import { type CmpFault, FAIL_INFOS, type FailInfo, PKI_STATUSES, type StatusInfo } from './model.js';

/** Faults of CMP, and which of them the failures of operations are. */

const TEXTS_MAX = 4;
const CHARACTERS_MAX = 500;

/** What a text quotes of a message may be as long as the message. */
function shortened(text: readonly string[]): readonly string[] {
  return text.slice(0, TEXTS_MAX).map((one) => one.slice(0, CHARACTERS_MAX));
}

/** A fault that is answered with an error message. `text`: one English sentence or more. */
export function errorFault(failInfo: FailInfo, ...text: readonly string[]): CmpFault {
  return { failInfo, text: shortened(text), at: 'error' };
}

/** A fault that is answered with a rejection in ip, cp, kup or rp (RFC 9483 3.6.2). */
export function bodyFault(failInfo: FailInfo, ...text: readonly string[]): CmpFault {
  return { failInfo, text: shortened(text), at: 'body' };
}

/**
 * `parseDer` with the fault of check A1: octets that are no DER, or not of the type of the ASN.1
 * module. `part`: where the octets that the fault counts begin.
 */
export function parse<Value>(
  der: Bytes,
  read: (root: DerElement) => Value,
  part: 'message' | 'body' = 'message',
): Result<Value, CmpFault> {
  const parsed = parseDer(der, read);
  if (parsed.ok) return parsed;
  const { offset, rule } = parsed.error;
  return err(errorFault('badDataFormat', `The ${part} is malformed at octet ${offset}: ${rule}.`));
}

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
