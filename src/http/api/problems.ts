/**
 * Converts failures into RFC 9457 problem documents with a stable `code`. This is the only place
 * that does so.
 */
import { type Bilingual, joinTexts, type Language } from '../../kernel/bilingual.js';
import { formatInstant } from '../../kernel/clock.js';
import type { OperationFailure } from '../../operations/failures.js';
import { type Fault, text, type Violation } from '../../texts/text.js';

export type HttpFailure =
  | OperationFailure
  | { readonly kind: 'client-certificate-required' }
  /** An EST client must authenticate, by a certificate or by HTTP Basic (RFC 7030 3.2.3). */
  | ({ readonly kind: 'authentication-required' } & Fault)
  /** An operation of a protocol that this platform does not offer. */
  | { readonly kind: 'not-implemented'; readonly message: Bilingual }
  | { readonly kind: 'body-malformed'; readonly violations: readonly Violation[] }
  /** `suggestion`: a text with a similar path that exists; null: there is none. */
  | { readonly kind: 'no-such-route'; readonly suggestion: Bilingual | null }
  | { readonly kind: 'method-not-allowed'; readonly allow: readonly string[] }
  | { readonly kind: 'unsupported-media-type'; readonly type: string; readonly expected: string }
  | { readonly kind: 'content-encoded' }
  | { readonly kind: 'too-large'; readonly bytesMax: number }
  | { readonly kind: 'body-too-slow' }
  /** The input is not an HTTP request (`unreadable.ts`). */
  | { readonly kind: 'not-http' }
  | { readonly kind: 'host-missing' }
  /** The request came without TLS. */
  | { readonly kind: 'plain-http' }
  | { readonly kind: 'headers-too-large' }
  | { readonly kind: 'expectation-failed' }
  | { readonly kind: 'overloaded'; readonly retryAfterMs: number };

export type FailureKind = HttpFailure['kind'];

type ProblemRow = { readonly status: number; readonly code: string; readonly title: Bilingual };

