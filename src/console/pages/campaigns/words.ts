import type { Words } from '../../words/words.js';

export const CAMPAIGNS_PAGE_WORDS = {
  list: { fr: 'Liste des campagnes', en: 'List of campaigns' },
  caption: { fr: 'Campagnes, la plus récente en premier', en: 'Campaigns, newest first' },
  empty: {
    fr: 'Aucune campagne. Un officier en crée une avec le bouton « Créer une campagne ».',
    en: 'No campaigns. An officer creates one with the button "Create a campaign".',
  },
  suspension: { fr: 'Suspension', en: 'Suspension' },
  revocation: { fr: 'Révocation', en: 'Revocation' },
  create: { fr: 'Créer une campagne', en: 'Create a campaign' },
  nameHint: {
    fr: 'Sans donnée personnelle. Deux campagnes en cours ne portent pas le même nom.',
    en: 'Without personal data. No two campaigns that have not ended have the same name.',
  },
  reasonHint: {
    fr: 'Celui que donnera une révocation par la campagne.',
    en: 'The one that a revocation by the campaign gives.',
  },
  cardsBy: { fr: 'Quelles cartes ?', en: 'Which cards?' },
  byCriteria: { fr: 'Celles que des critères choisissent', en: 'Those that criteria select' },
  byCriteriaHint: {
    fr: 'Tous les critères donnés doivent convenir à un même certificat de la carte, ou à la carte.',
    en: 'All criteria that are given must fit one certificate of the card, or the card itself.',
  },
  byList: { fr: "Celles d'une liste", en: 'Those of a list' },
  byListHint: {
    fr: "La campagne reste un brouillon jusqu'à l'envoi de la liste, sur sa page ou par l'API.",
    en: 'The campaign stays a draft until its list is sent, on its page or through the API.',
  },
  many: {
    fr: 'Plusieurs valeurs sont séparées par des virgules.',
    en: 'Several values are separated by commas.',
  },
  versionHint: { fr: 'Par exemple 4.2.1', en: 'For example 4.2.1' },
  className: { fr: 'Nom de la classe', en: 'Name of the class' },
  classHint: {
    fr: "Minuscules, chiffres et traits d'union. L'API crée des campagnes de plusieurs classes.",
    en: 'Lower-case letters, digits and hyphens. The API creates campaigns with several classes.',
  },
  onlyNames: {
    fr: "Lettres, chiffres, points, barres et traits d'union, séparés par des virgules.",
    en: 'Letters, digits, dots, slashes and hyphens, separated by commas.',
  },
  willPrepare: {
    fr: 'La campagne « {name} » est créée, et sa population est constituée aussitôt.',
    en: 'The campaign "{name}" is created, and its population is written at once.',
  },
  willDraft: {
    fr: 'La campagne « {name} » est créée comme brouillon et attend sa liste.',
    en: 'The campaign "{name}" is created as a draft and waits for its list.',
  },
  nothingYet: {
    fr: 'Aucune carte ne commence avant que deux officiers ouvrent la campagne.',
    en: 'No card begins before two officers open the campaign.',
  },
  noDates: {
    fr: "Rien n'est suspendu ni révoqué : les dates sont fixées et armées plus tard, par deux officiers.",
    en: 'Nothing is suspended or revoked: the dates are set and armed later, by two officers.',
  },
} as const satisfies Words;
