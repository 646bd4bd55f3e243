/**
 * What is wrong with a file for which a system call failed (errno(3)), and what to do, for people.
 */
import type { Bilingual } from '../kernel/bilingual.js';

const DENIED: Bilingual = {
  fr: "accès refusé à l'utilisateur de cette commande : accordez-lui ce droit, ou lancez-la sous le bon utilisateur",
  en: 'access denied to the user of this command: grant it, or run it as the right user',
};

/** By the code of the error; each continues a sentence that begins with the path. */
export const SYSTEM_ERRORS: Readonly<Record<string, Bilingual>> = {
  ENOENT: { fr: "n'existe pas : vérifiez le chemin", en: 'does not exist: check the path' },
  EACCES: DENIED,
  EPERM: DENIED,
  EISDIR: { fr: 'est un dossier : indiquez un fichier', en: 'is a folder: give a file' },
  ENOTDIR: {
    fr: 'un élément du chemin est un fichier : vérifiez le chemin',
    en: 'a part of the path is a file: check the path',
  },
  EEXIST: {
    fr: 'un fichier porte déjà ce nom : vérifiez le chemin',
    en: 'a file with this name exists already: check the path',
  },
  EFBIG: {
    fr: "dépasse la taille maximale que lit cette commande : vérifiez que c'est le bon fichier",
    en: 'is larger than any file that this command reads: check that it is the right file',
  },
  ESPIPE: {
    fr: "n'est pas un fichier ordinaire (tube, périphérique) : indiquez un fichier",
    en: 'is not a regular file (a pipe, a device): give a file',
  },
  EROFS: {
    fr: 'ce disque est en lecture seule : choisissez un autre dossier',
    en: 'this disk is read-only: choose another folder',
  },
  ENOSPC: {
    fr: 'le disque est plein : libérez de la place, puis relancez la même commande',
    en: 'the disk is full: free some space, then run the same command again',
  },
};