export const PROBLEMS = {
  'invalid-request': {
    status: 400,
    code: 'invalid-request',
    title: { fr: "La requête n'est pas valide", en: 'The request is not valid' },
  },
  'body-malformed': {
    status: 400,
    code: 'invalid-request',
    title: { fr: "La requête n'est pas valide", en: 'The request is not valid' },
  },
  'not-http': {
    status: 400,
    code: 'invalid-request',
    title: { fr: "Ce n'est pas une requête HTTP", en: 'This is not an HTTP request' },
  },
  'host-missing': {
    status: 400,
    code: 'invalid-request',
    title: { fr: "Le champ d'en-tête Host manque", en: 'The Host header field is missing' },
  },
  'plain-http': {
    status: 400,
    code: 'invalid-request',
    title: { fr: 'Cette adresse est servie par HTTPS', en: 'This address is served over HTTPS' },
  },
  'expectation-failed': {
    status: 417,
    code: 'expectation-failed',
    title: { fr: "L'attente n'est pas prise en charge", en: 'The expectation is not supported' },
  },
  'headers-too-large': {
    status: 431,
    code: 'headers-too-large',
    title: { fr: 'Les en-têtes sont trop grands', en: 'The header fields are too large' },
  },
  'body-too-slow': {
    status: 408,
    code: 'timeout',
    title: { fr: 'La requête a mis trop de temps à arriver', en: 'The request took too long to arrive' },
  },
  'client-certificate-required': {
    status: 401,
    code: 'client-certificate-required',
    title: { fr: 'Un certificat client est requis', en: 'A client certificate is required' },
  },
  'authentication-required': {
    status: 401,
    code: 'authentication-required',
    title: { fr: "L'authentification est requise", en: 'Authentication is required' },
  },
  'not-permitted': { status: 403, code: 'not-permitted', title: { fr: 'Non autorisé', en: 'Not permitted' } },
  'not-found': {
    status: 404,
    code: 'not-found',
    title: { fr: 'Introuvable, ou non visible pour ce compte', en: 'Not found, or not visible to this account' },
  },
  'no-such-route': { status: 404, code: 'not-found', title: { fr: "Ce chemin n'existe pas", en: 'No such path' } },
  'method-not-allowed': {
    status: 405,
    code: 'method-not-allowed',
    title: { fr: "La méthode n'est pas admise pour ce chemin", en: 'The method is not allowed for this path' },
  },
  'state-conflict': {
    status: 409,
    code: 'state-conflict',
    title: { fr: "L'état actuel ne le permet pas", en: 'The current state does not allow this' },
  },
  'in-progress': {
    status: 409,
    code: 'in-progress',
    title: { fr: 'La même requête est encore en cours', en: 'The same request is still in progress' },
  },
  'too-large': {
    status: 413,
    code: 'too-large',
    title: { fr: 'Le corps est trop grand', en: 'The body is too large' },
  },
  'too-many-lines': {
    status: 413,
    code: 'too-large',
    title: { fr: 'La commande a trop de lignes', en: 'The order has too many lines' },
  },
  'unsupported-media-type': {
    status: 415,
    code: 'unsupported-media-type',
    title: { fr: "Le type du corps n'est pas celui de ce chemin", en: 'The type of the body is not that of this path' },
  },
  'content-encoded': {
    status: 415,
    code: 'unsupported-media-type',
    title: { fr: 'Le corps ne doit pas être encodé', en: 'The body must not be encoded' },
  },
  'idempotency-mismatch': {
    status: 422,
    code: 'idempotency-mismatch',
    title: {
      fr: "La clé d'idempotence a déjà servi avec un autre corps",
      en: 'The idempotency key was used before with another body',
    },
  },
  'policy-violated': {
    status: 422,
    code: 'policy-violated',
    title: {
      fr: "La politique de certification n'autorise pas ce certificat",
      en: 'The policy does not allow this certificate',
    },
  },
  'key-rejected': {
    status: 422,
    code: 'key-rejected',
    title: { fr: "La clé n'est pas acceptable", en: 'The key is not acceptable' },
  },
  'proof-of-possession-failed': {
    status: 422,
    code: 'proof-of-possession-failed',
    title: {
      fr: 'La demande de certificat ne prouve pas la possession de sa clé privée',
      en: 'The certification request does not prove possession of its key',
    },
  },
  'proof-rejected': {
    status: 422,
    code: 'proof-rejected',
    title: { fr: "La preuve de la carte n'est pas acceptée", en: 'The proof of the card is not accepted' },
  },
  'card-to-desk': {
    status: 409,
    code: 'card-to-desk',
    title: { fr: 'La carte doit passer à un guichet', en: 'The card has to go to a service desk' },
  },
  'quota-exceeded': {
    status: 429,
    code: 'quota-exceeded',
    title: { fr: 'Trop de travail est en cours : revenez plus tard', en: 'Too much is under way: come back later' },
  },
  'internal-error': {
    status: 500,
    code: 'internal-error',
    title: { fr: 'Un contrôle interne a arrêté cette requête', en: 'An internal check stopped this request' },
  },
  'not-implemented': {
    status: 501,
    code: 'not-implemented',
    title: { fr: "Cette opération n'est pas proposée", en: 'This operation is not offered' },
  },
  overloaded: {
    status: 503,
    code: 'overloaded',
    title: { fr: 'Trop de requêtes sont en cours de traitement', en: 'Too many requests are being processed' },
  },
  'signer-unavailable': {
    status: 503,
    code: 'signer-unavailable',
    title: { fr: "Le HSM n'est pas disponible", en: 'The HSM is not available' },
  },
  'clock-wrong': {
    status: 503,
    code: 'clock-wrong',
    title: { fr: "Une horloge n'est pas à l'heure", en: 'A clock is wrong' },
  },
  'database-unavailable': {
    status: 503,
    code: 'database-unavailable',
    title: { fr: "La base de données n'est pas disponible", en: 'The database is not available' },
  },
} as const satisfies Record<FailureKind, ProblemRow>;

/** The failures that have a Retry-After header field. */
export const RETRY_AFTER_FAILURES = {
  overloaded: true,
  'quota-exceeded': true,
  'in-progress': true,
  'signer-unavailable': true,
  'clock-wrong': true,
  'database-unavailable': true,
} as const satisfies Record<Extract<HttpFailure, { readonly retryAfterMs: number }>['kind'], true>;

export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  /**
   * The rule that was broken, if it is not about a place in the request. Rules about a place are in
   * `violations`.
   */
  readonly rule?: string;
  /** The place of a card in its campaign, if the card came before it. */
  readonly ticket?: { readonly from: string; readonly until: string };
  /** Why a card has to go to a service desk. */
  readonly reason?: string;
  readonly violations?: readonly ShownViolation[];
};

/** A violation in one language, as a problem document shows it. */
export type ShownViolation = { readonly pointer: string; readonly rule: string; readonly message: string };

export function shownViolations(violations: readonly Violation[], language: Language): readonly ShownViolation[] {
  return violations.map(({ pointer, rule, message }) => ({ pointer, rule, message: message[language] }));
}

/** Failures whose problem document has one `rule` instead of violations. */
const KINDS_WITH_RULE: readonly FailureKind[] = ['state-conflict', 'not-permitted'];

/**
 * Makes the problem document of a failure, and its header fields. `language`: the language of the
 * client that gets it.
 */
