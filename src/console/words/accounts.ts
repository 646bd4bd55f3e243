import type { Role } from '../../access/roles.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import type { AccountLimits, AccountScope, AccountStructure } from '../../ports/store/accounts.js';
import type { Words } from './words.js';

/** What each role is for. A role without words does not compile. */
export const ROLE_LABELS: Readonly<Record<Role, { readonly label: Bilingual; readonly hint: Bilingual }>> = {
  'card-management': {
    label: { fr: 'Gestion des cartes', en: 'Card management' },
    hint: {
      fr: 'Commande, lit, révoque et suspend des certificats dans son périmètre',
      en: 'Orders, reads, revokes and suspends certificates in its scope',
    },
  },
  'registration-office': {
    label: { fr: "Bureau d'enregistrement", en: 'Registration office' },
    hint: {
      fr: "Enregistre à l'avance ce qui peut être émis à un porteur, et remet référence et secret",
      en: 'Registers in advance what may be issued to a holder, and hands out reference and secret',
    },
  },
  ra: {
    label: { fr: "Autorité d'enregistrement", en: 'Registration authority' },
    hint: { fr: 'Protège par CMP les demandes des autres', en: 'Protects requests of others in CMP' },
  },
  'card-bureau': {
    label: { fr: 'Personnalisateur de cartes', en: 'Card bureau' },
    hint: {
      fr: 'Lit les commandes qui le nomment et acquitte les cartes',
      en: 'Reads the orders that name it, and acknowledges cards',
    },
  },
  portal: {
    label: { fr: 'Portail', en: 'Portal' },
    hint: { fr: 'Transmet ce que les cartes ont signé', en: 'Relays what cards have signed' },
  },
  officer: {
    label: { fr: 'Officier', en: 'Officer' },
    hint: {
      fr: "Révoque, bloque, approuve à deux, et lit le journal d'audit",
      en: 'Revokes, blocks, approves as one of two, and reads the audit log',
    },
  },
  auditor: {
    label: { fr: 'Auditeur', en: 'Auditor' },
    hint: { fr: 'Lit tout, ne change rien', en: 'Reads everything, changes nothing' },
  },
  support: {
    label: { fr: 'Assistance', en: 'Support' },
    hint: { fr: 'Répond aux appels, sans voir les noms', en: 'Answers callers, and sees no names' },
  },
  operator: {
    label: { fr: 'Exploitation', en: 'Operator' },
    hint: { fr: 'Surveille la plateforme, sans voir les porteurs', en: 'Watches the platform, and sees no holders' },
  },
};

type ScopeWords = {
  readonly label: Bilingual;
  readonly all: Bilingual;
  readonly none: Bilingual;
  readonly hint: Bilingual;
};

export const SCOPE_WORDS: Readonly<Record<keyof AccountScope, ScopeWords>> = {
  profiles: {
    label: { fr: 'Profils', en: 'Profiles' },
    all: { fr: 'Tous les profils', en: 'All profiles' },
    none: { fr: 'Aucun profil', en: 'No profile' },
    hint: {
      fr: '*, une hiérarchie comme fort/*, ou des profils ; séparés par des espaces',
      en: '*, a hierarchy such as fort/*, or profiles; separated by spaces',
    },
  },
  structures: {
    label: { fr: 'Structures', en: 'Structures' },
    all: { fr: 'Toutes les structures', en: 'All structures' },
    none: { fr: 'Aucune structure', en: 'No structure' },
    hint: { fr: '*, ou des numéros FINESS, SIREN ou SIRET', en: '*, or FINESS, SIREN or SIRET numbers' },
  },
  domains: {
    label: { fr: 'Domaines', en: 'Domains' },
    all: { fr: 'Tous les domaines', en: 'All domains' },
    none: { fr: 'Aucun domaine', en: 'No domain' },
    hint: {
      fr: '*, ou des noms de domaine ; un domaine inclut ses sous-domaines',
      en: '*, or domain names; a domain includes its subdomains',
    },
  },
  holders: {
    label: { fr: 'Porteurs', en: 'Holders' },
    all: { fr: 'Tous les porteurs', en: 'All holders' },
    none: { fr: 'Aucun porteur', en: 'No holder' },
    hint: {
      fr: '*, des identifiants, ou des préfixes suivis de * : 8* (RPPS)',
      en: '*, identifiers, or prefixes followed by *: 8* (RPPS)',
    },
  },
};

