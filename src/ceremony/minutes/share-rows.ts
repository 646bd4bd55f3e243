/** Lists the holders of the shares of each PIN, as the transcript records them. */
import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import type { Json } from '../../kernel/json.js';
import type { Block, Cell } from './document.js';
import type { MinutesRow } from './rows.js';

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
