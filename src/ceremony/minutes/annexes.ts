/** Describes each entry of a transcript in French and English. */
import { type Bilingual, inBothLanguages, untranslated } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { canonicalJson, type Json } from '../../kernel/json.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import type { CeremonyStep } from '../plan/model.js';
import { certificateRows, labelled } from '../sitting/read-aloud.js';
import { describeStep } from '../steps/all.js';
import type { Entry } from '../transcript/transcript.js';
import type { Block, Cell, MinutesRow } from './document.js';

/** A step of the plan copy, whose form `verify` has checked. */
export type PlannedStep = CeremonyStep;

export function entryText({ action, step, result }: Entry, steps: readonly PlannedStep[]): Bilingual {
  switch (action) {
    case 'begin':
      return { fr: 'début de la cérémonie', en: 'the ceremony begins' };
    case 'end':
      return { fr: 'fin de la cérémonie', en: 'the ceremony ends' };
    case 'resume':
      return { fr: 'reprise après une interruption', en: 'resumption after an interruption' };
    case 'refuse':
      return bilingual('refus', 'refused', result.detail);
    case 'stop':
      return bilingual('arrêt', 'stopped', result.detail);
    case 'roll-call':
      return { fr: 'appel des présents', en: 'roll call' };
    case 'open-quorum':
      return {
        fr: `ouverture du jeton ${textOf(result.token)} par son quorum${holdersText(result.holders)}`,
        en: `token ${textOf(result.token)} opened by its quorum`,
      };
    case 'settle-quorum':
      return {
        fr: `jeton ${textOf(result.token)} : le partage ${textOf(result.generation)}, qui avait été interrompu, est désormais en vigueur`,
        en: `token ${textOf(result.token)}: sharing ${textOf(result.generation)}, which was interrupted, is now in force`,
      };
    case 'make-key':
      return {
        fr: `aucun objet ${textOf(result.key)} sur le jeton ${textOf(result.token)} ; la bi-clé va y être générée`,
        en: `token ${textOf(result.token)} has no object named ${textOf(result.key)}; the key pair is about to be generated there`,
      };
    case 'confirm':
      if (result.bundleSha256 !== undefined)
        return {
          fr: `mots comparés avec la fiche :\n${textOf(result.artefact)}`,
          en: 'words compared with the sheet',
        };
      return {
        fr: `présenté à l'écran et relu ; code ${textOf(result.code)} lu à voix haute :\n${textOf(result.artefact)}`,
        en: `shown and read; code ${textOf(result.code)} read aloud`,
      };
    case 'operate':
      return {
        fr: `jeton ${textOf(result.token)} : opération exécutée par l'opérateur du HSM, conformément au plan`,
        en: `token ${textOf(result.token)}: operation performed by the HSM operator, as the plan states`,
      };
    case 'try-again':
      return bilingual('nouvelle tentative', 'another attempt', result.detail);
    default: {
      const planned = steps[step - 1];
      return planned?.do === action ? describeStep(planned) : untranslated(action);
    }
  }
}

/**
 * Lists the holders who opened a token, with the numbers of their shares. Empty: the HSM manages
 * the quorum.
 */
function holdersText(holders: Json | undefined): string {
  if (!Array.isArray(holders)) return '';
  const named = (holders as readonly { readonly number: number; readonly holder: string }[]).map(
    ({ number, holder }) => `${number} ${holder}`,
  );
  return ` :\n${named.join(', ')}`;
}

/**
 * Puts a detail after a word. The transcript records details in French and in English, with a slash
 * between them.
 */
function bilingual(fr: string, en: string, detail: Json | undefined): Bilingual {
  const [french = '', english = french] = textOf(detail).split(' / ');
  return { fr: `${fr} : ${french}`, en: `${en}: ${english}` };
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}

/**
 * Shows the attributes of the keys as read from their tokens. Keys with equal attributes are
 * grouped.
 */

/** The meaning of each attribute when it is CK_TRUE (PKCS#11 v2.40, 4.4, 4.7 and 4.9). */
const MEANINGS: Readonly<Record<string, Bilingual>> = {
  CKA_TOKEN: { fr: 'gardée sur le jeton', en: 'stored on the token' },
  CKA_PRIVATE: { fr: 'inaccessible sans le code PIN', en: 'inaccessible without the PIN' },
  CKA_LOCAL: { fr: 'générée sur le jeton', en: 'generated on the token' },
  CKA_SENSITIVE: { fr: 'ne peut pas être lue en clair', en: 'cannot be read in plain text' },
  CKA_ALWAYS_SENSITIVE: { fr: "n'a jamais pu être lue en clair", en: 'could never be read in plain text' },
  CKA_EXTRACTABLE: { fr: 'peut être exportée', en: 'can be exported' },
  CKA_NEVER_EXTRACTABLE: { fr: "n'a jamais pu être exportée", en: 'could never be exported' },
  CKA_SIGN: { fr: 'peut signer', en: 'can sign' },
  CKA_SIGN_RECOVER: { fr: 'peut signer avec recouvrement', en: 'can sign with message recovery' },
  CKA_DECRYPT: { fr: 'peut déchiffrer', en: 'can decrypt' },
  CKA_DERIVE: { fr: "peut dériver d'autres clés", en: 'can derive other keys' },
  CKA_UNWRAP: { fr: "peut désencapsuler d'autres clés", en: 'can unwrap other keys' },
};

