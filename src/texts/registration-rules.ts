/** Texts about registrations. */
import type { Bilingual } from '../kernel/bilingual.js';

export const REGISTRATION_RULES = {
  'registration-permits': {
    fr: "le secret d'un enregistrement permet d'obtenir les certificats enregistrés, et rien d'autre ({action})",
    en: 'the secret of a registration allows the registered certificates to be issued, and nothing else ({action})',
  },
  'registration-open': {
    fr: "l'enregistrement n'est plus ouvert (état {state}) : demandez-en un autre au bureau d'enregistrement",
    en: 'the registration is not open any more (state {state}): ask the registration office for another one',
  },
  'registration-open/withdrawal': {
    fr: "l'enregistrement ne peut plus être retiré (état {state}) : révoquez plutôt ses certificats",
    en: 'the registration cannot be withdrawn any more (state {state}): revoke its certificates instead',
  },
  'registration-profile': {
    fr: "l'enregistrement ne contient pas le profil {profile} ; il contient : {registered}",
    en: 'the registration does not have the profile {profile}; it has: {registered}',
  },
  'registration-profile-unused': {
    fr: "le profil {profile} de l'enregistrement a déjà été utilisé (certificat {certificate})",
    en: 'the profile {profile} of the registration has been used already (certificate {certificate})',
  },
  'registration-expires': {
    fr: "l'enregistrement doit se terminer après maintenant et au plus tard le {latest}",
    en: 'the registration must end after now, and on {latest} at the latest',
  },
  'registration-profiles-differ': {
    fr: "le profil {profile} est nommé deux fois : un profil d'un enregistrement s'utilise une fois",
    en: 'the profile {profile} is named twice: a profile of a registration is used once',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;
