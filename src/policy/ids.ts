/**
 * Identifiers of certification authorities. An authority has generations, each with its own key,
 * certificate, CRL and responder. An issuer id names one generation: `aci-fo-pp` is generation 1,
 * `aci-fo-pp-2` the next. Authority ids contain no digits, so that the number at the end is always
 * the generation.
 */
import { assert } from '../kernel/assert.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { IssuerId } from '../ports/signer.js';
import { KEY_TYPES, type KeyType } from '../x509/model.js';
import { GENERATIONS_MAX } from './ceilings.js';

const AUTHORITY_ID = /^[a-z]+(?:-[a-z]+)*$/;
const ISSUER_ID = /^([a-z]+(?:-[a-z]+)*)(?:-([1-9][0-9]{0,2}))?$/;

/** `generation` counts from 1. */
export function issuerIdOf(authority: string, generation: number): IssuerId {
  assert(AUTHORITY_ID.test(authority), `not an authority id: ${authority}`);
  assert(
    Number.isInteger(generation) && generation >= 1 && generation <= GENERATIONS_MAX,
    `not a generation: ${generation}`,
  );
  return (generation === 1 ? authority : `${authority}-${generation}`) as IssuerId;
}

export type ParsedIssuerId = { readonly id: IssuerId; readonly authority: string; readonly generation: number };

/**
 * Each issuer has exactly one id: `aci-fo-pp-1` is rejected, because generation 1 is written
 * without its number.
 */
export function parseIssuerId(text: string): Result<ParsedIssuerId, 'issuer-id-malformed'> {
  const match = ISSUER_ID.exec(text);
  if (match === null) return err('issuer-id-malformed');
  const [, authority = '', number] = match;
  const generation = number === undefined ? 1 : Number(number);
  if (generation > GENERATIONS_MAX || number === '1') return err('issuer-id-malformed');
  return ok({ id: issuerIdOf(authority, generation), authority, generation });
}

/**
 * A key of the delegated responders of an issuer. `keyType` null: the first key; otherwise a
 * further one of that type, which a client may prefer (RFC 6960 4.4.7).
 */
export type ResponderKey = { readonly issuer: IssuerId; readonly keyType: KeyType | null };

/** The key's label on the OCSP token: `aci-fo-pp`, `aci-fo-pp.rsa-2048`. */
export function responderLabel({ issuer, keyType }: ResponderKey): string {
  return keyType === null ? issuer : `${issuer}.${keyType}`;
}

/** The name of the certificate's file: `aci-fo-pp.ocsp.cer`, `aci-fo-pp.ocsp-rsa-2048.cer`. */
export function responderFileName({ issuer, keyType }: ResponderKey): string {
  return keyType === null ? `${issuer}.ocsp.cer` : `${issuer}.ocsp-${keyType}.cer`;
}

/**
 * The name of the file with the certificate by which a later ceremony approved another key for the
 * responders of an issuer: `aci-fo-pp.ocsp-key-2.cer`. The first keys have no number.
 */
export function approvedKeyFileName(issuer: IssuerId, number: number): string {
  return `${issuer}.ocsp-key-${number}.cer`;
}

/** The range of these numbers. Responder keys live for years, so that two digits are enough. */
export const APPROVED_KEYS = { first: 2, last: 99 } as const;

/** All possible names, in order. */
export function approvedKeyFileNames(issuer: IssuerId): readonly string[] {
  const count = APPROVED_KEYS.last - APPROVED_KEYS.first + 1;
  return Array.from({ length: count }, (_, at) => approvedKeyFileName(issuer, APPROVED_KEYS.first + at));
}

export function parseResponderLabel(text: string): Result<ResponderKey, 'issuer-id-malformed'> {
  const [id = '', type, ...more] = text.split('.');
  const parsed = parseIssuerId(id);
  const keyType = KEY_TYPES.find((one) => one === type) ?? null;
  if (!parsed.ok || more.length > 0 || (type !== undefined && keyType === null)) return err('issuer-id-malformed');
  return ok({ issuer: parsed.value.id, keyType });
}

/**
 * The name of the file of a link certificate: `acr-el-2.by-acr-el.cer` has the name and key of
 * `acr-el-2` and the signature of `acr-el`.
 */
export function linkFileName({ subject, issuer }: { readonly subject: IssuerId; readonly issuer: IssuerId }): string {
  return `${subject}.by-${issuer}.cer`;
}

/**
 * The beginning of the issuer's file names at the publication point: `ACI-FO-PP`, `ACI-FO-PP-2`.
 */
export function stemOf(issuer: IssuerId): string {
  return issuer.toUpperCase();
}
