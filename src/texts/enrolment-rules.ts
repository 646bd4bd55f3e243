/** Texts about what a request by EST or CMP asks for. */
import type { Bilingual } from '../kernel/bilingual.js';

export const ENROLMENT_RULES = {
  'holder-from-registration': {
    fr: '{profile} certifie des porteurs vérifiés au préalable : demandez un enregistrement, puis utilisez sa référence et son secret',
    en: '{profile} certifies holders that were checked before: ask for a registration, and use its reference and its secret',
  },
  'enrolment-protocol': {
    fr: '{profile} ne se demande pas par {protocol} ici',
    en: '{profile} cannot be requested by {protocol} here',
  },
  'requested-attribute': {
    fr: "le sujet de {profile} n'a pas {attribute} : retirez cet attribut de la demande",
    en: 'the subject of {profile} has no {attribute}: remove it from the request',
  },
  'requested-attribute/twice': {
    fr: '{attribute} figure trop souvent dans le sujet de la demande',
    en: '{attribute} occurs too often in the subject of the request',
  },
  'requested-attribute/count': {
    fr: 'le sujet de la demande a plus de {max} attributs',
    en: 'the subject of the request has more than {max} attributes',
  },
  'requested-value': {
    fr: "{attribute} n'est pas la valeur connue ici ({source}) : retirez cet attribut, ou donnez cette valeur",
    en: '{attribute} is not the value that is known here ({source}): remove it, or give this value',
  },
  'requested-value-missing': {
    fr: "{attribute} est absent de la demande, et aucune autre source ne l'a",
    en: '{attribute} is missing in the request, and no other source has it',
  },
  'requested-extension': {
    fr: "l'extension demandée {extension} n'est pas celle que {profile} donne : retirez-la de la demande",
    en: 'the requested extension {extension} is not the one that {profile} gives: remove it from the request',
  },
  'requested-extension/critical': {
    fr: "l'extension demandée {extension} est critique, et n'est pas donnée ici",
    en: 'the requested extension {extension} is critical, and is not given here',
  },
  'requested-extension/malformed': {
    fr: "l'extension demandée {extension} n'est pas en DER : octet {octet} : {why}",
    en: 'the requested extension {extension} is not in DER: octet {octet}: {why}',
  },
  'requested-alternative-name': {
    fr: "le certificat n'aura pas l'autre nom demandé {name}, car il n'est pas celui du porteur",
    en: 'the certificate will not have the requested alternative name {name}, because it is not one of the holder',
  },
  'requested-right': {
    fr: "un certificat d'autorité ne peut pas être demandé ici",
    en: 'the certificate of an authority cannot be requested here',
  },
  'requested-right/purpose': {
    fr: "l'usage étendu {purpose} est un droit qui ne peut pas être demandé",
    en: 'the purpose {purpose} is a right that cannot be requested',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;
