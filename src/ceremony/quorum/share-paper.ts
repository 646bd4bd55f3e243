/**
 * The papers of a share: the sheet, which lasts longer than a USB stick, and the receipt that the
 * holder signs. The share is encrypted: it opens nothing without the passphrase or key of its
 * holder.
 */
import { encode } from 'uqr';
import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import type { Cell, Document, Fact } from '../minutes/document.js';
import { ROLES } from '../plan/presence.js';
import { checkCodeOf, type ShareFile, shareLines } from './share-file.js';

type Share = {
  readonly file: Bytes;
  readonly share: ShareFile;
  /**
   * SHA-256 of the `set.json` next to the share; null: the file is not there, and people write the
   * hash by hand.
   */
  readonly setSha256: string | null;
};

/** Returns the sheet and the receipt, each on a page of its own. */
export function sharePapers(paper: Share): readonly Document[] {
  return [sheet(paper), receipt(paper)];
}

function fact(fr: string, en: string, value: Cell): Fact {
  return { name: { fr, en }, value };
}

const PROTECTIONS = {
  passphrase: {
    fr: 'chiffrée par la phrase secrète de son porteur',
    en: "encrypted with its holder's passphrase",
  },
  certificate: {
    fr: 'chiffrée pour la clé de chiffrement de son porteur',
    en: "encrypted for its holder's encryption key",
  },
} as const satisfies Readonly<Record<ShareFile['encrypted']['kind'], Bilingual>>;

function shareFacts({ file, share }: Share): readonly Fact[] {
  const { token, number, shares, threshold, holder, organisation, generation, set } = share;
  const which = {
    fr: `${number} sur ${shares} ; nécessaires pour ouvrir le jeton : ${threshold}`,
    en: `${number} of ${shares}; needed to open the token: ${threshold}`,
  };
  return [
    fact('Porteur', 'Holder', `${holder}, ${organisation}`),
    fact('Jeton', 'Token', token),
    fact('Part', 'Share', which),
    fact('Partage, jeu de parts', 'Sharing, share set', `${generation}, ${set.replace(/.{8}(?=.)/g, '$& ')}`),
    fact('Code de contrôle', 'Check code', checkCodeOf(file)),
  ];
}

/** The number of white modules around a QR code (ISO/IEC 18004 requires four). */
const QUIET_ZONE = 4;

function sheet(paper: Share): Document {
  const { file, share } = paper;
  return {
    title: { fr: "Part de secret d'un jeton hors ligne", en: 'Share of the secret of an offline token' },
    subtitle: untranslated(`${share.token}, ${share.number}/${share.shares}`),
    mark: null,
    foot: footOf(paper),
    blocks: [
      {
        kind: 'code',
        modules: encode(new TextDecoder().decode(file), { ecc: 'L', border: QUIET_ZONE }).data,
        facts: [...shareFacts(paper), fact('Protection', 'Protection', PROTECTIONS[share.encrypted.kind])],
      },
      {
        kind: 'paragraph',
        words: {
          fr:
            "Conserver cette feuille avec le fichier de la part, dans l'enveloppe inviolable, au coffre. " +
            "Seule, ou sans son porteur, elle n'ouvre rien. Le code QR contient le fichier de la part. S'il est illisible, " +
            'taper dans un fichier les lignes ci-dessous, chacune avec son code de contrôle à la fin, puis exécuter : ' +
            'pfcng ceremony share read LIGNES PART.',
          en:
            'Keep this sheet with the file of the share in the tamper-evident envelope, in a safe. ' +
            'Alone, or without its holder, it opens nothing. The QR code contains the file of the share. If it cannot be ' +
            'read, type the lines below into a file, each with its check code at the end, then run: ' +
            'pfcng ceremony share read LINES SHARE.',
        },
      },
      { kind: 'lines', title: { fr: 'Lignes à taper', en: 'Lines to type' }, lines: shareLines(file) },
    ],
  };
}

function receipt(paper: Share): Document {
  const { file, share, setSha256 } = paper;
  const { holder, organisation, ceremony } = share;
  const setHash = { fr: 'SHA-256 du jeu (set.json)', en: 'SHA-256 of the set (set.json)' };
  const byHand = [
    ...(setSha256 === null ? [setHash] : []),
    { fr: "Numéro de l'enveloppe inviolable", en: 'Number of the tamper-evident envelope' },
    { fr: 'Support (clé USB, papier)', en: 'Carrier (USB stick, paper)' },
    { fr: 'Lieu de conservation', en: 'Place of storage' },
    { fr: 'Date et heure de la remise', en: 'Date and time of the hand-over' },
  ];
  return {
    title: { fr: "Reçu d'une part de secret", en: 'Receipt for a share of a secret' },
    subtitle: untranslated(`${share.token}, ${share.number}/${share.shares}`),
    mark: null,
    foot: footOf(paper),
    blocks: [
      {
        kind: 'facts',
        title: null,
        facts: [
          fact('Cérémonie', 'Ceremony', ceremony),
          ...shareFacts(paper),
          fact('SHA-256 de la part', 'SHA-256 of the share', sha256Hex(file)),
          ...(setSha256 === null ? [] : [{ name: setHash, value: setSha256 }]),
        ],
      },
      { kind: 'fields', fields: byHand },
      {
        kind: 'paragraph',
        words: {
          fr:
            `${holder} (${organisation}) reconnaît avoir reçu la part désignée ci-dessus et l'avoir scellée devant témoin ` +
            "dans l'enveloppe dont le numéro figure ci-dessus. Le porteur s'engage à la conserver en lieu sûr, à ne la " +
            'confier à personne, à ne révéler sa phrase secrète ou sa clé à personne, et à signaler sans délai toute ' +
            "perte, toute ouverture de l'enveloppe et tout soupçon de compromission.",
          en:
            `${holder} (${organisation}) has received the share named above and sealed it, in front of a witness, in the ` +
            'envelope whose number is written above. The holder undertakes to keep it in a safe place, to entrust it to ' +
            'nobody, to reveal the passphrase or key to nobody, and to report every loss, every opening of the envelope ' +
            'and every suspicion of compromise without delay.',
        },
      },
      {
        kind: 'signatures',
        people: [
          { name: `${holder}, ${organisation}`, role: ROLES.officer },
          { name: '', role: ROLES['master-of-ceremonies'] },
          { name: '', role: ROLES.witness },
        ],
      },
    ],
  };
}

function footOf({ file, share }: Share): string {
  return `${share.ceremony}, ${share.token} ${share.number}/${share.shares}, ${checkCodeOf(file)}`;
}
