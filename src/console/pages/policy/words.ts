import type { Bilingual } from '../../../kernel/bilingual.js';
import type { CodeListName } from '../../../policy/model.js';
import type { Words } from '../../words/words.js';

export const POLICY_WORDS = {
  name: { fr: 'Politique', en: 'Policy' },
  inForce: { fr: 'Politique en vigueur', en: 'Policy in force' },
  environment: { fr: 'Environnement', en: 'Environment' },
  development: {
    fr: 'Développement : les certificats ne valent rien',
    en: 'Development: certificates are worth nothing',
  },
  production: { fr: 'Production', en: 'Production' },
  digest: { fr: 'Empreinte de la politique', en: 'Digest of the policy' },
  digestHint: {
    fr: "SHA-256 de tous les fichiers de la politique. L'intention de chaque certificat, au journal d'audit, a celle sous laquelle il a été émis.",
    en: 'SHA-256 of all files of the policy. The intent of each certificate, in the audit log, has the one under which it was issued.',
  },
  codeLists: { fr: 'Nomenclatures', en: 'Code lists' },
  codeListsCaption: {
    fr: 'Les listes de codes auxquelles les demandes sont comparées',
    en: 'The lists of codes that requests are compared with',
  },
  list: { fr: 'Nomenclature', en: 'Code list' },
  source: { fr: 'Référence', en: 'Reference' },
  date: { fr: 'Version du', en: 'Version of' },
  profiles: { fr: 'Profils', en: 'Profiles' },
  profilesCaption: { fr: 'Ce que chaque sorte de certificat contient', en: 'What each kind of certificate contains' },
  exceptions: { fr: 'Dérogations', en: 'Exceptions' },
  exceptionsCaption: {
    fr: 'Ce que cet environnement accepte en plus, avec un motif, un responsable et une fin',
    en: 'What this environment accepts besides, with a reason, an approver and an end',
  },
  noExceptions: {
    fr: "Aucune dérogation : tous les profils et tous les contrôles s'appliquent tels quels.",
    en: 'No exceptions: all profiles and all checks apply as they are.',
  },
  what: { fr: 'Dérogation', en: 'Exception' },
  key: { fr: 'Type de clé {what}', en: 'Type of key {what}' },
  lint: { fr: 'Contrôle {what}', en: 'Check {what}' },
  for: { fr: 'Profils', en: 'Profiles' },
  allProfiles: { fr: 'Tous', en: 'All' },
  until: { fr: 'Fin', en: 'End' },
  state: { fr: 'État', en: 'State' },
  current: { fr: 'En vigueur', en: 'In force' },
  ended: { fr: 'Terminée', en: 'Ended' },
  approver: { fr: 'Accordée par', en: 'Approved by' },
  reason: { fr: 'Motif', en: 'Reason' },
  differences: { fr: 'Différences avec un autre environnement', en: 'Differences from another environment' },
  differencesLink: {
    fr: "Comparer avec l'environnement {other} des mêmes fichiers",
    en: 'Compare with the environment {other} of the same files',
  },
} as const satisfies Words;

export const CODE_LIST_LABELS: Readonly<Record<CodeListName, Bilingual>> = {
  departments: { fr: 'Départements', en: 'Departments' },
  professions: { fr: 'Professions de santé', en: 'Health professions' },
  'special-use-domains': { fr: 'Domaines réservés', en: 'Special-use domains' },
};
