/** Who may ask what, and which token signs what. Two tables, so that an auditor can read them at a glance. */
import type { FrameType } from './frames.js';

/** `responder-certificate`: an OCSP-signing certificate, for a key that a ceremony has certified before. */
export type SigningKind = 'certificate' | 'responder-certificate' | 'crl' | 'ocsp' | 'platform';
/** What a journal keeps beside signatures. */
export type NoteKind = 'refused' | 'alarm' | 'tally';
export type TokenKind = 'ca' | 'ocsp' | 'platform';
export type CallerRole = 'api' | 'worker' | 'responder';

/**
 * What each caller's socket takes; enforced by the supervisor. The worker asks for certificates when it finishes open intents, and
 * alone for those of responders: nothing that REST, CMP or EST can ask for leads there.
 */
export const ROLE_MAY_ASK = {
  api: ['certificate', 'platform'],
  worker: ['crl', 'certificate', 'responder-certificate'],
  responder: ['ocsp'],
} as const satisfies Readonly<Record<CallerRole, readonly SigningKind[]>>;

/** What the keys of each kind of token sign; enforced by the child that has the token. */
export const TOKEN_SIGNS = {
  ca: ['certificate', 'responder-certificate', 'crl'],
  ocsp: ['ocsp'],
  platform: ['platform'],
} as const satisfies Readonly<Record<TokenKind, readonly SigningKind[]>>;

/** What a frame asks for; null for frames that ask for no signature. */
export const FRAME_ASKS = {
  configure: null,
  certificate: 'certificate',
  'crl-begin': 'crl',
  'crl-chunk': 'crl',
  'crl-end': 'crl',
  'crl-abort': 'crl',
  ocsp: 'ocsp',
  platform: 'platform',
  'responder-certificate': 'responder-certificate',
  status: null,
  doubt: null,
  signature: null,
  refused: null,
  unavailable: null,
  state: null,
} as const satisfies Readonly<Record<FrameType, SigningKind | null>>;

export function roleMayAsk(role: CallerRole, kind: SigningKind): boolean {
  return (ROLE_MAY_ASK[role] as readonly SigningKind[]).includes(kind);
}

export function tokenSigns(token: TokenKind, kind: SigningKind): boolean {
  return (TOKEN_SIGNS[token] as readonly SigningKind[]).includes(kind);
}
