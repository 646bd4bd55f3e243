/**
 * The signer: reads, decides, journals, and only then signs. It takes to-be-signed bytes and hashes them itself; there is no request
 * that carries a digest. One core serves one token; it knows nothing of sockets.
 */
import { assert } from '../src/kernel/assert.js';
import type { Bytes } from '../src/kernel/bytes.js';
import { LIMITS } from '../src/kernel/limits.js';
import { err, ok, type Result } from '../src/kernel/result.js';
import type { IssuerId } from '../src/ports/signer.js';
import type { KeyType } from '../src/x509/model.js';
import { type Answer, refusalFrame, unavailableFrame } from './answers.js';
import { createCrlDesk } from './crl-desk.js';
import { type Frame, type Meta, readMeta } from './frames.js';
import type { Journal, JournalFailure, JournalRecord } from './journal.js';
import type { Judge, Refusal } from './judge-port.js';
import { FRAME_ASKS, type TokenKind, tokenSigns } from './permissions.js';
import { remedyOf } from './pkcs11/ckr.js';
import { describeTokenFailure, type TokenFailure } from './pkcs11/failures.js';
import { isPlatformPurpose, isWholeSequence, PLATFORM_FORMS } from './platform-purposes.js';
import { hashTbs } from './tbs-hashes.js';

export type SignerKey = {
  readonly keyType: KeyType;
  /** Signs a digest made with the hash of `keyType`. Only the core calls it. */
  sign(digest: Bytes): Promise<Result<Bytes, TokenFailure>>;
};

export type SignerFault = TokenFailure | JournalFailure;

export type SignerWorld = {
  readonly tokenKind: TokenKind;
  readonly judge: Judge;
  readonly journal: Journal;
  readonly keys: ReadonlyMap<IssuerId, SignerKey>;
  readonly clock: () => number;
  /**
   * Token or journal failed, beyond what this process can mend: no answer is given, the process is to be replaced and the request
   * put to its successor.
   */
  readonly fault: (fault: SignerFault) => void;
};

export type SignerCore = {
  /** Answers once, now or later; not at all for parts of a CRL stream that was answered already, and after a fault. */
  handle(frame: Frame, answer: Answer): void;
};

/** What is to be signed: judged, hashed for the journal and for the signature. */
export type Judged = {
  readonly issuer: IssuerId;
  readonly key: SignerKey;
  readonly record: Omit<JournalRecord, 'at' | 'issuer'>;
  readonly digest: Bytes;
};

/** Until somebody has mended what no other process would do better. */
const LASTING_RETRY_MS = 30_000;

