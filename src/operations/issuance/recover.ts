/**
 * Recovers open intents after a crash or an HSM outage. An intent is finished by signing the same
 * stored bytes again, or abandoned and listed as revoked, and never forgotten. It is finished if a
 * client can retry its request (it has an idempotency claim, or a transaction of CMP); otherwise
 * nobody could ever fetch the certificate, and it is abandoned. It is abandoned too if its key was
 * blocked, its CA revoked, its card ended or its holder barred in the meantime. A claim is finished
 * together with its certificates; a line of an order gets its outcome then. What this node cannot
 * judge, because its policy lacks the profile or the issuer, is left to nodes that know it.
 */
import { present } from '../../kernel/assert.js';
import { ok, type Result } from '../../kernel/result.js';
import { decideTransition } from '../../lifecycle/certificate-states.js';
import { lintCertificate } from '../../lint/certificate/lint.js';
import type { RunId } from '../../ports/node.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import { appendEntry } from '../append-entry.js';
import { batchWorld } from '../batch-world.js';
import { cardsAndHoldersOf, endedCardOrBarredHolder } from '../cards/usable-cards.js';
import type { World } from '../world.js';
import { finishIntents } from './finish-intents.js';
import { giveUpClaims } from './give-up-claims.js';
import { lintFailed } from './lint-failed.js';
import type { Intent } from './prepare-intent.js';
import { holderSigner } from './sign-intent.js';
import { abandonedEvent } from './store-signatures.js';

/**
 * Numbers of intents. `left`: the ended runs of which no open intents but unknown ones were found.
 */
type RecoveryResult = RecoveryCounts & { readonly left: readonly RunId[] };
type RecoveryCounts = Readonly<Record<Outcome, number>>;
/** `waiting`: for a signer. `unknown`: left to nodes that know the profile and the issuer. */
type Outcome = 'finished' | 'abandoned' | 'waiting' | 'unknown';

/** Limits of one recovery; the next one goes on. */
const INTENTS_MAX = 1_000;
const RUNS_MAX = 100;

/**
 * `own`: what requests of this run have left open, because a signer or the database was down. Those
 * under way are left alone. `ended`: what runs that were ended have left open, run by run, so that
 * many intents that wait for a signer hide nobody's. No other intents are touched: a live run
 * recovers its own. `leftBefore`: ended runs that are skipped.
 */
export async function recoverIntents(
  world: World,
  whose: 'own' | 'ended',
  leftBefore: ReadonlySet<RunId> = new Set(),
): Promise<Result<RecoveryResult, StoreFailure>> {
  const runs = whose === 'own' ? ok([world.run]) : await endedRuns(world, leftBefore);
  if (!runs.ok) return runs;
  const counts = noCounts();
  const left: RunId[] = [];
  const recovery = { unavailable: new Set<string>(), missing: new Set<string>() };
  for (const run of runs.value) {
    const recovered = await recoverRun(world, run, recovery);
    if (!recovered.ok) return recovered;
    add(counts, recovered.value);
    if (recovered.value.unknown > 0 && isNothingRecovered(recovered.value) && recovered.value.waiting === 0)
      left.push(run);
  }
  if (!isNothingRecovered(counts)) world.log.info('intents.recovered', counts);
  for (const detail of recovery.missing) world.log.warn('intents.left-to-others', { detail });
  return ok({ ...counts, left });
}

async function endedRuns(
  { store }: World,
  leftBefore: ReadonlySet<RunId>,
): Promise<Result<readonly RunId[], StoreFailure>> {
  const found = await store.read((reads) => reads.endedRunsWithIntents(RUNS_MAX + leftBefore.size));
  return found.ok ? ok(found.value.filter((run) => !leftBefore.has(run)).slice(0, RUNS_MAX)) : found;
}

function noCounts(): Record<Outcome, number> {
  return { finished: 0, abandoned: 0, waiting: 0, unknown: 0 };
}

function add(counts: Record<Outcome, number>, more: RecoveryCounts): void {
  counts.finished += more.finished;
  counts.abandoned += more.abandoned;
  counts.waiting += more.waiting;
  counts.unknown += more.unknown;
}

function isNothingRecovered({ finished, abandoned }: RecoveryCounts): boolean {
  return finished + abandoned === 0;
}

