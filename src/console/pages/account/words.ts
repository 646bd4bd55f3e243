import type { Words } from '../../words/words.js';

export const ACCOUNT_PAGE_WORDS = {
  facts: { fr: 'Le compte', en: 'The account' },
  credentials: { fr: 'Certificats', en: 'Certificates' },
  credentialsCaption: {
    fr: "Les certificats avec lesquels le compte s'authentifie",
    en: 'The certificates with which the account authenticates',
  },
  noCredentials: {
    fr: "Ce compte ne peut pas s'authentifier. Liez-lui un certificat sur la machine : pfcng account rotate.",
    en: 'This account cannot authenticate. Bind a certificate to it at the machine: pfcng account rotate.',
  },
  outside: { fr: "Hors de la plateforme (AC d'accès)", en: 'Outside of the platform (access CA)' },
  key: { fr: 'SHA-256 de la clé', en: 'SHA-256 of the key' },
  usage: { fr: 'Quotas', en: 'Quotas' },
  ofMax: { fr: '{used} sur {max}', en: '{used} of {max}' },
  thisHour: { fr: 'Certificats de cette heure', en: 'Certificates of this hour' },
  today: { fr: 'Certificats de ce jour (UTC)', en: 'Certificates of this day (UTC)' },
  liveOrders: { fr: 'Commandes en cours', en: 'Live orders' },
  openLines: { fr: 'Lignes sans résultat', en: 'Lines without an outcome' },
  openApprovals: { fr: 'Demandes à deux officiers en attente', en: 'Approvals that wait' },
  acts: { fr: 'Ce que le compte a fait en dernier', en: 'What the account did last' },
  actsCaption: {
    fr: "Les entrées du journal d'audit, les plus récentes en premier",
    en: 'Entries of the audit log, newest first',
  },
  noActs: { fr: "Aucune action de ce compte n'est au journal.", en: 'The log has no act of this account.' },
  allActs: { fr: 'Toutes ses entrées au journal', en: 'All its entries in the log' },
  reason: { fr: 'Motif', en: 'Reason' },
  add: { fr: 'Ajouter un compte', en: 'Add an account' },
  idHint: { fr: 'Minuscules, chiffres, points et tirets', en: 'Lower-case letters, digits, dots and hyphens' },
  notAnId: {
    fr: 'Donnez des minuscules, des chiffres, des points et des tirets, 64 au plus.',
    en: 'Give lower-case letters, digits, dots and hyphens, at most 64.',
  },
  certificate: { fr: 'Certificat', en: 'Certificate' },
  certificateHint: {
    fr: "L'identifiant du certificat de cette plateforme : la fin de l'adresse de sa page",
    en: 'The identifier of the certificate of this platform: the end of the address of its page',
  },
  notACertificate: {
    fr: 'Donnez un identifiant comme 019ca8f1-1f5c-7000-8000-000000000001.',
    en: 'Give an identifier such as 019ca8f1-1f5c-7000-8000-000000000001.',
  },
  willAdd: {
    fr: 'La création du compte {id} ({roles}) sera demandée à un second officier.',
    en: 'A second officer will be asked to add the account {id} ({roles}).',
  },
  addMeans: {
    fr: 'Rien ne se passe avant sa décision, dans les 72 heures. Ensuite le compte utilise la plateforme avec ce certificat.',
    en: 'Nothing happens before the decision, within 72 hours. Then the account uses the platform with this certificate.',
  },
  scopeMeans: { fr: 'Périmètre : {scope}', en: 'Scope: {scope}' },
  change: { fr: 'Modifier', en: 'Change' },
  changeHint: {
    fr: "Une liste trop longue pour ce formulaire se modifie par l'API, ou par pfcng account change.",
    en: 'A list that is too long for this form is changed by the API, or by pfcng account change.',
  },
  willChange: {
    fr: 'La modification du compte {id} sera demandée à un second officier.',
    en: 'A second officer will be asked to change the account {id}.',
  },
  noDifference: {
    fr: 'Rien ne change : la saisie est ce que le compte a déjà.',
    en: 'Nothing changes: the account has all of this already.',
  },
  nameAfter: { fr: 'Nom : {before} devient {after}', en: 'Name: {before} becomes {after}' },
  rolesAfter: { fr: 'Rôles : {before} devient {after}', en: 'Roles: {before} becomes {after}' },
  scopeAfter: { fr: 'Périmètre : {before} devient {after}', en: 'Scope: {before} becomes {after}' },
  conditionsAfter: { fr: 'Conditions : {before} devient {after}', en: 'Conditions: {before} becomes {after}' },
  changeMeans: {
    fr: 'Rien ne se passe avant sa décision. Un droit retiré est refusé dès la demande suivante.',
    en: 'Nothing happens before the decision. A right that is taken away is refused at the next request.',
  },
  disable: { fr: 'Désactiver', en: 'Disable' },
  willDisable: {
    fr: 'La désactivation du compte {id} sera demandée à un second officier.',
    en: 'A second officer will be asked to disable the account {id}.',
  },
  disableMeans: {
    fr: 'Après sa décision, toute demande du compte est refusée, et ses commandes sont mises en pause. Ses certificats restent en vigueur.',
    en: 'After the decision every request of the account is refused, and its orders are paused. Its certificates stay in force.',
  },
  disableNow: {
    fr: 'Si la clé du compte est volée, révoquez aussi son certificat : cela agit aussitôt, avec un seul officier.',
    en: 'If the key of the account is stolen, revoke its certificate too: this acts at once, with one officer.',
  },
  enable: { fr: 'Réactiver', en: 'Enable' },
  willEnable: {
    fr: 'La réactivation du compte {id} sera demandée à un second officier.',
    en: 'A second officer will be asked to enable the account {id}.',
  },
  enableMeans: {
    fr: 'Après sa décision, les demandes du compte sont à nouveau acceptées. Ses commandes restent en pause.',
    en: 'After the decision requests of the account are accepted again. Its orders stay paused.',
  },
} as const satisfies Words;
