/**
 * The signer: reads a request, checks it, writes it into the journal, and only then signs it. It
 * takes to-be-signed bytes and hashes them itself; no request carries a digest. One core serves one
 * token, and uses no sockets.
 */
import { assert, present } from '../../src/kernel/assert.js';
import type { Bytes } from '../../src/kernel/bytes.js';
import { sha256Hex } from '../../src/kernel/digest.js';
import { LIMITS } from '../../src/kernel/limits.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import { isCmpKeyLabel } from '../../src/policy/cmp-keys.js';
import type { IssuerId } from '../../src/ports/signer.js';
import type { JournalFailure } from '../journal/read-journal.js';
import { remedyOf } from '../pkcs11/ckr.js';
import { describeTokenFailure, type TokenFailure } from '../pkcs11/failures.js';
import { type AnswerSender, type Refusal, rateCapFrame, refusalFrame, unavailableFrame } from '../wire/answers.js';
import { type Frame, type Meta, readMeta } from '../wire/frames.js';
import { FRAME_REQUESTS, type SigningKind, type TokenKind, tokenSigns } from '../wire/permissions.js';
import { isOneDerSequence, isPlatformPurpose, readPlatformBody } from '../wire/platform-purposes.js';
import type { Checker } from './check-port.js';
import type { CheckedRequest, SignerKey } from './checked-request.js';
import { createCrlStreams } from './crl-stream.js';
import type { Journal } from './journal.js';
import { createJournalWriter, type JournalWriterWorld, type RefusalCause } from './journal-writer.js';
import { hashTbs } from './tbs-hashes.js';

export type SignerFault = TokenFailure | JournalFailure;

type SignerWorld = Omit<JournalWriterWorld, 'fault'> & {
  readonly tokenKind: TokenKind;
  readonly checker: Checker;
  /**
   * The keys by their labels. A label is the id of the issuer, or for several keys of one issuer
   * the label that the checker returns.
   */
  readonly keys: ReadonlyMap<string, SignerKey>;
  /**
   * Called when the token or the journal has failed and this process cannot repair it. The request
   * gets no answer: the process must be replaced, and its successor gets the request.
   */
  readonly fault: (fault: SignerFault) => void;
};

export type SignerCore = {
  /**
   * Handles one frame. A request is answered once, now or later, and the parts of a CRL have one
   * answer together. There is no answer to a CRL that was aborted, to a refusal that the supervisor
   * reports, or after a fault.
   */
  handle(frame: Frame, answer: AnswerSender): void;
};

/** Retry time for lasting failures: another process would have them too, until an operator acts. */
const LASTING_RETRY_MS = 30_000;

export function createSignerCore(world: SignerWorld): SignerCore {
  const { tokenKind, checker, journal, keys, clock, fault } = world;
  const journalWriter = createJournalWriter(world);

  /**
   * Writes the entry of a checked request to the journal, and signs. Every signature that a caller
   * requests is made in this function.
   */
  async function journalAndSign(checked: CheckedRequest, id: number, answer: AnswerSender): Promise<void> {
    const { issuer, key, event, digest, cap } = checked;
    if (cap !== undefined) {
      const { profile, perHourMax } = cap;
      const over = journalWriter.take({ profile, perHourMax, issuer, sha256: event.sha256 });
      if (over !== null) return answer(rateCapFrame(id, cap.profile, over.retryAfterMs));
    }
    if (!(await journalWriter.signature(event))) return;
    const signature = await key.sign(digest);
    if (!signature.ok) {
      if (!isLasting(signature.error)) return fault(signature.error);
      return answer(unavailableFrame(id, LASTING_RETRY_MS, describeTokenFailure(signature.error)));
    }
    answer({ type: 'signature', id, body: signature.value });
  }

  /**
   * Refuses a request. Like a signature, a refusal is written to the journal before it is answered.
   */
  function refuse(cause: Omit<RefusalCause, 'rule'>, { rule }: Refusal, answer: () => void): void {
    void journalWriter.refusal({ ...cause, rule }).then((recorded) => {
      if (recorded) answer();
    });
  }

  const crls = createCrlStreams({ checker, journal, journalWriter, clock, refuse, journalAndSign });

  return {
    handle(frame, answer) {
      if (frame.type === 'status') return answer({ type: 'state', id: frame.id, meta: stateOf(journal, keys) });
      const meta = readMeta(frame);
      if (frame.type === 'refused') return journalRefusal(meta);
      const { issuer } = meta.ok ? meta.value : {};
      const asked = FRAME_REQUESTS[frame.type];
      const cause = {
        issuer: typeof issuer === 'string' ? issuer : undefined,
        asked: asked ?? undefined,
        sha256: () => sha256Hex(frame.body),
      };
      const refuseThis = (refusal: Refusal): void =>
        refuse(cause, refusal, () => answer(refusalFrame(frame.id, refusal)));
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
      const { event } = checked.value;
      if (event.kind === 'certificate' || event.kind === 'responder-certificate') {
        const claimed = journal.claimSerial(event);
        if (!claimed.ok) return fault(claimed.error);
        if (!claimed.value) return refuseThis(serialUsed(event.serial));
      }
      void journalAndSign(checked.value, frame.id, answer);
    },
  };

  /**
   * Writes a refusal by the supervisor, at one of its sockets, to the journal. Only the supervisor
   * sends this frame, because its socket server forwards no such frame of a caller.
   */
  function journalRefusal(meta: FrameMeta): void {
    void journalWriter.refusal({ rule: meta.ok ? String(meta.value.rule).slice(0, 80) : 'frame-meta' });
  }
}

