/**
 * Lint of a to-be-signed CRL (TBSCertList, RFC 5280 5.1.2) as a stream, in bounded memory: only the
 * fields before the entries, one entry, or the extensions are kept at a time. The service lints
 * before it requests a signature, the signer before it signs, and the reader before publication.
 * Nothing that is pushed makes it throw.
 */
import { createHash } from 'node:crypto';
import { type DerElement, parseDer, smallInteger, TAG, time } from '../../asn1/der-reader.js';
import {
  createDerInput,
  type DerHeader,
  type DerInput,
  inputOffset,
  keepRest,
  peekHeader,
  pushChunk,
  takeElement,
} from '../../asn1/der-stream.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { CrlScope } from '../../ports/store/crls.js';
import { type Finding, type Rule, type RuleName, runRules } from '../rule.js';
import { instantToDecimal } from './decimal-time.js';
import { ENTRY_BYTES_MAX, readEntry } from './entry.js';
import { readCrlExtensions, smallNumber } from './extensions.js';
import { CRL_DER, CRL_ENTRY_FORM, CRL_SIZE, crlRulesFor } from './lists.js';
import { createSerialOrder, type SerialOrder } from './order.js';
import { kindIn, matchCrlShape } from './shape.js';
import { type CrlLintContext, type CrlSubjects, emptySubjects, type Time } from './subjects.js';
import { type CrlWatch, createCrlWatch } from './watch.js';

export type CrlSummary = {
  /**
   * 0 when there is no number or an impossible one, which happens in CRLs of other issuers only.
   */
  readonly number: number;
  /** The scope of the matching shape; `full` or `delta` when the context allows any CRL. */
  readonly scope: CrlScope;
  /** For a delta CRL: the number of its base. */
  readonly base: number | null;
  /** The number of entries with removeFromCRL. */
  readonly removals: number;
  /**
   * The watched serial numbers that were found, with the numbers of their reasons; 0 where the
   * entry has no reason.
   */
  readonly found: ReadonlyMap<string, number>;
  readonly thisUpdate: Instant;
  /** Equal to thisUpdate when it is absent. */
  readonly nextUpdate: Instant;
  readonly entries: number;
  readonly tbsLength: number;
  /** Lower-case hex. */
  readonly tbsSha256: string;
};

export type CrlLint = {
  /**
   * After an error every later push and `end` return the same error. The caller may reuse the
   * chunk.
   */
  readonly push: (chunk: Bytes) => Result<void, Finding>;
  readonly end: () => Result<CrlSummary, Finding>;
  /** All findings so far. A rule that entries violate is reported once. */
  readonly findings: () => readonly Finding[];
};

const ALGORITHM_BYTES_MAX = 64;
const NAME_BYTES_MAX = 4 * 1024;
const EXTENSIONS_BYTES_MAX = 4 * 1024;
const SHORT_BYTES_MAX = 32;

/** The state of the lint in the middle of a CRL. */
type Progress = {
  readonly input: DerInput;
  readonly subjects: CrlSubjects;
  readonly rules: ReturnType<typeof crlRulesFor>;
  readonly order: SerialOrder;
  readonly watch: CrlWatch;
  readonly isGate: boolean;
  readonly findings: Finding[];
  step: Step;
  /** Bytes of the CRL that have not been read yet. */
  left: number;
  /** Bytes of entries among them. */
  entryBytesLeft: number;
  tbsLength: number;
};

/**
 * Reads as much as it can and returns the next step; null: more bytes are needed. Throws `LintEnd`.
 */
type Step = (progress: Progress) => Step | null;

/** Thrown to end the lint: what follows cannot be read, or is not needed. */
class LintEnd extends Error {}

/**
 * `gate` is for a CRL that is about to be signed or published: the first finding ends the lint.
 * `report` goes on to the end, as far as the CRL can be read.
 */
export function createCrlLint(context: CrlLintContext, mode: 'gate' | 'report' = 'gate'): CrlLint {
  const progress: Progress = {
    input: createDerInput(),
    subjects: emptySubjects(context),
    rules: crlRulesFor(context),
    order: createSerialOrder(),
    watch: createCrlWatch(context.watched ?? []),
    isGate: mode === 'gate',
    findings: [],
    step: outerHeader,
    left: 0,
    entryBytesLeft: 0,
    tbsLength: 0,
  };
  const digest = createHash('sha256');
  let over: Finding | null = null;
  let summary: CrlSummary | null = null;

  const push = (chunk: Bytes): Result<void, Finding> => {
    if (over === null && summary !== null && chunk.length > 0)
      over = { rule: CRL_DER.name, detail: 'more after the end' };
    if (over !== null) return err(over);
    digest.update(chunk);
    over = advance(progress, chunk);
    return over === null ? ok(undefined) : err(over);
  };

  const end = (): Result<CrlSummary, Finding> => {
    if (over === null && progress.step !== finished) {
      over = { rule: CRL_DER.name, detail: 'the list is cut off' };
      progress.findings.push(over);
    }
    const [first] = progress.findings;
    if (over !== null || first !== undefined) return err(over ?? (first as Finding));
    summary ??= { ...summaryOf(progress), tbsSha256: digest.digest('hex') };
    return ok(summary);
  };

  return { push, end, findings: () => progress.findings };
}

