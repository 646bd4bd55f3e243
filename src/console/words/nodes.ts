import type { Words } from './words.js';

export const NODE_WORDS = {
  node: { fr: 'Nœud', en: 'Node' },
  state: { fr: 'État', en: 'State' },
  roles: { fr: 'Rôles', en: 'Roles' },
  host: { fr: 'Machine', en: 'Host' },
  version: { fr: 'Version', en: 'Version' },
  startedAt: { fr: 'Démarré le', en: 'Started' },
  seenAt: { fr: 'Dernier signe de vie', en: 'Last heartbeat' },
  clock: { fr: "Avance de l'horloge (s)", en: 'Clock ahead (s)' },
  runsCaption: {
    fr: 'Les processus qui utilisent cette base, aux heures de la base',
    en: 'The processes on this database, by the clock of the database',
  },
  noRuns: {
    fr: "Aucun processus n'est inscrit : démarrez le service (ops/nodes.md).",
    en: 'No process is known: start the service (ops/nodes.md).',
  },
  live: { fr: 'En service', en: 'Live' },
  silent: { fr: 'Silencieux', en: 'Silent' },
  stopped: { fr: 'Arrêté', en: 'Stopped' },
  restarted: { fr: 'Redémarré', en: 'Restarted' },
  lost: { fr: 'Perdu', en: 'Lost' },
} as const satisfies Words;
