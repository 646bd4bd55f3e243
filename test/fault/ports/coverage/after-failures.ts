/**
 * The lines of `src/operations` that call a port only after another call has failed. `npm test`
 * makes too few calls fail to reach all of them, so it accepts this table instead; the large form
 * has to reach each of them.
 */
import { callSites, type Sources } from '../coverage.js';

/** By file and trimmed text of the line, with the failure that it follows. */
type Lines = Readonly<Record<string, Readonly<Record<string, string>>>>;

export const AFTER_FAILURES: Lines = {
  'cmp/enrol.ts': {
    'if (known === null) await tx.insertCmpTransactions([waiting]);': 'the signer was absent before the reservation',
  },
  'crl/reservation.ts': {
    'const closed = await store.transaction(async (tx) => {': 'a reserved CRL could not be made',
    'const now = await tx.crlByNumber(issuer, number, scope);': 'a reserved CRL could not be made',
  },
  'orders/lines/work-line.ts': {
    'return issuer !== null && signer.absence(issuer.id, one) !== null;': 'the signer was absent for a line',
  },
  'revocation/revoke.ts': {
    'if (touched.length > 0) world.statusChanged(touched);': 'the answer to the commit was lost',
  },
};

/** `file:line` of each line that calls a port, is not among `reached`, and has no entry. */
export function unreachedLines(
  sources: Sources,
  reached: ReadonlySet<string | null>,
  entries: Lines = AFTER_FAILURES,
): readonly string[] {
  const excused = new Set(entriesOf(entries).flatMap(({ file, text }) => sitesOf(sources, file, text)));
  return callSites(sources).filter((site) => !reached.has(site) && !excused.has(site));
}

/** Entries that are wrong, and why. `reached`: the lines that were reached without a failure. */
export function wrongEntries(
  sources: Sources,
  reached: ReadonlySet<string | null>,
  entries: Lines = AFTER_FAILURES,
): readonly string[] {
  return entriesOf(entries).flatMap(({ file, text }) => {
    const [site, another] = sitesOf(sources, file, text);
    if (site === undefined) return [`${file}: no line that calls a port is ${text}`];
    if (another !== undefined) return [`${file}: several lines are ${text}`];
    return reached.has(site) ? [`${site}: reached without a failure`] : [];
  });
}

function entriesOf(entries: Lines): readonly { readonly file: string; readonly text: string }[] {
  return Object.entries(entries).flatMap(([file, texts]) => Object.keys(texts).map((text) => ({ file, text })));
}

/** `file:line` of each line of the file that calls a port and has this text. */
function sitesOf(sources: Sources, file: string, text: string): readonly string[] {
  const source = sources.get(file) ?? '';
  const lines = source.split('\n').map((line) => line.trim());
  return callSites(new Map([[file, source]])).filter((site) => lines[Number(site.split(':')[1]) - 1] === text);
}
