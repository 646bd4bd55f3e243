/** Faults of CMP, and which of them the failures of operations are. */
import { type DerElement, parseDer } from '../asn1/der-reader.js';
import type { Bytes } from '../kernel/bytes.js';
import { err, type Result } from '../kernel/result.js';
import type { CmpFault, FailInfo } from './model.js';

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
