/**
 * The entries of a signer's journal and their form on disk: one JSON object a line, each with the
 * SHA-256 of the line before it.
 */
import { formatInstant, type Instant } from '../../src/kernel/clock.js';
import { isObject, parseJson } from '../../src/kernel/json.js';
import { parseScope } from '../../src/policy/publication/crl-scopes.js';
import type { CrlScope } from '../../src/ports/store/crls.js';
import type { SigningKind } from '../wire/permissions.js';

/** Number of certificates by profile, then by minute (the number of the minute since 1970). */
export type Tally = { readonly [profile: string]: { readonly [minute: string]: number } };

type CertificateEvent = {
  readonly kind: 'certificate' | 'responder-certificate';
  readonly issuer: string;
  readonly serial: string;
  readonly profile: string;
  readonly sha256: string;
};
export type CrlEvent = {
  readonly kind: 'crl';
  readonly issuer: string;
  readonly scope: CrlScope;
  /** CRL number, decimal. */
  readonly number: string;
  /** Number of the base CRL of a delta (RFC 5280 5.2.4); null: a full list. */
  readonly base: number | null;
  /** Time in the form of RFC 3339. */
  readonly thisUpdate: string;
  /** Number of entries in the CRL. */
  readonly entries: number;
  readonly sha256: string;
};

/**
 * The events that a signer records. `sha256` is the digest of the to-be-signed bytes, in
 * hexadecimal.
 */
export type JournalEvent =
  | CertificateEvent
  | CrlEvent
  /** The signature of one OCSP response. `issuer`: label of the responder's key. */
  | { readonly kind: 'ocsp'; readonly issuer: string; readonly sha256: string }
  | { readonly kind: 'platform'; readonly issuer: string; readonly purpose: string; readonly sha256: string }
  /**
   * A request that the signer refused. A member is null when the request did not contain a valid
   * value for it.
   */
  | {
      readonly kind: 'refused';
      readonly rule: string;
      readonly issuer: string | null;
      readonly asked: SigningKind | null;
      readonly sha256: string | null;
    }
  /** The number of refusals without entries of their own, because there were too many of them. */
  | { readonly kind: 'refusals-over-limit'; readonly count: number }
  | {
      readonly kind: 'alarm';
      readonly alarm: string;
      readonly issuer: string;
      /** null: the alarm is not about one profile. */
      readonly profile: string | null;
      readonly sha256: string;
    }
  /**
   * The number of certificates signed in the last hour, by profile and minute. To count them, a
   * start does not need to read entries before this one.
   */
  | { readonly kind: 'tally'; readonly tally: Tally };

type EntryLinks = {
  /** Entries are numbered from 1, without gaps. */
  readonly seq: number;
  /** Time of the entry, RFC 3339. */
  readonly at: string;
  /** The steady time of the entry (`steady-time.ts`); absent: it is in the same minute as `at`. */
  readonly steadyAt?: string;
  /** SHA-256 of the line before, hex. In the first entry: the random id of the journal. */
  readonly prev: string;
};
/**
 * The entry of a CRL repeats the last CRLs of the issuer's other scopes, so that a start finds all
 * last CRLs of an issuer in one entry.
 */
type CrlEntry = EntryLinks & CrlEvent & { readonly lists: PreviousLists };
/**
 * One entry for the OCSP responses of a key that were waiting for the same write, because the
 * journal of a busy responder would be several times as long with an entry for each. `sha256`: the
 * digests of their to-be-signed bytes.
 */
type OcspEntry = EntryLinks & {
  readonly kind: 'ocsp';
  readonly issuer: string;
  readonly sha256: readonly string[];
};
/**
 * The first entry of each segment except the first segment. It repeats the id of the journal and
 * the last CRLs of all issuers, so that a start does not have to search for them in earlier
 * segments.
 */
type SegmentEntry = EntryLinks & {
  readonly kind: 'segment';
  /** Id of the journal. */
  readonly journal: string;
  /** Number of the segment. */
  readonly segment: number;
  /** The last CRLs of each issuer, by its id. */
  readonly lists: Readonly<Record<string, PreviousLists>>;
};
export type JournalEntry =
  | (EntryLinks & Exclude<JournalEvent, { readonly kind: 'crl' | 'ocsp' }>)
  | CrlEntry
  | OcspEntry
  | SegmentEntry;

export type PreviousLists = Readonly<Record<string, PreviousList>>;
export type PreviousList = Pick<CrlEvent, 'number' | 'thisUpdate' | 'entries' | 'sha256'>;

