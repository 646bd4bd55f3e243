/** CRLs on their way through the signer: read and hashed as they stream, never held. */
import type { Bytes } from '../../src/kernel/bytes.js';
import { formatInstant, parseInstant, toSecond } from '../../src/kernel/clock.js';
import { LIMITS } from '../../src/kernel/limits.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import { CEILINGS } from '../../src/policy/ceilings.js';
import { otherKind } from '../../src/policy/publication/crl-scopes.js';
import type { IssuerId } from '../../src/ports/signer.js';
import { type Answer, refusalFrame, unavailableFrame } from '../wire/answers.js';
import type { CheckedCrl, Checker, CrlChecker, Refusal } from './check-port.js';
import type { Journal, LastCrl } from './journal.js';
import type { JournalWriter, RefusalRecord } from './journal-writer.js';
import type { CheckedRequest, SignerKey } from './signer-core.js';
import { createTbsHashes, type TbsHashes } from './tbs-hashes.js';

type Stream = {
  readonly issuer: IssuerId;
  readonly key: SignerKey;
  readonly answer: Answer;
  readonly checker: CrlChecker;
  readonly hashes: TbsHashes;
  bytes: number;
};

export type CrlStreams = {
  begin(id: number, from: { readonly issuer: IssuerId; readonly key: SignerKey }, answer: Answer): void;
  /** Parts of a stream that is not there are ignored: it was refused while they were on their way. */
  push(id: number, chunk: Bytes): void;
  end(id: number): void;
  abort(id: number): void;
};

const STREAMS_MAX = 8;
const BUSY_RETRY_MS = 1_000;
/** Numbers that were reserved and never signed leave gaps; one that leaves no room above it would end all lists of its issuer. */
const NUMBER_STEP_MAX = 1_000_000n;

/**
 * When a list has so many fewer entries than the one before it, somebody shall look: a stolen service could leave revoked
 * certificates out, and the signer does not know them. It is no refusal: certificates end (RFC 5280 3.3), and those of a batch end
 * together. Lists are made hourly or daily and certificates live for years, so that a tenth is far more than one step brings; of a
 * short list a tenth is a handful, which ends on one day.
 */
export const CRL_SHRINK_ALARM = { share: 0.1, entriesMin: 100 } as const;

export function createCrlStreams(world: {
  readonly checker: Checker;
  readonly journal: Journal;
  readonly journalWriter: Pick<JournalWriter, 'alarm'>;
  readonly clock: () => number;
  readonly refuse: (refused: Omit<RefusalRecord, 'rule'>, refusal: Refusal, give: () => void) => void;
  readonly journalAndSign: (checked: CheckedRequest, id: number, answer: Answer) => Promise<void>;
}): CrlStreams {
  const streams = new Map<number, Stream>();

  /** `sha256`: of as much of it as was read. */
  function refuse(id: number, { issuer, answer, hashes }: Stream, refusal: Refusal): void {
    streams.delete(id);
    world.refuse({ issuer, asked: 'crl', sha256: () => hashes.finish().sha256 }, refusal, () =>
      answer(refusalFrame(id, refusal)),
    );
  }

  return {
    begin(id, { issuer, key }, answer) {
      if (streams.has(id)) return answer(refusalFrame(id, { rule: 'crl-stream', detail: 'begun already' }));
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
        return refuse(id, stream, { rule: 'tbs-too-long', detail: `more than ${LIMITS.crlBytesMax} octets` });
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
      const { scope, base, removals, ...listed } = verdict.value;
      const before: Before = {
        same: world.journal.lastCrl(issuer, scope),
        other: world.journal.lastCrl(issuer, otherKind(scope)),
      };
      const hashed = stream.hashes.finish();
      const { sha256, digest } = hashed;
      const order = requireOrder(before, { ...verdict.value, sha256 }, world.clock());
      if (!order.ok) return refuse(id, { ...stream, hashes: { ...stream.hashes, finish: () => hashed } }, order.error);
      streams.delete(id);
      const loss = lossOf(before, verdict.value);
      if (loss !== null) {
        const detail = `list ${listed.number} of ${issuer} (${scope}) ${loss}`;
        world.journalWriter.alarm({ alarm: 'crl-shrank', subject: issuer, detail }, { issuer, sha256 });
      }
      const record = {
        ...{ kind: 'crl' as const, issuer, scope, ...(base === null ? {} : { base }), ...listed },
        sha256,
      };
      void world.journalAndSign({ issuer, key, record, digest }, id, answer);
    },
    abort(id) {
      streams.delete(id);
    },
  };
}

