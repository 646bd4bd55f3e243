/** Describes what people do with the results of a ceremony when it has ended. */
import type { Bilingual } from '../../kernel/bilingual.js';
import { shellWord } from '../../kernel/shell-word.js';
import type { CeremonyPlan, TokenUse } from '../plan/model.js';
import type { PinSharing } from '../quorum/make-shares.js';
import { setFolder } from '../quorum/share-set.js';
import type { CeremonyPlace } from '../world.js';

export type Afterwards = {
  /** Files that people copy to the home folder of the service, each to the same path. */
  readonly carry: readonly string[];
  /**
   * What people must do, as sentences in their order. An act that several steps name is shown once.
   */
  readonly acts: readonly Bilingual[];
};

export const NOTHING_AFTERWARDS: Afterwards = { carry: [], acts: [] };

/** The ceremony that has ended, and where it was held. */
export type EndedCeremony = { readonly plan: CeremonyPlan; readonly place: CeremonyPlace };

/** Says that people copy these files to the service, which reads them when it starts. */
export function forService(...files: readonly string[]): Afterwards {
  return { carry: files, acts: [] };
}

/**
 * Says that each holder takes a share of this sharing away: it is printed, put into an envelope,
 * and erased from the machine.
 */
export function sharesTakenAway(
  { place }: EndedCeremony,
  { use, generation, sharing }: PinSharing,
): readonly Bilingual[] {
  // The names of share files begin with eight random digits of the id of their set.
  const files = `${shellWord(`${place.home}/${setFolder(use, generation)}`)}/????????-*.json`;
  const holders = sharing.holders.map(({ name }) => name).join(', ');
  return [
    {
      fr: `imprimer la feuille de chaque part du jeton ${use.name} : ${place.command} share print ${files}`,
      en: `print the sheet of each share of token ${use.name}: ${place.command} share print ${files}`,
    },
    {
      fr: `placer le fichier et la feuille de chaque part dans l'enveloppe de son porteur : ${holders}`,
      en: `put the file and the sheet of each share into the envelope of its holder: ${holders}`,
    },
    {
      fr: `effacer de cette machine ces fichiers et ces feuilles (${use.name}) ; y laisser set.json`,
      en: `erase these files and sheets (${use.name}) from this machine; leave set.json`,
    },
  ];
}

/**
 * Says that the shares of the previous generation are destroyed, and that the token is backed up
 * again, because an old copy still opens with them.
 */
export function sharesReplaced({ name }: TokenUse, generation: number): readonly Bilingual[] {
  return [
    {
      fr: `recueillir et détruire les parts du partage ${generation - 1} du jeton ${name} : elles n'ouvrent plus rien`,
      en: `collect and destroy the shares of sharing ${generation - 1} of token ${name}: they open nothing any more`,
    },
    {
      fr: `sauvegarder de nouveau le jeton ${name} : une ancienne copie s'ouvre encore avec les anciennes parts`,
      en: `back up token ${name} again: an old copy still opens with the old shares`,
    },
  ];
}
