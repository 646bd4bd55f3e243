/** A simple model of the lives of certificates, cards and holders. */
import { professionalId, STRUCTURE } from '../../../support/service/orders.js';

export const SUSPENDABLE = 'elementaire/org-auth-cli';
export const SIGNING = 'elementaire/org-sign';
export const CARD_PROFILES = ['fort/cps-authentication', 'fort/cps-signature'] as const;
export type LifeProfile = typeof SUSPENDABLE | typeof SIGNING | (typeof CARD_PROFILES)[number];

export type RevocationOutcome = { readonly reason: string; readonly invalidityDate: string | null };

export type Life = {
  readonly id: string;
  readonly serialNumber: string;
  readonly ca: string;
  readonly profile: LifeProfile;
  /** Id of the holder, as `/v1/holders/{idNat}` names it. */
  readonly holder: string;
  /** Number of the card, or null. */
  readonly card: number | null;
  /** RevokedLives key: two lives with one number have one key. */
  readonly key: number;
  status: 'issued' | 'suspended' | 'revoked';
  /** Reason and date of a suspension or a revocation. */
  ended: RevocationOutcome | null;
};

export type Model = { readonly lives: Life[] };

export const organisationId = (number: number): string => `${STRUCTURE.id}/LIFE-${number}`;
export const holderOfCard = professionalId;

export function isLive({ status }: Life): boolean {
  return status !== 'revoked';
}

/**
 * A hold that becomes final keeps its invalidity date unless another is given; what is revoked
 * stays as it is.
 */
export function end(life: Life, { reason, invalidityDate }: RevocationOutcome): void {
  if (!isLive(life)) return;
  life.ended = { reason, invalidityDate: invalidityDate ?? life.ended?.invalidityDate ?? null };
  life.status = 'revoked';
}

export function suspend(life: Life, invalidityDate: string | null): boolean {
  if (life.status !== 'issued' || life.profile !== SUSPENDABLE) return false;
  life.status = 'suspended';
  life.ended = { reason: 'certificateHold', invalidityDate };
  return true;
}

export function release(life: Life): boolean {
  if (life.status !== 'suspended') return false;
  life.status = 'issued';
  life.ended = null;
  return true;
}
