/** Texts about campaigns: their documents, their states, and the updates of their cards. */
import type { Bilingual } from '../kernel/bilingual.js';

const DOCUMENT_RULES = {
  'class-name-differs': { fr: 'une autre classe a le même nom', en: 'another class has the same name' },
  'class-is-list': {
    fr: 'doit être une liste, car la population est celle des listes',
    en: 'must be a list, because the population is that of the lists',
  },
  'issuer-known': { fr: "n'est pas une AC de cette plateforme", en: 'is no CA of this platform' },
  'capacity-bounded': {
    fr: 'les classes demandent ensemble {own} mises à jour par heure, les autres campagnes ouvertes {taken} ; le plafond de {profile} en permet {max}',
    en: 'together, the classes want {own} updates an hour, and the other open campaigns {taken}; the hourly cap of {profile} allows {max}',
  },
  'date-in-future': { fr: "{date} doit être dans l'avenir", en: '{date} must be in the future' },
  'date-moves': {
    fr: 'doit déplacer, fixer ou retirer au moins une des deux dates',
    en: 'must move, set or take away at least one of the two dates',
  },
  'list-line-card': {
    fr: 'la ligne {line} n’a pas un numéro de carte, et un seul : 8025000001, une barre et dix chiffres',
    en: 'line {line} does not have one card number, and only one: 8025000001, a slash and ten digits',
  },
  'list-empty': { fr: 'le fichier ne contient aucun numéro de carte', en: 'the file has no card number' },
  'selection-criterion': {
    fr: 'doit avoir au moins un critère : une campagne ne prend pas toutes les cartes sans le dire',
    en: 'must have at least one criterion: a campaign does not take all cards without saying so',
  },
  'campaign-channel': {
    fr: 'cette campagne exige secure-messaging, car la signature des clés actuelles de ses cartes prouve peu',
    en: 'this campaign demands secure-messaging, because a signature of the present keys of its cards proves little',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

const STATE_RULES = {
  'campaign-name-free': {
    fr: 'une campagne en cours a déjà le nom {name}',
    en: 'a campaign that has not ended has the name {name}',
  },
  'campaigns-bounded': {
    fr: 'il y a déjà {max} campagnes en cours',
    en: 'there are {max} campaigns already that have not ended',
  },
  'campaign-draft': {
    fr: 'elle attend encore des listes (état {state})',
    en: 'it still waits for lists (state {state})',
  },
  'campaign-takes-lists': {
    fr: 'elle ne prend plus de listes (état {state})',
    en: 'it takes no lists any more (state {state})',
  },
  'campaign-preparing': {
    fr: 'sa population est en cours de constitution (état {state})',
    en: 'its population is still being written (state {state})',
  },
  'campaign-ready': { fr: "elle n'est pas encore ouverte (état {state})", en: 'it is not open yet (state {state})' },
  'campaign-opened': { fr: 'elle a déjà été ouverte (état {state})', en: 'it was opened already (state {state})' },
  'campaign-ended': { fr: 'elle est terminée (état {state})', en: 'it has ended (state {state})' },
  'campaign-paused': {
    fr: 'la campagne de cette carte est en pause : revenez plus tard',
    en: 'the campaign of this card is paused: come back later',
  },
  'campaign-nothing-suspended': {
    fr: "elle n'a pas de population et n'a donc rien suspendu",
    en: 'it has no population, and therefore has suspended nothing',
  },
  'campaign-revoking': {
    fr: "une révocation est en cours : attendez sa fin, ou terminez d'abord la campagne pour l'arrêter",
    en: 'a revocation is under way: wait for its end, or end the campaign first to stop it',
  },
  'card-done': {
    fr: "la carte n'est plus à mettre à jour (état {state})",
    en: 'the card needs no update any more (state {state})',
  },
  'date-set': {
    fr: "il n'y a pas de date à venir pour {date}",
    en: 'there is no date to come for {date}',
  },
  'date-near': {
    fr: 'la date pour {date} ne peut être armée que dans les {days} jours qui la précèdent',
    en: 'the date for {date} can be armed only within the {days} days before it',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

export const CAMPAIGN_RULES = { ...DOCUMENT_RULES, ...STATE_RULES } as const;
