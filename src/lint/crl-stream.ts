/**
 * Lint of a to-be-signed list (TBSCertList, RFC 5280 5.1.2) as it streams, in bounded memory: a header field, one entry or the
 * extensions are all that is ever kept. The service lints before it asks, the signer before it signs, the reader before
 * anything is published; each with this one, which reads and never writes. Nothing that is pushed makes it throw.
 */
import { createHash } from 'node:crypto';
import { type DerElement, parseDer, smallInteger, TAG, time } from '../asn1/der-reader.js';
import {
  createDerFeed,
  type DerFeed,
  type DerHeader,
  feedOffset,
  keepRest,
  peekHeader,
  pushChunk,
  takeElement,
} from '../asn1/der-stream.js';
import { type Bytes, equalBytes } from '../kernel/bytes.js';
import { formatInstant, type Instant } from '../kernel/clock.js';
import { LIMITS } from '../kernel/limits.js';
import { err, ok, type Result } from '../kernel/result.js';
import { kindOf } from '../policy/crl-scopes.js';
import type { CrlScope } from '../ports/store.js';
import { signatureAlgorithmOf } from '../x509/algorithms.js';
import type { Issuer } from '../x509/model.js';
import { checkEntry, ENTRY_BYTES_MAX, noSerialYet } from './crl-entry.js';
import { type CrlExtensions, readCrlExtensions } from './crl-extensions.js';
import type { CrlFinding, CrlRule } from './crl-rules.js';
import type { CrlShape } from './crl-shapes.js';
import { type CrlWatch, createCrlWatch } from './crl-watch.js';

/** What the lint knows of the list before it has seen it. */
export type CrlLintContext = {
  readonly issuer: Pick<Issuer, 'subjectDer' | 'signatureAlgorithm' | 'subjectKeyIdentifier'>;
  /** Longest time from thisUpdate to nextUpdate, in milliseconds: of any list; `shapes` may have a shorter one for some. */
  readonly lifeMsMax: number;
  /** What the list may be; `any`: whatever it says. Without them a full list of all certificates, and no deltas. */
  readonly shapes?: readonly CrlShape[] | 'any';
  /** Serial numbers to look for, lower-case hex. */
  readonly watched?: readonly string[];
};

export type CrlSummary = {
  readonly number: number;
  /** As the shape that it has says; `full` or `delta` alone where any was right. */
  readonly scope: CrlScope;
  /** Of a delta: the number of its base. */
  readonly base: number | null;
  /** Entries that say removeFromCRL. */
  readonly removals: number;
  /** Of what was to be looked for: the numbers of their reasons, 0 where the entry gives none. */
  readonly found: ReadonlyMap<string, number>;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
  readonly entries: number;
  readonly tbsLength: number;
  /** Lower-case hex. */
  readonly tbsSha256: string;
};

export type CrlLint = {
  /** The first finding ends it: every later push and `end` give the same. The chunk may be reused afterwards. */
  readonly push: (chunk: Bytes) => Result<void, CrlFinding>;
  readonly end: () => Result<CrlSummary, CrlFinding>;
};

const ALGORITHM_BYTES_MAX = 64;
const NAME_BYTES_MAX = 4 * 1024;
const EXTENSIONS_BYTES_MAX = 4 * 1024;
const SHORT_BYTES_MAX = 32;

/** Everything that is known of a list half-way through. */
type Progress = {
  readonly context: CrlLintContext;
  readonly feed: DerFeed;
  step: Step;
  /** Octets of the list that are not taken yet. */
  left: number;
  /** Of them, octets of entries. */
  entryBytesLeft: number;
  readonly lastSerial: ReturnType<typeof noSerialYet>;
  readonly watch: CrlWatch;
  tbsLength: number;
  thisUpdate: Instant;
  nextUpdate: Instant;
  number: number;
  scope: CrlScope;
  base: number | null;
  entries: number;
};

/** Takes what it can; gives the next step, or null to wait for more octets. Throws `Found`. */
type Step = (progress: Progress) => Step | null;

class Found extends Error {
  readonly finding: CrlFinding;
  constructor(finding: CrlFinding) {
    super(finding.rule);
    this.finding = finding;
  }
}

function found(rule: CrlRule, detail: string): never {
  throw new Found({ rule, detail });
}