export function problemOf(
  failure: HttpFailure,
  { requestId, language }: { readonly requestId: string; readonly language: Language },
): {
  readonly problem: Problem;
  readonly headers: Record<string, string>;
} {
  const row: ProblemRow = PROBLEMS[failure.kind];
  const violations = violationsOf(failure);
  const shown = shownViolations(violations, language);
  return {
    problem: {
      type: `urn:pfcng:problem:${row.code}`,
      title: row.title[language],
      status: row.status,
      code: row.code,
      requestId,
      detail: detailOf(failure)[language],
      ...(KINDS_WITH_RULE.includes(failure.kind) && 'rule' in failure ? { rule: failure.rule } : {}),
      ...ticketOf(failure),
      ...(failure.kind === 'card-to-desk' ? { reason: failure.reason } : {}),
      ...(shown.length === 0 ? {} : { violations: shown }),
    },
    headers: { 'content-language': language, vary: 'Accept-Language', ...headersOf(failure) },
  };
}

function ticketOf(failure: HttpFailure): Pick<Problem, 'ticket'> {
  if (failure.kind !== 'quota-exceeded' || failure.ticket === undefined) return {};
  const { from, until } = failure.ticket;
  return { ticket: { from: formatInstant(from), until: formatInstant(until) } };
}

/**
 * Limits of what a problem document shows: how many violations, and how many characters of each. A
 * request of 64 KiB can have thousands of violations, whose pointers repeat its content. `type` is
 * for the media type of a body, which may have the length of a whole header.
 */
const VIOLATIONS_MAX = 20;
const CHARACTERS_MAX = { pointer: 200, message: 500, type: 100 } as const;

function violationsOf(failure: HttpFailure): readonly Violation[] {
  if (failure.kind === 'invalid-request') return [failure];
  if (!('violations' in failure)) return [];
  return failure.violations.slice(0, VIOLATIONS_MAX).map(({ pointer, rule, message: { fr, en } }) => ({
    pointer: shortened(pointer, CHARACTERS_MAX.pointer),
    rule,
    message: { fr: shortened(fr, CHARACTERS_MAX.message), en: shortened(en, CHARACTERS_MAX.message) },
  }));
}

function shortened(long: string, charactersMax: number): string {
  return long.length <= charactersMax ? long : `${long.slice(0, charactersMax)}…`;
}

/**
 * Returns the `detail`, which tells the client what is wrong or what to do. Internal details are
 * only logged.
 */
function detailOf(failure: HttpFailure): Bilingual {
  switch (failure.kind) {
    case 'client-certificate-required':
      return text('present-certificate');
    case 'too-large':
      return text('body-bytes-max', { max: failure.bytesMax });
    case 'too-many-lines':
      return text('order-lines-max', { max: failure.linesMax });
    case 'body-too-slow':
      return text('send-without-pauses');
    case 'idempotency-mismatch':
      return text('use-new-key');
    case 'signer-unavailable':
      return text('retry-nothing-lost');
    case 'in-progress':
    case 'overloaded':
    case 'database-unavailable':
      return text('retry');
    case 'method-not-allowed':
      return text('allowed-methods', { methods: failure.allow });
    case 'no-such-route':
      return failure.suggestion ?? text('paths-are-listed');
    case 'unsupported-media-type':
      return text('content-type', {
        type: shortened(failure.type, CHARACTERS_MAX.type) || text('absent'),
        expected: failure.expected,
      });
    case 'content-encoded':
      return text('send-unencoded');
    case 'not-http':
    case 'host-missing':
    case 'plain-http':
      return text(failure.kind);
    case 'headers-too-large':
      return text('headers-bytes-max');
    case 'expectation-failed':
      return text('only-expectation');
    case 'invalid-request':
      return describeViolations([failure], 0);
    case 'policy-violated':
    case 'key-rejected':
    case 'proof-of-possession-failed':
    case 'proof-rejected':
    case 'body-malformed': {
      const shown = violationsOf(failure);
      return describeViolations(shown, failure.violations.length - shown.length);
    }
    default:
      return failure.message;
  }
}

function describeViolations(shown: readonly Violation[], more: number): Bilingual {
  const described = shown.map(({ pointer, message: { fr, en } }) => ({
    fr: `${pointer || '/'} : ${fr}`,
    en: `${pointer || '/'}: ${en}`,
  }));
  const rest = more > 0 ? [text('more-violations', { count: more })] : [];
  return joinTexts([...described, ...rest], { fr: ' ; ', en: '; ' });
}

function headersOf(failure: HttpFailure): Record<string, string> {
  if ('retryAfterMs' in failure) return { 'retry-after': String(Math.max(1, Math.ceil(failure.retryAfterMs / 1000))) };
  if (failure.kind === 'authentication-required') return { 'www-authenticate': 'Basic realm="PFCNG EST"' };
  if (failure.kind === 'content-encoded') return { 'accept-encoding': 'identity' };
  if (failure.kind === 'method-not-allowed') return { allow: failure.allow.join(', ') };
  if (failure.kind === 'too-large' || failure.kind === 'body-too-slow') return { connection: 'close' };
  return {};
}
