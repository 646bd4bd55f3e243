/**
 * What a card signs: a short text that says what it wants, for which card, of which installation
 * and when. The signed octets are a prefix, a zero octet and the statement as canonical JSON
 * (RFC 8785); no input of a DER, TLS or CMS signature begins like that.
 */
import { HOLDER_REASONS, type HolderReason } from '../access/principal.js';
import { type Bytes, concat, fromUtf8, utf8 } from '../kernel/bytes.js';
import { formatInstant, type Instant, parseInstant } from '../kernel/clock.js';
import { sha256Hex } from '../kernel/digest.js';
import { MINUTE_MS } from '../kernel/duration.js';
import { canonicalJson, isObject, parseJson } from '../kernel/json.js';
import { LIMITS } from '../kernel/limits.js';
import { err, ok, type Result } from '../kernel/result.js';
import { STATEMENT_VERBS, type StatementVerb } from '../ports/store/cards/card-updates.js';
import { type Fault, fault } from '../texts/text.js';

/**
 * The set of new keys of a remote update. A key is certified once, so the same set names the same
 * update, whoever asks again and in whatever order.
 */

/** SHA-256 hex of the canonical JSON of the sorted hashes of the keys. */
export function updateKeysSha256(keys: readonly { readonly spkiSha256: string }[]): string {
  return sha256Hex(utf8(canonicalJson([...new Set(keys.map(({ spkiSha256 }) => spkiSha256))].sort())));
}

export const STATEMENT_FORM = 'pfcng-card-statement-1';
const PREFIX = utf8('PFCNG card statement v1\0');

export type StatedRequest = {
  /** SHA-256 hex of the DER of the certification request. */
  readonly csrSha256: string;
  readonly profile: string;
};

type StatementHead = {
  readonly form: typeof STATEMENT_FORM;
  readonly environment: string;
  /** Id of the platform key, as in receipts. */
  readonly platform: string;
  /** Token id. */
  readonly card: string;
  /** RFC 3339 in UTC. */
  readonly at: string;
};

/** `onCard`: SHA-256 hex of each certificate that was read from the card. */
export type StatementMembers =
  | { readonly verb: 'begin'; readonly requests: readonly StatedRequest[]; readonly onCard: readonly string[] }
  | { readonly verb: 'confirm' | 'abandon'; readonly update: string; readonly onCard: readonly string[] }
  /** `certificate`: its id; left out: every certificate of the card. */
  | { readonly verb: 'revoke'; readonly reason: HolderReason; readonly certificate?: string };

export type CardStatement = StatementHead & StatementMembers;

/** The text that is signed and sent. */
export function statementText(statement: CardStatement): string {
  return canonicalJson(statement);
}

/** The octets that a card signs. */
export function signedOctetsOf(statement: CardStatement): Bytes {
  return concat([PREFIX, utf8(statementText(statement))]);
}

/** Returns the text in octets that a card has signed; null: they are not those of a statement. */
export function textOfSignedOctets(octets: Bytes): string | null {
  if (octets.length < PREFIX.length || !PREFIX.every((octet, at) => octets[at] === octet)) return null;
  return fromUtf8(octets.subarray(PREFIX.length));
}

/**
 * Reads a statement, makes its canonical form again from the members that it knows, and refuses any
 * other text: rules `statement-canonical` and `statement-members`.
 */
export function readStatement(text: string): Result<CardStatement, Fault> {
  const max = LIMITS.cardStatementBytesMax;
  if (text.length > max || utf8(text).length > max) return err(fault('statement-canonical', { max }));
  const value = parseJson(text);
  if (value === undefined) return err(fault('statement-canonical', { max }));
  const statement = statementOf(value);
  if (!statement.ok) return statement;
  return statementText(statement.value) === text ? statement : err(fault('statement-canonical', { max }));
}

const HEAD = ['form', 'environment', 'platform', 'card', 'at', 'verb'] as const;
const FURTHER = {
  begin: ['requests', 'onCard'],
  confirm: ['update', 'onCard'],
  abandon: ['update', 'onCard'],
  revoke: ['reason', 'certificate'],
} as const satisfies Record<StatementVerb, readonly string[]>;
const OPTIONAL: readonly string[] = ['certificate'];

type MemberCheck = (value: unknown) => boolean;
const matches =
  (pattern: RegExp): MemberCheck =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
const sha256 = matches(/^[0-9a-f]{64}$/);
const uuid = matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const listOf =
  (check: MemberCheck, countMin: number, countMax: number): MemberCheck =>
  (value) =>
    Array.isArray(value) && value.length >= countMin && value.length <= countMax && value.every(check);