type Group = { readonly keys: string[]; readonly attributes: { readonly [name: string]: Json } };

export function attributeBlocks(
  keys: readonly Extract<MinutesRow, { readonly table: 'attributes' }>[],
): readonly Block[] {
  const groups = new Map<string, Group>();
  for (const { key, attributes } of keys) {
    if (typeof attributes !== 'object' || attributes === null || Array.isArray(attributes)) continue;
    const recorded = attributes as Group['attributes'];
    const group = groups.get(canonicalJson(recorded)) ?? { keys: [], attributes: recorded };
    group.keys.push(key);
    groups.set(canonicalJson(recorded), group);
  }
  return [...groups.values()].map(({ keys: grouped, attributes }) => ({
    kind: 'verbatim',
    title: titleOf(grouped.join(', ')),
    lines: Object.entries(attributes).map(([name, value]) => {
      const words = MEANINGS[name];
      return `${name.padEnd(24)} ${wordsOf(value).padEnd(10)} ${words === undefined ? '' : inBothLanguages(words)}`.trimEnd();
    }),
  }));
}

function wordsOf(value: Json): string {
  if (typeof value !== 'boolean') return `${value}`;
  return inBothLanguages(value ? { fr: 'oui', en: 'yes' } : { fr: 'non', en: 'no' });
}

function titleOf(keys: string): Bilingual {
  return { fr: `Attributs relus sur le jeton : ${keys}`, en: `Attributes read back from the token: ${keys}` };
}

type RecordedSharing = {
  readonly generation: number;
  readonly shares: number;
  readonly threshold: number;
  readonly holders: readonly {
    readonly number: number;
    readonly holder: string;
    readonly organisation: string;
    readonly encryption: string;
  }[];
};

const ENCRYPTIONS: Readonly<Record<string, Bilingual>> = {
  passphrase: { fr: 'phrase secrète', en: 'passphrase' },
  certificate: { fr: 'certificat', en: 'certificate' },
};

/** Lists the shares that the ceremony made, with their holders. No block: it made none. */
export function shareBlocks(made: readonly Extract<MinutesRow, { readonly table: 'shares' }>[]): readonly Block[] {
  const rows = made.flatMap(({ pin, set }) => rowsOf(set, pin));
  if (rows.length === 0) return [];
  return [
    {
      kind: 'table',
      columns: [
        { name: { fr: 'Parts du code PIN', en: 'Shares of the PIN' }, width: 0.25 },
        { name: { fr: 'Part', en: 'Share' }, width: 0.07 },
        { name: { fr: 'Porteur', en: 'Holder' }, width: 0.27 },
        { name: { fr: 'Organisation', en: 'Organisation' }, width: 0.23 },
        { name: { fr: 'Chiffrée par', en: 'Encrypted with' }, width: 0.18 },
      ],
      rows,
    },
  ];
}

function rowsOf(value: Json, pin: Bilingual): readonly (readonly Cell[])[] {
  if (typeof value !== 'object' || value === null || !('holders' in value)) return [];
  const { generation, shares, threshold, holders } = value as unknown as RecordedSharing;
  const which = {
    fr: `${pin.fr}\npartage ${generation}, ${threshold} sur ${shares}`,
    en: `${pin.en === pin.fr ? '' : `${pin.en}; `}sharing ${generation}, ${threshold} of ${shares}`,
  };
  return holders.map(({ number, holder, organisation, encryption }) => [
    number === 1 ? which : untranslated(''),
    `${number}`,
    holder,
    organisation,
    ENCRYPTIONS[encryption] ?? untranslated(encryption),
  ]);
}

/**
 * Returns one row per token: name in the plan and label, manufacturer and model, serial number,
 * hardware and firmware versions. Two tokens with one name have two rows.
 */
export function tokenRows(entries: readonly Entry[]): readonly (readonly Cell[])[] {
  const rows = new Map<string, readonly Cell[]>();
  for (const { result } of entries) {
    const { token, label, serialNumber, manufacturer, model, hardware, firmware } = result;
    if (typeof token !== 'string' || typeof serialNumber !== 'string') continue;
    const known = rows.get(`${token} ${serialNumber}`);
    // An entry with less data about the token does not replace the row.
    if (known !== undefined && typeof firmware !== 'string') continue;
    const text = (value: unknown): string => (typeof value === 'string' && value !== '' ? value : '-');
    const make = typeof manufacturer === 'string' ? `${manufacturer}, ${text(model)}` : '-';
    const versions = `${text(hardware)} / ${text(firmware)}`;
    rows.set(`${token} ${serialNumber}`, [`${token}\n${text(label)}`, make, text(serialNumber), versions]);
  }
  return [...rows.values()];
}

/**
 * Writes the annex of one certificate: its content, in the words in which the screen shows
 * certificates before they are signed, and the SHA-256 of the certificate.
 */
export function certificateAnnex(der: Bytes): readonly string[] {
  const read = readCertificate(der);
  if (!read.ok) return [read.error.rule];
  // The row with the type of the signing key is left out: it cannot be read from a certificate.
  const rows = certificateRows(read.value.tbs.der, { signsWith: null, wording: inBothLanguages });
  return [
    ...rows.map(({ label, value }) => labelled(label, label, value)),
    labelled('empreinte SHA-256', 'SHA-256 hash', sha256Hex(der)),
  ];
}
