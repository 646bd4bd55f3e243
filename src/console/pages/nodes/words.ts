import type { Words } from '../../words/words.js';

export const NODES_PAGE_WORDS = {
  nodes: { fr: 'Nœuds', en: 'Nodes' },
  live: { fr: 'En service', en: 'Live' },
  ended: { fr: 'Terminés', en: 'Ended' },
  endedMax: {
    fr: 'Les derniers processus terminés ; avec ceux en service, 200 au plus.',
    en: 'The processes that ended last; 200 at most, with those that are live.',
  },
  noneEnded: { fr: "Aucun processus n'est terminé.", en: 'No process has ended.' },
  drift: { fr: 'Différences entre nœuds', en: 'Differences between nodes' },
  same: {
    fr: 'Les nœuds ont la même politique et la même configuration.',
    en: 'The nodes have the same policy and the same configuration.',
  },
  policy: { fr: 'La politique diffère (empreintes par nœud) :', en: 'The policy differs (digests by node):' },
  configuration: {
    fr: 'La configuration diffère (empreintes par nœud) :',
    en: 'The configuration differs (digests by node):',
  },
  makeEqual: {
    fr: 'Donnez à tous les nœuds les mêmes fichiers, puis redémarrez-les.',
    en: 'Give all nodes the same files, then start them again.',
  },
  jobs: { fr: 'Tâches', en: 'Jobs' },
  sharedJobs: { fr: 'Tâches que les nœuds se partagent', en: 'Jobs that nodes share' },
  jobsMax: {
    fr: 'Les tâches en échec en premier ; 1 000 lignes au plus.',
    en: 'Failed jobs first; 1,000 rows at most.',
  },
  jobsCaption: { fr: 'Tâches, aux heures de la base', en: 'Jobs, by the clock of the database' },
  noJobs: {
    fr: "Aucune tâche n'a encore commencé : un processus de rôle worker les fait.",
    en: 'No job has begun yet: a process with the role worker does them.',
  },
  job: { fr: 'Tâche', en: 'Job' },
  item: { fr: 'Objet', en: 'Item' },
  whole: { fr: 'Toute la plateforme', en: 'The whole platform' },
  state: { fr: 'État', en: 'State' },
  atWork: { fr: 'En cours', en: 'At work' },
  waits: { fr: 'En attente', en: 'Waits' },
  failed: { fr: 'En échec', en: 'Failed' },
  lastSuccess: { fr: 'Dernier succès', en: 'Last success' },
  never: { fr: 'Jamais', en: 'Never' },
  next: { fr: 'Prochaine exécution', en: 'Next run' },
  failures: { fr: 'Échecs depuis', en: 'Failures since' },
  lastError: { fr: 'Dernière erreur', en: 'Last error' },
} as const satisfies Words;
