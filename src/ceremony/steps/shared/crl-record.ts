/** Describes a CRL of a ceremony in words, on the screen before it is signed and in the minutes. */

import { type Bilingual, untranslated } from '../../../kernel/bilingual.js';
import { parseInstant } from '../../../kernel/clock.js';
import { canonicalJson } from '../../../kernel/json.js';
import { ok } from '../../../kernel/result.js';
import type { RevokedEntry } from '../../../ports/store/crls.js';
import type { MinutesRow } from '../../minutes/document.js';
import type { CrlTimes } from '../../root-crl.js';
import { instantInWords } from '../../sitting/read-aloud.js';
import type { Entry } from '../../transcript/transcript.js';
import type { Artefacts, CheckedFile } from '../../verify/model.js';
import { cellText } from './line-facts.js';
import { addedEntries, lostEntry, readCrlEntries } from './previous-list.js';

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

/**
 * Checks the transcript line of a CRL against the list for `verify`, and shows it in the minutes.
 */

/**
 * Checks that a list has every entry of the previous one, so that a revoked CA stays revoked, and
 * that its other entries are those that the line names.
 */
export function entriesFault({ path, content, entry, others }: CheckedFile): Bilingual | null {
  const { artefact, previous } = entry.result;
  if (path !== artefact) return null;
  const before = typeof previous === 'string' ? others.find((one) => one.path === previous)?.content : undefined;
  const earlier = before === undefined ? ok([]) : readCrlEntries(before);
  const now = readCrlEntries(content);
  if (!earlier.ok || !now.ok) return { fr: "ce n'est pas une LCR", en: 'not a CRL' };
  const lost = lostEntry(earlier.value, now.value);
  if (lost !== null) {
    const { serial } = lost;
    return {
      fr: `il y manque ${serial}, qui figure dans ${previous}`,
      en: `lacks ${serial}, which is on ${previous}`,
    };
  }
  const added = addedEntries(earlier.value, now.value).map(({ serial }) => serial);
  const named = revokedIn(entry).map(({ serial }) => serial);
  if (canonicalJson(added) === canonicalJson([...named])) return null;
  return {
    fr: `elle révoque ${added.join(', ') || '-'} ; la ligne ${entry.seq} nomme ${named.join(', ') || '-'}`,
    en: `revokes ${added.join(', ') || '-'}; line ${entry.seq} names ${named.join(', ') || '-'}`,
  };
}

type NamedRevocation = { readonly authority: string; readonly name: string; readonly serial: string };

/** Returns the CAs that the line of a list names as revoked. */
function revokedIn({ result: { revoked } }: Entry): readonly NamedRevocation[] {
  return Array.isArray(revoked) ? (revoked as unknown as readonly NamedRevocation[]) : [];
}

export function listRow(entry: Entry, artefacts: Artefacts): readonly MinutesRow[] {
  const { result } = entry;
  const path = cellText(result.artefact);
  const before = typeof result.previous === 'string' ? entriesAt(artefacts, result.previous) : [];
  const added = addedEntries(before, entriesAt(artefacts, path)).map((one): RevokedAuthority => {
    const named = revokedIn(entry).find(({ serial }) => serial === one.serial);
    return { authority: named?.authority ?? '-', name: named?.name ?? '-', entry: one };
  });
  const times = (['thisUpdate', 'nextUpdate'] as const).map((name) => parseInstant(cellText(result[name])) ?? 0);
  const [thisUpdate = 0, nextUpdate = 0] = times;
  const list = { number: Number(result.number), thisUpdate, nextUpdate };
  const facts = crlFacts({ issuer: cellText(result.issuer), list, added, carried: before });
  return [{ table: 'revocation-lists', block: { kind: 'facts', title: untranslated(path), facts } }];
}

function entriesAt(artefacts: Artefacts, path: string): readonly RevokedEntry[] {
  const entries = readCrlEntries(artefacts(path) ?? new Uint8Array(0));
  return entries.ok ? entries.value : [];
}