/** `says`: the limit in a sentence. */
export const LIMIT_WORDS = {
  perDay: {
    label: { fr: 'Certificats par jour', en: 'Certificates a day' },
    hint: {
      fr: 'Jour UTC, tous nœuds ensemble ; vide : illimité',
      en: 'UTC day, all nodes together; empty: unlimited',
    },
    says: { fr: '{max} certificats par jour', en: '{max} certificates a day' },
  },
  perHour: {
    label: { fr: 'Certificats par heure', en: 'Certificates an hour' },
    hint: { fr: 'Tous nœuds ensemble ; vide : illimité', en: 'All nodes together; empty: unlimited' },
    says: { fr: '{max} certificats par heure', en: '{max} certificates an hour' },
  },
  inFlight: {
    label: { fr: 'Demandes de certificat à la fois', en: 'Requests for certificates at once' },
    hint: { fr: 'Sur chaque nœud ; vide : illimité', en: 'On each node; empty: unlimited' },
    says: { fr: '{max} demandes à la fois', en: '{max} requests at once' },
  },
} as const satisfies Readonly<Record<keyof AccountLimits, FieldWords & { readonly says: Bilingual }>>;

type FieldWords = { readonly label: Bilingual; readonly hint: Bilingual };

export const STRUCTURE_WORDS: Readonly<Record<keyof AccountStructure, FieldWords>> = {
  id: {
    label: { fr: 'Identifiant de sa structure', en: 'Identifier of its structure' },
    hint: {
      fr: 'Complète les porteurs des demandes ; 2187512751. Vide : aucune',
      en: 'Completes the holders of requests; 2187512751. Empty: none',
    },
  },
  name: {
    label: { fr: 'Nom de sa structure', en: 'Name of its structure' },
    hint: { fr: 'AGENCE DU NUMERIQUE EN SANTE', en: 'AGENCE DU NUMERIQUE EN SANTE' },
  },
  department: {
    label: { fr: 'Département de sa structure', en: 'Department of its structure' },
    hint: { fr: 'Paris (75)', en: 'Paris (75)' },
  },
};

export const ACCOUNT_WORDS = {
  many: { fr: 'Comptes', en: 'Accounts' },
  one: { fr: 'Compte', en: 'Account' },
  title: { fr: 'Compte {id}', en: 'Account {id}' },
  id: { fr: 'Identifiant', en: 'Identifier' },
  name: { fr: 'Nom', en: 'Name' },
  roles: { fr: 'Rôles', en: 'Roles' },
  everything: { fr: 'Tout', en: 'Everything' },
  scope: { fr: 'Périmètre', en: 'Scope' },
  state: { fr: 'État', en: 'State' },
  enabled: { fr: 'Actif', en: 'Enabled' },
  disabled: { fr: 'Désactivé', en: 'Disabled' },
  lastAct: { fr: 'Dernière action au journal', en: 'Last recorded act' },
  never: { fr: 'Aucune', en: 'None' },
  limits: { fr: 'Quotas', en: 'Limits' },
  unlimited: { fr: 'Sans quota', en: 'Unlimited' },
  networks: { fr: 'Réseaux', en: 'Networks' },
  networksHint: {
    fr: "D'où viennent ses requêtes : 10.20.0.0/16 ; séparés par des espaces. Vide : de partout",
    en: 'Where its requests come from: 10.20.0.0/16; separated by spaces. Empty: from anywhere',
  },
  anyNetwork: { fr: 'Tous les réseaux', en: 'Any network' },
  expiresAt: { fr: 'Fin du compte', en: 'End of the account' },
  expiresAtHint: {
    fr: 'À 0 h UTC de ce jour, ses requêtes sont refusées. Vide : sans fin',
    en: 'Its requests are refused from 0:00 UTC of this day on. Empty: no end',
  },
  noEnd: { fr: 'Sans fin', en: 'No end' },
  structure: { fr: 'Sa structure', en: 'Its structure' },
  noStructure: { fr: 'Sans structure', en: 'No structure' },
  createdAt: { fr: 'Créé le', en: 'Created' },
} as const satisfies Words;