/** The forms of all members. The length of a statement bounds its lists further. */
const MEMBERS: Readonly<Record<string, MemberCheck>> = {
  form: (value) => value === STATEMENT_FORM,
  environment: matches(/^[a-z]{1,32}$/),
  platform: sha256,
  card: matches(/^[!-~]{1,64}$/),
  at: (value) => typeof value === 'string' && parseInstant(value) !== null,
  verb: (value) => typeof value === 'string' && Object.hasOwn(FURTHER, value),
  requests: listOf(isStatedRequest, 1, LIMITS.certificatesPerCardMax),
  onCard: listOf(sha256, 0, LIMITS.certificatesReadBackMax),
  update: uuid,
  reason: (value) => (HOLDER_REASONS as readonly unknown[]).includes(value),
  certificate: uuid,
};

function isStatedRequest(value: unknown): boolean {
  if (!isObject(value) || Object.keys(value).length !== 2) return false;
  return sha256(value.csrSha256) && matches(/^[a-z]+\/[a-z-]{1,56}$/)(value.profile);
}

function statementOf(value: unknown): Result<CardStatement, Fault> {
  if (!isObject(value)) return err(fault('statement-members'));
  const verb = STATEMENT_VERBS.find((one) => one === value.verb);
  if (verb === undefined) return err(fault('statement-members/verb', { verbs: STATEMENT_VERBS }));
  const known: readonly string[] = [...HEAD, ...FURTHER[verb]];
  const strange = Object.keys(value).find((name) => !known.includes(name));
  if (strange !== undefined) return err(fault('statement-members/known', { verb, members: known }));
  for (const name of known) {
    if (!Object.hasOwn(value, name) && OPTIONAL.includes(name)) continue;
    if (MEMBERS[name]?.(value[name]) !== true) return err(fault('statement-members/value', { member: name }));
  }
  // Every member has been checked.
  return ok(value as CardStatement);
}

/** What a statement must say to be accepted for a request. */
export type ExpectedStatement = {
  /** The mark of the environment. */
  readonly environment: string;
  /** Id of the platform key; null: the installation has none, and no statement can name it. */
  readonly platform: string | null;
  readonly card: string;
  /** The database's time. */
  readonly now: Instant;
  readonly asked:
    | { readonly verb: 'begin'; readonly requests: readonly StatedRequest[] }
    | { readonly verb: 'confirm' | 'abandon'; readonly update: string }
    /** `certificate`: null for the whole card. */
    | { readonly verb: 'revoke'; readonly reason: string; readonly certificate: string | null };
};

/** How far `at` may be from the database's time. */
const AT_OFF_MS_MAX = 15 * MINUTE_MS;

type Check = {
  readonly passes: (stated: CardStatement, expected: ExpectedStatement) => boolean;
  readonly fault: (stated: CardStatement, expected: ExpectedStatement) => Fault;
};

const CHECKS: readonly Check[] = [
  {
    passes: (stated, { environment }) => stated.environment === environment,
    fault: (_, { environment }) => fault('statement-environment', { environment }),
  },
  { passes: (stated, { platform }) => stated.platform === platform, fault: () => fault('statement-platform') },
  { passes: (stated, { card }) => stated.card === card, fault: () => fault('statement-card') },
  {
    passes: ({ at }, { now }) => Math.abs((parseInstant(at) ?? Number.NaN) - now) <= AT_OFF_MS_MAX,
    fault: (_, { now }) => fault('statement-time', { now: formatInstant(now), minutes: AT_OFF_MS_MAX / MINUTE_MS }),
  },
];

/** Returns every rule that the statement breaks for this request. */
export function statementFaults(statement: CardStatement, expected: ExpectedStatement): readonly Fault[] {
  const broken = CHECKS.filter(({ passes }) => !passes(statement, expected)).map((check) =>
    check.fault(statement, expected),
  );
  const asked = askedFault(statement, expected.asked);
  return asked === null ? broken : [...broken, asked];
}

function askedFault(stated: CardStatement, asked: ExpectedStatement['asked']): Fault | null {
  if (stated.verb !== asked.verb) return fault('statement-members/other-verb', { verb: asked.verb });
  if (stated.verb === 'begin' && asked.verb === 'begin')
    return canonicalJson(stated.requests) === canonicalJson(asked.requests) ? null : fault('statement-requests');
  const differs = (member: string): Fault => fault('statement-members/other', { member });
  if ('update' in stated && 'update' in asked) return stated.update === asked.update ? null : differs('update');
  if (stated.verb !== 'revoke' || asked.verb !== 'revoke') return null;
  if (stated.reason !== asked.reason) return differs('reason');
  return (stated.certificate ?? null) === asked.certificate ? null : differs('certificate');
}