function summaryOf({ subjects: { header, end }, tbsLength, watch }: Progress): Omit<CrlSummary, 'tbsSha256'> {
  const { thisUpdate, nextUpdate } = header;
  const { extensions } = end;
  const list = extensions === null ? null : { ...end, extensions };
  return {
    number: smallNumber(extensions?.number ?? NOTHING) ?? 0,
    scope: list === null ? 'full' : (matchCrlShape(list)?.shape?.scope ?? kindIn(list)),
    base: extensions?.baseNumber ? smallNumber(extensions.baseNumber) : null,
    removals: end.totals.removals,
    found: watch.found,
    thisUpdate: thisUpdate.at,
    nextUpdate: (nextUpdate ?? thisUpdate).at,
    entries: end.totals.entries,
    tbsLength,
  };
}

const NOTHING = new Uint8Array(1);

function advance(progress: Progress, chunk: Bytes): Finding | null {
  pushChunk(progress.input, chunk);
  try {
    for (let next = progress.step(progress); next !== null; next = next(progress)) progress.step = next;
  } catch (error) {
    if (error instanceof LintEnd) return progress.findings[0] ?? null;
    throw error;
  }
  keepRest(progress.input);
  return null;
}

/** Reports that the CRL cannot be read, so that no rule can check what follows. */
function unreadable(progress: Progress, { name }: { readonly name: RuleName }, detail: string): never {
  progress.findings.push({ rule: name, detail });
  throw new LintEnd();
}

function check<Subject>(progress: Progress, rules: readonly Rule<Subject>[], subject: Subject): void {
  progress.findings.push(...runRules(rules, subject));
  if (progress.isGate && progress.findings.length > 0) throw new LintEnd();
}

function header(progress: Progress): DerHeader | null {
  const { input } = progress;
  const peeked = peekHeader(input);
  return peeked.ok ? peeked.value : unreadable(progress, CRL_DER, `octet ${inputOffset(input)}: ${peeked.error}`);
}

/** The next element of the CRL, when it is complete. */
function element(progress: Progress, bytesMax: number): Bytes | null {
  const { input } = progress;
  const at = inputOffset(input);
  const taken = takeElement(input, Math.min(bytesMax, progress.left));
  if (!taken.ok) return unreadable(progress, CRL_DER, `octet ${at}: ${taken.error}`);
  if (taken.value !== null) progress.left -= taken.value.length;
  return taken.value;
}

/** Reads one small element, whose bytes are used after the chunk has been reused. */
function read<Value>(progress: Progress, whole: Bytes, reader: (root: DerElement) => Value): Value {
  const parsed = parseDer(whole, reader);
  return parsed.ok ? parsed.value : unreadable(progress, CRL_DER, parsed.error.rule);
}

function outerHeader(progress: Progress): Step | null {
  const outer = header(progress);
  if (outer === null) return null;
  if (outer.tag !== TAG.sequence) unreadable(progress, CRL_DER, 'not a SEQUENCE');
  progress.tbsLength = outer.headerLength + outer.contentLength;
  if (progress.tbsLength > LIMITS.crlBytesMax) unreadable(progress, CRL_SIZE, `${progress.tbsLength} octets`);
  progress.left = outer.contentLength;
  progress.input.at += outer.headerLength;
  return version;
}

function version(progress: Progress): Step | null {
  const next = header(progress);
  if (next === null) return null;
  if (next.tag !== TAG.integer) return signatureAlgorithm;
  const whole = element(progress, SHORT_BYTES_MAX);
  if (whole === null) return null;
  progress.subjects.header.version = read(progress, whole, (root) => smallInteger(root, 'version'));
  return signatureAlgorithm;
}

function signatureAlgorithm(progress: Progress): Step | null {
  const whole = element(progress, ALGORITHM_BYTES_MAX);
  if (whole === null) return null;
  progress.subjects.header.signatureAlgorithmDer = whole.slice();
  return issuerName;
}

function issuerName(progress: Progress): Step | null {
  const whole = element(progress, NAME_BYTES_MAX);
  if (whole === null) return null;
  progress.subjects.header.issuerDer = whole.slice();
  return thisUpdate;
}

function thisUpdate(progress: Progress): Step | null {
  const whole = element(progress, SHORT_BYTES_MAX);
  if (whole === null) return null;
  const at = readTime(progress, whole, 'thisUpdate');
  progress.subjects.header.thisUpdate = at;
  progress.subjects.entry.thisUpdate = instantToDecimal(at.at);
  return nextUpdate;
}

