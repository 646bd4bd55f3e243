import type { Bilingual } from '../../../kernel/bilingual.js';
import type { RegistrationState } from '../../../ports/store/enrolment/registrations.js';
import type { Tone } from '../../components/text.js';
import type { Words } from '../../words/words.js';

export const REGISTRATION_STATE_LABELS: Readonly<
  Record<RegistrationState, { readonly label: Bilingual; readonly tone: Tone }>
> = {
  open: { label: { fr: 'Ouvert', en: 'Open' }, tone: 'good' },
  used: { label: { fr: 'Utilisé', en: 'Used' }, tone: 'quiet' },
  withdrawn: { label: { fr: 'Retiré', en: 'Withdrawn' }, tone: 'bad' },
  expired: { label: { fr: 'Expiré', en: 'Expired' }, tone: 'quiet' },
};

export const REGISTRATION_WORDS = {
  one: { fr: 'Enregistrement', en: 'Registration' },
  many: { fr: 'Enregistrements', en: 'Registrations' },
  title: { fr: 'Enregistrement {reference}', en: 'Registration {reference}' },
  reads: {
    fr: "Un enregistrement indique à l'avance ce qui peut être émis à un porteur. Le porteur obtient ses certificats avec une référence et un secret.",
    en: 'A registration says in advance what a holder may be issued. The holder gets the certificates with a reference and a secret.',
  },
  caption: {
    fr: 'Les enregistrements, les plus récents en premier',
    en: 'Registrations, newest first',
  },
  empty: { fr: 'Aucun enregistrement ne correspond.', en: 'No registration matches.' },
  scope: {
    fr: "Une page peut être incomplète : ce qui est hors du périmètre du compte n'y figure pas.",
    en: 'A page may be incomplete: what is out of the scope of the account is left out.',
  },
  openOfAccount: {
    fr: 'Ouverts au nom de ce compte : {count}, sur {max} au plus.',
    en: 'Open for this account: {count}, of at most {max}.',
  },
  facts: { fr: 'Pour qui, et où il en est', en: 'For whom, and its state' },
  uses: { fr: 'Profils', en: 'Profiles' },
  usesCaption: {
    fr: 'Les profils enregistrés, et leurs certificats',
    en: 'The registered profiles, and their certificates',
  },
  usedOf: { fr: '{used} sur {all}', en: '{used} of {all}' },
  used: { fr: 'Émis', en: 'Issued' },
  history: { fr: 'Historique', en: 'History' },
  historyCaption: {
    fr: "Les entrées du journal d'audit, les plus récentes en premier",
    en: 'The entries of the audit log, the newest first',
  },
  noHistory: { fr: 'Aucune entrée.', en: 'No entry.' },
  reference: { fr: 'Référence', en: 'Reference' },
  referenceHint: { fr: '16 lettres et chiffres', en: '16 letters and digits' },
  notAReference: {
    fr: 'Une référence a 16 caractères : des lettres de A à Z et des chiffres de 2 à 7.',
    en: 'A reference has 16 characters: letters from A to Z and digits from 2 to 7.',
  },
  secret: { fr: 'Secret', en: 'Secret' },
  state: { fr: 'État', en: 'State' },
  stateAt: { fr: 'Dans cet état depuis', en: 'In this state since' },
  account: { fr: 'Enregistré par', en: 'Registered by' },
  holder: { fr: 'Porteur', en: 'Holder' },
  holderHint: { fr: 'Identifiant complet du porteur', en: 'Full id of the holder' },
  structure: { fr: 'Structure', en: 'Structure' },
  card: { fr: 'Carte', en: 'Card' },
  profile: { fr: 'Profil', en: 'Profile' },
  certificate: { fr: 'Certificat', en: 'Certificate' },
  unused: { fr: 'pas encore émis', en: 'not issued yet' },
  createdAt: { fr: 'Créé', en: 'Created' },
  expiresAt: { fr: 'Fin', en: 'End' },
  returned: { fr: 'Usages rendus', en: 'Uses given back' },
  generation: { fr: 'Secrets créés', en: 'Secrets made' },
  erasedAt: { fr: 'Données personnelles effacées', en: 'Personal data erased' },
  erased: { fr: 'effacé', en: 'erased' },
  withdraw: { fr: 'Retirer', en: 'Withdraw' },
  willWithdraw: {
    fr: "L'enregistrement {reference} sera retiré.",
    en: 'The registration {reference} will be withdrawn.',
  },
  withdrawMeans: {
    fr: "Sa référence et son secret ne permettent plus d'obtenir de certificat. Les certificats déjà émis restent valables.",
    en: 'Its reference and secret get no certificate any more. Certificates that were issued stay valid.',
  },
  newSecret: { fr: 'Nouveau secret', en: 'New secret' },
  willRenew: {
    fr: "Un nouveau secret sera créé pour l'enregistrement {reference}.",
    en: 'A new secret will be made for the registration {reference}.',
  },
  renewMeans: {
    fr: "L'ancien secret cesse d'être valable dès la confirmation.",
    en: 'The old secret is void as soon as you confirm.',
  },
  shownOnce: {
    fr: "Le secret n'est affiché qu'une fois, sur la page qui suit.",
    en: 'The secret is shown once, on the page that follows.',
  },
  once: {
    fr: "Notez le secret : il n'est affiché qu'ici. Remettez-le au porteur par un autre moyen que la référence.",
    en: 'Note the secret: it is shown here only. Give it to the holder in another way than the reference.',
  },
  lost: {
    fr: "Ce secret ne peut plus être affiché : un nouveau secret l'a remplacé, ou sa clé est perdue. Créez-en un nouveau sur la page de l'enregistrement.",
    en: 'This secret cannot be shown any more: a newer one has replaced it, or its key was lost. Make a new one on the page of the registration.',
  },
  toPage: { fr: "Ouvrir l'enregistrement", en: 'Open the registration' },
  done_withdraw: { fr: "L'enregistrement est retiré.", en: 'The registration is withdrawn.' },
} as const satisfies Words;
