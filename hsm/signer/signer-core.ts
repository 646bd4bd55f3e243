/**
 * The signer: reads, decides, journals, and only then signs. It takes to-be-signed bytes and hashes them itself; there is no request
 * that carries a digest. One core serves one token; it knows nothing of sockets.
 */
import { assert, present } from '../../src/kernel/assert.js';
import type { Bytes } from '../../src/kernel/bytes.js';
import { sha256Hex } from '../../src/kernel/digest.js';
import { LIMITS } from '../../src/kernel/limits.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import type { IssuerId } from '../../src/ports/signer.js';
import type { KeyType } from '../../src/x509/model.js';
import { remedyOf } from '../pkcs11/ckr.js';
import { describeTokenFailure, type TokenFailure } from '../pkcs11/failures.js';
import { type Answer, capFrame, refusalFrame, unavailableFrame } from '../wire/answers.js';
import { type Frame, type Meta, readMeta } from '../wire/frames.js';
import { FRAME_ASKS, type SigningKind, type TokenKind, tokenSigns } from '../wire/permissions.js';
import { isPlatformPurpose, isWholeSequence, PLATFORM_FORMS } from '../wire/platform-purposes.js';
import type { Checker, Refusal } from './check-port.js';
import { createCrlStreams } from './crl-stream.js';
import type { Journal, JournalFailure, JournalRecord } from './journal.js';
import { createJournalWriter, type JournalWriterWorld, type RefusalRecord } from './journal-writer.js';
import { hashTbs } from './tbs-hashes.js';

export type SignerKey = {
  readonly keyType: KeyType;
  /** Signs a digest made with the hash of `keyType`. Only the core calls it. */
  sign(digest: Bytes): Promise<Result<Bytes, TokenFailure>>;
};

export type SignerFault = TokenFailure | JournalFailure;

