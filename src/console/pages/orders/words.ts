import type { Words } from '../../words/words.js';

export const ORDERS_PAGE_WORDS = {
  list: { fr: 'Liste des commandes', en: 'List of orders' },
  caption: { fr: 'Commandes, la plus récente en premier', en: 'Orders, newest first' },
  empty: {
    fr: "Aucune commande ne correspond. Les commandes sont envoyées par l'API ou par pfcng order submit.",
    en: 'No order matches. Orders are submitted through the API or with pfcng order submit.',
  },
  tryFile: { fr: 'Simuler un fichier', en: 'Try a file' },
  file: { fr: 'Fichier de la commande', en: 'File of the order' },
  fileHint: {
    fr: 'NDJSON, une carte par ligne, au plus {max} Gio. Le fichier est lu au fil de son envoi.',
    en: 'NDJSON, one card a line, {max} GiB at most. The file is read as it arrives.',
  },
  referenceHint: {
    fr: 'Votre nom pour la simulation, sans donnée personnelle.',
    en: 'Your name of the dry run, without personal data.',
  },
  oneLine: { fr: 'Sans caractère de contrôle.', en: 'Without control characters.' },
  willTry: {
    fr: "Toutes les lignes du fichier sont vérifiées comme celles d'une commande. Rien n'est signé.",
    en: 'All lines of the file are checked as those of an order. Nothing is signed.',
  },
  noSerial: {
    fr: "Aucun numéro de série n'est consommé, et rien ne change pour ceux qui vérifient.",
    en: 'No serial number is spent, and nothing changes for relying parties.',
  },
  predicts: {
    fr: 'La simulation dit pour chaque ligne ce que la vraie commande donnerait maintenant.',
    en: 'The dry run says for each line what the real order would give now.',
  },
  kept: {
    fr: 'Elle reste dans la liste. Le contenu du fichier est effacé 30 jours après sa fin.',
    en: 'It stays in the list. The content of the file is deleted 30 days after its end.',
  },
} as const satisfies Words;
