import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import { type Bytes, equalBytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { isObject, membersOf } from '../../kernel/json.js';
import { ok, type Result } from '../../kernel/result.js';
import { missingFile, type StepFailure, wrongFile } from '../failures.js';
import type { MinutesRow } from '../minutes/document.js';
import type { CheckContext, Fault, StepOf } from '../plan/model.js';
import { ceremonyFolder, importedPath, isPublishedList } from '../plan/paths.js';
import { part } from '../plan/schema-parts.js';
import { createByContent } from '../quorum/secret-files.js';
import { readRootCrl } from '../root-crl.js';
import { type Afterwards, forService, NOTHING_AFTERWARDS } from '../sitting/afterwards.js';
import { labelled } from '../sitting/read-aloud.js';
import type { Entry } from '../transcript/transcript.js';
import type { EarlierLines, StepContext, StepKind } from './kind.js';
import { type Bundle, readBundle } from './shared/bundle.js';
import { loadIssuer } from './shared/checks.js';
import { cellText, neededFile, statedHash } from './shared/line-facts.js';
import { lostEntry, readCrlEntries } from './shared/previous-list.js';

declare module '../plan/model.js' {
  interface StepForms {
    'import-bundle': {
      readonly bundle: string;
      /** SHA-256 in hexadecimal; `*`: the words of the hash are compared during the step. */
      readonly sha256: string;
      readonly files: readonly string[];
    };
  }
}

type ImportBundle = StepOf<'import-bundle'>;

/**
 * Writes the files of a bundle that another ceremony exported; the plan names all of them. An
 * imported CRL replaces an older published one, and the ceremony keeps a copy of the imported one,
 * which the transcript names.
 */
export const importBundle: StepKind<ImportBundle> = {
  do: 'import-bundle',
  schema: {
    description:
      'Writes the files of a bundle that another ceremony exported: exactly these. A list ' +
      'replaces the published one if its number is higher. `sha256`: that of the bundle; `*` if ' +
      'it is not known when the plan is reviewed: its last words are then typed from the sheet ' +
      'that came with it.',
    required: {
      bundle: part('path'),
      sha256: { type: 'string', pattern: '^(\\*|[0-9a-f]{64})$' },
      files: part('files'),
    },
    optional: {},
  },
  check: importFaults,
  describe: ({ bundle }) => ({ fr: `import du paquet ${bundle}`, en: `importing bundle ${bundle}` }),
  artefact: ({ bundle }) => untranslated(bundle),
  outputs: ({ files }, plan) => ({
    listed: files,
    // A published CRL may exist already and is replaced, so only the copy of the ceremony must be
    // new.
    newFiles: files.map((path) => importedPath(plan, path)),
    newTokens: [],
  }),
  needs: ({ bundle, sha256 }) => [neededFile(bundle, sha256)],
  afterwards: ({ files }) => forServiceOf(files),
  newKey: () => null,
  readsOnly: false,
  signs: 'nothing',
  opensToken: false,
  replacesToken: false,
  introducesKey: false,
  async find(context, step) {
    const { files } = context.world;
    const there: Record<string, string> = {};
    for (const path of step.files) {
      const content = await files.read(importedPath(context.plan, path));
      if (content === null) return ok(null);
      there[importedPath(context.plan, path)] = sha256Hex(content);
    }
    const bundle = await openBundle(context, step);
    if (!bundle.ok) return bundle;
    const { octets, value } = bundle.value;
    // Existing files do not prove the comparison: somebody may have copied them by hand while the
    // ceremony was interrupted.
    if (!context.isCompared({ bundle: step.bundle, sha256: sha256Hex(octets) }) && step.sha256 === '*') return ok(null);
    for (const path of step.files) {
      const placed = await destinationState(context, path, value.contents.get(path) ?? new Uint8Array(0));
      if (!placed.ok) return placed;
      if (placed.value === 'to be written') return ok(null);
    }
    const { ceremony, planSha256 } = value.manifest;
    const from = { ceremony, planSha256, publicKeySha256: sha256Hex(value.publicKey) };
    return ok({ artefact: step.bundle, sha256: sha256Hex(octets), from, files: there });
  },
  async make(context, step) {
    const { world, plan } = context;
    const bundle = await openBundle(context, step);
    if (!bundle.ok) return bundle;
    const { octets, value } = bundle.value;
    const carried = { bundle: step.bundle, sha256: sha256Hex(octets) };
    const compared =
      step.sha256 === '*' && !context.isCompared(carried) ? await context.compare(carried) : ok(undefined);
    if (!compared.ok) return compared;
    for (const path of step.files) {
      const content = value.contents.get(path) ?? new Uint8Array(0);
      const copy = importedPath(plan, path);
      if ((await world.files.read(copy)) === null) await createByContent(world, copy, { content });
      const placed = await destinationState(context, path, content);
      if (!placed.ok) return placed;
      if (placed.value === 'there') continue;
      if ((await world.files.read(path)) === null) await createByContent(world, path, { content });
      else await world.files.replace(path, content);
    }
    return ok(undefined);
  },
  verify: {
    isReadable: ({ files }) => Array.isArray(files) && files.every((path) => typeof path === 'string'),
    members: ({ bundle, sha256 }) => ({ artefact: bundle, ...statedHash('sha256', sha256) }),
    files: ({ bundle, files }, plan) => [bundle, ...files.map((path) => importedPath(plan, path))],
    inputs: () => [],
    entryFault: comparedFault,
    fileFault: () => null,
  },
  minutes: originRow,
};

const NOT_CARRIED: Bilingual = { fr: 'aucun paquet ne peut contenir ce fichier', en: 'no bundle may carry this file' };

/**
 * Checks that all files of the bundle are in the folders from which steps read, and not in the
 * folder of this ceremony, where only the ceremony itself writes.
 */
function importFaults({ files }: ImportBundle, { plan }: CheckContext): readonly Fault[] {
  const ownFolder = `${ceremonyFolder(plan)}/`;
  return files.flatMap((path, at) =>
    /^(authorities|crl|requests|access|ceremony)\//.test(path) && !path.startsWith(ownFolder)
      ? []
      : [{ pointer: `/files/${at}`, message: NOT_CARRIED }],
  );
}

const NOT_COMPARED: Bilingual = {
  fr: "aucune ligne antérieure n'indique que les mots de ce paquet ont été comparés",
  en: 'no line before says that the words of this bundle were compared',
};

function comparedFault(
  { bundle, sha256 }: ImportBundle,
  { result }: Entry,
  { isCompared }: EarlierLines,
): Bilingual | null {
  return sha256 !== '*' || isCompared({ bundle, sha256: `${result.sha256}` }) ? null : NOT_COMPARED;
}

function originRow({ result }: Entry): readonly MinutesRow[] {
  const { from } = result;
  const { ceremony, planSha256, publicKeySha256 } = membersOf(from);
  const lines = isObject(from)
    ? [
        labelled('cérémonie', 'ceremony', cellText(ceremony)),
        labelled('plan (SHA-256)', 'plan (SHA-256)', cellText(planSha256)),
        labelled('signé par la clé', 'signed by key', cellText(publicKeySha256)),
      ]
    : [];
  return [{ table: 'bundles', block: { kind: 'verbatim', title: untranslated(cellText(result.artefact)), lines } }];
}

type OpenedBundle = { readonly octets: Bytes; readonly value: Bundle };

/**
 * Reads the bundle, and checks that it has the environment and the hierarchy of the plan, contains
 * exactly the files of the plan, and has the hash that the plan states, if any.
 */
async function openBundle(
  { world, plan }: StepContext,
  step: ImportBundle,
): Promise<Result<OpenedBundle, StepFailure>> {
  const wrong = (detail: Bilingual) => wrongFile(step.bundle, detail);
  const octets = await world.files.read(step.bundle);
  if (octets === null) return missingFile(step.bundle);
  const sha256 = sha256Hex(octets);
  if (step.sha256 !== '*' && step.sha256 !== sha256)
    return wrong({ fr: `son empreinte est ${sha256}`, en: `its SHA-256 is ${sha256}` });
  const read = readBundle(octets);
  if (!read.ok) return wrong(read.error);
  const { manifest } = read.value;
  if (manifest.environment !== plan.environment || manifest.hierarchy !== plan.hierarchy) {
    const of = `${manifest.environment}, ${manifest.hierarchy}`;
    return wrong({ fr: `il vient d'une autre cérémonie : ${of}`, en: `it is from another ceremony: ${of}` });
  }
  const named = Object.keys(manifest.files);
  const has = named.join(', ');
  // Both the number and each name are compared, because a name that contains a comma must not count
  // as two names.
  if (named.length !== step.files.length || !step.files.every((path) => Object.hasOwn(manifest.files, path)))
    return wrong({ fr: `il contient ${has}`, en: `it contains ${has}` });
  return ok({ octets, value: read.value });
}

/**
 * Whether a file of the bundle is at its place already, or is still to be written. For a CRL,
 * `there` also means that a later CRL has replaced it. The error says why it may not be written.
 */
async function destinationState(
  context: StepContext,
  path: string,
  content: Bytes,
): Promise<Result<'there' | 'to be written', StepFailure>> {
  const there = await context.world.files.read(path);
  if (there !== null && equalBytes(there, content)) return ok('there');
  if (!isPublishedList(path))
    return there === null
      ? ok('to be written')
      : wrongAt(path, { fr: 'un autre fichier porte déjà ce nom', en: 'another file has this name already' });
  // The name of the file is the id of the issuer: `crl/ACR-FO.crl` is a CRL of acr-fo. The
  // certificate of the issuer is in the home folder, or came before in the bundle.
  const issuer = await loadIssuer(context, path.slice('crl/'.length, -'.crl'.length).toLowerCase());
  if (!issuer.ok) return issuer;
  const lifeMsMax = Number.MAX_SAFE_INTEGER;
  const imported = await readRootCrl(content, { issuer: issuer.value, lifeMsMax });
  if (!imported.ok) return wrongAt(path, untranslated(imported.error));
  if (there === null) return ok('to be written');
  const published = await readRootCrl(there, { issuer: issuer.value, lifeMsMax });
  if (!published.ok) return wrongAt(path, untranslated(published.error));
  const [was, will] = [published.value.number, imported.value.number];
  if (was === will) return wrongAt(path, SAME_NUMBER);
  const lost = was < will ? lostFrom(there, content) : lostFrom(content, there);
  if (lost !== null) return wrongAt(path, lost);
  return ok(was < will ? 'to be written' : 'there');
}

const SAME_NUMBER: Bilingual = {
  fr: 'une autre LCR du même numéro est déjà publiée',
  en: 'another list with the same number is published already',
};

/**
 * Says which entry of the earlier of two CRLs the later one lacks; null: none. A CA that only the
 * earlier one revokes would be valid again.
 */
function lostFrom(earlier: Bytes, later: Bytes): Bilingual | null {
  const [before, after] = [readCrlEntries(earlier), readCrlEntries(later)];
  if (!before.ok || !after.ok) return untranslated([before, after].map((one) => (one.ok ? '' : one.error)).join(' '));
  const lost = lostEntry(before.value, after.value);
  if (lost === null) return null;
  return {
    fr: `la plus récente des deux LCR, publiée et importée, ne révoque pas ${lost.serial}, que l'autre révoque`,
    en: `the later of the published and the imported list does not revoke ${lost.serial}, which the other revokes`,
  };
}

function wrongAt(path: string, detail: Bilingual): Result<never, StepFailure> {
  return wrongFile(path, detail);
}

/** Says which files are copied to the service: it uses certificates and CRLs, but no requests. */
function forServiceOf(files: readonly string[]): Afterwards {
  const served = files.filter((path) => path.startsWith('authorities/') || path.startsWith('crl/'));
  return served.length === 0 ? NOTHING_AFTERWARDS : forService(...served);
}
