/** Texts about remote updates of cards. */
import type { Bilingual } from '../kernel/bilingual.js';

export const UPDATE_RULES = {
  'update-issuing': {
    fr: 'les certificats de la mise à jour ne sont pas encore signés : réessayez',
    en: 'the certificates of the update are not signed yet: try again',
  },
  'update-offered': {
    fr: 'la mise à jour attend la réponse de la carte (état {state})',
    en: 'the update waits for the answer of the card (state {state})',
  },
  'update-writing': {
    fr: "l'écriture de la carte a pu commencer (état {state}) : seule la carte peut dire qu'elle ne contient rien de nouveau",
    en: 'the card may have been written (state {state}): only the card can say that it holds nothing new',
  },
  'update-old-ended': {
    fr: "tous les anciens certificats ont pris fin : sans les nouveaux, la carte n'en aurait plus aucun",
    en: 'all old certificates have ended: without the new ones, the card would have none',
  },
  'update-determined': {
    fr: "seule une mise à jour indéterminée est tranchée par des officiers ; celle-ci est dans l'état {state}",
    en: 'officers decide undetermined updates only; this one is {state}',
  },
  'update-ended': {
    fr: 'la mise à jour est terminée autrement (état {state})',
    en: 'the update has ended in another way (state {state})',
  },
  'update-live': {
    fr: "la carte a la mise à jour {update} (état {state}) : terminez-la d'abord",
    en: 'the card has the update {update} (state {state}): finish it first',
  },
  'update-live/confirm': {
    fr: 'la carte contient déjà la clé de la mise à jour {update} (état {state}) : confirmez-la',
    en: 'the card holds the key of the update {update} already (state {state}): confirm it',
  },
  'update-live/overlap': {
    fr: "la carte a été mise à jour ({update}) : une autre mise à jour peut commencer quand l'ancien jeu aura pris fin, le {until}",
    en: 'the card was updated ({update}): another update may begin when the overlap with the old set is over, on {until}',
  },
  'update-allowed': {
    fr: 'la politique ne permet pas de mettre à jour à distance les certificats du profil {profile}',
    en: 'the policy does not allow certificates of the profile {profile} to be updated remotely',
  },
  'update-allowed/nothing-to-replace': {
    fr: "la carte n'a pas de certificat en vigueur du profil {profile} à remplacer",
    en: 'the card has no certificate in force of the profile {profile} to replace',
  },
  'update-window': {
    fr: 'la mise à jour est possible à partir du {from}, {days} jours avant la fin du certificat',
    en: 'the update is possible from {from} on, {days} days before the end of the certificate',
  },
  'capabilities-known': {
    fr: 'les capacités de la carte ne sont pas connues : envoyez capabilities, ou POST /v1/cards/…/capabilities',
    en: 'the capabilities of the card are not known: send capabilities, or POST /v1/cards/…/capabilities',
  },
  'updates-per-day': {
    fr: 'la carte a déjà commencé {count} mises à jour en 24 heures, et la limite est de {max}',
    en: 'the card has begun {count} updates in 24 hours already, and {max} is the limit',
  },
  'proof-or-word': {
    fr: 'le corps doit avoir soit proof, soit written à false',
    en: 'the body must have either proof, or written with the value false',
  },
  'read-back-partial': {
    fr: "la carte contient {found} des {expected} nouveaux certificats : continuez l'écriture, ou effacez-les, puis relisez la carte",
    en: 'the card holds {found} of the {expected} new certificates: write on, or erase them, and read the card again',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

/** Why a card has to go to a service desk. */
export const DESK_PHRASES = {
  'desk/generation-unknown': {
    fr: 'la génération de la carte est inconnue',
    en: 'the generation of the card is not known',
  },
  'desk/generation-cannot-update': {
    fr: 'les cartes de cette génération ne se mettent pas à jour à distance',
    en: 'cards of this generation cannot be updated remotely',
  },
  'desk/applet-too-old': {
    fr: "l'application de la carte est trop ancienne",
    en: 'the applet of the card is too old',
  },
  'desk/key-type-not-made': {
    fr: 'la carte ne génère pas de clés du type demandé',
    en: 'the card does not make keys of the wanted type',
  },
  'desk/no-spare-container': {
    fr: "la carte n'a pas assez de conteneurs libres",
    en: 'the card has too few spare containers',
  },
  'desk/no-live-authentication-key': {
    fr: "la carte n'a pas de clé d'authentification en vigueur",
    en: 'the card has no authentication key in force',
  },
  'desk/duplicate-key': {
    fr: 'une clé de la carte est aussi sur une autre carte',
    en: 'a key of the card is on another card as well',
  },
  'desk/failed-too-often': {
    fr: 'la mise à jour a échoué trop souvent',
    en: 'its update has failed too often',
  },
  'desk/unknown-certificate': {
    fr: "la carte contient un certificat que cette plateforme n'a pas émis pour elle",
    en: 'the card holds a certificate that this platform has not made for it',
  },
  'desk/update-contradicted': {
    fr: 'la carte contredit ce que deux officiers ont décidé',
    en: 'the card contradicts what two officers have decided',
  },
  'desk/officer': { fr: "un officier l'a décidé", en: 'an officer has decided it' },
} as const satisfies Readonly<Record<`desk/${string}`, Bilingual>>;
