import type { Bilingual } from '../../../kernel/bilingual.js';
import type { Change } from '../../../policy/load/difference.js';
import type { Words } from '../../words/words.js';

export const DIFFERENCE_WORDS = {
  name: { fr: 'Différences entre deux politiques', en: 'Differences between two policies' },
  hint: {
    fr: "De la politique en vigueur à celle de l'environnement {other}, lue dans les mêmes fichiers. L'adresse publique de la configuration n'est pas comparée.",
    en: 'From the policy in force to that of the environment {other}, read from the same files. The public address of the configuration is not compared.',
  },
  changes: { fr: 'Valeurs', en: 'Values' },
  caption: { fr: 'Ce qui change, et ce qui reste à décider', en: 'What changes, and what is left to decide' },
  none: { fr: 'Rien ne change.', en: 'Nothing changes.' },
  change: { fr: 'Différence', en: 'Difference' },
  state: { fr: 'État', en: 'State' },
  decided: { fr: 'Décision', en: 'Decision' },
  unreadable: {
    fr: "Les fichiers de l'autre environnement ne peuvent pas être lus. L'exploitation les contrôle avec pfcng policy check.",
    en: 'The files of the other environment cannot be read. Operators check them with pfcng policy check.',
  },
  back: { fr: 'Politique en vigueur', en: 'Policy in force' },
} as const satisfies Words;

export const CHANGE_STATES: Readonly<Record<Change['state'], Bilingual>> = {
  changed: { fr: 'Change', en: 'Changes' },
  kept: { fr: 'Gardée par décision', en: 'Kept by decision' },
  open: { fr: 'À décider', en: 'To be decided' },
};
