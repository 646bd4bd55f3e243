/**
 * Revokes everything on a card, or everything of a holder, in one transaction that also changes the
 * states of cards and holders.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { CARD_EVENT_OF_REASON } from '../../lifecycle/card-states.js';
import { isCertificate, statusEvents, statusOf } from '../../lifecycle/certificate-states.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Transaction } from '../../ports/store.js';
import { text } from '../../texts/text.js';
import { barHolder } from '../cards/bar-holder.js';
import { cardsOfRecords, endCards } from '../cards/end-cards.js';
import { coversBlankCard } from '../cards/visible-card.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { actorOfAuthor, isVisibleTo, mayChange, storeProof } from './author.js';
import {
  changeSameKeys,
  checkCommand,
  decideAll,
  finalReason,
  type RevokeCommand,
  revocationOfLive,
  shownOf,
  withdrawn,
  writeAll,
} from './revoke.js';

/**
 * Revokes all certificates on a lost card, and for keyCompromise all with their keys. Revoked ones
 * are not changed. The card is opposed or returned with them, unless they were superseded.
 */
export async function revokeCard(
  world: World,
  tokenId: string,
  command: RevokeCommand,
): Promise<Result<readonly CertificateRecord[], OperationFailure>> {
  return revokeAll(world, command, {
    find: (tx) => tx.certificatesOfCards([tokenId]),
    nothing: text('no-certificate-on-card', { card: tokenId }),
    isKnown: (tx) => mayEndBlankCard(tx, tokenId, command),
    permits: (records) => mayRevokeLive(command, records, world.clock()),
    also: async (tx, records, at) => {
      const event = CARD_EVENT_OF_REASON[finalReason(command)];
      if (event !== 'return' && event !== 'oppose') return;
      const blank = records.length === 0 ? await tx.cardsById([tokenId]) : [];
      const cards = [...cardsOfRecords(records), ...blank.map((card) => ({ ...card, account: null }))];
      await endCards(tx, { cards, event, reason: command.reason, actor: actorOfAuthor(command), at });
    },
  });
}

/**
 * Revokes all certificates of a person, for example a professional who was struck off or has left.
 * For privilegeWithdrawn the person is barred, too.
 */
export async function revokeHolder(
  world: World,
  idNat: string,
  command: RevokeCommand,
): Promise<Result<readonly CertificateRecord[], OperationFailure>> {
  return revokeAll(world, command, {
    find: (tx) => tx.certificatesOfHolder(idNat),
    nothing: text('no-certificate-of-holder', { holder: idNat }),
    isKnown: async () => false,
    // The bar is about the person, so whoever gives it must be able to revoke everything.
    permits: (records) =>
      command.reason === 'privilegeWithdrawn' ? mayRevokeLive(command, records, world.clock()) : ok(undefined),
    also: async (tx, _, at) => {
      if (command.reason === 'privilegeWithdrawn')
        await barHolder(tx, { holderId: idNat, actor: actorOfAuthor(command), at });
    },
  });
}

async function revokeAll(
  world: World,
  command: RevokeCommand,
  which: {
    readonly find: (tx: Transaction) => Promise<readonly CertificateRecord[]>;
    readonly nothing: Bilingual;
    /** Whether there is something to change although there is no certificate. */
    readonly isKnown: (tx: Transaction) => Promise<boolean>;
    /** Whether the author may do it to all that is found, and not only to what it may see. */
    readonly permits: (found: readonly CertificateRecord[]) => Result<void, OperationFailure>;
    /** What else changes in the transaction. */
    readonly also: (tx: Transaction, records: readonly CertificateRecord[], at: Instant) => Promise<void>;
  },
): Promise<Result<readonly CertificateRecord[], OperationFailure>> {
  const checked = checkCommand(world, command);
  if (!checked.ok) return checked;
  const change = revocationOfLive(command, world.clock());
  const touched: CertificateRecord[] = [];
  const outcome = await world.store.transaction(async (tx) => {
    const found = await which.find(tx);
    const visible = found.filter((record) => isVisibleTo(command, record));
    if (visible.length === 0 && (found.length > 0 || !(await which.isKnown(tx))))
      return err<OperationFailure>({ kind: 'not-found', message: which.nothing });
    const permitted = which.permits(found);
    if (!permitted.ok) return permitted;
    touched.push(...visible);
    const decided = decideAll(visible, change);
    if (!decided.ok) return decided;
    const at = world.clock();
    await writeAll(tx, { change, changed: decided.value, at });
    await tx.publish(statusEvents(decided.value, at));
    await which.also(tx, visible, at);
    await storeProof(world, tx, command);
    const changed = new Map(decided.value.map((record) => [record.id, record]));
    const after = visible.map((record) => changed.get(record.id) ?? record);
    const others = await changeSameKeys(world, tx, { records: after, change, touched });
    return others.ok ? ok({ after, others: others.value }) : others;
  });
  if (!outcome.ok) return withdrawn(world, touched, outcome.error);
  const changed = outcome.value;
  if (!changed.ok) return changed;
  const { after, others } = changed.value;
  world.statusChanged([...after, ...others]);
  return ok([...after.filter(isCertificate), ...shownOf(change, others)]);
}

/**
 * A card ends as a whole, and so do the rights of a person. If one of them ended on the request of
 * somebody who may revoke only a part, the other certificates would stay good on a card that nobody
 * looks after, or for a person who gets no others.
 */
function mayRevokeLive(
  author: RevokeCommand,
  records: readonly CertificateRecord[],
  now: Instant,
): Result<void, OperationFailure> {
  for (const record of records) {
    const status = statusOf(record, now);
    if (status === 'revoked' || status === 'expired') continue;
    const permitted = mayChange(author, 'revoke', record);
    if (!permitted.ok) return permitted;
  }
  return ok(undefined);
}

/** A card can be lost before it has a certificate. Then the account must cover its holder. */
async function mayEndBlankCard(tx: Transaction, tokenId: string, author: RevokeCommand): Promise<boolean> {
  if (!('account' in author)) return false;
  const [card] = await tx.cardsById([tokenId]);
  return card !== undefined && coversBlankCard(tx, card, { account: author.account, action: 'revoke' });
}
