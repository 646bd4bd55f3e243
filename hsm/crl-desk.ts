/** CRLs on their way through the signer: read and hashed as they stream, never held. */
import type { Bytes } from '../src/kernel/bytes.js';
import { LIMITS } from '../src/kernel/limits.js';
import { err, ok, type Result } from '../src/kernel/result.js';
import type { IssuerId } from '../src/ports/signer.js';
import { type Answer, refusalFrame, unavailableFrame } from './answers.js';
import type { Journal } from './journal.js';
import type { CrlJudge, Judge, Refusal } from './judge-port.js';
import type { Judged, SignerKey } from './signer-core.js';
import { createTbsHashes, type TbsHashes } from './tbs-hashes.js';

type Stream = {
  readonly issuer: IssuerId;
  readonly key: SignerKey;
  readonly answer: Answer;
  readonly judge: CrlJudge;
  readonly hashes: TbsHashes;
  bytes: number;
};

export type CrlDesk = {
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

export function createCrlDesk(world: {
  readonly judge: Judge;
  readonly journal: Journal;
  readonly journalAndSign: (judged: Judged, id: number, answer: Answer) => Promise<void>;
}): CrlDesk {
  const streams = new Map<number, Stream>();

  function refuse(id: number, stream: Stream, refusal: Refusal): void {
    streams.delete(id);
    stream.answer(refusalFrame(id, refusal));
  }

  return {
    begin(id, { issuer, key }, answer) {
      if (streams.has(id)) return answer(refusalFrame(id, { rule: 'crl-stream', detail: 'begun already' }));
      if (streams.size >= STREAMS_MAX) {
        return answer(unavailableFrame(id, BUSY_RETRY_MS, `${STREAMS_MAX} CRLs are being read`));
      }
      const judge = world.judge.crl(issuer);
      streams.set(id, { issuer, key, answer, judge, hashes: createTbsHashes(key.keyType), bytes: 0 });
    },
    push(id, chunk) {
      const stream = streams.get(id);
      if (!stream) return;
      stream.bytes += chunk.length;
      if (stream.bytes > LIMITS.crlBytesMax) {
        return refuse(id, stream, { rule: 'tbs-too-long', detail: `more than ${LIMITS.crlBytesMax} octets` });
      }
      stream.hashes.update(chunk);
      const verdict = stream.judge.push(chunk);
      if (!verdict.ok) refuse(id, stream, verdict.error);
    },
    end(id) {
      const stream = streams.get(id);
      if (!stream) return;
      const verdict = stream.judge.end();
      if (!verdict.ok) return refuse(id, stream, verdict.error);
      const { issuer, key, answer } = stream;
      const { sha256, digest } = stream.hashes.finish();
      const { number } = verdict.value;
      const order = requireRisingNumber(world.journal, issuer, { number, sha256 });
      if (!order.ok) return refuse(id, stream, order.error);
      streams.delete(id);
      const record = { kind: 'crl' as const, number, sha256 };
      void world.journalAndSign({ issuer, key, record, digest }, id, answer);
    },
    abort(id) {
      streams.delete(id);
    },
  };
}

/**
 * Higher than the last that this token signed, or the same bytes again (RFC 5280 5.2.3). A delta of the same thisUpdate will share the
 * number of its full CRL; until deltas are issued there is no such exception.
 */
function requireRisingNumber(
  journal: Journal,
  issuer: IssuerId,
  { number, sha256 }: { readonly number: string; readonly sha256: string },
): Result<void, Refusal> {
  if (!/^\d{1,50}$/.test(number)) return err({ rule: 'crl-number', detail: 'not a number' });
  const last = journal.lastCrl(issuer);
  const value = BigInt(number);
  // Of the first list that this token signs: another system may have numbered the ones before.
  if (last === undefined) return ok(undefined);
  if (value > last.number + NUMBER_STEP_MAX)
    return err({ rule: 'crl-number-leaps', detail: `number ${number}; the last that was signed is ${last.number}` });
  if (value > last.number) return ok(undefined);
  if (value === last.number && sha256 === last.sha256) return ok(undefined);
  const detail = `number ${number}; the last that was signed is ${last.number}${value === last.number ? ', of other bytes' : ''}`;
  return err({ rule: 'crl-number-not-rising', detail, lastNumber: String(last.number) });
}
