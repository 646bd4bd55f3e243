/** CRLs that stream through the signer: it checks and hashes the chunks and keeps none of them. */
import type { Bytes } from '../../src/kernel/bytes.js';
import { formatInstant, parseInstant, toSecond } from '../../src/kernel/clock.js';
import { LIMITS } from '../../src/kernel/limits.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import { CEILINGS } from '../../src/policy/ceilings.js';
import { otherKind } from '../../src/policy/publication/crl-scopes.js';
import type { IssuerId } from '../../src/ports/signer.js';
import type { CrlEvent } from '../journal/journal-entry.js';
import { type AnswerSender, type Refusal, refusalFrame, unavailableFrame } from '../wire/answers.js';
import type { CheckedCrl, Checker, CrlChecker } from './check-port.js';
import type { CheckedRequest, SignerKey } from './checked-request.js';
import type { Journal } from './journal.js';
import type { JournalWriter, RefusalCause } from './journal-writer.js';
import type { LastCrl } from './recover-journal.js';
import { createTbsHashes, type TbsHashes } from './tbs-hashes.js';

type CrlStream = {
  readonly issuer: IssuerId;
  readonly key: SignerKey;
  readonly answer: AnswerSender;
  readonly checker: CrlChecker;
  readonly hashes: TbsHashes;
  bytes: number;
};

export type CrlStreams = {
  begin(id: number, from: { readonly issuer: IssuerId; readonly key: SignerKey }, answer: AnswerSender): void;
  /**
   * Checks and hashes one chunk. Ignores a chunk of an unknown stream: the CRL was refused or
   * aborted while the chunk was in transit.
   */
  push(id: number, chunk: Bytes): void;
  end(id: number): void;
  abort(id: number): void;
};

const STREAMS_MAX = 8;
const BUSY_RETRY_MS = 1_000;
/**
 * Limit of the step between CRL numbers. Numbers that were reserved and never signed leave gaps;
 * without a limit, a stolen service could have a list with the highest possible number signed, and
 * no other list of its issuer could follow.
 */
const NUMBER_STEP_MAX = 1_000_000n;

/**
 * When to raise the alarm that a list has lost many entries: more than `share` of the entries of
 * the list before, and more than `entriesMin`. A stolen service could omit revoked certificates,
 * and the signer does not know which are revoked. The list is not refused, because entries of
 * expired certificates disappear (RFC 5280 3.3), and certificates of one batch expire together.
 * Lists are made hourly or daily and certificates are valid for years, so that one step normally
 * removes far less than a tenth. A tenth of a short list is a few certificates, which can expire on
 * one day.
 */
const CRL_SHRINK_ALARM = { share: 0.1, entriesMin: 100 } as const;

export function createCrlStreams(world: {
  readonly checker: Checker;
  readonly journal: Journal;
  readonly journalWriter: Pick<JournalWriter, 'alarm'>;
  readonly clock: () => number;
  readonly refuse: (cause: Omit<RefusalCause, 'rule'>, refusal: Refusal, answer: () => void) => void;
  readonly journalAndSign: (checked: CheckedRequest, id: number, answer: AnswerSender) => Promise<void>;
}): CrlStreams {
  const streams = new Map<number, CrlStream>();

  /**
   * Refuses a stream and forgets it. The journal gets the SHA-256 of the bytes that were read so
   * far.
   */
  function refuse(id: number, { issuer, answer, hashes }: CrlStream, refusal: Refusal): void {
    streams.delete(id);
    world.refuse({ issuer, asked: 'crl', sha256: () => hashes.finish().sha256 }, refusal, () =>
      answer(refusalFrame(id, refusal)),
    );
  }

  return {
    begin(id, { issuer, key }, answer) {
      if (streams.has(id))
        return answer(refusalFrame(id, { rule: 'crl-stream', detail: 'this stream is open already' }));
      if (streams.size >= STREAMS_MAX) {
        return answer(unavailableFrame(id, BUSY_RETRY_MS, `${STREAMS_MAX} CRLs are being read`));
      }
      const checker = world.checker.crl(issuer);
      streams.set(id, { issuer, key, answer, checker, hashes: createTbsHashes(key.keyType), bytes: 0 });
    },
    push(id, chunk) {
      const stream = streams.get(id);
      if (!stream) return;
      stream.bytes += chunk.length;
      if (stream.bytes > LIMITS.crlBytesMax) {
        return refuse(id, stream, { rule: 'tbs-too-long', detail: `more than ${LIMITS.crlBytesMax} bytes` });
      }
      stream.hashes.update(chunk);
      const verdict = stream.checker.push(chunk);
      if (!verdict.ok) refuse(id, stream, verdict.error);
    },
    end(id) {
      const stream = streams.get(id);
      if (!stream) return;
      const verdict = stream.checker.end();
      if (!verdict.ok) return refuse(id, stream, verdict.error);
      const { issuer, key, answer } = stream;
      const crl = verdict.value;
      const { scope, number } = crl;
      const before: PreviousLists = {
        same: world.journal.lastCrl(issuer, scope),
        other: world.journal.lastCrl(issuer, otherKind(scope)),
      };
      const hashed = stream.hashes.finish();
      const { sha256, digest } = hashed;
      const order = requireOrder(before, { ...crl, sha256 }, world.clock());
      if (!order.ok) return refuse(id, { ...stream, hashes: { ...stream.hashes, finish: () => hashed } }, order.error);
      streams.delete(id);
      const loss = describeLoss(before, crl);
      if (loss !== null) {
        const detail = `list ${number} of ${issuer} (${scope}) ${loss}`;
        world.journalWriter.alarm({ alarm: 'crl-shrank', subject: issuer, detail }, { issuer, sha256, profile: null });
      }
      const { base, thisUpdate, entries } = crl;
      const event: CrlEvent = { kind: 'crl', issuer, scope, number, base, thisUpdate, entries, sha256 };
      void world.journalAndSign({ issuer, key, event, digest }, id, answer);
    },
    abort(id) {
      streams.delete(id);
    },
  };
}

