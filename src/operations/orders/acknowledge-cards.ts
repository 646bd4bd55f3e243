/**
 * What card bureaus report about the cards of an order: written, failed or scrapped, with the
 * hashes of the certificates that were read back from the card. An acknowledgement is a record;
 * only that of a scrapped card changes certificates: it revokes them, and returns the card, in the
 * same transaction.
 *
 * Each answer says whether the certificates of the card are still live. If not, the card must not
 * leave the bureau.
 */
import { accountFault } from '../../access/account.js';
import { decideAccess, decideReason, notPermitted, subjectOf } from '../../access/decide.js';
import { accountActor } from '../../audit/actors.js';
import type { AuditEvent } from '../../audit/events.js';
import { present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import { ok, type Result } from '../../kernel/result.js';
import { statusEvents, statusOf } from '../../lifecycle/certificate-states.js';
import { certificatesOfResult } from '../../orders/results.js';
import { readBackEvent } from '../../orders/webhooks.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { AcknowledgedOutcome, Acknowledgement } from '../../ports/store/orders/acknowledgements.js';
import type { Order, SettledLine } from '../../ports/store/orders.js';
import type { Transaction } from '../../ports/store.js';
import { cardsOfRecords, endCards } from '../cards/end-cards.js';
import type { OperationFailure } from '../failures.js';
import { alteredBy, revocationOfLive, writeAll } from '../revocation/revoke.js';
import type { World } from '../world.js';
import type { Pages } from './line-pages.js';
import { visibleOrder } from './visible-order.js';

/** What the bureau says of one card. */
export type CardReport = {
  readonly line: number;
  /** Token id. */
  readonly card: string;
  readonly outcome: AcknowledgedOutcome;
  /** SHA-256 hex of the certificates that were read back. */
  readonly onCard: readonly string[];
  readonly at: Instant;
};

export const ACKNOWLEDGEMENT_RESULTS = [
  'accepted',
  /** It was accepted before. */
  'repeated',
  /** The certificates on the card are not those of the line. It is stored. */
  'read-back-differs',
  /** The order has no such line with certificates, or it is of another card. */
  'unknown-line',
  /** Another outcome was accepted before, or there were too many attempts. */
  'conflict',
] as const;
type AcknowledgementResult = (typeof ACKNOWLEDGEMENT_RESULTS)[number];

export type AcknowledgementAnswer = {
  readonly line: number;
  readonly result: AcknowledgementResult;
  /** false: a certificate of the card is revoked, suspended or expired, or is not known. */
  readonly live: boolean;
};

type CardReports = { readonly account: Account; readonly order: Order; readonly reports: readonly CardReport[] };

/** A card that cannot be written is scrapped long before. */
const ATTEMPTS_MAX = 100;

export function orderToAcknowledge(
  world: World,
  account: Account,
  id: string,
): Promise<Result<Order, OperationFailure>> {
  return visibleOrder(world, account, { id, action: 'acknowledge-cards' });
}

/** Answers in the order of the reports. They are stored together, or none of them. */
export async function acknowledgeCards(
  world: World,
  asked: CardReports,
): Promise<Result<readonly AcknowledgementAnswer[], OperationFailure>> {
  const touched: CertificateRecord[] = [];
  const answered = await world.store.transaction(
    async (tx): Promise<Result<readonly AcknowledgementAnswer[], OperationFailure>> => {
      // An upload takes up to hours, and its account may have ended or been disabled meanwhile.
      const account = present(
        (await tx.accounts()).find(({ id }) => id === asked.account.id),
        'the account of an upload',
      );
      const ended = accountFault(account, world.clock());
      const permitted = ended === null ? decideAccess(account, 'acknowledge-cards', null) : notPermitted(ended);
      return permitted.ok ? ok(await acknowledge(world, tx, { ...asked, account, touched })) : permitted;
    },
  );
  // Reported even if the result of the commit was lost, because it may have taken effect.
  if (touched.length > 0) world.statusChanged(touched);
  return answered.ok ? answered.value : answered;
}

/** One audit entry for an upload, with how many of its lines had each result. */
export async function recordAcknowledgements(
  { store, clock }: World,
  { account, order, results }: Omit<CardReports, 'reports'> & { readonly results: Readonly<Record<string, number>> },
): Promise<Result<void, StoreFailure>> {
  const details = { id: order.id, results };
  const recorded = await store.transaction((tx) =>
    tx.appendAudit([{ at: clock(), type: 'card.acknowledged', actor: accountActor(account.id), details }]),
  );
  return recorded.ok ? ok(undefined) : recorded;
}

/** Everything that was stored for an order, by line and attempt. */
export async function readAcknowledgements(
  world: World,
  account: Account,
  id: string,
): Promise<Result<Pages<Acknowledgement>, OperationFailure>> {
  const order = await visibleOrder(world, account, { id, action: 'read-order-lines' });
  return order.ok ? ok(acknowledgementPages(world, id)) : order;
}

const ACKNOWLEDGEMENTS_A_PAGE = 1_000;

async function* acknowledgementPages({ store }: World, orderId: string): Pages<Acknowledgement> {
  let after = { line: 0, attempt: 0 };
  for (;;) {
    const from = after;
    const page = await store.read((reads) =>
      reads.acknowledgementsAfter({ orderId, after: from, limit: ACKNOWLEDGEMENTS_A_PAGE }),
    );
    yield page;
    const last = page.ok ? page.value.at(-1) : undefined;
    if (last === undefined) return;
    after = last;
  }
}

/** A line of the order that has certificates. */
type CardLine = {
  readonly line: SettledLine;
  readonly hashes: readonly string[];
  /** Ids of its certificates. */
  readonly ids: readonly string[];
  /** All lines share them, as they are now, by id: several lines may have the same certificates. */
  readonly certificates: Map<string, CertificateRecord>;
  readonly history: Acknowledgement[];
};

function recordsOf({ ids, certificates }: CardLine): readonly CertificateRecord[] {
  return ids.flatMap((id) => certificates.get(id) ?? []);
}

async function acknowledge(
  world: World,
  tx: Transaction,
  { account, order, reports, touched }: CardReports & { readonly touched: CertificateRecord[] },
): Promise<readonly AcknowledgementAnswer[]> {
  const now = world.clock();
  const known = await readLines(tx, order, reports);
  const stored: Acknowledgement[] = [];
  const events: AuditEvent[] = [];
  const answers: AcknowledgementAnswer[] = [];
  for (const report of reports) {
    const found = known.get(report.line);
    const card = found?.line.cardTokenId === report.card ? found : undefined;
    const { result, isNew } = card === undefined ? UNKNOWN : judge(card, report);
    if (card !== undefined && isNew) {
      const acknowledgement = storedForm(report, { card, account, result, receivedAt: now });
      card.history.push(acknowledgement);
      stored.push(acknowledgement);
      const facts = { id: order.id, line: report.line, card: report.card };
      if (result === 'read-back-differs') {
        events.push({ at: now, type: 'card.read-back-differs', actor: accountActor(account.id), details: facts });
        await tx.publish([readBackEvent(order, report.line, now)]);
      }
      if (report.outcome === 'scrapped') {
        const counts = await revokeScrapped(tx, { account, card, touched, now });
        events.push({
          at: now,
          type: 'card.scrapped',
          actor: accountActor(account.id),
          details: { ...facts, ...counts },
        });
      }
    }
    answers.push({ line: report.line, result, live: card !== undefined && isLive(card, now) });
  }
  if (stored.length > 0) await tx.insertAcknowledgements(stored);
  if (events.length > 0) await tx.appendAudit(events);
  return answers;
}

type Judgement = { readonly result: AcknowledgementResult; readonly isNew: boolean };

const UNKNOWN: Judgement = { result: 'unknown-line', isNew: false };

/**
 * A card is written or scrapped once; a failure may be followed by anything. A report that was
 * stored before is a repetition, also if other attempts followed it, because an upload that broke
 * off is sent again from its beginning.
 */
function judge({ hashes, history }: CardLine, { outcome, onCard, at }: CardReport): Judgement {
  const read = setOf(onCard);
  const result = outcome !== 'written' || sameSet(read, setOf(hashes)) ? 'accepted' : 'read-back-differs';
  const isRepeated = history.some(
    (one) => one.outcome === outcome && one.writtenAt === at && sameSet(one.onCard, read),
  );
  if (isRepeated) return { result: result === 'accepted' ? 'repeated' : result, isNew: false };
  const final = history.find((one) => one.result === 'accepted' && one.outcome !== 'failed');
  if (final !== undefined && final.outcome !== outcome) return { result: 'conflict', isNew: false };
  if (final !== undefined && result === 'accepted') return { result: 'repeated', isNew: false };
  return history.length < ATTEMPTS_MAX ? { result, isNew: true } : { result: 'conflict', isNew: false };
}

/** Sorted, each once. */
function setOf(hashes: readonly string[]): readonly string[] {
  return [...new Set(hashes)].sort();
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((hash, at) => hash === other[at]);
}

function storedForm(
  { line, outcome, onCard, at }: CardReport,
  {
    card,
    account,
    result,
    receivedAt,
  }: {
    readonly card: CardLine;
    readonly account: Account;
    readonly result: AcknowledgementResult;
    readonly receivedAt: Instant;
  },
): Acknowledgement {
  return {
    orderId: card.line.orderId,
    line,
    attempt: card.history.length + 1,
    outcome,
    onCard: setOf(onCard),
    writtenAt: at,
    accountId: account.id,
    receivedAt,
    result: result === 'read-back-differs' ? result : 'accepted',
  };
}

function isLive(card: CardLine, now: Instant): boolean {
  return recordsOf(card).every((record) => {
    const status = statusOf(record, now);
    return status === 'issued' || status === 'pending';
  });
}

async function readLines(
  tx: Transaction,
  { id }: Order,
  reports: readonly CardReport[],
): Promise<ReadonlyMap<number, CardLine>> {
  const numbers = [...new Set(reports.map(({ line }) => line))];
  const lines = (await tx.orderLines(id, numbers)).filter((line) => certificatesOfResult(line).length > 0);
  const ids = lines.flatMap((line) => certificatesOfResult(line).map((one) => one.id));
  const found = await tx.certificatesByIds([...new Set(ids)]);
  const shared = new Map(found.map((record) => [record.id, record]));
  const earlier = await tx.acknowledgementsOf(id, numbers);
  return new Map(
    lines.map((line) => {
      const certificates = certificatesOfResult(line);
      const card = {
        line,
        hashes: certificates.map(({ sha256 }) => sha256),
        ids: certificates.map((one) => one.id),
        certificates: shared,
        history: earlier.filter((one) => one.line === line.line),
      };
      return [line.line, card];
    }),
  );
}

/** Revokes the certificates that the account may revoke; the others are kept. */
async function revokeScrapped(
  tx: Transaction,
  {
    account,
    card,
    touched,
    now,
  }: {
    readonly account: Account;
    readonly card: CardLine;
    readonly touched: CertificateRecord[];
    readonly now: Instant;
  },
): Promise<{ readonly revoked: number; readonly kept: number }> {
  const command = { account, reason: 'cessationOfOperation', invalidityDate: null } as const;
  const change = revocationOfLive(command, now);
  const mayRevoke = (record: CertificateRecord): boolean =>
    (['read', 'revoke'] as const).every((action) => decideAccess(account, action, subjectOf(record)).ok);
  const revocable = decideReason(account, command.reason).ok ? recordsOf(card).filter(mayRevoke) : [];
  // What the account may not revoke was left out, and what is revoked does not change.
  const changed = alteredBy(change, revocable);
  touched.push(...changed);
  await writeAll(tx, { change, changed, at: now });
  await tx.publish(statusEvents(changed, now));
  for (const record of changed) card.certificates.set(record.id, record);
  const records = recordsOf(card);
  const cards = cardsOfRecords(records);
  await endCards(tx, { cards, event: 'return', reason: 'scrapped', actor: accountActor(account.id), at: now });
  const kept = records.filter(({ state }) => state.status !== 'revoked').length;
  return { revoked: changed.length, kept };
}
