/**
 * Makes one CRL from entries on disk. The result is on disk too, signed and verified, under a name
 * that is not public.
 */
import { assembleCrl, type CrlFrame, crlHeaderOf, frameCrl } from '../../crl/encode.js';
import type { EntryTotals } from '../../crl/entry-writer.js';
import { readCrl, type VerifiedCrl } from '../../crl/read.js';
import type { Bytes } from '../../kernel/bytes.js';
import { sha256HexOfStream } from '../../kernel/digest.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { lintCrl } from '../../lint/crl/lint.js';
import { type CrlShape, shapeOf } from '../../lint/crl/shapes.js';
import { crlFileName } from '../../policy/publication/addresses.js';
import { crlExtensions } from '../../policy/publication/crl-lists.js';
import type { Draft } from '../../ports/outlet.js';
import type { CrlRecord, CrlSample } from '../../ports/store/crls.js';
import { text } from '../../texts/text.js';
import type { Issuer } from '../../x509/model.js';
import { lintFailed } from '../issuance/lint-failed.js';
import { WRITERS } from '../writers.js';
import { sampleFault, watchedOf } from './sample.js';
import type { CrlFailure, CrlWorld } from './world.js';

/** Number of tokens that are tried for one CRL, when several have the key. */
const TOKENS_MAX = 3;

/** The entries of a CRL from one snapshot, in the order of their serial numbers. */
export type SpooledEntries = {
  readonly crl: CrlRecord;
  readonly entries: Pick<Draft, 'read'>;
  readonly totals: EntryTotals;
  readonly sample: CrlSample;
  /** In a delta CRL, the last change that its base includes; null for a full CRL. */
  readonly baseChange: number | null;
};

export type FramedCrl = SpooledEntries & { readonly frame: CrlFrame; readonly tbs: () => AsyncIterable<Bytes> };

export type SignedCrl = { readonly crl: CrlRecord; readonly draft: Draft };

/**
 * The returned record has the digest of the to-be-signed CRL, which has to be stored before the
 * signer gets it.
 */
export async function frameList(world: CrlWorld, issuer: Issuer, spooled: SpooledEntries): Promise<FramedCrl> {
  const { crl, entries: draft, totals } = spooled;
  const frame = frameCrl(crlHeaderOf(issuer, crl, crlExtensions(world.policy, issuer.id, crl.scope)), totals);
  const { list } = world.writers ?? WRITERS;
  const tbs = (): AsyncIterable<Bytes> => list(frame, draft.read());
  return {
    ...spooled,
    crl: { ...crl, tbsSha256: await sha256HexOfStream(tbs()), entries: totals.entries },
    frame,
    tbs,
  };
}

type CrlInProgress = {
  readonly issuer: Issuer;
  readonly framed: FramedCrl;
  /** All drafts that are made, so that the caller removes them. */
  readonly drafts: Draft[];
};

export async function makeList(world: CrlWorld, making: CrlInProgress): Promise<Result<SignedCrl, CrlFailure>> {
  for (let attempt = 1; ; attempt += 1) {
    const signed = await signVerified(world, making);
    if (signed.ok) return signed;
    const { error } = signed;
    if (error.kind !== 'signer-unavailable' || error.elsewhere !== true || attempt === TOKENS_MAX) return signed;
  }
}

/**
 * Every attempt signs the same bytes, from the snapshot on disk: a number has one CRL, whichever
 * token signs it.
 */
async function signVerified(world: CrlWorld, making: CrlInProgress): Promise<Result<SignedCrl, CrlFailure>> {
  const { issuer, framed } = making;
  const shape = shapeOf(world.policy.environment, issuer, framed.crl.scope);
  const signature = await sign(world, { issuer, shape }, framed.tbs());
  if (!signature.ok) return signature;
  const draft = await spoolWhole(world, making, signature.value);
  if (!draft.ok) return draft;
  const verified = await verify(world, { issuer, shape, framed, draft: draft.value, signature: signature.value });
  if (!verified.ok) return verified;
  const { sha256, sizeBytes } = verified.value;
  return ok({ crl: { ...framed.crl, state: 'published', sha256, sizeBytes }, draft: draft.value });
}