export type SignerWorld = Omit<JournalWriterWorld, 'fault'> & {
  readonly tokenKind: TokenKind;
  readonly checker: Checker;
  /** By label: the issuer's id, and for more keys of one issuer what the checker calls them. */
  readonly keys: ReadonlyMap<string, SignerKey>;
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

/** What is to be signed: checked, hashed for the journal and for the signature. */
export type CheckedRequest = {
  readonly issuer: IssuerId;
  readonly key: SignerKey;
  readonly record: Omit<JournalRecord, 'at' | 'steadyAt'>;
  readonly digest: Bytes;
  /** Of a certificate: how many of its profile an hour may bring. */
  readonly cap?: { readonly profile: string; readonly perHourMax: number };
};

/** Until somebody has mended what no other process would do better. */
const LASTING_RETRY_MS = 30_000;

export function createSignerCore(world: SignerWorld): SignerCore {
  const { tokenKind, checker, journal, keys, clock, fault } = world;
  const journalWriter = createJournalWriter(world);

  /** The one way to a signature. */
  async function journalAndSign(checked: CheckedRequest, id: number, answer: Answer): Promise<void> {
    const { issuer, key, record, digest, cap } = checked;
    if (cap !== undefined) {
      const { profile, perHourMax } = cap;
      const over = journalWriter.take({ profile, perHourMax, issuer, sha256: record.sha256 });
      if (over !== null) return answer(capFrame(id, cap.profile, over.retryAfterMs));
    }
    if (!(await journalWriter.signature(record))) return;
    const signature = await key.sign(digest);
    if (!signature.ok) {
      if (!isLasting(signature.error)) return fault(signature.error);
      return answer(unavailableFrame(id, LASTING_RETRY_MS, describeTokenFailure(signature.error)));
    }
    answer({ type: 'signature', id, body: signature.value });
  }

  /** On record before it is answered, as a signature is. */
  function refuse(refused: Omit<RefusalRecord, 'rule'>, { rule }: Refusal, give: () => void): void {
    void journalWriter.refusal({ ...refused, rule }).then((recorded) => {
      if (recorded) give();
    });
  }

  const crls = createCrlStreams({ checker, journal, journalWriter, clock, refuse, journalAndSign });

  return {
    handle(frame, answer) {
      if (frame.type === 'status') return answer({ type: 'state', id: frame.id, meta: stateOf(journal, keys) });
      const meta = readMeta(frame);
      if (frame.type === 'refused') return noteOf(meta);
      const { issuer } = meta.ok ? meta.value : {};
      const asked = FRAME_ASKS[frame.type];
      const refused = {
        issuer: typeof issuer === 'string' ? issuer : undefined,
        asked: asked ?? undefined,
        sha256: () => sha256Hex(frame.body),
      };
      const refuseThis = (refusal: Refusal): void =>
        refuse(refused, refusal, () => answer(refusalFrame(frame.id, refusal)));
      if (asked === null) return refuseThis({ rule: 'frame-type', detail: `${frame.type} is no request` });
      const allowed = requireKind(tokenKind, asked);
      if (!allowed.ok) return refuseThis(allowed.error);
      if (!meta.ok) return refuseThis({ rule: 'frame-meta', detail: 'the meta of the frame is not a JSON object' });
      if (frame.type === 'crl-begin') {
        const found = keyOf(keys, meta.value);
        return found.ok ? crls.begin(frame.id, found.value, answer) : refuseThis(found.error);
      }
      if (frame.type === 'crl-chunk') return crls.push(frame.id, frame.body);
      if (frame.type === 'crl-end') return crls.end(frame.id);
      if (frame.type === 'crl-abort') return crls.abort(frame.id);
      const checked = checkRequest({ checker, keys }, frame, meta.value);
      if (!checked.ok) return refuseThis(checked.error);
      void journalAndSign(checked.value, frame.id, answer);
    },
  };

  /** What the supervisor refused at its sockets, which nobody else sends: `src/ceremony/quorum/token-opener.ts` passes no such frame on. */
  function noteOf(meta: FrameMeta): void {
    void journalWriter.refusal({ rule: meta.ok ? String(meta.value.rule).slice(0, 80) : 'frame-meta' });
  }
}

type FrameMeta = ReturnType<typeof readMeta>;
type Asked = Readonly<Record<string, unknown>>;

function requireKind(token: TokenKind, kind: SigningKind): Result<void, Refusal> {
  if (tokenSigns(token, kind)) return ok(undefined);
  return err({ rule: 'kind-not-of-this-token', detail: `a ${token} token does not sign ${kind}` });
}

function keyOf(
  keys: SignerWorld['keys'],
  { issuer }: Asked,
): Result<{ readonly issuer: IssuerId; readonly key: SignerKey }, Refusal> {
  for (const [label, key] of keys) if (label === issuer) return ok({ issuer: label as IssuerId, key });
  return err({ rule: 'issuer-unknown', detail: `this token has no key of ${JSON.stringify(issuer)?.slice(0, 80)}` });
}

function checkRequest(
  { checker, keys }: Pick<SignerWorld, 'checker' | 'keys'>,
  { type, body }: Frame,
  meta: Asked,
): Result<CheckedRequest, Refusal> {
  const found = keyOf(keys, meta);
  if (!found.ok) return found;
  const { issuer, key } = found.value;
  switch (type) {
    case 'certificate':
    case 'responder-certificate': {
      const { profile } = meta;
      if (typeof profile !== 'string') return err({ rule: 'frame-meta', detail: 'no profile' });
      const form = requireForm(body, LIMITS.tbsCertificateBytesMax);
      if (!form.ok) return form;
      const verdict =
        type === 'certificate'
          ? checker.certificate(body, profile, issuer)
          : checker.responderCertificate(body, profile, issuer);
      if (!verdict.ok) return verdict;
      const { serial, perHourMax } = verdict.value;
      const { sha256, digest } = hashTbs(key.keyType, body);
      const record = { kind: type, issuer, serial, profile, sha256 };
      return ok({ issuer, key, record, digest, cap: { profile, perHourMax } });
    }
    case 'ocsp': {
      const form = requireForm(body, LIMITS.signerFrameBytesMax);
      if (!form.ok) return form;
      const verdict = checker.ocsp(body, issuer);
      if (!verdict.ok) return verdict;
      const { key: label } = verdict.value;
      const signs = present(keys.get(label), `the key ${label}`);
      const { sha256, digest } = hashTbs(signs.keyType, body);
      // By key: what is counted is each responder's.
      return ok({ issuer, key: signs, record: { kind: 'ocsp', issuer: label, sha256 }, digest });
    }
    case 'platform': {
      const { purpose } = meta;
      if (!isPlatformPurpose(purpose)) return err({ rule: 'platform-purpose', detail: 'no purpose of this signer' });
      const formed = PLATFORM_FORMS[purpose](body);
      if (!formed.ok) return formed;
      const { sha256, digest } = hashTbs(key.keyType, formed.value);
      return ok({ issuer, key, record: { kind: 'platform', issuer, profile: purpose, sha256 }, digest });
    }
    default:
      return err({ rule: 'frame-type', detail: `${type} is no request` });
  }
}

/** The token is well and will not do this; a restart would only stop what it does do. */
function isLasting(failure: TokenFailure): boolean {
  return failure.kind === 'pkcs11-failed' && remedyOf(failure.ckr).do === 'give-up';
}

/** Before any checker: one whole DER SEQUENCE of bounded size. A digest is not that. */
function requireForm(tbs: Bytes, bytesMax: number): Result<void, Refusal> {
  if (tbs.length > bytesMax) return err({ rule: 'tbs-too-long', detail: `${tbs.length} octets, at most ${bytesMax}` });
  if (!isWholeSequence(tbs))
    return err({ rule: 'tbs-not-a-sequence', detail: 'the bytes are not one whole DER SEQUENCE' });
  return ok(undefined);
}

function stateOf(journal: Journal, keys: SignerWorld['keys']): Meta {
  assert(keys.size > 0, 'a signer has a key');
  return { journalSeq: journal.lastSeq(), issuers: [...keys.keys()] };
}
