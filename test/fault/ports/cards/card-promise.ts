/** The promise of cards and holders: what the audit log says of them is so. */
import type { RawDatabase } from '../../../support/db/raw.js';
import type { AuditRecord } from '../facts.js';
import type { Facts } from '../promises.js';

/** Numbers of rows. */
export type CardRows = {
  readonly opposed: number;
  readonly returned: number;
  readonly barred: number;
  /** Cards whose replacement is under way. */
  readonly replaced: number;
  /** Open procedures of replacements. */
  readonly procedures: number;
};

const ROWS_SQL = `select
  (select count(*) from cards where state = 'opposed') as opposed,
  (select count(*) from cards where state = 'returned') as returned,
  (select count(*) from holders where state = 'barred') as barred,
  (select count(*) from cards where replaced_until is not null) as replaced,
  (select count(*) from open_procedures where kind = 'replacement') as procedures`;

export async function cardRowsOf(raw: RawDatabase): Promise<CardRows> {
  const [row] = await raw.all(ROWS_SQL);
  const count = (name: keyof CardRows): number => Number(row?.[name]);
  return {
    opposed: count('opposed'),
    returned: count('returned'),
    barred: count('barred'),
    replaced: count('replaced'),
    procedures: count('procedures'),
  };
}

/** No scenario takes a card back into use, so each end has one entry and one row. */
export function halfEnded({ crashed, settled }: Facts): readonly string[] {
  return [crashed, settled].flatMap(({ cards, audit }) => {
    const entries = (type: AuditRecord['type']): number => audit.filter((one) => one.type === type).length;
    const pairs = [
      ['opposed cards and their entries', cards.opposed, entries('card.opposed')],
      ['returned cards and their entries', cards.returned, entries('card.returned')],
      ['barred holders and their entries', cards.barred, entries('holder.barred') - entries('holder.unbarred')],
      ['replaced cards and their procedures', cards.replaced, cards.procedures],
    ] as const;
    return pairs.flatMap(([what, one, other]) => (one === other ? [] : [`${what}: ${one} and ${other}`]));
  });
}
