/** Texts about accounts that two officers add or change, and about past ceremonies. */
import type { Bilingual } from '../kernel/bilingual.js';

export const ACCOUNT_RULES = {
  'account-role': { fr: '{role} : un de {roles}', en: '{role}: one of {roles}' },
  'account-role/none': { fr: 'donnez au moins un rôle : {roles}', en: 'give at least one role: {roles}' },
  'account-scope': { fr: '{value} : {expected}', en: '{value}: {expected}' },
  'account-structure': {
    fr: "la structure {id} n'est pas dans le périmètre du compte ; ajoutez-la à ses structures",
    en: 'the structure {id} is not in the scope of the account; add it to its structures',
  },
  'account-network': {
    fr: '{value} : un réseau en notation CIDR, comme 10.20.0.0/16 ou fd00::/8',
    en: '{value}: a network in CIDR notation, such as 10.20.0.0/16 or fd00::/8',
  },
  'account-end': {
    fr: "la fin du compte est dans l'avenir, comme {example}",
    en: 'the end of the account is in the future, such as {example}',
  },
  'account-exists': { fr: 'le compte {id} existe déjà', en: 'an account {id} exists already' },
  'account-certificate': {
    fr: "aucun certificat {id} de cette plate-forme n'est en vigueur",
    en: 'no certificate {id} of this platform is in force',
  },
  'account-certificate/usage': {
    fr: "le certificat {id} (profil {profile}) n'authentifie pas de client",
    en: 'the certificate {id} (profile {profile}) is not for client authentication',
  },
  'account-certificate/authority': {
    fr: "l'API n'accepte pas les comptes de {authority} ; AC admises : {authorities}",
    en: 'the API accepts no accounts of {authority}; it accepts {authorities}',
  },
  'account-key-free': {
    fr: 'la clé de ce certificat est déjà celle du compte {account}',
    en: 'the key of this certificate already belongs to the account {account}',
  },
  'account-break-glass': {
    fr: "un certificat d'une AC d'accès est réservé à un compte de rôle officer",
    en: 'a certificate of an access CA is for an account of role officer, and for no other',
  },
  'account-differs': { fr: 'le compte {id} est déjà dans cet état', en: 'the account {id} is already in that state' },
  'account-officers-remain': {
    fr: 'il resterait moins de deux officiers actifs de périmètre illimité : plus personne ne pourrait décider à deux',
    en: 'fewer than two enabled officers of unlimited scope would remain: nobody could decide anything by two any more',
  },
  'ceremony-verifies': {
    fr: 'la cérémonie {id} ne se vérifie pas : un procès-verbal ne se fait que de fichiers vérifiés',
    en: 'the ceremony {id} does not verify: minutes are made of verified files only',
  },
  'ceremony-verifies/deadline': {
    fr: 'la vérification dure plus de {seconds} s : faites-la sur la machine, avec pfcng ceremony verify',
    en: 'the verification takes longer than {seconds} s: run it on the machine, with pfcng ceremony verify',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;
