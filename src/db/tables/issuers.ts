/**
 * Reads and writes issuers. The row of an issuer is inserted with its first certificate or CRL.
 * Revoked issuers have a table of their own.
 */
import { present } from '../../kernel/assert.js';
import type { IssuerId } from '../../ports/signer.js';
import type { IssuerReads, IssuerWrites } from '../../ports/store/issuers.js';
import { insert, placeholders, rowPlaceholders, statementBatches } from '../engine/many-rows.js';
import type { Session } from '../engine/session.js';
import { integer, text } from './columns.js';

/**
 * Splits an issuer id: `aci-fo-pp` is generation 1 of the authority `aci-fo-pp`, and `aci-fo-pp-2`
 * is its generation 2.
 */
export function splitIssuerId(issuer: IssuerId): { readonly authority: string; readonly generation: number } {
  const [, authority, generation = '1'] = present(/^([a-z0-9-]*?[a-z])(?:-([1-9]\d*))?$/.exec(issuer), 'an issuer id');
  return { authority: present(authority, 'authority of an issuer id'), generation: Number(generation) };
}

/** Inserts the rows of the issuers that have none yet. */
export async function registerIssuers(session: Session, issuers: ReadonlySet<IssuerId>): Promise<void> {
  const rows = [...issuers].map((issuer) => ({ issuer, ...splitIssuerId(issuer) }));
  for (const batch of statementBatches(rows)) {
    const sql = `insert into issuers (issuer, authority, generation)
      values ${rowPlaceholders(batch.length, placeholders(3))} on conflict (issuer) do nothing`;
    const bindings = batch.flatMap(({ issuer, authority, generation }) => [issuer, authority, generation]);
    await session.sql(sql, bindings);
  }
}

export function issuerReads(session: Session): IssuerReads {
  return {
    revokedIssuers: async () => {
      const rows = await session.sql('select issuer, reason, list_number, at from revoked_issuers');
      return new Map(
        rows.map((row) => {
          const issuer = text(row, 'issuer') as IssuerId;
          const listNumber = integer(row, 'list_number');
          return [issuer, { issuer, reason: text(row, 'reason'), listNumber, at: integer(row, 'at') }];
        }),
      );
    },
  };
}

export function issuerWrites(session: Session): IssuerWrites {
  return {
    insertRevokedIssuers: (revoked) =>
      insert(
        session,
        'revoked_issuers',
        revoked.map(({ issuer, reason, listNumber, at }) => ({ issuer, reason, list_number: listNumber, at })),
      ),
  };
}