export type JournalRecord = {
  readonly at: Instant;
  /** The steady time of the event (`steady-time.ts`); null: it is in the same minute as `at`. */
  readonly steadyAt: Instant | null;
  readonly event: JournalEvent;
};
/** The members of an entry without its number, its times and the hash of the line before. */
type MembersOf<Entry> = Entry extends JournalEntry ? Omit<Entry, keyof EntryLinks> : never;
export type LineContent = {
  readonly at: Instant;
  readonly steadyAt: Instant | null;
  readonly members: MembersOf<JournalEntry>;
};

export function formatLine({ at, steadyAt, members }: LineContent, { seq, prev }: Pick<EntryLinks, 'seq' | 'prev'>) {
  const times =
    steadyAt === null ? { at: formatInstant(at) } : { at: formatInstant(at), steadyAt: formatInstant(steadyAt) };
  // The objects are joined as text: copying the members costs more than the rest of an entry.
  return `${JSON.stringify({ seq, ...times }).slice(0, -1)},${JSON.stringify(members).slice(1, -1)},"prev":"${prev}"}`;
}

type Check = (value: unknown) => boolean;
type Checks<Kind extends JournalEntry['kind']> = Readonly<
  Record<Exclude<keyof (JournalEntry & { readonly kind: Kind }), keyof EntryLinks | 'kind'>, Check>
>;

const isText: Check = (value) => typeof value === 'string';
const isTextOrNull: Check = (value) => value === null || isText(value);
const isHash: Check = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isHashOrNull: Check = (value) => value === null || isHash(value);
const isDecimal: Check = (value) => typeof value === 'string' && /^\d{1,50}$/.test(value);
const isScope: Check = (value) => typeof value === 'string' && parseScope(value) !== null;
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;

const LIST_CHECKS = { number: isDecimal, thisUpdate: isText, entries: isCount, sha256: isHash };
const CERTIFICATE_CHECKS = { issuer: isText, serial: isText, profile: isText, sha256: isHash };

const areLists: Check = (value) =>
  isObject(value) &&
  Object.entries(value).every(([scope, list]) => isScope(scope) && isObject(list) && fits(list, LIST_CHECKS));
const areListsByIssuer: Check = (value) => isObject(value) && Object.values(value).every(areLists);
const areHashes: Check = (value) => Array.isArray(value) && value.length > 0 && value.every(isHash);
const isTally: Check = (value) =>
  isObject(value) &&
  Object.values(value).every(
    (minutes) =>
      isObject(minutes) &&
      Object.entries(minutes).every(([minute, count]) => /^\d{1,12}$/.test(minute) && isCount(count)),
  );

const MEMBER_CHECKS: { readonly [Kind in JournalEntry['kind']]: Checks<Kind> } = {
  certificate: CERTIFICATE_CHECKS,
  'responder-certificate': CERTIFICATE_CHECKS,
  crl: {
    ...LIST_CHECKS,
    issuer: isText,
    scope: isScope,
    base: (value) => value === null || isCount(value),
    lists: areLists,
  },
  ocsp: { issuer: isText, sha256: areHashes },
  platform: { issuer: isText, purpose: isText, sha256: isHash },
  refused: { rule: isText, issuer: isTextOrNull, asked: isTextOrNull, sha256: isHashOrNull },
  'refusals-over-limit': { count: isCount },
  alarm: { alarm: isText, issuer: isText, profile: isTextOrNull, sha256: isHash },
  tally: { tally: isTally },
  segment: { journal: isHash, segment: isCount, lists: areListsByIssuer },
};

/** Parses one line of a journal. null: the line is no entry of a known form. */
export function parseLine(line: string): JournalEntry | null {
  const value: unknown = parseJson(line);
  return isEntry(value) ? value : null;
}

function isEntry(value: unknown): value is JournalEntry {
  if (!isObject(value)) return false;
  const { seq, at, steadyAt, kind, prev } = value;
  if (!Number.isSafeInteger(seq) || !isText(at) || !isHash(prev)) return false;
  if (steadyAt !== undefined && !isText(steadyAt)) return false;
  return (
    typeof kind === 'string' &&
    Object.hasOwn(MEMBER_CHECKS, kind) &&
    fits(value, MEMBER_CHECKS[kind as JournalEntry['kind']])
  );
}

function fits(value: Readonly<Record<string, unknown>>, checks: Readonly<Record<string, Check>>): boolean {
  return Object.entries(checks).every(([name, check]) => check(value[name]));
}
