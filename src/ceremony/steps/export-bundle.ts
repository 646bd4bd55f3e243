import { present } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import { equalBytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { canonicalJson, type Json } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { same } from '../bilingual.js';
import type { StepFailure } from '../failures.js';
import type { LaterStepOf } from '../plan/later-steps.js';
import { TRANSCRIPT_KEY_TYPE } from '../plan/transcript-key.js';
import { createByContent } from '../quorum/secret-files.js';
import { bundleSheet, wordsOfHash } from '../sitting/show-hash.js';
import type { StepContext, StepHandler } from './kind.js';
import { encodeBundle, manifestBytes, manifestOf, readBundle } from './shared/bundle.js';
import { publicKeyOn } from './shared/issuers.js';

type ExportBundle = LaterStepOf<'export-bundle'>;

const OTHER = {
  fr: "ce n'est pas le paquet de ce plan et de ces fichiers",
  en: 'not the bundle of this plan and these files',
};

/** The words go onto the sheet that travels with the bundle, by another way than the bundle. */
export const exportBundle: StepHandler<ExportBundle> = {
  async find(context, step) {
    const content = await context.world.files.read(step.output);
    if (content === null) return ok(null);
    const wrong = err({ kind: 'artefact-wrong' as const, artefact: same(step.output), detail: OTHER });
    const bundle = readBundle(content);
    if (!bundle.ok) return wrong;
    const contents = await contentsOf(context, step);
    if (!contents.ok) return contents;
    const expected = canonicalJson(manifestOf(context.plan, contents.value) as Json);
    if (canonicalJson(bundle.value.manifest as Json) !== expected) return wrong;
    const key = await publicKeyOn(context, sealOf(context));
    if (!key.ok) return key;
    if (!equalBytes(key.value, bundle.value.publicKey)) return wrong;
    const sha256 = sha256Hex(content);
    return ok({ artefact: step.output, sha256, words: wordsOfHash(sha256).join(' '), exported: [...step.files] });
  },
  async make(context, step) {
    const { world, plan } = context;
    const contents = await contentsOf(context, step);
    if (!contents.ok) return contents;
    const seal = sealOf(context);
    const key = await publicKeyOn(context, seal);
    if (!key.ok) return key;
    const manifest = manifestOf(plan, contents.value);
    const signature = await (await context.token(seal.token)).sign(
      seal.key,
      TRANSCRIPT_KEY_TYPE,
      manifestBytes(manifest),
    );
    const bundle = encodeBundle({ manifest, contents: contents.value, publicKey: key.value, signature });
    await createByContent(world, step.output, { content: bundle, contents: [...contents.value.values()] });
    const what = {
      fr: `Paquet ${step.output} : à noter sur la fiche`,
      en: `bundle ${step.output}: to be written on the sheet`,
    };
    world.terminal.show(bundleSheet(what, sha256Hex(bundle)));
    return ok(undefined);
  },
};

function sealOf({ plan }: StepContext) {
  return present(plan.seal, 'the seal of a checked plan that exports a bundle');
}

async function contentsOf(
  { world }: StepContext,
  { files }: ExportBundle,
): Promise<Result<ReadonlyMap<string, Bytes>, StepFailure>> {
  const contents = new Map<string, Bytes>();
  for (const path of files) {
    const content = await world.files.read(path);
    if (content === null) return err({ kind: 'missing', what: same(path) });
    contents.set(path, content);
  }
  return ok(contents);
}
