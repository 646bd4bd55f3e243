/**
 * Revocation, suspension and release. They need the database only, and work while the HSM,
 * approvals or the network do not. One transaction locks the rows, decides by the transition table,
 * and writes states and audit entries. Then cached responses are withdrawn and a CRL is scheduled.
 */
import type { AuditEvent } from '../../audit/events.js';
import { assert, present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import {
  decideTransition,
  isCertificate,
  type LifecycleEvent,
  statusEvents,
} from '../../lifecycle/certificate-states.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { RevocationReason, StoredState } from '../../ports/store/statuses.js';
import type { Transaction } from '../../ports/store.js';
import { violation } from '../../texts/text.js';
import { appendEntry } from '../append-entry.js';
import { notFound, type OperationFailure } from '../failures.js';
import { giveUpClaims } from '../issuance/give-up-claims.js';
import { revokeSameKeys } from '../issuance/same-key.js';
import { followRevocations } from '../updates/end-updates.js';
import type { World } from '../world.js';
import { type Author, actorOfAuthor, isVisibleTo, mayChange, mayGive, proofDetails, storeProof } from './author.js';

export type RevokeCommand = Author & {
  readonly reason: RevocationReason;
  readonly invalidityDate: Instant | null;
  /** Left out: nothing is stored with the revocation. */
  readonly stored?: StoredWithChange | undefined;
};

export type Change = {
  readonly author: Author;
  readonly action: 'revoke' | 'suspend' | 'release';
  /** null: this certificate is not changed (for example, because it is already revoked). */
  readonly event: (record: CertificateRecord) => LifecycleEvent | null;
  readonly auditType: 'certificate.revoked' | 'certificate.suspended' | 'certificate.released';
  /** The event for other certificates with the same keys; null where the keys are not affected. */
  readonly sameKeys: LifecycleEvent | null;
  /** Left out: nothing is stored with the change. */
  readonly stored?: StoredWithChange | undefined;
};

/** What a caller stores in the transaction of a change, so that a crash leaves both or none. */
export type StoredWithChange = {
  /** A failure prevents the change. null: nothing prevents it. */
  readonly before: (tx: Transaction) => Promise<OperationFailure | null>;
  /** Returns the certificates that it has changed too. */
  readonly after: (tx: Transaction, changed: CertificateRecord) => Promise<readonly CertificateRecord[]>;
};

/** `alsoRevoked`: other certificates with its key, as far as the account may see them. */
type RevokedCertificate = CertificateRecord & { readonly alsoRevoked: readonly CertificateRecord[] };

/** Revokes a certificate, unless it is already revoked. */
export function revocationOfLive(command: RevokeCommand, at: Instant): Change {
  const event = revocationEvent(command, at);
  return {
    author: command,
    action: 'revoke',
    // An open intent is revoked too, because its signature may be on its way to the card.
    event: (record) => (record.state.status === 'revoked' ? null : event),
    auditType: 'certificate.revoked',
    sameKeys: sameKeysOf(event, command),
  };
}

export async function revokeCertificate(
  world: World,
  id: string,
  command: RevokeCommand,
): Promise<Result<RevokedCertificate, OperationFailure>> {
  const checked = checkCommand(world, command, 'certificate');
  if (!checked.ok) return checked;
  const event = revocationEvent(command, world.clock());
  const change = {
    author: command,
    action: 'revoke',
    event: () => event,
    auditType: 'certificate.revoked',
    sameKeys: sameKeysOf(event, command),
    stored: command.stored,
  } as const;
  return changeOne(world, id, change);
}

export async function suspendCertificate(
  world: World,
  id: string,
  command: { readonly account: Account; readonly invalidityDate: Instant | null } & Pick<RevokeCommand, 'stored'>,
): Promise<Result<CertificateRecord, OperationFailure>> {
  const at = world.clock();
  const dated = checkInvalidityDate(command.invalidityDate, at);
  if (!dated.ok) return dated;
  const event = (record: CertificateRecord): LifecycleEvent => ({
    kind: 'suspend',
    at,
    invalidityDate: command.invalidityDate,
    allowed: suspensionAllowed(world, record.profile),
  });
  return changeOne(world, id, {
    author: command,
    action: 'suspend',
    event,
    auditType: 'certificate.suspended',
    sameKeys: null,
    stored: command.stored,
  });
}

export async function releaseCertificate(
  world: World,
  id: string,
  command: { readonly account: Account } & Pick<RevokeCommand, 'stored'>,
): Promise<Result<CertificateRecord, OperationFailure>> {
  const event = (): LifecycleEvent => ({ kind: 'release', at: world.clock() });
  return changeOne(world, id, {
    author: command,
    action: 'release',
    event,
    auditType: 'certificate.released',
    sameKeys: null,
    stored: command.stored,
  });
}

export function suspensionAllowed({ policy }: World, profileId: string): boolean {
  return (
    policy.profiles.get(profileId)?.suspensionAllowed === 'always' ||
    policy.environment.suspensionAlsoFor.includes(profileId)
  );
}

/** The beginning of 1970, before which nobody had a key. */
const INVALIDITY_DATE_MIN = 0;

/**
 * Rejects `certificateHold` (a suspension is a separate operation), reasons that the author may not
 * give, and dates in the future or before 1970.
 */
export function checkCommand(
  { clock }: World,
  command: RevokeCommand,
  about: 'certificate' | 'card' = 'card',
): Result<void, OperationFailure> {
  const { reason, invalidityDate } = command;
  if (reason === 'certificateHold') {
    return err({ kind: 'invalid-request', ...violation('/reason', 'reason-is-final') });
  }
  const dated = checkInvalidityDate(invalidityDate, clock());
  return dated.ok ? mayGive(command, reason, about) : dated;
}

/**
 * A list with an entry of the first century would not pass our own checks, and no list of its CA
 * could be published any more.
 */
function checkInvalidityDate(invalidityDate: Instant | null, now: Instant): Result<void, OperationFailure> {
  if (invalidityDate === null || (invalidityDate >= INVALIDITY_DATE_MIN && invalidityDate <= now)) return ok(undefined);
  return err({ kind: 'invalid-request', ...violation('/invalidityDate', 'invalidity-date-past') });
}

function revocationEvent(command: RevokeCommand, at: Instant): LifecycleEvent {
  return { kind: 'revoke', at, reason: finalReason(command), invalidityDate: command.invalidityDate };
}

/** `checkCommand` has rejected `certificateHold`. */
export function finalReason({ reason }: RevokeCommand): Exclude<RevocationReason, 'certificateHold'> {
  return reason as Exclude<RevocationReason, 'certificateHold'>;
}

/** Other reasons do not concern the key. */
function sameKeysOf(event: LifecycleEvent, { reason }: RevokeCommand): LifecycleEvent | null {
  return reason === 'keyCompromise' ? event : null;
}

async function changeOne(
  world: World,
  id: string,
  change: Change,
): Promise<Result<RevokedCertificate, OperationFailure>> {
  const touched: CertificateRecord[] = [];
  const outcome = await world.store.transaction(async (tx): Promise<Result<ChangedCertificates, OperationFailure>> => {
    const record = await tx.lockCertificate(id);
    if (record === null || !isCertificate(record)) return err(notFound('no-certificate', { id }));
    const prevented = (await change.stored?.before(tx)) ?? null;
    if (prevented !== null) return err(prevented);
    touched.push(record);
    const changed = await applyChange(world, tx, { record, change });
    if (!changed.ok) return changed;
    if (changed.value === null) return err(notFound('no-certificate', { id }));
    const others = await changeSameKeys(world, tx, { records: [changed.value], change, touched });
    if (!others.ok) return others;
    const further = (await change.stored?.after(tx, changed.value)) ?? [];
    touched.push(...further);
    return ok({ record: changed.value, others: others.value, further });
  });
  if (!outcome.ok) return withdrawn(world, touched, outcome.error);
  const changed = outcome.value;
  if (!changed.ok) return changed;
  const { record, others, further } = changed.value;
  world.statusChanged([record, ...others]);
  if (further.length > 0) world.statusChanged(further);
  return ok({ ...record, alsoRevoked: shownOf(change, others) });
}

type ChangedCertificates = {
  readonly record: CertificateRecord;
  readonly others: readonly CertificateRecord[];
  /** What `stored` has changed too. */
  readonly further: readonly CertificateRecord[];
};

/**
 * `touched` gets the others too, because their statuses are published again whatever happens to the
 * commit.
 */
export async function changeSameKeys(
  world: World,
  tx: Transaction,
  asked: {
    readonly records: readonly CertificateRecord[];
    readonly change: Change;
    readonly touched: CertificateRecord[];
  },
): Promise<Result<readonly CertificateRecord[], OperationFailure>> {
  const { records, change, touched } = asked;
  if (change.sameKeys === null) return ok([]);
  const others = await revokeSameKeys(tx, {
    records,
    event: change.sameKeys,
    actor: actorOfAuthor(change.author),
    at: world.clock(),
  });
  if (others.ok) touched.push(...others.value);
  return others;
}

/** The certificates that the author may see. */
export function shownOf({ author }: Change, others: readonly CertificateRecord[]): readonly CertificateRecord[] {
  return others.filter((record) => isCertificate(record) && isVisibleTo(author, record));
}

/**
 * If the answer to the commit was lost, the change may have taken effect, and a retry would find it
 * done. So the statuses are published again in any case.
 */
export function withdrawn(
  world: World,
  touched: readonly CertificateRecord[],
  failure: StoreFailure,
): Result<never, OperationFailure> {
  if (touched.length > 0) world.statusChanged(touched);
  return err(failure);
}

async function applyChange(
  world: World,
  tx: Transaction,
  { record, change }: { readonly record: CertificateRecord; readonly change: Change },
): Promise<Result<CertificateRecord | null, OperationFailure>> {
  const decided = decideOne(record, change);
  if (!decided.ok || decided.value === null) return decided;
  const at = world.clock();
  const auditSeq = await appendEntry(tx, auditOf(change, decided.value, at));
  await tx.setState(record.id, decided.value.state, { at, actor: actorOfAuthor(change.author), auditSeq });
  await storeProof(world, tx, change.author);
  await followRevocations(tx, [decided.value], { actor: actorOfAuthor(change.author), at });
  await tx.publish(statusEvents([decided.value], at));
  return decided;
}

/** Returns the certificate after the change; null: it does not change. */
function decideOne(record: CertificateRecord, change: Change): Result<CertificateRecord | null, OperationFailure> {
  if (!isVisibleTo(change.author, record)) return err(notFound('no-certificate', { id: record.id }));
  const permitted = mayChange(change.author, change.action, record);
  if (!permitted.ok) return permitted;
  const event = change.event(record);
  if (event === null) return ok(null);
  const next: Result<StoredState, OperationFailure> = decideTransition(record.state, event);
  return next.ok ? ok({ ...record, state: next.value }) : next;
}

/** Returns the certificates that change, after the change. If one may not be changed, none is. */
export function decideAll(
  records: readonly CertificateRecord[],
  change: Change,
): Result<readonly CertificateRecord[], OperationFailure> {
  const changed: CertificateRecord[] = [];
  for (const record of records) {
    const decided = decideOne(record, change);
    if (!decided.ok) return decided;
    if (decided.value !== null) changed.push(decided.value);
  }
  return ok(changed);
}

/** The certificates that a change alters which refuses none of them; a refusal is a bug. */
export function alteredBy(change: Change, records: readonly CertificateRecord[]): readonly CertificateRecord[] {
  const decided = decideAll(records, change);
  assert(decided.ok, 'a change that refuses none of its certificates');
  return decided.value;
}

/**
 * Writes states, status events and audit entries of all changed certificates. Endpoints get no
 * events of them: the items of a mass revocation have none.
 */
export async function writeAll(
  tx: Transaction,
  {
    change,
    changed,
    at,
  }: { readonly change: Change; readonly changed: readonly CertificateRecord[]; readonly at: Instant },
): Promise<void> {
  if (changed.length === 0) return;
  const seqs = await tx.appendAudit(changed.map((record) => auditOf(change, record, at)));
  const changes = changed.map(({ id, state }, index) => ({
    id,
    state,
    auditSeq: present(seqs[index], 'number of the entry of a change'),
  }));
  await tx.setStates(changes, { at, actor: actorOfAuthor(change.author) });
  await giveUpClaims(tx, changed, at);
  await followRevocations(tx, changed, { actor: actorOfAuthor(change.author), at });
}

function auditOf(change: Change, record: CertificateRecord, at: Instant): AuditEvent {
  const { id, issuer, serial, state } = record;
  const details = { id, issuer, serial, state, ...proofDetails(change.author) };
  return { at, type: change.auditType, actor: actorOfAuthor(change.author), details };
}
