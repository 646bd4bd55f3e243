/** Describes a CRL of a ceremony in words, on the screen before it is signed and in the minutes. */
import { type Bilingual, untranslated } from '../../../../kernel/bilingual.js';
import type { RevokedEntry } from '../../../../ports/store/crls.js';
import { instantInWords } from '../../../instant-text.js';
import type { CrlTimes } from '../../../root-crl.js';

/** A CA that an entry revokes. `name` is the subject of its certificate. */
export type RevokedAuthority = { readonly authority: string; readonly name: string; readonly entry: RevokedEntry };

type CrlFact = { readonly name: Bilingual; readonly value: Bilingual };

type CrlInWords = {
  /** Name or id of the issuer. */
  readonly issuer: string;
  readonly list: CrlTimes;
  readonly added: readonly RevokedAuthority[];
  /** The entries of the previous list. */
  readonly carried: readonly RevokedEntry[];
};

/** Returns the facts of a CRL, one for each row. */
export function crlFacts({ issuer, list, added, carried }: CrlInWords): readonly CrlFact[] {
  return [
    { name: { fr: 'émetteur', en: 'issuer' }, value: untranslated(issuer) },
    { name: { fr: 'numéro', en: 'number' }, value: untranslated(`${list.number}`) },
    { name: { fr: 'émise le', en: 'this update' }, value: instantInWords(list.thisUpdate) },
    { name: { fr: 'prochaine LCR avant le', en: 'next update' }, value: instantInWords(list.nextUpdate) },
    { name: { fr: 'entrées', en: 'entries' }, value: countsOf(added.length, carried.length) },
    ...added.flatMap(revocationFacts),
    ...carried.map(({ serial }) => ({ name: CARRIED, value: untranslated(serial) })),
  ];
}

const CARRIED = { fr: 'entrée reprise', en: 'carried over' };

function countsOf(added: number, carried: number): Bilingual {
  if (added + carried === 0) return { fr: 'aucune', en: 'none' };
  return {
    fr: `${added + carried} ; nouvelles : ${added} ; reprises de la LCR précédente : ${carried}`,
    en: `${added + carried}; new: ${added}; carried over from the previous CRL: ${carried}`,
  };
}

function revocationFacts({ authority, name, entry }: RevokedAuthority): readonly CrlFact[] {
  const { serial, reason, at, invalidityDate } = entry;
  const since = { fr: 'compromission présumée depuis', en: 'key suspected since' };
  return [
    { name: { fr: 'AC révoquée', en: 'revoked CA' }, value: untranslated(`${authority}, ${name}`) },
    { name: { fr: 'numéro de série', en: 'serial number' }, value: untranslated(serial) },
    { name: { fr: 'motif', en: 'reason' }, value: reasonText(reason) },
    { name: { fr: 'révoquée le', en: 'revoked at' }, value: instantInWords(at) },
    ...(invalidityDate === null ? [] : [{ name: since, value: instantInWords(invalidityDate) }]),
  ];
}

/** Writes a reason in words, with its name in RFC 5280. */
export function reasonText(reason: RevokedEntry['reason']): Bilingual {
  const { fr, en } = REASONS[reason];
  return { fr: `${fr} (${reason})`, en: `${en} (${reason})` };
}

/** The reasons of RFC 5280 5.3.1 that lists of this program may have, in words. */
export const REASONS = {
  unspecified: { fr: 'motif non précisé', en: 'no reason given' },
  keyCompromise: { fr: 'compromission de la clé', en: 'key compromise' },
  affiliationChanged: { fr: 'changement de rattachement', en: 'change of affiliation' },
  superseded: { fr: 'certificat remplacé', en: 'certificate replaced' },
  cessationOfOperation: { fr: "cessation d'activité", en: 'cessation of operation' },
  certificateHold: { fr: 'suspension', en: 'suspension' },
  privilegeWithdrawn: { fr: 'retrait des droits', en: 'privilege withdrawn' },
  removeFromCRL: { fr: 'retrait de la LCR', en: 'removed from the CRL' },
} as const satisfies Readonly<Record<RevokedEntry['reason'], Bilingual>>;
