/**
 * Why something is revoked, as officers know it, and the reason of RFC 5280 5.3.1 that follows.
 * People choose the situation; nobody chooses a code.
 */
import { isRole, REVOCATION_REASONS } from '../access/roles.js';
import type { Bilingual } from '../kernel/bilingual.js';
import type { Instant } from '../kernel/clock.js';
import type { Account } from '../ports/store/accounts.js';
import type { RevocationReason } from '../ports/store/statuses.js';
import type { Option } from './fields.js';

export type Situation = {
  readonly id: string;
  readonly label: Bilingual;
  readonly reason: Exclude<RevocationReason, 'certificateHold'>;
  /** What the reason means for those who rely on the certificate. */
  readonly meaning: Bilingual;
};

const FROM_NOW: Bilingual = {
  fr: "les signatures d'avant la révocation restent valables",
  en: 'signatures from before the revocation stay valid',
};
const DOUBTFUL: Bilingual = {
  fr: 'les autres certificats de la même clé sont révoqués aussi, et les signatures récentes doivent être vérifiées',
  en: 'other certificates of the key are revoked too, and recent signatures have to be checked',
};

export const SITUATIONS: readonly Situation[] = [
  { id: 'card-lost', label: { fr: 'Carte perdue', en: 'Card lost' }, reason: 'keyCompromise', meaning: DOUBTFUL },
  { id: 'card-stolen', label: { fr: 'Carte volée', en: 'Card stolen' }, reason: 'keyCompromise', meaning: DOUBTFUL },
  {
    id: 'key-known',
    label: { fr: "Clé ou code porteur connu d'un tiers", en: 'Key or PIN known to others' },
    reason: 'keyCompromise',
    meaning: DOUBTFUL,
  },
  {
    id: 'left-structure',
    label: { fr: 'A quitté la structure', en: 'Left the structure' },
    reason: 'affiliationChanged',
    meaning: FROM_NOW,
  },
  {
    id: 'struck-off',
    label: { fr: 'Radié ou suspendu par son ordre', en: 'Struck off or suspended by the professional body' },
    reason: 'privilegeWithdrawn',
    meaning: FROM_NOW,
  },
  {
    id: 'activity-ended',
    label: { fr: "Fin d'activité, ou serveur arrêté", en: 'Activity ended, or server retired' },
    reason: 'cessationOfOperation',
    meaning: FROM_NOW,
  },
  {
    id: 'replaced',
    label: { fr: 'Remplacé par un nouveau certificat', en: 'Replaced by a new certificate' },
    reason: 'superseded',
    meaning: FROM_NOW,
  },
  {
    id: 'card-broken',
    label: { fr: 'Carte hors service, détruite', en: 'Card broken, destroyed' },
    reason: 'superseded',
    meaning: FROM_NOW,
  },
  {
    id: 'other',
    label: { fr: 'Autre situation', en: 'Another situation' },
    reason: 'unspecified',
    meaning: FROM_NOW,
  },
];

/**
 * The situations whose reason is among these, as the options of a field. Those that make signatures
 * doubtful say so.
 */
export function situationOptions(reasons: readonly RevocationReason[]): readonly Option[] {
  return SITUATIONS.filter(({ reason }) => reasons.includes(reason)).map(({ id, label, meaning }) => ({
    value: id,
    label,
    ...(meaning === DOUBTFUL ? { hint: meaning } : {}),
  }));
}

/** `id`: one of the options. */
export function situationOf(id: string): Situation {
  const found = SITUATIONS.find((situation) => situation.id === id);
  if (found === undefined) throw new Error(`there is no situation ${id}`);
  return found;
}

/** The reasons that the account may give for a revocation. */
export function reasonsOf({ roles }: Pick<Account, 'roles'>): readonly RevocationReason[] {
  return roles.flatMap((role) => (isRole(role) ? REVOCATION_REASONS[role] : []));
}

/** The beginning of a day of a form, which has been checked; null: it was left out. */
export function dayOf(day: string | undefined): Instant | null {
  return day === undefined ? null : Date.parse(`${day}T00:00:00Z`);
}
