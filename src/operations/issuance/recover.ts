/**
 * Recovers open intents after a crash or an HSM outage. An intent is finished by signing the same
 * stored bytes again, or abandoned and listed as revoked, and never forgotten. It is finished if a
 * client can retry its request (it has an idempotency claim); otherwise nobody could ever fetch the
 * certificate, and it is abandoned. It is abandoned too if its key was blocked or its CA revoked in
 * the meantime. A claim is finished together with its certificates.
 */

import { present } from '../../kernel/assert.js';
import { ok, type Result } from '../../kernel/result.js';
import { decideTransition } from '../../lifecycle/transitions.js';
import { lintCertificate } from '../../lint/certificate/lint.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { IdempotencyClaim } from '../../ports/store/idempotency.js';
import { appendEntry } from '../append-entry.js';
import type { World } from '../world.js';
import { finishIntents } from './finish-intents.js';
import { lintFailed } from './lint-failed.js';
import type { Intent } from './prepare-intent.js';
import { holderSigner } from './sign-intent.js';
import { abandonedEvent } from './store-signatures.js';

type RecoveryCounts = { readonly finished: number; readonly abandoned: number; readonly waiting: number };

const INTENTS_PER_RUN = 1_000;

/**
 * Intents younger than `ageMs` belong to requests that are still in progress, in this or another
 * process.
 */
export async function recoverIntents(
  world: World,
  { ageMs }: { readonly ageMs: number },
): Promise<Result<RecoveryCounts, StoreFailure>> {
  const before = world.clock() - ageMs;
  const found = await world.store.read(async (reads) => {
    const open = await reads.openIntents(INTENTS_PER_RUN);
    const onCards = await reads.certificatesOfCards(cardsOf(open));
    const blocked = await reads.blockedKeys(keysOf(open));
    return { open, onCards, blocked, revokedIssuers: await reads.revokedIssuers() };
  });
  if (!found.ok) return found;
  const { open, onCards, revokedIssuers } = found.value;
  const blocked = new Set(found.value.blocked.map(({ spkiSha256 }) => spkiSha256));
  const isBlocked = ({ issuer, spkiSha256 }: CertificateRecord): boolean =>
    revokedIssuers.has(issuer) || blocked.has(spkiSha256) || world.blockedKeys.has(spkiSha256);
  const counts = { finished: 0, abandoned: 0, waiting: 0 };
  const unavailable = new Set<string>();
  for (const group of groupByClaim(wholeGroupsOf(open).filter((record) => record.createdAt <= before))) {
    const isLost = group[0]?.claim === null || isBroken(group, onCards) || group.some(isBlocked);
    const outcome = isLost ? 'abandoned' : await finishGroup(world, group, unavailable);
    if (outcome === 'abandoned') await abandon(world, group);
    counts[outcome === 'abandoned' ? 'abandoned' : outcome] += group.length;
  }
  if (counts.finished + counts.abandoned > 0) world.log.info('intents.recovered', counts);
  return ok(counts);
}

/**
 * Intents of one request have the same time, and a full page may end between them. These wait for
 * the next run.
 */
function wholeGroupsOf(page: readonly CertificateRecord[]): readonly CertificateRecord[] {
  const last = page.length < INTENTS_PER_RUN ? undefined : page.at(-1);
  return last === undefined ? page : page.filter((record) => record.createdAt !== last.createdAt);
}

function groupByClaim(records: readonly CertificateRecord[]): readonly (readonly CertificateRecord[])[] {
  const groups = new Map<string, CertificateRecord[]>();
  for (const record of records) {
    const key = claimName(record) ?? record.id;
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return [...groups.values()];
}

function claimName({ claim }: CertificateRecord): string | null {
  return claim === null ? null : JSON.stringify([claim.account, claim.route, claim.key]);
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
  return group.some((record) =>
    onCards.some(
      (other) =>
        other.state.status === 'revoked' &&
        other.createdAt === record.createdAt &&
        claimName(other) === claimName(record),
    ),
  );
}

/**
 * `unavailable`: issuers whose signer did not answer in this run, and profiles at their hourly
 * limit. They are not asked again.
 */
async function finishGroup(
  world: World,
  group: readonly CertificateRecord[],
  unavailable: Set<string>,
): Promise<'finished' | 'abandoned' | 'waiting'> {
  if (group.some(({ issuer, profile }) => unavailable.has(issuer) || unavailable.has(profile))) return 'waiting';
  const intents: Intent[] = [];
  for (const record of group) {
    const intent = lintAgain(world, record);
    if (intent === null) return 'abandoned';
    intents.push(intent);
  }
  const claim = present(group[0]?.claim, 'claim of a group of intents');
  const finished = await finishIntents(world, {
    intents,
    signer: holderSigner(world.signer),
    status: 'issued',
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

/**
 * Lints the stored bytes again, with the present profile and environment. null: they do not pass
 * any more.
 */
function lintAgain(world: World, record: CertificateRecord): Intent | null {
  const issuer = world.issuers.byId(record.issuer);
  const profile = world.policy.profiles.get(record.profile);
  if (issuer === null || profile === undefined) return null;
  const token = lintCertificate({ tbs: record.tbs, issuer, profile, environment: world.policy.environment });
  if (token.ok) return { record, issuer, token: token.value };
  lintFailed(world, { issuer: issuer.id, profile: profile.id, id: record.id }, token.error.findings);
  return null;
}

async function abandon(world: World, group: readonly CertificateRecord[]): Promise<void> {
  const now = world.clock();
  await world.store.transaction(async (tx) => {
    const claims = new Map<string, IdempotencyClaim>();
    for (const { id, claim } of group) {
      const record = await tx.lockCertificate(id);
      if (record === null || record.state.status !== 'open') continue;
      const next = decideTransition(record.state, { kind: 'abandon', at: now });
      if (!next.ok) continue;
      const auditSeq = await appendEntry(tx, abandonedEvent(record, 'system', now));
      await tx.setState(id, next.value, { at: now, actor: 'system', auditSeq });
      if (claim !== null) claims.set(claim.key, claim);
    }
    await tx.releaseClaims([...claims.values()]);
  });
  world.statusChanged(group);
}