type Recovery = {
  /**
   * Issuers whose signer did not answer in this recovery, and profiles at their hourly limit. They
   * are not asked again.
   */
  readonly unavailable: Set<string>;
  /** What the policy of this node lacks. */
  readonly missing: Set<string>;
};

/**
 * Recovers a page of intents, and reads on where everything is left as it is and some of it to
 * other nodes. Otherwise a page of unknown intents would hide those that follow.
 */
async function recoverRun(world: World, run: RunId, recovery: Recovery): Promise<Result<RecoveryCounts, StoreFailure>> {
  const counts = noCounts();
  let after: string | null = '';
  while (after !== null) {
    const page: Result<RecoveredPage, StoreFailure> = await recoverPage(world, { run, after }, recovery);
    if (!page.ok) return page;
    add(counts, page.value.counts);
    after = counts.unknown > 0 && isNothingRecovered(counts) ? page.value.next : null;
  }
  return ok(counts);
}

/** `next`: the intent after which the next page begins; null: this is the last page. */
type RecoveredPage = { readonly counts: RecoveryCounts; readonly next: string | null };

async function recoverPage(
  world: World,
  of: { readonly run: RunId; readonly after: string },
  recovery: Recovery,
): Promise<Result<RecoveredPage, StoreFailure>> {
  // A request that ends during the read is still open in what was read.
  const before = new Set(world.underWay);
  const found = await world.store.read(async (reads) => {
    const open = await reads.openIntents({ ...of, limit: INTENTS_MAX });
    const onCards = await reads.certificatesOfCards(cardsOf(open));
    const blocked = await reads.blockedKeys(keysOf(open));
    const states = await reads.issuanceStates(cardsAndHoldersOf(open));
    return { open, onCards, blocked, states, revokedIssuers: await reads.revokedIssuers() };
  });
  if (!found.ok) return found;
  const { open, onCards, states, revokedIssuers } = found.value;
  const { environment } = world.policy;
  const blocked = new Set(found.value.blocked.map(({ spkiSha256 }) => spkiSha256));
  const isBlocked = (record: CertificateRecord): boolean =>
    revokedIssuers.has(record.issuer) ||
    blocked.has(record.spkiSha256) ||
    world.blockedKeys.has(record.spkiSha256) ||
    endedCardOrBarredHolder(states, { records: [record], environment }) !== null;
  const isLeft = ({ id }: CertificateRecord): boolean => !before.has(id) && !world.underWay.has(id);
  const whole = wholeGroupsOf(open);
  const counts = noCounts();
  for (const group of groupByRequest(whole.filter(isLeft))) {
    const broken = isBroken(group, onCards);
    const isLost = !group.every(canBeFetched) || broken || group.some(isBlocked);
    const outcome = isLost ? 'abandoned' : await finishGroup(world, group, recovery);
    const stored = outcome === 'abandoned' ? await abandon(world, group, broken ? 'released' : 'held') : ok(undefined);
    if (!stored.ok) return stored;
    counts[outcome] += group.length;
  }
  return ok({ counts, next: open.length < INTENTS_MAX ? null : (whole.at(-1)?.id ?? null) });
}

/**
 * Intents of one request have the same time, and a full page may end between them. These wait for
 * the next page or recovery.
 */
function wholeGroupsOf(page: readonly CertificateRecord[]): readonly CertificateRecord[] {
  const last = page.length < INTENTS_MAX ? undefined : page.at(-1);
  return last === undefined ? page : page.filter((record) => record.createdAt !== last.createdAt);
}

/**
 * A retry under the same key is another request: its intents have another time, and are not given
 * up with those of the first one.
 */
