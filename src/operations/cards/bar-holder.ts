/**
 * The bar of a holder whose rights were withdrawn, in the transaction that revokes all of the
 * holder's certificates. The replacements of the holder's cards are given up.
 */
import type { Instant } from '../../kernel/clock.js';
import type { Transaction } from '../../ports/store.js';

type Bar = { readonly holderId: string; readonly actor: string; readonly at: Instant };

/** A holder who is barred already does not change. */
export async function barHolder(tx: Transaction, { holderId, actor, at }: Bar): Promise<void> {
  const [known] = await tx.holdersById([holderId]);
  if (known?.state === 'barred') return;
  await tx.setHolderState(holderId, { state: 'barred', at, actor });
  await tx.appendAudit([{ at, type: 'holder.barred', actor, details: { holder: holderId } }]);
  const replacements = (await tx.proceduresOf([holderId])).filter(({ kind }) => kind === 'replacement');
  for (const { reference } of replacements) await tx.setReplacement(reference, null);
  await tx.closeProcedures(
    'replacement',
    replacements.map(({ reference }) => reference),
  );
}
