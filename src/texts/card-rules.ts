/** Texts about cards and holders: their states, replacements and capabilities. */
import type { Bilingual } from '../kernel/bilingual.js';

export const CARD_RULES = {
  'card-opposed': {
    fr: 'la carte {card} est opposée, définitivement : plus rien ne peut être délivré pour elle',
    en: 'the card {card} is opposed, and that is final: nothing is issued for it any more',
  },
  'card-returned': {
    fr: 'la carte {card} est rendue, définitivement : plus rien ne peut être délivré pour elle',
    en: 'the card {card} is returned, and that is final: nothing is issued for it any more',
  },
  'holder-barred': {
    fr: "le porteur {holder} est interdit : rien ne lui est délivré avant que deux officiers lèvent l'interdiction",
    en: 'the holder {holder} is barred: nothing is issued to this holder before two officers lift the bar',
  },
  'holder-not-barred': {
    fr: "le porteur {holder} n'est pas interdit",
    en: 'the holder {holder} is not barred',
  },
  'another-card': {
    fr: "doit être le numéro d'une autre carte que celle qui est remplacée",
    en: 'must be the number of another card than the one that is replaced',
  },
  'overlap-bounds': { fr: 'doit être une durée de 90 jours au plus', en: 'must be a duration of 90 days at most' },
  'card-without-holder': {
    fr: "la carte {card} n'a pas encore de certificat, et donc pas de porteur",
    en: 'the card {card} has no certificate yet, and therefore no holder',
  },
  'card-of-another-holder': {
    fr: 'la carte {card} a un autre porteur',
    en: 'the card {card} has another holder',
  },
  'procedure-open': {
    fr: "une mise à jour ou un remplacement est en cours pour le porteur {holder} : il faut d'abord l'achever",
    en: 'an update or a replacement is open for the holder {holder}: it has to end first',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;