export function createCrlLint(context: CrlLintContext): CrlLint {
  const progress: Progress = {
    context,
    feed: createDerFeed(),
    step: outerHeader,
    left: 0,
    entryBytesLeft: 0,
    lastSerial: noSerialYet(),
    watch: createCrlWatch(context.watched ?? []),
    tbsLength: 0,
    thisUpdate: 0,
    nextUpdate: 0,
    number: 0,
    scope: 'full',
    base: null,
    entries: 0,
  };
  const digest = createHash('sha256');
  let finding: CrlFinding | null = null;
  let summary: CrlSummary | null = null;

  const push = (chunk: Bytes): Result<void, CrlFinding> => {
    if (finding === null && summary !== null && chunk.length > 0)
      finding = { rule: 'e_crl_der_is_strict', detail: 'more after the end' };
    if (finding !== null) return err(finding);
    digest.update(chunk);
    finding = advance(progress, chunk);
    return finding === null ? ok(undefined) : err(finding);
  };

  const end = (): Result<CrlSummary, CrlFinding> => {
    if (finding === null && progress.step !== finished)
      finding = { rule: 'e_crl_der_is_strict', detail: 'the list is cut off' };
    if (finding !== null) return err(finding);
    const { number, scope, base, thisUpdate, nextUpdate, entries, tbsLength } = progress;
    summary ??= {
      ...{ number, scope, base, thisUpdate, nextUpdate, entries, tbsLength },
      removals: progress.lastSerial.removals,
      found: progress.watch.found,
      tbsSha256: digest.digest('hex'),
    };
    return ok(summary);
  };

  return { push, end };
}

function advance(progress: Progress, chunk: Bytes): CrlFinding | null {
  pushChunk(progress.feed, chunk);
  try {
    for (let next = progress.step(progress); next !== null; next = next(progress)) progress.step = next;
  } catch (error) {
    if (error instanceof Found) return error.finding;
    throw error;
  }
  keepRest(progress.feed);
  return null;
}

function header({ feed }: Progress): DerHeader | null {
  const peeked = peekHeader(feed);
  return peeked.ok ? peeked.value : found('e_crl_der_is_strict', `octet ${feedOffset(feed)}: ${peeked.error}`);
}

/** The next element of the list, whole. */
function element(progress: Progress, bytesMax: number): Bytes | null {
  const { feed } = progress;
  const at = feedOffset(feed);
  const taken = takeElement(feed, Math.min(bytesMax, progress.left));
  if (!taken.ok) found('e_crl_der_is_strict', `octet ${at}: ${taken.error}`);
  if (taken.value !== null) progress.left -= taken.value.length;
  return taken.value;
}

/** Reads one small element, with the strict reader's refusals as findings of `rule`. */
function read<Value>(whole: Bytes, rule: CrlRule, reader: (root: DerElement) => Value): Value {
  const parsed = parseDer(whole, reader);
  return parsed.ok ? parsed.value : found(rule, parsed.error.rule);
}

function outerHeader(progress: Progress): Step | null {
  const outer = header(progress);
  if (outer === null) return null;
  if (outer.tag !== TAG.sequence) found('e_crl_der_is_strict', 'not a SEQUENCE');
  progress.tbsLength = outer.headerLength + outer.contentLength;
  if (progress.tbsLength > LIMITS.crlBytesMax) found('e_crl_size_within_limit', `${progress.tbsLength} octets`);
  progress.left = outer.contentLength;
  progress.feed.at += outer.headerLength;
  return version;
}

function version(progress: Progress): Step | null {
  const whole = element(progress, SHORT_BYTES_MAX);
  if (whole === null) return null;
  const value = read(whole, 'e_crl_version_is_v2', (root) => smallInteger(root, 'version'));
  return value === 1 ? signatureAlgorithm : found('e_crl_version_is_v2', `version ${value}`);
}

function signatureAlgorithm(progress: Progress): Step | null {
  const whole = element(progress, ALGORITHM_BYTES_MAX);
  if (whole === null) return null;
  const algorithm = signatureAlgorithmOf(whole);
  const expected = progress.context.issuer.signatureAlgorithm;
  return algorithm === expected
    ? issuerName
    : found('e_crl_signature_algorithm_fits_issuer_key', `${algorithm ?? 'unknown'} where the key takes ${expected}`);
}

function issuerName(progress: Progress): Step | null {
  const whole = element(progress, NAME_BYTES_MAX);
  if (whole === null) return null;
  return equalBytes(whole, progress.context.issuer.subjectDer)
    ? thisUpdate
    : found('e_crl_issuer_is_subject_of_issuer', 'another name than the subject of the issuer');
}

function thisUpdate(progress: Progress): Step | null {
  const whole = element(progress, SHORT_BYTES_MAX);
  if (whole === null) return null;
  progress.thisUpdate = readTime(whole, 'thisUpdate');
  return nextUpdate;
}

function nextUpdate(progress: Progress): Step | null {
  const whole = element(progress, SHORT_BYTES_MAX);
  if (whole === null) return null;
  progress.nextUpdate = readTime(whole, 'nextUpdate');
  const lifeMs = progress.nextUpdate - progress.thisUpdate;
  if (lifeMs <= 0) found('e_crl_next_update_after_this_update', formatInstant(progress.nextUpdate));
  if (lifeMs > progress.context.lifeMsMax) found('e_crl_next_update_within_policy', `${lifeMs} ms`);
  return revokedOrExtensions;
}

