/** The reasons for which a share is refused, with texts for its holder. */
import type { Bilingual } from '../../kernel/bilingual.js';

export type ShareFault =
  /**
   * No file was found, or its content is not the expected share. `given`: the number or path that
   * was typed.
   */
  | { readonly kind: 'share-missing' | 'share-corrupted'; readonly given: string }
  | { readonly kind: 'share-twice' | 'share-withheld'; readonly number: number; readonly holder: string }
  | { readonly kind: 'share-of-another'; readonly token: string; readonly number: number; readonly holder: string }
  /** The share belongs to an earlier sharing of the same token. */
  | { readonly kind: 'share-retired'; readonly number: number; readonly holder: string; readonly generation: number }
  | {
      readonly kind: 'share-not-decrypted';
      readonly number: number;
      readonly holder: string;
      readonly encryption: 'passphrase' | 'certificate';
    };

export function describeShareFault(fault: ShareFault): Bilingual {
  switch (fault.kind) {
    case 'share-missing':
      return missing(fault.given);
    case 'share-corrupted':
      return {
        fr: `la part ${fault.given} est abîmée : apportez-en une autre copie`,
        en: `share ${fault.given} is damaged: bring another copy of it`,
      };
    case 'share-twice':
      return {
        fr: `la part ${fault.number} (${fault.holder}) a déjà été donnée : il en faut une autre`,
        en: `share ${fault.number} (${fault.holder}) has been given already: another one is needed`,
      };
    case 'share-withheld':
      return {
        fr: `la part ${fault.number} (${fault.holder}) n'a pas été déchiffrée`,
        en: `share ${fault.number} (${fault.holder}) was not decrypted`,
      };
    case 'share-of-another':
      return {
        fr: `la part ${fault.number} (${fault.holder}) appartient à un autre jeu de parts, celui du jeton ${fault.token}`,
        en: `share ${fault.number} (${fault.holder}) belongs to another share set, that of token ${fault.token}`,
      };
    case 'share-retired':
      return {
        fr: `la part ${fault.number} (${fault.holder}) appartient au partage ${fault.generation}, remplacé depuis : elle n'ouvre plus rien`,
        en: `share ${fault.number} (${fault.holder}) belongs to sharing ${fault.generation}, which was replaced: it opens nothing any more`,
      };
    case 'share-not-decrypted':
      return fault.encryption === 'passphrase'
        ? {
            fr: `ce n'est pas la phrase secrète de la part ${fault.number} (${fault.holder})`,
            en: `that is not the passphrase of share ${fault.number} (${fault.holder})`,
          }
        : {
            fr: `cette clé ne déchiffre pas la part ${fault.number} (${fault.holder})`,
            en: `that key does not decrypt share ${fault.number} (${fault.holder})`,
          };
  }
}

/**
 * Describes a share that was not found. What was typed is recorded only if it is a number: other
 * text may be a passphrase that was typed too early.
 */
function missing(given: string): Bilingual {
  if (!/^\d{1,2}$/.test(given))
    return {
      fr: "ni le numéro d'une part, ni un fichier (ce qui a été tapé n'est pas consigné)",
      en: 'neither the number of a share nor a file (what was typed is not recorded)',
    };
  return {
    fr: `il n'y a pas de part ${given} dans le dossier de la cérémonie : donnez le chemin de son fichier`,
    en: `there is no share ${given} in the folder of the ceremony: give the path of its file`,
  };
}
