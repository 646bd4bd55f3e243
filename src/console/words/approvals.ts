import type { Bilingual } from '../../kernel/bilingual.js';
import type { ActionName } from '../../operations/approvals/actions.js';
import type { ApprovalState, SIGNATURE_FORMS } from '../../ports/store/officers/approvals.js';
import type { Tone } from '../components/text.js';
import type { Words } from './words.js';

export const APPROVAL_STATE_LABELS: Readonly<
  Record<ApprovalState, { readonly label: Bilingual; readonly tone: Tone }>
> = {
  requested: { label: { fr: 'En attente', en: 'Waiting' }, tone: 'warn' },
  executed: { label: { fr: 'Exécutée', en: 'Executed' }, tone: 'good' },
  stale: { label: { fr: 'Périmée', en: 'Stale' }, tone: 'quiet' },
  refused: { label: { fr: 'Refusée', en: 'Refused' }, tone: 'bad' },
  expired: { label: { fr: 'Expirée', en: 'Expired' }, tone: 'quiet' },
};

export const SIGNATURE_FORM_LABELS: Readonly<Record<(typeof SIGNATURE_FORMS)[number], Bilingual>> = {
  account: { fr: 'Certificat du compte (TLS mutuel)', en: 'Certificate of the account (mutual TLS)' },
};

type ActionWords = {
  readonly name: Bilingual;
  /** What follows from the execution. */
  readonly effect: Bilingual;
  readonly isReversible: boolean;
};

/** What two officers decide about, in words. An action without words does not compile. */
export const ACTION_WORDS: Readonly<Record<ActionName, ActionWords>> = {
  'account.add': {
    name: { fr: 'Ajouter un compte', en: 'Add an account' },
    effect: {
      fr: 'Le compte utilise la plateforme avec ce certificat, selon ses rôles et son périmètre.',
      en: 'The account uses the platform with this certificate, by its roles and its scope.',
    },
    isReversible: true,
  },
  'account.change': {
    name: { fr: 'Modifier un compte', en: 'Change an account' },
    effect: {
      fr: 'Les droits ajoutés valent aussitôt. Un droit retiré est refusé dès la demande suivante.',
      en: 'Rights that are added count at once. A right that is taken away is refused at the next request.',
    },
    isReversible: true,
  },
  'account.disable': {
    name: { fr: 'Désactiver un compte', en: 'Disable an account' },
    effect: {
      fr: 'Toute demande du compte est refusée, et ses commandes sont mises en pause. Ses certificats restent en vigueur.',
      en: 'Every request of the account is refused, and its orders are paused. Its certificates stay in force.',
    },
    isReversible: true,
  },
  'account.enable': {
    name: { fr: 'Réactiver un compte', en: 'Enable an account' },
    effect: {
      fr: 'Les demandes du compte sont à nouveau acceptées.',
      en: 'Requests of the account are accepted again.',
    },
    isReversible: true,
  },
  'holder.unbar': {
    name: { fr: "Lever l'interdiction d'un porteur", en: 'Lift the bar of a holder' },
    effect: {
      fr: 'Des certificats peuvent à nouveau être émis pour ce porteur. Ceux qui sont révoqués le restent.',
      en: 'Certificates can be issued for this holder again. What was revoked stays revoked.',
    },
    isReversible: true,
  },
  'campaign.arm': {
    name: { fr: "Armer une date d'une campagne", en: 'Arm a date of a campaign' },
    effect: {
      fr: 'À cette date, les certificats des cartes sans mise à jour confirmée seront suspendus ou révoqués.',
      en: 'At this date, the certificates of cards without a confirmed update will be suspended or revoked.',
    },
    isReversible: true,
  },
  'campaign.dates': {
    name: { fr: "Fixer ou déplacer les dates d'une campagne", en: 'Set or move the dates of a campaign' },
    effect: {
      fr: "Les dates sont déplacées et désarmées. Une date qui n'est pas armée passe sans effet.",
      en: 'The dates are moved and disarmed. A date that is not armed passes without effect.',
    },
    isReversible: true,
  },
  'campaign.end': {
    name: { fr: 'Terminer une campagne', en: 'End a campaign' },
    effect: {
      fr: "Les cartes de la campagne n'ont plus de place, et ses dates n'agissent plus.",
      en: 'The cards of the campaign have no places any more, and its dates do not act.',
    },
    isReversible: false,
  },
  'campaign.open': {
    name: { fr: 'Ouvrir une campagne', en: 'Open a campaign' },
    effect: {
      fr: 'Les cartes reçoivent leurs places et commencent leurs mises à jour. Une campagne ouverte peut être mise en pause.',
      en: 'The cards get their places and begin their updates. An open campaign can be paused.',
    },
    isReversible: false,
  },
  'campaign.release': {
    name: { fr: "Lever les suspensions d'une campagne", en: 'Release what a campaign has suspended' },
    effect: {
      fr: 'OCSP répond à nouveau « bon » pour les certificats que la campagne a suspendus.',
      en: 'OCSP answers "good" again for the certificates that the campaign has suspended.',
    },
    isReversible: true,
  },
  'key.unblock': {
    name: { fr: 'Débloquer une clé', en: 'Unblock a key' },
    effect: {
      fr: 'Cette clé peut à nouveau être certifiée.',
      en: 'This key can be certified again.',
    },
    isReversible: true,
  },
  'update.decide': {
    name: { fr: "Décider d'une mise à jour indéterminée", en: 'Decide an undetermined update' },
    effect: {
      fr: "Confirmée : les anciens certificats s'éteignent après le chevauchement. Abandonnée : les nouveaux sont révoqués.",
      en: 'Confirmed: the old certificates end after the overlap. Abandoned: the new ones are revoked.',
    },
    isReversible: false,
  },
};

export const APPROVAL_WORDS = {
  one: { fr: 'Demande à deux officiers', en: 'Approval' },
  many: { fr: 'Demandes à deux officiers', en: 'Approvals' },
  action: { fr: 'Action', en: 'Action' },
  about: { fr: 'Objet', en: 'Object' },
  state: { fr: 'État', en: 'State' },
  requestedBy: { fr: 'Demandée par', en: 'Requested by' },
  requestedAt: { fr: 'Demandée le', en: 'Requested' },
  expiresAt: { fr: "Valable jusqu'au", en: 'Waits until' },
  endedAt: { fr: 'Terminée le', en: 'Ended' },
} as const satisfies Words;