type CrlKindOfIssuer = { readonly issuer: Issuer; readonly shape: CrlShape };

async function sign(
  world: CrlWorld,
  { issuer, shape }: CrlKindOfIssuer,
  tbs: AsyncIterable<Bytes>,
): Promise<Result<Bytes, CrlFailure>> {
  const { signer, log } = world;
  const signature = await signer.crl(lintCrl({ issuer, lifeMsMax: shape.lifeMsMax, shapes: [shape] }, tbs));
  if (signature.ok) return signature;
  const { error } = signature;
  if (error.kind === 'signer-unavailable') return err(error);
  if (error.kind === 'signer-refused' && error.lastNumber !== undefined)
    return err({ kind: 'number-behind', lastNumber: error.lastNumber });
  if (error.kind === 'lint-failed') lintFailed(world, { issuer: issuer.id, scope: shape.scope }, error.findings);
  else {
    const detail = `${error.rule}: ${error.detail}`;
    log.error('crl.not-signed', { issuer: issuer.id, scope: shape.scope, kind: error.kind, detail });
  }
  return err({ kind: 'internal-error', message: text('crl-not-linted') });
}

async function spoolWhole(
  { outlet }: CrlWorld,
  { issuer, framed, drafts }: CrlInProgress,
  signature: Bytes,
): Promise<Result<Draft, CrlFailure>> {
  const around = assembleCrl(framed.frame.tbsLength, issuer.signatureAlgorithm, signature);
  async function* whole(): AsyncGenerator<Bytes, void, undefined> {
    yield around.prefix;
    yield* framed.tbs();
    yield around.suffix;
  }
  const draft = await outlet.draft(crlFileName(issuer.id, framed.crl.scope), whole());
  if (draft.ok) drafts.push(draft.value);
  return draft;
}

type UnverifiedCrl = CrlKindOfIssuer & {
  readonly framed: FramedCrl;
  readonly draft: Draft;
  readonly signature: Bytes;
};

/**
 * Reads the CRL from disk with the independent parser, and checks its structure, issuer, signature,
 * number and scope, that it is the one that was signed, and a sample of certificates against the
 * database.
 */
async function verify(
  { log, signer }: CrlWorld,
  { issuer, shape, framed, draft, signature }: UnverifiedCrl,
): Promise<Result<VerifiedCrl, CrlFailure>> {
  const { crl, sample } = framed;
  const watched = watchedOf(sample);
  const read = await readCrl(draft.read(), { issuer, lifeMsMax: shape.lifeMsMax, shapes: [shape], watched });
  const fault = read.ok ? faultOf(framed, read.value, draft) : `${read.error.kind}: ${read.error.detail}`;
  if (read.ok && fault === null) return read;
  log.error('crl.not-verified', { issuer: issuer.id, scope: crl.scope, number: crl.number, detail: fault ?? '' });
  if (!read.ok && read.error.kind === 'crl-signature-wrong') {
    await signer.reportBadSignature('crl', issuer.id, signature);
    const detail = 'the signature did not verify';
    // The process that made it is being replaced. Another token, if there is one, is asked at once.
    return err({ kind: 'signer-unavailable', retryAfterMs: 5 * SECOND_MS, detail, elsewhere: true });
  }
  return err({ kind: 'internal-error', message: text('crl-not-verified') });
}

function faultOf({ crl, sample, baseChange }: FramedCrl, read: VerifiedCrl, { sizeBytes }: Draft): string | null {
  if (
    read.number !== crl.number ||
    read.base !== crl.base ||
    read.tbsSha256 !== crl.tbsSha256 ||
    read.entries !== crl.entries ||
    read.sizeBytes !== sizeBytes
  )
    return 'another list than the one that was signed';
  return sampleFault(sample, { baseChange, found: read.found });
}
