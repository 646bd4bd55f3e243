import { present } from '../../kernel/assert.js';
import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { equalBytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { canonicalJson, type Json } from '../../kernel/json.js';
import { ok, type Result } from '../../kernel/result.js';
import { missingFile, type StepFailure, wrongFile } from '../failures.js';
import type { MinutesRow } from '../minutes/document.js';
import type { StepOf } from '../plan/model.js';
import { TRANSCRIPT_KEY_TYPE } from '../plan/paths.js';
import { part } from '../plan/schema-parts.js';
import { createByContent } from '../quorum/secret-files.js';
import { bundleSheet, wordsOfHash } from '../sitting/compare-bundle.js';
import type { Entry } from '../transcript/transcript.js';
import type { StepContext, StepKind } from './kind.js';
import { encodeBundle, manifestBytes, manifestOf, readBundle } from './shared/bundle.js';
import { outputFault, publicKeyOn } from './shared/checks.js';
import { cellText, neededFiles } from './shared/line-facts.js';

declare module '../plan/model.js' {
  interface StepForms {
    'export-bundle': {
      readonly files: readonly string[];
      readonly output: string;
    };
  }
}

type ExportBundle = StepOf<'export-bundle'>;

const NOT_THIS_BUNDLE = {
  fr: "ce n'est pas le paquet de ce plan et de ces fichiers",
  en: 'not the bundle of this plan and these files',
};

/**
 * Writes files into a bundle for another machine. The words of its hash are written on a sheet that
 * travels separately, so that people there can detect another bundle.
 */
export const exportBundle: StepKind<ExportBundle> = {
  do: 'export-bundle',
  schema: {
    description:
      'Writes these files into one bundle for another machine. The transcript key ' +
      '(`transcriptKey`) signs its manifest. Its SHA-256 is shown in 24 words and as a QR code.',
    required: {
      files: part('files'),
      output: part('path'),
    },
    optional: {},
  },
  check: ({ output }, { plan }) => [
    ...(plan.transcriptKey === undefined ? [{ pointer: '', message: UNSIGNED }] : []),
    ...outputFault(output, `bundles/${plan.id}.json`),
  ],
  describe: ({ output }) => ({ fr: `export du paquet ${output}`, en: `exporting bundle ${output}` }),
  artefact: ({ output }) => untranslated(output),
  outputs: ({ output }) => ({ listed: [output], newFiles: [output], newTokens: [] }),
  needs: ({ files }) => neededFiles(...files),
  afterwards: ({ output }) => ({ carry: [], acts: [toOtherMachine(output)] }),
  newKey: () => null,
  readsOnly: false,
  signs: 'nothing',
  opensToken: false,
  replacesToken: false,
  introducesKey: false,
  async find(context, step) {
    const content = await context.world.files.read(step.output);
    if (content === null) return ok(null);
    const wrong = wrongFile(step.output, NOT_THIS_BUNDLE);
    const bundle = readBundle(content);
    if (!bundle.ok) return wrong;
    const contents = await contentsOf(context, step);
    if (!contents.ok) return contents;
    const expected = canonicalJson(manifestOf(context.plan, contents.value) as Json);
    if (canonicalJson(bundle.value.manifest as Json) !== expected) return wrong;
    const key = await publicKeyOn(context, transcriptKeyOf(context));
    if (!key.ok) return key;
    if (!equalBytes(key.value, bundle.value.publicKey)) return wrong;
    const sha256 = sha256Hex(content);
    return ok({ artefact: step.output, sha256, words: wordsOfHash(sha256).join(' '), exported: [...step.files] });
  },
  async make(context, step) {
    const { world, plan } = context;
    const contents = await contentsOf(context, step);
    if (!contents.ok) return contents;
    const transcriptKey = transcriptKeyOf(context);
    const key = await publicKeyOn(context, transcriptKey);
    if (!key.ok) return key;
    const manifest = manifestOf(plan, contents.value);
    const signature = await (await context.token(transcriptKey.token)).sign(
      transcriptKey.key,
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
  verify: {
    isReadable: () => true,
    members: () => ({}),
    files: ({ output }) => [output],
    inputs: () => [],
    entryFault: () => null,
    fileFault: () => null,
  },
  minutes: wordsRow,
};

const UNSIGNED: Bilingual = {
  fr: 'transcriptKey manque : la clé de la cérémonie signe le paquet',
  en: 'transcriptKey is missing: the key of the ceremony signs the bundle',
};

const WORDS_OF_LINE = 6;
const NUMBERED_WIDTH = 15;

/**
 * Returns the words of the hash for the minutes, numbered and in lines of six, as on the printed
 * sheet.
 */
function wordsRow({ result }: Entry): readonly MinutesRow[] {
  const numbered = cellText(result.words)
    .split(' ')
    .map((word, at) => `${`${at + 1}`.padStart(2)} ${word}`.padEnd(NUMBERED_WIDTH));
  const lines = Array.from({ length: Math.ceil(numbered.length / WORDS_OF_LINE) }, (_, line) =>
    numbered
      .slice(line * WORDS_OF_LINE, (line + 1) * WORDS_OF_LINE)
      .join('')
      .trimEnd(),
  );
  return [{ table: 'bundles', block: { kind: 'verbatim', title: untranslated(cellText(result.artefact)), lines } }];
}

function transcriptKeyOf({ plan }: StepContext) {
  return present(plan.transcriptKey, 'the transcript key of a checked plan that exports a bundle');
}

async function contentsOf(
  { world }: StepContext,
  { files }: ExportBundle,
): Promise<Result<ReadonlyMap<string, Bytes>, StepFailure>> {
  const contents = new Map<string, Bytes>();
  for (const path of files) {
    const content = await world.files.read(path);
    if (content === null) return missingFile(path);
    contents.set(path, content);
  }
  return ok(contents);
}

function toOtherMachine(output: string): Bilingual {
  return {
    fr: `porter ${output} sur l'autre machine ; la fiche de ses 24 mots voyage séparément`,
    en: `carry ${output} to the other machine; the sheet with its 24 words travels separately`,
  };
}