export function createSignerCore(world: SignerWorld): SignerCore {
  const { tokenKind, judge, journal, keys, clock, fault } = world;

  /** The one way to a signature. */
  async function journalAndSign(judged: Judged, id: number, answer: Answer): Promise<void> {
    const { issuer, key, record, digest } = judged;
    const journaled = await journal.append({ ...record, issuer, at: clock() });
    if (!journaled.ok) return fault(journaled.error);
    const signature = await key.sign(digest);
    if (!signature.ok) {
      if (!isLasting(signature.error)) return fault(signature.error);
      return answer(unavailableFrame(id, LASTING_RETRY_MS, describeTokenFailure(signature.error)));
    }
    answer({ type: 'signature', id, body: signature.value });
  }

  function keyOf(meta: Readonly<Record<string, unknown>>): Result<{ issuer: IssuerId; key: SignerKey }, Refusal> {
    const { issuer } = meta;
    for (const [id, key] of keys) if (id === issuer) return ok({ issuer: id, key });
    return err({ rule: 'issuer-unknown', detail: `this token has no key of ${JSON.stringify(issuer)?.slice(0, 80)}` });
  }

  function judgeWhole(frame: Frame, meta: Readonly<Record<string, unknown>>): Result<Judged, Refusal> {
    const found = keyOf(meta);
    if (!found.ok) return found;
    const { issuer, key } = found.value;
    switch (frame.type) {
      case 'certificate': {
        const { profile } = meta;
        if (typeof profile !== 'string') return err({ rule: 'frame-meta', detail: 'no profile' });
        const form = requireForm(frame.body, LIMITS.tbsCertificateBytesMax);
        if (!form.ok) return form;
        const verdict = judge.certificate(frame.body, profile, issuer);
        if (!verdict.ok) return verdict;
        const { serial } = verdict.value;
        return ok({ issuer, key, ...digests(frame.body, key, { kind: 'certificate', serial, profile }) });
      }
      case 'ocsp': {
        const form = requireForm(frame.body, LIMITS.signerFrameBytesMax);
        if (!form.ok) return form;
        const verdict = judge.ocsp(frame.body, issuer);
        return verdict.ok ? ok({ issuer, key, ...digests(frame.body, key, { kind: 'ocsp' }) }) : verdict;
      }
      case 'platform': {
        const { purpose } = meta;
        if (!isPlatformPurpose(purpose)) return err({ rule: 'platform-purpose', detail: 'no purpose of this signer' });
        const formed = PLATFORM_FORMS[purpose](frame.body);
        return formed.ok
          ? ok({ issuer, key, ...digests(formed.value, key, { kind: 'platform', profile: purpose }) })
          : formed;
      }
      default:
        return err({ rule: 'frame-type', detail: `${frame.type} is no request` });
    }
  }

  const crls = createCrlDesk({ judge, journal, journalAndSign });

  return {
    handle(frame, answer) {
      const refuse = (refusal: Refusal): void => answer(refusalFrame(frame.id, refusal));
      const kind = FRAME_ASKS[frame.type];
      if (frame.type === 'status') return answer({ type: 'state', id: frame.id, meta: stateOf(journal, keys) });
      if (kind === null) return refuse({ rule: 'frame-type', detail: `${frame.type} is no request` });
      if (!tokenSigns(tokenKind, kind)) {
        return refuse({ rule: 'kind-not-of-this-token', detail: `a ${tokenKind} token does not sign ${kind}` });
      }
      const meta = readMeta(frame);
      if (!meta.ok) return refuse({ rule: 'frame-meta', detail: 'the meta of the frame is not a JSON object' });
      if (frame.type === 'crl-begin') {
        const found = keyOf(meta.value);
        return found.ok ? crls.begin(frame.id, found.value, answer) : refuse(found.error);
      }
      if (frame.type === 'crl-chunk') return crls.push(frame.id, frame.body);
      if (frame.type === 'crl-end') return crls.end(frame.id);
      if (frame.type === 'crl-abort') return crls.abort(frame.id);
      const judged = judgeWhole(frame, meta.value);
      if (!judged.ok) return refuse(judged.error);
      void journalAndSign(judged.value, frame.id, answer);
    },
  };
}

/** The token is well and will not do this; a restart would only stop what it does do. */
function isLasting(failure: TokenFailure): boolean {
  return failure.kind === 'pkcs11-failed' && remedyOf(failure.ckr).do === 'give-up';
}

function digests(
  tbs: Bytes,
  key: SignerKey,
  record: Omit<Judged['record'], 'sha256'>,
): { readonly record: Judged['record']; readonly digest: Bytes } {
  const { sha256, digest } = hashTbs(key.keyType, tbs);
  return { record: { ...record, sha256 }, digest };
}

/** Before any judge: one whole DER SEQUENCE of bounded size. A digest is not that. */
function requireForm(tbs: Bytes, bytesMax: number): Result<void, Refusal> {
  if (tbs.length > bytesMax) return err({ rule: 'tbs-too-long', detail: `${tbs.length} octets, at most ${bytesMax}` });
  if (!isWholeSequence(tbs))
    return err({ rule: 'tbs-not-a-sequence', detail: 'the bytes are not one whole DER SEQUENCE' });
  return ok(undefined);
}

function stateOf(journal: Journal, keys: ReadonlyMap<IssuerId, SignerKey>): Meta {
  assert(keys.size > 0, 'a signer has a key');
  return { journalSeq: journal.lastSeq(), issuers: [...keys.keys()] };
}
