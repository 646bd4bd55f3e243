/**
 * Generations of certification authorities. A row is inserted with the first certificate or CRL.
 */
import { present } from '../../kernel/assert.js';
import type { IssuerId } from '../../ports/signer.js';
import { placeholders, rowPlaceholders, statementBatches } from '../engine/many.js';
import type { Session } from '../engine/session.js';

/** `aci-fo-pp` is generation 1 of that authority, `aci-fo-pp-2` generation 2. */
export function generationOf(issuer: IssuerId): { readonly authority: string; readonly generation: number } {
  const [, authority, generation = '1'] = present(/^([a-z0-9-]*?[a-z])(?:-([1-9]\d*))?$/.exec(issuer), 'an issuer id');
  return { authority: present(authority, 'authority of an issuer id'), generation: Number(generation) };
}

export async function registerIssuers(session: Session, issuers: ReadonlySet<IssuerId>): Promise<void> {
  const rows = [...issuers].map((issuer) => ({ issuer, ...generationOf(issuer) }));
  for (const some of statementBatches(rows)) {
    const sql = `insert into issuers (issuer, authority, generation)
      values ${rowPlaceholders(some.length, placeholders(3))} on conflict (issuer) do nothing`;
    const bindings = some.flatMap(({ issuer, authority, generation }) => [issuer, authority, generation]);
    await session.sql(sql, bindings);
  }
}