type HashedCrl = CheckedCrl & { readonly sha256: string };

/**
 * The last list of the same scope, and the last list of the other kind (full or delta) for the same
 * certificates.
 */
type PreviousLists = { readonly same: LastCrl | undefined; readonly other: LastCrl | undefined };

/**
 * Refuses a CRL whose number does not follow. It must be higher than the last number that this
 * token signed, or the bytes must be the same (RFC 5280 5.2.3). A full list and a delta for the
 * same certificates have one sequence of numbers. They share a number if they were made at the same
 * time: then thisUpdate is the same.
 *
 * The lint checks that the base of a delta is lower than its number. Whether that base list exists
 * is not checked, because a replica or a ceremony may have signed it. A delta with an invented base
 * cannot remove more entries than `describeLoss` allows without an alarm, and a caller that can
 * request it can also request a full list without these entries.
 */
function requireOrder({ same, other }: PreviousLists, crl: HashedCrl, now: number): Result<void, Refusal> {
  const { number, sha256 } = crl;
  if (!/^\d{1,50}$/.test(number)) return err({ rule: 'crl-number', detail: 'not a number' });
  const value = BigInt(number);
  const last = latestOf(same, other);
  // The first list that this token signs can have any number: another system may have made lists
  // before.
  if (last === undefined) return ok(undefined);
  if (value > last.number + NUMBER_STEP_MAX)
    return err({ rule: 'crl-number-leaps', detail: `number ${number}; the last signed number is ${last.number}` });
  if (value === same?.number && sha256 === same.sha256) return ok(undefined);
  if (value === other?.number && value > (same?.number ?? 0n) && isOfSameTime(other, crl)) return ok(undefined);
  if (value > last.number) return requireTimeOrder([same, other], crl, now);
  const suffix = value === last.number ? ', with other bytes' : '';
  const detail = `number ${number}; the last signed number is ${last.number}${suffix}`;
  return err({ rule: 'crl-number-not-rising', detail, lastNumber: String(last.number) });
}

function latestOf(same: LastCrl | undefined, other: LastCrl | undefined): LastCrl | undefined {
  if (same === undefined || other === undefined) return same ?? other;
  return other.number > same.number ? other : same;
}

function isOfSameTime(other: LastCrl, { thisUpdate }: HashedCrl): boolean {
  return parseInstant(thisUpdate) === other.thisUpdate;
}

/**
 * Refuses a CRL whose thisUpdate is before that of the last list: otherwise a list with a higher
 * number could omit the revocations in between. If the last thisUpdate is in the future, a clock
 * was wrong. Then our clock decides, because revocation must not wait for that time
 * (`publish-crl.ts` does the same).
 */
function requireTimeOrder(
  before: readonly (LastCrl | undefined)[],
  crl: HashedCrl,
  now: number,
): Result<void, Refusal> {
  for (const last of before) {
    if (last === undefined) continue;
    const earliest = last.thisUpdate <= now ? last.thisUpdate : toSecond(now - CEILINGS.backdatingMsMax);
    const thisUpdate = parseInstant(crl.thisUpdate);
    if (thisUpdate !== null && thisUpdate >= earliest) continue;
    const detail = `thisUpdate ${crl.thisUpdate}; that of list ${last.number} is ${formatInstant(last.thisUpdate)}`;
    return err({ rule: 'crl-this-update-goes-back', detail });
  }
  return ok(undefined);
}

/**
 * Describes how many entries the list omits (a delta: removes), if there are many; null: few or
 * none.
 */
function describeLoss({ same, other }: PreviousLists, { base, entries, removals }: CheckedCrl): string | null {
  const before = (base === null ? same : other)?.entries ?? null;
  const lost = base === null ? (before ?? 0) - entries : removals;
  const { share, entriesMin } = CRL_SHRINK_ALARM;
  if (lost <= entriesMin || lost <= (before ?? 0) * share) return null;
  return base === null
    ? `has ${entries} entries, the list before it had ${before}`
    : `removes ${removals} entries of the full list, which has ${before ?? 'an unknown number'}`;
}
