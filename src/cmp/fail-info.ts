/** Faults of CMP, and which of them the failures of operations are. */
import { type DerElement, type DerFailure, parseDer } from '../asn1/der-reader.js';
import type { Bytes } from '../kernel/bytes.js';
import { err, type Result } from '../kernel/result.js';
import type { CmpFault, FailInfo } from './model.js';

/** A fault that is answered with an error message. `text`: one English sentence or more. */
export function errorFault(failInfo: FailInfo, ...text: readonly string[]): CmpFault {
  return { failInfo, text, at: 'error' };
}

/** A fault that is answered with a rejection in ip, cp, kup or rp (RFC 9483 3.6.2). */
export function bodyFault(failInfo: FailInfo, ...text: readonly string[]): CmpFault {
  return { failInfo, text, at: 'body' };
}

/** Check A1: octets that are no DER, or not of the type of the ASN.1 module. */
export function malformedFault({ offset, rule }: DerFailure): CmpFault {
  return errorFault('badDataFormat', `The message is malformed at octet ${offset}: ${rule}.`);
}

/** `parseDer` with the fault of check A1. */
export function parse<Value>(der: Bytes, read: (root: DerElement) => Value): Result<Value, CmpFault> {
  const parsed = parseDer(der, read);
  return parsed.ok ? parsed : err(malformedFault(parsed.error));
}