function groupByRequest(records: readonly CertificateRecord[]): readonly (readonly CertificateRecord[])[] {
  const groups = new Map<string, CertificateRecord[]>();
  for (const record of records) {
    const claim = claimName(record);
    const key = claim === null ? record.id : `${record.createdAt} ${claim}`;
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return [...groups.values()];
}

function claimName({ claim }: CertificateRecord): string | null {
  return claim === null ? null : JSON.stringify([claim.account, claim.route, claim.key]);
}

/** A client of CMP finds its certificate by its transaction, another one by its idempotency key. */
function canBeFetched({ claim, protocol }: CertificateRecord): boolean {
  return claim !== null || protocol === 'cmp';
}

/** A request for several certificates is for one card. */
function cardsOf(open: readonly CertificateRecord[]): readonly string[] {
  return [...new Set(open.flatMap(({ cardTokenId, claim }) => (claim === null ? [] : (cardTokenId ?? []))))];
}

function keysOf(open: readonly CertificateRecord[]): readonly string[] {
  return [...new Set(open.map(({ spkiSha256 }) => spkiSha256))];
}

/**
 * If one certificate of a request was revoked while it was open, none is released (see
 * `store-signatures.ts`).
 */
function isBroken(group: readonly CertificateRecord[], onCards: readonly CertificateRecord[]): boolean {
  const claimed = group.filter(({ claim }) => claim !== null);
  return claimed.some((record) =>
    onCards.some(
      (other) =>
        other.state.status === 'revoked' &&
        other.createdAt === record.createdAt &&
        claimName(other) === claimName(record),
    ),
  );
}

async function finishGroup(
  world: World,
  group: readonly CertificateRecord[],
  { unavailable, missing }: Recovery,
): Promise<Outcome> {
  const lacking = group.flatMap((record) => missingFor(world, record));
  for (const one of lacking) missing.add(one);
  if (lacking.length > 0) return 'unknown';
  if (group.some(({ issuer, profile }) => unavailable.has(issuer) || unavailable.has(profile))) return 'waiting';
  const intents: Intent[] = [];
  for (const record of group) {
    const intent = lintAgain(world, record);
    if (intent === null) return 'abandoned';
    intents.push(intent);
  }
  const { claim } = present(group[0], 'the first intent of a group');
  const batch = batchWorld(world);
  const finished = await finishIntents(batch, {
    intents,
    signer: holderSigner(batch.signer),
    actor: 'system',
    claim,
  });
  if (finished.ok) return 'finished';
  if (finished.error.kind !== 'not-signed') return 'waiting';
  const { record, reason } = finished.error;
  if (reason.kind !== 'signer-unavailable') return 'abandoned';
  unavailable.add(reason.profile ?? record.issuer);
  return 'waiting';
}

/** What this node must know to finish the intent, and does not. */
function missingFor({ issuers, policy }: World, { issuer, profile }: CertificateRecord): readonly string[] {
  return [
    ...(issuers.byId(issuer) === null ? [`this node has no issuer ${issuer}`] : []),
    ...(policy.profiles.has(profile) ? [] : [`this node has no profile ${profile}`]),
  ];
}

/**
 * Lints the stored bytes again, with the present profile and environment. null: they do not pass
 * any more.
 */
function lintAgain(world: World, record: CertificateRecord): Intent | null {
  const issuer = present(world.issuers.byId(record.issuer), 'the issuer of an intent');
  const profile = present(world.policy.profiles.get(record.profile), 'the profile of an intent');
  const token = lintCertificate({ tbs: record.tbs, issuer, profile, environment: world.policy.environment });
  if (token.ok) return { record, issuer, token: token.value };
  lintFailed(world, { issuer: issuer.id, profile: profile.id, id: record.id }, token.error.findings);
  return null;
}

/**
 * `released`: a certificate of the request was revoked while it was open, and that has released the
 * idempotency claim; a retry may have it since.
 */
async function abandon(
  world: World,
  group: readonly CertificateRecord[],
  claimIs: 'held' | 'released',
): Promise<Result<void, StoreFailure>> {
  const now = world.clock();
  const stored = await world.store.transaction(async (tx) => {
    let isHeld = claimIs === 'held';
    for (const { id } of group) {
      const record = await tx.lockCertificate(id);
      // It was revoked or finished since it was read, and its claim with it.
      if (record === null || record.state.status !== 'open') {
        isHeld = false;
        continue;
      }
      const next = decideTransition(record.state, { kind: 'abandon', at: now });
      if (!next.ok) continue;
      const auditSeq = await appendEntry(tx, abandonedEvent(record, 'system', now));
      await tx.setState(id, next.value, { at: now, actor: 'system', auditSeq });
    }
    await giveUpClaims(tx, isHeld ? group : [], now);
  });
  // Reported even if the result of the commit was lost, because it may have taken effect.
  world.statusChanged(group);
  return stored;
}