function readTime(whole: Bytes, what: string): Instant {
  const { form, at } = read(whole, 'e_crl_time_form', (root) => time(root, what));
  const generalized = new Date(at).getUTCFullYear() >= 2050;
  if (generalized !== (form === 'generalizedTime')) found('e_crl_time_form', `${what}: ${form}`);
  return at;
}

function revokedOrExtensions(progress: Progress): Step | null {
  if (progress.left === 0) found('e_crl_extensions_present', 'no extensions');
  const list = header(progress);
  if (list === null) return null;
  if (list.tag !== TAG.sequence) return extensions;
  if (list.contentLength === 0) found('e_crl_no_empty_revoked_list', 'an empty revokedCertificates');
  progress.left -= list.headerLength + list.contentLength;
  if (progress.left < 0) found('e_crl_der_is_strict', 'revokedCertificates runs past the end');
  progress.entryBytesLeft = list.contentLength;
  progress.feed.at += list.headerLength;
  return entries;
}

/** The loop that a million entries go through. */
function entries(progress: Progress): Step | null {
  const { feed, lastSerial, watch } = progress;
  const { bytes } = feed;
  while (progress.entryBytesLeft > 0) {
    const contentLength = bytes[feed.at + 1];
    if (contentLength === undefined) return null;
    const length = 2 + contentLength;
    const end = feed.at + length;
    if (bytes[feed.at] !== TAG.sequence || length > ENTRY_BYTES_MAX || length > progress.entryBytesLeft)
      found('e_crl_entry_is_well_formed', `octet ${feedOffset(feed)}`);
    if (end > bytes.length) return null;
    const broken = checkEntry(bytes, { start: feed.at, end }, lastSerial);
    if (broken !== null) found(broken, `entry ${progress.entries + 1} at octet ${feedOffset(feed)}`);
    watch.see(lastSerial);
    progress.entries += 1;
    progress.entryBytesLeft -= length;
    feed.at = end;
  }
  return progress.left === 0 ? found('e_crl_extensions_present', 'no extensions') : extensions;
}

function extensions(progress: Progress): Step | null {
  const whole = element(progress, EXTENSIONS_BYTES_MAX);
  if (whole === null) return null;
  const outcome = readCrlExtensions(whole, progress.context.issuer.subjectKeyIdentifier);
  if (!outcome.ok) throw new Found(outcome.error);
  progress.number = outcome.value.number;
  progress.base = outcome.value.base;
  progress.scope = scopeFound(progress, outcome.value);
  if (progress.base === null && progress.lastSerial.removals > 0)
    found('e_crl_remove_in_delta_only', `${progress.lastSerial.removals} entries of a full list`);
  if (progress.left !== 0) found('e_crl_der_is_strict', 'a field after the extensions');
  return finished;
}

/** Of all certificates, where nothing is said of deltas: the lists of roots, and of ceremonies. */
export const PLAIN_LIST = { scope: 'full', partitionUrl: null, freshest: [] } as const;

/** The extensions stand last: only now is it known what all that was read before is. */
function scopeFound({ context, nextUpdate, thisUpdate }: Progress, extensions: CrlExtensions): CrlScope {
  const { base, partitionUrl, freshest } = extensions;
  const kind = base === null ? 'full' : 'delta';
  if (base !== null && freshest.length > 0) found('e_crl_freshest_is_issuers', 'in a delta');
  if (context.shapes === 'any') return kind;
  const shapes = context.shapes ?? [{ ...PLAIN_LIST, lifeMsMax: context.lifeMsMax }];
  const alike = shapes.filter((one) => kindOf(one.scope) === kind && one.partitionUrl === partitionUrl);
  const [likely] = alike;
  if (likely === undefined) found('e_crl_scope_is_served', `${kind} list of ${partitionUrl ?? 'all certificates'}`);
  const written = freshest.join(', ');
  const shape = alike.find((one) => one.freshest.join(', ') === written);
  if (shape === undefined)
    found('e_crl_freshest_is_issuers', `${written || 'none'} instead of ${likely.freshest.join(', ') || 'none'}`);
  const lifeMs = nextUpdate - thisUpdate;
  if (lifeMs > shape.lifeMsMax) found('e_crl_next_update_within_policy', `${lifeMs} ms in a ${kind} list`);
  return shape.scope;
}

function finished({ feed }: Progress): Step | null {
  return feed.at < feed.bytes.length ? found('e_crl_der_is_strict', 'octets after the list') : null;
}
