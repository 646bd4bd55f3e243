/**
 * Names of certification authorities. An authority has generations, each with its own key, certificate, CRL and responder;
 * an issuer id names one of them: `aci-fo-pp` is generation 1, `aci-fo-pp-2` the next. Authority ids carry no digits, so
 * that the number at the end can be nothing else.
 */
import { assert } from '../kernel/assert.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { IssuerId } from '../ports/signer.js';
import { GENERATIONS_MAX } from './ceilings.js';

const AUTHORITY_ID = /^[a-z]+(?:-[a-z]+)*$/;
const ISSUER_ID = /^([a-z]+(?:-[a-z]+)*)(?:-([1-9][0-9]{0,2}))?$/;

/** Generation from 1. */
export function issuerIdOf(authority: string, generation: number): IssuerId {
  assert(AUTHORITY_ID.test(authority), `not an authority id: ${authority}`);
  assert(
    Number.isInteger(generation) && generation >= 1 && generation <= GENERATIONS_MAX,
    `not a generation: ${generation}`,
  );
  return (generation === 1 ? authority : `${authority}-${generation}`) as IssuerId;
}

export type ParsedIssuerId = { readonly id: IssuerId; readonly authority: string; readonly generation: number };

/** One text per issuer: `aci-fo-pp-1` is refused, generation 1 is written without its number. */
export function parseIssuerId(text: string): Result<ParsedIssuerId, 'issuer-id-malformed'> {
  const match = ISSUER_ID.exec(text);
  if (match === null) return err('issuer-id-malformed');
  const [, authority = '', number] = match;
  const generation = number === undefined ? 1 : Number(number);
  if (generation > GENERATIONS_MAX || number === '1') return err('issuer-id-malformed');
  return ok({ id: issuerIdOf(authority, generation), authority, generation });
}

/** Name of its files at the publication point: `ACI-FO-PP`, `ACI-FO-PP-2`. */
export function stemOf(issuer: IssuerId): string {
  return issuer.toUpperCase();
}