/**
 * Makes the refusal of a serial number that was signed with other bytes before: two certificates
 * with one serial number would have one status. The same bytes are signed again, because the answer
 * may have been lost.
 */
function serialUsed(serial: string): Refusal {
  return { rule: 'serial-used', detail: `the serial number ${serial} was signed with other bytes` };
}

type FrameMeta = ReturnType<typeof readMeta>;
type RequestMeta = Readonly<Record<string, unknown>>;

function requireKind(token: TokenKind, kind: SigningKind): Result<void, Refusal> {
  if (tokenSigns(token, kind)) return ok(undefined);
  return err({ rule: 'kind-not-of-this-token', detail: `a ${token} token does not sign ${kind}` });
}

function keyOf(
  keys: SignerWorld['keys'],
  { issuer }: RequestMeta,
): Result<{ readonly issuer: IssuerId; readonly key: SignerKey }, Refusal> {
  for (const [label, key] of keys) if (label === issuer) return ok({ issuer: label as IssuerId, key });
  return err({ rule: 'issuer-unknown', detail: `this token has no key of ${JSON.stringify(issuer)?.slice(0, 80)}` });
}

function checkRequest(
  { checker, keys }: Pick<SignerWorld, 'checker' | 'keys'>,
  { type, body }: Frame,
  meta: RequestMeta,
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
      const event = { kind: type, issuer, serial, profile, sha256 };
      return ok({ issuer, key, event, digest, cap: { profile, perHourMax } });
    }
    case 'ocsp': {
      const form = requireForm(body, LIMITS.signerFrameBytesMax);
      if (!form.ok) return form;
      const verdict = checker.ocsp(body, issuer);
      if (!verdict.ok) return verdict;
      const { key: label } = verdict.value;
      const responderKey = present(keys.get(label), `the key ${label}`);
      const { sha256, digest } = hashTbs(responderKey.keyType, body);
      // The journal has the key's label as the issuer, because the audit counts responses by key.
      return ok({ issuer, key: responderKey, event: { kind: 'ocsp', issuer: label, sha256 }, digest });
    }
    case 'platform': {
      const { purpose } = meta;
      if (purpose === 'cmp') return checkCmpAnswer(checker, { issuer, key, body });
      if (isCmpKeyLabel(issuer))
        return err({ rule: 'platform-key', detail: `the key ${issuer} signs CMP answers alone` });
      if (!isPlatformPurpose(purpose)) return err({ rule: 'platform-purpose', detail: 'no purpose of this signer' });
      const read = readPlatformBody(purpose, body);
      if (!read.ok) return read;
      const { sha256, digest } = hashTbs(key.keyType, body);
      return ok({ issuer, key, event: { kind: 'platform', issuer, purpose, sha256 }, digest });
    }
    default:
      return err({ rule: 'frame-type', detail: `${type} is no request` });
  }
}

function checkCmpAnswer(
  checker: Checker,
  { issuer, key, body }: { readonly issuer: IssuerId; readonly key: SignerKey; readonly body: Bytes },
): Result<CheckedRequest, Refusal> {
  const form = requireForm(body, LIMITS.signerFrameBytesMax);
  if (!form.ok) return form;
  const read = checker.cmpAnswer(body, issuer);
  if (!read.ok) return read;
  const { sha256, digest } = hashTbs(key.keyType, body);
  return ok({ issuer, key, event: { kind: 'platform', issuer, purpose: 'cmp', sha256 }, digest });
}

/**
 * Whether the token works but will always fail this request. A restart would only interrupt the
 * requests that it can serve.
 */
function isLasting(failure: TokenFailure): boolean {
  return failure.kind === 'pkcs11-failed' && remedyOf(failure.ckr).do === 'give-up';
}

/**
 * Checks the form of the bytes before anything else: they must be exactly one DER SEQUENCE of
 * limited size. A digest is no SEQUENCE.
 */
function requireForm(tbs: Bytes, bytesMax: number): Result<void, Refusal> {
  if (tbs.length > bytesMax) return err({ rule: 'tbs-too-long', detail: `${tbs.length} bytes, at most ${bytesMax}` });
  if (!isOneDerSequence(tbs))
    return err({ rule: 'tbs-not-a-sequence', detail: 'the bytes are not one whole DER SEQUENCE' });
  return ok(undefined);
}

function stateOf(journal: Journal, keys: SignerWorld['keys']): Meta {
  assert(keys.size > 0, 'a signer has a key');
  return { journalSeq: journal.lastSeq(), issuers: [...keys.keys()] };
}
