import type { Words } from './words.js';

export const LAYOUT_WORDS = {
  product: { fr: 'PFCNG, console', en: 'PFCNG console' },
  skip: { fr: 'Aller au contenu', en: 'Skip to the content' },
  menu: { fr: 'Menu', en: 'Menu' },
  navigation: { fr: 'Navigation', en: 'Navigation' },
  language: { fr: 'Langue', en: 'Language' },
  /** While it is pressed, nothing on the page changes by itself. */
  stopLive: { fr: 'Figer la page', en: 'Freeze the page' },
  account: { fr: 'Compte', en: 'Account' },
  leave: {
    fr: "Le certificat de votre carte ouvre cette console. Pour la quitter, retirez la carte ou fermez le navigateur : il n'y a pas de bouton de déconnexion.",
    en: 'The certificate of your card opens this console. To leave it, pull the card or close the browser: there is no log-out button.',
  },
  development: { fr: 'Développement', en: 'Development' },
  development_hint: {
    fr: 'Installation de développement : ses certificats ne valent rien.',
    en: 'Installation for development: its certificates are worth nothing.',
  },
  actions: { fr: 'Actions', en: 'Actions' },
  overview: { fr: "Vue d'ensemble", en: 'Overview' },
  certificates: { fr: 'Certificats', en: 'Certificates' },
  cards: { fr: 'Cartes', en: 'Cards' },
  decisions: { fr: 'Décisions', en: 'Decisions' },
  platform: { fr: 'Plateforme', en: 'Platform' },
  audit: { fr: 'Audit', en: 'Audit' },
  auditOf: { fr: "Ce qu'en dit le journal d'audit", en: 'What the audit log says about it' },
} as const satisfies Words;

export const TABLE_WORDS = {
  nothing: { fr: 'Rien à afficher.', en: 'Nothing to show.' },
  next: { fr: 'Page suivante', en: 'Next page' },
  first: { fr: 'Première page', en: 'First page' },
  pages: { fr: 'Pages', en: 'Pages' },
  progress: { fr: '{value} sur {max} ({percent} %)', en: '{value} of {max} ({percent}%)' },
  figures: { fr: 'Les mêmes chiffres en tableau', en: 'The same figures as a table' },
} as const satisfies Words;

export const FAILURE_WORDS = {
  what: { fr: 'Ce que vous pouvez faire', en: 'What you can do' },
  request: { fr: "Numéro de la demande, à donner à l'exploitation :", en: 'Number of the request, for the operators:' },
  noCertificate: {
    fr: "Le navigateur n'a présenté aucun certificat. Insérez votre carte ou importez votre certificat, puis rouvrez le navigateur.",
    en: 'The browser has presented no certificate. Insert your card or import your certificate, then open the browser again.',
  },
  presented: { fr: 'Certificat présenté', en: 'Certificate that was presented' },
  subject: { fr: 'Titulaire', en: 'Subject' },
  issuer: { fr: 'Émetteur', en: 'Issuer' },
  serial: { fr: 'Numéro de série', en: 'Serial number' },
  notFound: {
    fr: "Cette page n'existe pas, ou n'est pas visible avec ce compte.",
    en: 'This page does not exist, or is not visible to this account.',
  },
  home: { fr: "Retour à la page d'accueil", en: 'Back to the home page' },
  crossSite: {
    fr: "Cette demande vient d'une autre page que celles de la console. Ouvrez la console par son adresse.",
    en: 'This request comes from a page that is not of the console. Open the console by its address.',
  },
} as const satisfies Words;