type Numbered = CheckedCrl & { readonly sha256: string };

/** The last list of the same scope, and the last of the other kind about the same certificates. */
type Before = { readonly same: LastCrl | undefined; readonly other: LastCrl | undefined };

/**
 * Higher than the last that this token signed, or the same bytes again (RFC 5280 5.2.3). A full list and a delta of the same certificates
 * have one sequence of numbers, and share one of them where they are of one moment: then thisUpdate is the same.
 *
 * That a delta's base is lower than its own number is the lint's to see. Whether such a list was ever signed is not checked here:
 * a replica may have signed it, or a ceremony. A delta with a base of its own making takes no more off than `lossOf` tells of, and
 * whoever could ask for it could ask for a full list without those entries as well.
 */
function requireOrder({ same, other }: Before, crl: Numbered, now: number): Result<void, Refusal> {
  const { number, sha256 } = crl;
  if (!/^\d{1,50}$/.test(number)) return err({ rule: 'crl-number', detail: 'not a number' });
  const value = BigInt(number);
  const last = latestOf(same, other);
  // Of the first list that this token signs: another system may have numbered the ones before.
  if (last === undefined) return ok(undefined);
  if (value > last.number + NUMBER_STEP_MAX)
    return err({ rule: 'crl-number-leaps', detail: `number ${number}; the last that was signed is ${last.number}` });
  if (value === same?.number && sha256 === same.sha256) return ok(undefined);
  if (value === other?.number && value > (same?.number ?? 0n) && isOfOneMoment(other, crl)) return ok(undefined);
  if (value > last.number) return requireTimeOrder([same, other], crl, now);
  const detail = `number ${number}; the last that was signed is ${last.number}${value === last.number ? ', of other bytes' : ''}`;
  return err({ rule: 'crl-number-not-rising', detail, lastNumber: String(last.number) });
}

function latestOf(same: LastCrl | undefined, other: LastCrl | undefined): LastCrl | undefined {
  if (same === undefined || other === undefined) return same ?? other;
  return other.number > same.number ? other : same;
}

function isOfOneMoment(other: LastCrl, { thisUpdate }: Numbered): boolean {
  return other.thisUpdate !== null && parseInstant(thisUpdate) === other.thisUpdate;
}

/**
 * What it says is not of a time before the last one's, or a revocation of the time between would be left out in the right order.
 * Where the last one is of the future, a clock was wrong, and ours is believed: revocation does not wait for it (`publish-crl.ts`
 * decides in the same way); then it is of now.
 */
function requireTimeOrder(before: readonly (LastCrl | undefined)[], crl: Numbered, now: number): Result<void, Refusal> {
  for (const last of before) {
    if (last === undefined || last.thisUpdate === null) continue;
    const earliest = last.thisUpdate <= now ? last.thisUpdate : toSecond(now - CEILINGS.backdatingMsMax);
    const thisUpdate = parseInstant(crl.thisUpdate);
    if (thisUpdate !== null && thisUpdate >= earliest) continue;
    const detail = `thisUpdate ${crl.thisUpdate}; that of list ${last.number} is ${formatInstant(last.thisUpdate)}`;
    return err({ rule: 'crl-this-update-goes-back', detail });
  }
  return ok(undefined);
}

/** How many certificates leave the full list with it, in words, when they are many; of a delta, those that it takes off. */
function lossOf({ same, other }: Before, { base, entries, removals }: CheckedCrl): string | null {
  const before = (base === null ? same : other)?.entries ?? null;
  const lost = base === null ? (before ?? 0) - entries : removals;
  const { share, entriesMin } = CRL_SHRINK_ALARM;
  if (lost <= entriesMin || lost <= (before ?? 0) * share) return null;
  return base === null
    ? `has ${entries} entries, the one before ${before}`
    : `takes ${removals} off the full list, which has ${before ?? 'an unknown number'}`;
}
