/**
 * certConf and error: the client accepts or rejects its certificate (RFC 9810 5.3.18, RFC 9483
 * 4.1). One transaction of the database changes the certificate, the registration's use, the
 * credential of an account, the row and the audit log, for all messages that wait for it.
 */
import { actorOf } from '../../access/principal.js';
import { decodeBody } from '../../cmp/bodies.js';
import { certificateHash } from '../../cmp/certificate-hash.js';
import type { CertStatus, CmpFault, FailInfo } from '../../cmp/model.js';
import { errorFault } from '../../cmp/status-info.js';
import { present } from '../../kernel/assert.js';
import { equalBytes } from '../../kernel/bytes.js';
import { formatInstant, type Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { isKeyProven, issuanceEvent, statusEvents } from '../../lifecycle/certificate-states.js';
import { isForSuite } from '../../policy/enrolment-policy.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { CmpOutcome, CmpTransaction, CmpTransactionKey } from '../../ports/store/enrolment/cmp-transactions.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { GroupedWork, Transaction } from '../../ports/store.js';
import { together } from '../../ports/together.js';
import { passCredentials } from '../accounts/pass-credentials.js';
import { returnUses } from '../enrolment/return-uses.js';
import { clashesOfKey } from '../issuance/clashes.js';
import { revokeSuperseded, supersededBy } from '../issuance/supersede.js';
import { revokeRecords } from '../revocation/revoke-records.js';
import { followRevocations } from '../updates/end-updates.js';
import type { World } from '../world.js';
import { certificateOf, endAnswer } from './answers.js';
import type { CmpExchange } from './exchange.js';
import { faultOfFailure } from './fail-infos.js';
import { continued, TRANSACTIONS } from './rows.js';

/** What the client says of its certificate. */
type ClientDecision =
  | { readonly kind: 'accepted'; readonly status: CertStatus }
  | { readonly kind: 'rejected'; readonly text: readonly string[] };

/** `certReqId`: the one that the client names; null: it names none. */
type ClientWord = { readonly word: ClientDecision; readonly certReqId: number | null };

type EndResult = Result<CmpTransaction, CmpFault | StoreFailure>;

/** Serves certConf. A fault in its form leaves the transaction as it is. */
export async function confirmCertificate(world: World, exchange: CmpExchange): Promise<EndResult> {
  const decoded = decodeBody.certConf(exchange.message.bodyContent);
  if (!decoded.ok) return decoded;
  const [status, another] = decoded.value;
  if (another !== undefined) return refuse('certConf has one CertStatus at most, because one certificate was issued');
  if (status === undefined)
    return endTransaction(world, exchange, { word: { kind: 'rejected', text: [] }, certReqId: null });
  const info = status.status;
  if (info !== null && info.status !== 'accepted' && info.status !== 'rejection')
    return refuse(`statusInfo must be accepted or rejection, not ${info.status}`);
  const isRejection = info?.status === 'rejection';
  if (!isRejection && info !== null && info.failInfo.length > 0)
    return refuse('failInfo belongs to a rejection only (RFC 9483 4.1.1)');
  if (status.hashAlg !== null && exchange.message.header.pvno < 3)
    return err(
      errorFault(
        isForSuite(world.policy.profiles.get(exchange.profile ?? '')) ? 'badRequest' : 'badCertId',
        'hashAlg needs pvno 3 (RFC 9810 5.3.18)',
      ),
    );
  if (!isRejection && status.certHash.length === 0)
    return err(errorFault('badPOP', 'certHash is empty, so that it confirms no certificate'));
  const word: ClientDecision = isRejection
    ? { kind: 'rejected', text: info?.text ?? [] }
    : { kind: 'accepted', status };
  return endTransaction(world, exchange, { word, certReqId: status.certReqId });
}

/** An error message from the client rejects the certificate of the answer. */
export function recordClientError(world: World, exchange: CmpExchange): Promise<EndResult> {
  const decoded = decodeBody.error(exchange.message.bodyContent);
  const text = decoded.ok ? decoded.value.status.text : [];
  return endTransaction(world, exchange, { word: { kind: 'rejected', text }, certReqId: null });
}

async function endTransaction(world: World, exchange: CmpExchange, said: ClientWord): Promise<EndResult> {
  const { principal, transactionId, now: at } = exchange;
  const actor = actorOf(principal);
  const key = { principal: actor, transactionId };
  const changed: CertificateRecord[] = [];
  const ending = { ...said, world, exchange, key, actor, at, changed };
  const ended = await world.store.groupedTransaction(END_TRANSACTIONS, ending);
  // Reported even if the result of the commit was lost, because it may have taken effect.
  if (changed.length > 0) world.statusChanged(changed);
  return ended.ok ? ended.value : ended;
}

/** One message that ends its transaction. */
type EndRequest = ClientWord &
  Cause & {
    readonly world: EndingWorld;
    readonly exchange: CmpExchange;
    readonly key: CmpTransactionKey;
    /** Gets the certificates whose status changes. */
    readonly changed: CertificateRecord[];
  };

type EndingWorld = Pick<World, 'policy' | 'issuers' | 'blockedKeys'>;

type EndOutcome = Result<CmpTransaction, CmpFault>;

/** An ending that takes place. `end`: null: the client rejects its certificate. */
type DecidedEnding = {
  readonly ending: EndRequest;
  readonly record: CertificateRecord;
  readonly row: CmpTransaction;
  readonly end: Result<void, NotConfirmed> | null;
};

/**
 * A refused message changes nothing, so that it does not affect the others of its group. A
 * transaction that two messages end, and an encrypted certificate, whose key may be that of
 * another one in the group, are decided alone, after the others.
 */
const END_TRANSACTIONS: GroupedWork<Transaction, EndRequest, EndOutcome> = {
  run: async (tx, endings) => {
    const found = await readAll(tx, endings);
    const inGroup = endings.filter((one, at) => {
      const { row } = found(one);
      const isFirst = endings.findIndex((other) => found(other).row === row) === at;
      return row === null || (isFirst && !row.encrypted);
    });
    const outcomes = new Map<EndRequest, EndOutcome>();
    await endAll(tx, inGroup, { found, outcomes });
    for (const one of endings)
      if (!inGroup.includes(one)) await endAll(tx, [one], { found: await readAll(tx, [one]), outcomes });
    return endings.map((one) => present(outcomes.get(one), 'outcome of an ending'));
  },
};

/** What the database has for an ending. */
type EndedTransaction = {
  /** null: the principal has no transaction with this transactionID. */
  readonly row: CmpTransaction | null;
  /** null: there is no transaction, or it has no certificate. */
  readonly record: CertificateRecord | null;
};

async function endAll(
  tx: Transaction,
  endings: readonly EndRequest[],
  { found, outcomes }: { readonly found: EndedTransactions; readonly outcomes: Map<EndRequest, EndOutcome> },
): Promise<void> {
  const decided: DecidedEnding[] = [];
  for (const ending of endings) {
    const { row, record } = found(ending);
    if (row !== null && hasEndedBy(row, ending)) {
      outcomes.set(ending, ok(row));
      continue;
    }
    const decision = await decideEnding(tx, ending, { row, record });
    if (decision.ok) decided.push(decision.value);
    else outcomes.set(ending, decision);
  }
  for (const one of decided) expectAnswer(one);
  const confirmed = decided.filter(({ end }) => end?.ok === true);
  await storeEnds(tx, decided, confirmed);
  for (const one of decided) {
    const changed = confirmed.includes(one) ? await supersede(tx, one) : await reject(tx, one);
    one.ending.changed.push(...changed);
    outcomes.set(one.ending, ok(rowAfter(one)));
  }
}

function expectAnswer(decided: DecidedEnding): void {
  const { world, exchange } = decided.ending;
  exchange.expect(endAnswer(world, exchange, rowAfter(decided)));
}

/**
 * Whether a copy of the message has ended the transaction already: copies that arrive at once get
 * one answer, as later ones do.
 */
function hasEndedBy({ lastSha256 }: CmpTransaction, { exchange }: EndRequest): boolean {
  return lastSha256 === exchange.sha256;
}

type EndedTransactions = (ending: EndRequest) => EndedTransaction;

async function readAll(tx: Transaction, endings: readonly EndRequest[]): Promise<EndedTransactions> {
  const keys = endings.map(({ key }) => key);
  const [found, records] = await together([TRANSACTIONS.run(tx, keys), tx.certificatesOfCmpTransactions(keys)]);
  const read = new Map(
    endings.map((one, at): readonly [EndRequest, EndedTransaction] => {
      const row = found[at] ?? null;
      return [one, { row, record: records.find(({ id }) => id === row?.certificateId) ?? null }];
    }),
  );
  return (one) => present(read.get(one), 'what was read for an ending');
}

async function decideEnding(
  tx: Transaction,
  ending: EndRequest,
  { row, record: found }: EndedTransaction,
): Promise<Result<DecidedEnding, CmpFault>> {
  const { world, word, certReqId } = ending;
  if (row === null) return refuse('There is no transaction with this transactionID.');
  const prevented = stateFault(world, row);
  if (prevented !== null) return err(prevented);
  if (certReqId !== null && !isRequested(world, row, certReqId))
    return refuse(`certReqId must be ${row.certReqId}, as in the answer`);
  const record = present(found, 'the certificate of a transaction');
  const end = word.kind === 'accepted' ? await confirmationOf(world, tx, { record, status: word.status }) : null;
  if (end !== null && !end.ok && end.error.kind === 'fault') return err(end.error.fault);
  if (row.state === 'lapsed' && end?.ok !== true)
    return err(errorFault(end === null ? 'badRequest' : 'badCertId', ONLY_CONFIRMED));
  return ok({ ending, record, row, end });
}

function rowAfter({ ending: { exchange, at }, row, end }: DecidedEnding): CmpTransaction {
  const next = { ...continued(row, exchange), endedAt: at };
  return end?.ok === true
    ? { ...next, state: 'confirmed' }
    : { ...next, state: 'rejected', outcome: withEnd(row, end) };
}

/** A conformance suite has 0 also for a p10cr, whose certReqId is -1 (RFC 9483 4.1.4). */
function isRequested({ policy }: Pick<World, 'policy'>, row: CmpTransaction, certReqId: number): boolean {
  return certReqId === row.certReqId || (certReqId === 0 && isForSuite(policy.profiles.get(row.profile ?? '')));
}

const ONLY_CONFIRMED =
  'The time for the confirmation is over: only a confirmation with the right certHash is accepted.';

/** null: the transaction can be confirmed. */
function stateFault({ policy }: Pick<World, 'policy'>, row: CmpTransaction): CmpFault | null {
  const unconfirmed = policy.profiles.get(row.profile ?? '')?.enrolment?.unconfirmed;
  switch (row.state) {
    case 'answered':
      return null;
    case 'lapsed':
      if (unconfirmed === 'undetermined' && row.endedAt === null) return null;
      return errorFault(
        'badRequest',
        `The time for the confirmation ended at ${formatInstant(row.confirmBy ?? row.begunAt)}, and the certificate was revoked.`,
      );
    case 'confirmed':
      return errorFault('certConfirmed', 'The certificate is confirmed already.');
    case 'done':
      return errorFault('certConfirmed', 'The certificate was confirmed implicitly.');
    default:
      return errorFault('badRequest', 'No certificate of this transaction waits for a confirmation.');
  }
}

type NotConfirmed =
  | { readonly kind: 'fault'; readonly fault: CmpFault }
  | { readonly kind: 'refused'; readonly failInfo: FailInfo; readonly text: readonly string[] };

/** `fault`: the transaction stays as it is. `refused`: it ends, and the certificate is revoked. */
async function confirmationOf(
  world: EndingWorld,
  tx: Transaction,
  { record, status }: { readonly record: CertificateRecord; readonly status: CertStatus },
): Promise<Result<void, NotConfirmed>> {
  const { certHash, hashAlg } = status;
  if (record.state.status === 'revoked')
    return err({
      kind: 'fault',
      fault: errorFault('certRevoked', 'The certificate was revoked before its confirmation.'),
    });
  const issuer = present(world.issuers.byId(record.issuer), 'issuer of a record');
  const { signatureAlgorithm: signature } = issuer;
  const expected = certificateHash(certificateOf(world, record), { hashAlg, signature });
  if (expected === null) return wrongHash('hashAlg is not known here: use SHA-256, SHA-384 or SHA-512');
  if (!equalBytes(expected, certHash)) return wrongHash('certHash is not the hash of the issued certificate');
  return isKeyProven(record) ? ok(undefined) : proveKey(world, tx, record);
}

function wrongHash(text: string): Result<never, NotConfirmed> {
  return err({ kind: 'refused', failInfo: 'badCertId', text: [text] });
}

/**
 * The confirmation proves the key of an encrypted certificate. Only now it counts whether another
 * certificate has the key: before, anybody could have named the key of another holder.
 */
async function proveKey(
  { blockedKeys }: Pick<World, 'blockedKeys'>,
  tx: Pick<Transaction, 'certificatesByKeys' | 'blockedKeys'>,
  record: CertificateRecord,
): Promise<Result<void, NotConfirmed>> {
  const keys = [record.spkiSha256];
  const others = (await tx.certificatesByKeys(keys)).filter(isKeyProven);
  const isBlocked = (await tx.blockedKeys(keys)).length > 0;
  const existing = { byKey: () => others, isBlocked: () => isBlocked };
  const violations = clashesOfKey(existing, { record, pointer: '/csr', blockedKeys, now: record.createdAt });
  if (violations.length === 0) return ok(undefined);
  return err({ kind: 'refused', ...faultOfFailure({ kind: 'key-rejected', violations }) });
}

/** A refused confirmation is answered with an error, also when it is repeated. */
function withEnd({ outcome }: CmpTransaction, end: Result<void, NotConfirmed> | null): CmpOutcome | null {
  if (outcome === null || end === null || end.ok || end.error.kind !== 'refused') return outcome;
  const { failInfo, text } = end.error;
  return { ...outcome, end: { failInfo, text } };
}

type Cause = { readonly actor: string; readonly at: Instant };

async function storeEnds(
  tx: Transaction,
  decided: readonly DecidedEnding[],
  confirmed: readonly DecidedEnding[],
): Promise<void> {
  const seqs = await tx.appendAudit(
    confirmed.map(({ ending: { actor, at }, record, row }) => ({
      at,
      type: 'cmp.confirmed',
      actor,
      details: { transaction: row.transactionId, certificate: record.id },
    })),
  );
  await together([
    tx.endCmpTransactions(decided.map(rowAfter)),
    tx.confirmCertificates(
      confirmed.map(({ ending: { actor, at }, record: { id, issuer } }, index) => ({
        id,
        issuer,
        auditSeq: present(seqs[index], 'number of the entry of a confirmation'),
        actor,
        at,
      })),
    ),
    tx.publish(confirmed.map(({ ending: { at }, record }) => issuanceEvent(record, at))),
  ]);
}

/**
 * Passes the credential of an account to the certificate that is now confirmed, and revokes the one
 * that it supersedes. Returns the superseded certificates.
 */
async function supersede(
  tx: Transaction,
  { ending: { actor, at, world }, record }: DecidedEnding,
): Promise<readonly CertificateRecord[]> {
  await passCredentials(tx, [{ record, actor }], at);
  return revokeSuperseded(tx, supersededBy(world, [record]), { actor, at });
}

/** Returns the certificates whose status has changed. */
async function reject(
  tx: Transaction,
  { ending: { actor, at, word }, record, row }: DecidedEnding,
): Promise<readonly CertificateRecord[]> {
  const text = word.kind === 'rejected' ? word.text.join(' ').slice(0, 500) : '';
  const details = { transaction: row.transactionId, certificate: record.id, text };
  await tx.appendAudit([{ at, type: 'cmp.rejected', actor, details }]);
  return endUnconfirmed(tx, record, { actor, at });
}

/** The certificate is revoked, and the registration gets its use back. */
export async function endUnconfirmed(
  tx: Transaction,
  record: CertificateRecord,
  { actor, at }: Cause,
): Promise<readonly CertificateRecord[]> {
  const revoked = await revokeRecords(tx, [record], { reason: 'cessationOfOperation', actor, at });
  await followRevocations(tx, revoked, { actor, at });
  await tx.publish(statusEvents(revoked, at));
  await returnUses(tx, revoked, { actor, at, because: 'not-accepted' });
  return revoked;
}

function refuse(text: string): Result<never, CmpFault> {
  return err(errorFault('badRequest', text));
}
