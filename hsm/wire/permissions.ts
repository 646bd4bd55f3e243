/** Defines what each caller may request and what each token signs, as two tables for auditors. */
import type { FrameType } from './frames.js';

/**
 * `responder-certificate`: an OCSP-signing certificate for a key that a ceremony certified before.
 */
export type SigningKind = 'certificate' | 'responder-certificate' | 'crl' | 'ocsp' | 'platform';

export type TokenKind = 'ca' | 'ocsp' | 'platform';
export type CallerRole = 'api' | 'worker' | 'responder';

/**
 * What each caller may request; the supervisor enforces it. The API requests platform signatures
 * for CMP answers. The worker requests certificates for lines of orders and for open intents, and
 * platform signatures for receipts and webhooks. Only the worker requests certificates of
 * responders, so that no request over REST, CMP or EST can lead to one.
 */
export const ROLE_MAY_REQUEST = {
  api: ['certificate', 'platform'],
  worker: ['crl', 'certificate', 'responder-certificate', 'platform'],
  responder: ['ocsp'],
} as const satisfies Readonly<Record<CallerRole, readonly SigningKind[]>>;

/** What the keys of each kind of token sign; the signer's process enforces it. */
const TOKEN_SIGNS = {
  ca: ['certificate', 'responder-certificate', 'crl'],
  ocsp: ['ocsp'],
  platform: ['platform'],
} as const satisfies Readonly<Record<TokenKind, readonly SigningKind[]>>;

/** The kind of signature that each frame requests; null: no signature. */
export const FRAME_REQUESTS = {
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
  'bad-signature': null,
  signature: null,
  refused: null,
  unavailable: null,
  state: null,
} as const satisfies Readonly<Record<FrameType, SigningKind | null>>;

export function roleMayRequest(role: CallerRole, kind: SigningKind): boolean {
  return (ROLE_MAY_REQUEST[role] as readonly SigningKind[]).includes(kind);
}

export function tokenSigns(token: TokenKind, kind: SigningKind): boolean {
  return (TOKEN_SIGNS[token] as readonly SigningKind[]).includes(kind);
}
