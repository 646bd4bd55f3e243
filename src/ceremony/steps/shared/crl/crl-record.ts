/**
 * Checks the transcript line of a CRL against the list for `verify`, and shows it in the minutes.
 */
import { type Bilingual, untranslated } from '../../../../kernel/bilingual.js';
import { parseInstant } from '../../../../kernel/clock.js';
import { canonicalJson } from '../../../../kernel/json.js';
import { ok } from '../../../../kernel/result.js';
import type { RevokedEntry } from '../../../../ports/store/crls.js';
import type { MinutesRow } from '../../../minutes/rows.js';
import type { Entry } from '../../../transcript/transcript.js';
import type { Artefacts, CheckedFile } from '../../../verify/model.js';
import { cellText } from '../minutes-rows.js';
import { crlFacts, type RevokedAuthority } from './crl-text.js';
import { addedEntries, lostEntry, readCrlEntries } from './list-entries.js';

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