/** nextUpdate is OPTIONAL in the syntax, so that a rule can report that it is absent. */
function nextUpdate(progress: Progress): Step | null {
  if (progress.left > 0) {
    const next = header(progress);
    if (next === null) return null;
    if (next.tag === TAG.utcTime || next.tag === TAG.generalizedTime) {
      const whole = element(progress, SHORT_BYTES_MAX);
      if (whole === null) return null;
      progress.subjects.header.nextUpdate = readTime(progress, whole, 'nextUpdate');
    }
  }
  check(progress, progress.rules.header, progress.subjects.header);
  return revoked;
}

function readTime(progress: Progress, whole: Bytes, what: string): Time {
  return read(progress, whole, (root) => time(root, what));
}

function revoked(progress: Progress): Step | null {
  if (progress.left === 0) return ended(progress);
  const list = header(progress);
  if (list === null) return null;
  if (list.tag !== TAG.sequence) return extensions;
  progress.left -= list.headerLength + list.contentLength;
  if (progress.left < 0) unreadable(progress, CRL_DER, 'revokedCertificates runs past the end');
  progress.entryBytesLeft = list.contentLength;
  progress.subjects.end.totals.listBytes = list.contentLength;
  progress.input.at += list.headerLength;
  return entries;
}

/** A CRL of a million entries goes through this loop a million times. */
function entries(progress: Progress): Step | null {
  const { input, order, watch, subjects, rules } = progress;
  const { onEntry } = subjects.header.context;
  const { entry } = subjects.entry;
  const { totals } = subjects.end;
  while (progress.entryBytesLeft > 0) {
    const length = entryLength(progress);
    if (length === null || input.at + length > input.bytes.length) return null;
    const fault = readEntry(entry, input.bytes, { start: input.at, end: input.at + length });
    if (fault !== null) unreadable(progress, CRL_ENTRY_FORM, `${placeOf(progress)}: ${fault}`);
    entry.order = order.next(entry);
    totals.entries += 1;
    watch.note(entry);
    onEntry?.(entry);
    if (entry.reason === REMOVE_FROM_CRL) {
      totals.removals += 1;
      if (totals.firstRemoved === 0) totals.firstRemoved = totals.entries;
    }
    if (entry.hasCertificateIssuer && totals.firstOfAnotherIssuer === 0) totals.firstOfAnotherIssuer = totals.entries;
    for (const rule of rules.entry) {
      const detail = rule.check(subjects.entry);
      if (detail !== null) noteEntry(progress, rule.name, detail);
    }
    progress.entryBytesLeft -= length;
    input.at += length;
  }
  return progress.left === 0 ? ended(progress) : extensions;
}

const REMOVE_FROM_CRL = 8;

/** Length of the next entry; null while its header is incomplete. */
function entryLength(progress: Progress): number | null {
  const { input, entryBytesLeft } = progress;
  const short = input.bytes[input.at + 1];
  if (short === undefined) return null;
  let length = 2 + short;
  if (short >= 0x80) {
    const peeked = header(progress);
    if (peeked === null) return null;
    length = peeked.headerLength + peeked.contentLength;
  }
  if (input.bytes[input.at] !== TAG.sequence || length > ENTRY_BYTES_MAX || length > entryBytesLeft)
    unreadable(progress, CRL_ENTRY_FORM, `${placeOf(progress)}: ${length} octets`);
  return length;
}

/** Names the entry that is read next. */
function placeOf({ input, subjects: { end } }: Progress): string {
  return `entry ${end.totals.entries + 1} at octet ${inputOffset(input)}`;
}

function noteEntry(progress: Progress, rule: RuleName, detail: string): void {
  const { input, subjects, rules, findings, isGate } = progress;
  findings.push({ rule, detail: `entry ${subjects.end.totals.entries} at octet ${inputOffset(input)}: ${detail}` });
  if (isGate) throw new LintEnd();
  // The first entry is reported; a million would say no more.
  rules.entry = rules.entry.filter(({ name }) => name !== rule);
}

function extensions(progress: Progress): Step | null {
  const whole = element(progress, EXTENSIONS_BYTES_MAX);
  if (whole === null) return null;
  const decoded = readCrlExtensions(whole.slice());
  if (!decoded.ok) return unreadable(progress, CRL_DER, decoded.error.rule);
  progress.subjects.end.extensions = decoded.value;
  if (progress.left !== 0) unreadable(progress, CRL_DER, 'a field after the extensions');
  return ended(progress);
}

function ended(progress: Progress): Step {
  const { subjects, rules } = progress;
  check(progress, rules.end, subjects.end);
  const { extensions: found } = subjects.end;
  if (found !== null) check(progress, rules.extended, { ...subjects.end, extensions: found });
  return finished;
}

function finished(progress: Progress): Step | null {
  const { input } = progress;
  return input.at < input.bytes.length ? unreadable(progress, CRL_DER, 'octets after the list') : null;
}
