import { type Bytes, equalBytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Bilingual, same } from '../bilingual.js';
import type { StepFailure } from '../failures.js';
import type { LaterStepOf } from '../plan/later-steps.js';
import { importedPath, isPublishedList } from '../plan/paths.js';
import { createByContent } from '../quorum/secret-files.js';
import { readRootCrl } from '../root-crl.js';
import type { StepContext, StepHandler } from './kind.js';
import { type Bundle, readBundle } from './shared/bundle.js';
import { issuerAtHome } from './shared/issuers.js';

type ImportBundle = LaterStepOf<'import-bundle'>;

/**
 * Lays the files of a bundle that another ceremony exported: those that the plan names, which are all that it has. A list goes into the
 * place of the published one, and a copy stays with the ceremony, which is what the transcript tells of.
 */
export const importBundle: StepHandler<ImportBundle> = {
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
    // Whoever lays the files by hand while the ceremony is stopped has nobody compare them.
    if (!context.isCompared({ bundle: step.bundle, sha256: sha256Hex(octets) }) && step.sha256 === '*') return ok(null);
    for (const path of step.files) {
      const placed = await settle(context, path, value.contents.get(path) ?? new Uint8Array(0));
      if (!placed.ok) return placed;
      if (placed.value === 'to be laid') return ok(null);
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
      const placed = await settle(context, path, content);
      if (!placed.ok) return placed;
      if (placed.value === 'there') continue;
      if ((await world.files.read(path)) === null) await createByContent(world, path, { content });
      else await world.files.replace(path, content);
    }
    return ok(undefined);
  },
};

type Opened = { readonly octets: Bytes; readonly value: Bundle };

/** Of this environment and hierarchy, with exactly the files of the plan, and with the hash that the plan states if it states one. */
async function openBundle({ world, plan }: StepContext, step: ImportBundle): Promise<Result<Opened, StepFailure>> {
  const wrong = (detail: Bilingual) => err({ kind: 'artefact-wrong' as const, artefact: same(step.bundle), detail });
  const octets = await world.files.read(step.bundle);
  if (octets === null) return err({ kind: 'missing', what: same(step.bundle) });
  const sha256 = sha256Hex(octets);
  if (step.sha256 !== '*' && step.sha256 !== sha256)
    return wrong({ fr: `son empreinte est ${sha256}`, en: `its SHA-256 is ${sha256}` });
  const read = readBundle(octets);
  if (!read.ok) return wrong(read.error);
  const { manifest } = read.value;
  if (manifest.environment !== plan.environment || manifest.hierarchy !== plan.hierarchy) {
    const of = `${manifest.environment}, ${manifest.hierarchy}`;
    return wrong({ fr: `il est d'ailleurs : ${of}`, en: `from somewhere else: ${of}` });
  }
  const named = Object.keys(manifest.files);
  const has = named.join(', ');
  // As many and each of them: a name with a comma in it is not two names.
  if (named.length !== step.files.length || !step.files.every((path) => Object.hasOwn(manifest.files, path)))
    return wrong({ fr: `il contient ${has}`, en: `it contains ${has}` });
  return ok({ octets, value: read.value });
}

/** What stands at the place of a file: what belongs there, or what the file may take the place of. */
async function settle(
  context: StepContext,
  path: string,
  content: Bytes,
): Promise<Result<'there' | 'to be laid', StepFailure>> {
  const there = await context.world.files.read(path);
  if (there !== null && equalBytes(there, content)) return ok('there');
  if (!isPublishedList(path))
    return there === null
      ? ok('to be laid')
      : wrongAt(path, { fr: 'un autre fichier y est', en: 'another file is there' });
  // `crl/ACR-FO.crl`: of acr-fo, whose certificate is at home, or among the files laid before.
  const issuer = await issuerAtHome(context, path.slice('crl/'.length, -'.crl'.length).toLowerCase());
  if (!issuer.ok) return issuer;
  const lifeMsMax = Number.MAX_SAFE_INTEGER;
  const laid = await readRootCrl(content, { issuer: issuer.value, lifeMsMax });
  if (!laid.ok) return wrongAt(path, same(laid.error));
  if (there === null) return ok('to be laid');
  const published = await readRootCrl(there, { issuer: issuer.value, lifeMsMax });
  if (!published.ok) return wrongAt(path, same(published.error));
  return ok(published.value.number < laid.value.number ? 'to be laid' : 'there');
}

function wrongAt(path: string, detail: Bilingual): Result<never, StepFailure> {
  return err({ kind: 'artefact-wrong', artefact: same(path), detail });
}
