/**
 * nested (RFC 9483 5.2.2): a registration authority adds its protection to one message, or sends a
 * batch. An added protection needs the action `vouch` for the holder; a batch gives its messages
 * nothing. One level, because a second one would hide who has vouched for what.
 */
import { type AccessSubject, decideAccess, subjectOf } from '../../access/decide.js';
import { actorOf, type Principal } from '../../access/principal.js';
import { decodeBody } from '../../cmp/bodies.js';
import { decodeMessage } from '../../cmp/message.js';
import type { CmpFault, PkiMessage } from '../../cmp/model.js';
import { errorFault } from '../../cmp/status-info.js';
import { type Bytes, equalBytes, toHex } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import { subjectOfUse } from '../enrolment/read-registrations.js';
import type { World } from '../world.js';
import type { CmpExchange } from './exchange.js';
import { newRow } from './rows.js';

const MESSAGES_MAX = 20;

/** `added`: one message with an added protection. */
type NestedMessages =
  | { readonly kind: 'added'; readonly message: PkiMessage }
  | { readonly kind: 'batch'; readonly messages: readonly PkiMessage[] };

/** Reads the messages inside, and tells the two kinds apart by their form alone. */
export function readNested({ header, bodyContent }: PkiMessage): Result<NestedMessages, CmpFault> {
  const decoded = decodeBody.nested(bodyContent);
  if (!decoded.ok) return decoded;
  if (decoded.value.length === 0 || decoded.value.length > MESSAGES_MAX)
    return refuse('badRequest', `nested must have 1 to ${MESSAGES_MAX} messages, not ${decoded.value.length}`);
  const messages: PkiMessage[] = [];
  for (const octets of decoded.value) {
    const message = decodeMessage(octets);
    if (!message.ok) return err(errorFault('badDataFormat', ...message.error.text));
    if (message.value.bodyKind === 'nested')
      return refuse('badRequest', 'a nested message must not contain another one');
    messages.push(message.value);
  }
  const [only, another] = messages;
  if (only !== undefined && another === undefined && isSame(only.header.transactionID, header.transactionID))
    return isSame(only.header.senderNonce, header.senderNonce)
      ? ok({ kind: 'added', message: only })
      : refuse('badSenderNonce', 'an added protection must have the senderNonce of its message');
  const broken = batchFault(header, messages);
  return broken === null ? ok({ kind: 'batch', messages }) : err(broken);
}

/** Transactions and nonces of a batch are all different, and none is that of the batch itself. */
function batchFault(header: PkiMessage['header'], messages: readonly PkiMessage[]): CmpFault | null {
  const [only, another] = messages;
  if (another === undefined && isSame(only?.header.senderNonce ?? null, header.senderNonce))
    return errorFault('badRequest', 'an added protection must have the transactionID of its message');
  const headers = [header, ...messages.map((message) => message.header)];
  if (hasDuplicates(headers.map(({ transactionID }) => transactionID)))
    return errorFault('badRequest', 'the messages of a batch must have different transactionIDs');
  if (hasDuplicates(headers.map(({ senderNonce }) => senderNonce)))
    return errorFault('badSenderNonce', 'the messages of a batch must have different senderNonces');
  return null;
}

function isSame(one: Bytes | null, other: Bytes | null): boolean {
  return one !== null && other !== null && equalBytes(one, other);
}

function hasDuplicates(values: readonly (Bytes | null)[]): boolean {
  const texts = values.flatMap((one) => (one === null ? [] : [toHex(one)]));
  return new Set(texts).size < texts.length;
}

/** The account that has sent a nested message and answers for it. */
export function nestingAccount({ principal }: Pick<CmpExchange, 'principal'>): Result<Account, CmpFault> {
  return principal.kind === 'account'
    ? ok(principal.account)
    : refuse('notAuthorized', 'nested messages are accepted from accounts only');
}

/**
 * Checks whether the account may vouch for the message of this principal, and writes the audit
 * entry. A repeated message writes none.
 */
export async function vouch(
  world: World,
  account: Account,
  inner: CmpExchange & { readonly isRepeated: boolean },
): Promise<Result<void, CmpFault | StoreFailure>> {
  const subject = await subjectOfPrincipal(world, inner.principal, inner.profile);
  if (!subject.ok) return subject;
  const permitted = decideAccess(account, 'vouch', subject.value);
  if (!permitted.ok) {
    const { message, rule } = permitted.error;
    return refuse('notAuthorized', `${message.en} (${rule})`);
  }
  if (inner.isRepeated) return ok(undefined);
  const details = { transaction: inner.transactionId, account: account.id, body: inner.message.bodyKind };
  const actor = actorOf({ kind: 'account', account });
  const written = await world.store.transaction((tx) =>
    tx.appendAudit([{ at: inner.now, type: 'cmp.vouched', actor, details }]),
  );
  return written.ok ? ok(undefined) : written;
}

/** null: only the action is asked for, because an account enrols holders within its own scope. */
async function subjectOfPrincipal(
  { store }: World,
  principal: Principal,
  profile: string | null,
): Promise<Result<AccessSubject | null, StoreFailure>> {
  if (principal.kind === 'account') return ok(null);
  if (principal.kind === 'registration') {
    const { registration } = principal;
    return ok(subjectOfUse(registration, profile ?? registration.uses[0]?.profile ?? ''));
  }
  const found = await store.read((reads) => reads.certificateById(principal.certificate.id));
  if (!found.ok) return found;
  return ok(found.value === null ? null : subjectOf(found.value));
}

/** A batch is a transaction of its own, which is done at once. */
export async function beginBatch(
  { store }: World,
  exchange: CmpExchange,
): Promise<Result<void, CmpFault | StoreFailure>> {
  const { principal, transactionId, now } = exchange;
  const begun = await store.transaction(async (tx) => {
    const known = await tx.cmpTransaction({ principal: actorOf(principal), transactionId });
    // Copies of a batch that arrive at once are one batch.
    if (known !== null) return known.requestSha256 === exchange.sha256;
    const row = newRow(exchange, { kind: 'nested', profile: null });
    await tx.insertCmpTransactions([{ ...row, state: 'done', endedAt: now }]);
    return true;
  });
  if (!begun.ok) return begun;
  return begun.value ? ok(undefined) : refuse('transactionIdInUse', 'The transactionID was used before.');
}

function refuse(failInfo: CmpFault['failInfo'], text: string): Result<never, CmpFault> {
  return err(errorFault(failInfo, text));
}
