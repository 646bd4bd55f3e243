/**
 * The bodies of EST messages: base64 of DER in both directions, whatever a
 * Content-Transfer-Encoding says (RFC 8951 section 3).
 */
import { type Bytes, fromBase64, latin1, toBase64 } from '../kernel/bytes.js';
import { err, ok, type Result } from '../kernel/result.js';
import { type Fault, fault } from '../texts/text.js';

const SEQUENCE = 0x30;

/**
 * Reads base64 with white space anywhere (RFC 8951 section 3.1) and returns the octets. Their DER
 * is not looked at. PEM and binary DER are refused by name, because both are common mistakes.
 */
export function decodeBody(body: Bytes): Result<Bytes, Fault> {
  // Base64 never has a zero octet. A DER sequence of more than 127 octets has its length after the
  // tag, in octets that are no characters.
  if (body[0] === SEQUENCE && (body[1] ?? 0) >= 0x80) return err(fault('est-body/der'));
  const text = latin1(body);
  if (text.includes('-----BEGIN')) return err(fault('est-body/pem'));
  const characters = text.replace(/[ \t\r\n\f\v]/g, '');
  if (characters === '') return err(fault('est-body/empty'));
  const octets = fromBase64(characters);
  return octets === null ? err(fault('est-body')) : ok(octets);
}

const LINE_CHARACTERS = 64;

/**
 * Base64 in lines of 64 characters, each with a newline: OpenSSL's reader of base64, which older
 * clients use, accepts no longer ones.
 */
export function encodeBody(der: Bytes): string {
  return toBase64(der).replace(new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g'), '$&\n');
}
