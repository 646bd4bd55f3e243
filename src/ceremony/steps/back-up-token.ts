import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import { type Bytes, toBase64 } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type StepFailure, wrongFile } from '../failures.js';
import {
  type CheckContext,
  type Fault,
  keyOnToken,
  mustBe,
  type StepOf,
  type TokenUse,
  tokenUse,
} from '../plan/model.js';
import { backUpPaths, transcriptKeyLabel } from '../plan/paths.js';
import { part } from '../plan/schema-parts.js';
import { sharingInForce } from '../quorum/in-force.js';
import { soPinUse } from '../quorum/so-pin.js';
import type { Facts } from '../transcript/transcript.js';
import type { CeremonyFiles, CeremonyToken } from '../world.js';
import type { StepContext, StepKind } from './kind.js';
import { checksOf } from './shared/checks.js';
import {
  type BackUpKey,
  type BackUpRecord,
  type BackUpSharing,
  copyFaults,
  copyMethodSchema,
  encodeBackUp,
  encodeCopy,
  readBackUp,
  type TokenCopyMethod,
} from './shared/token-records.js';

declare module '../plan/model.js' {
  interface StepForms {
    'back-up-token': {
      readonly token: string;
      /** The labels of all keys on the token. */
      readonly keys: readonly string[];
      readonly copy: TokenCopyMethod<{ readonly output: string }>;
      /** The record of the back-up. It is public, and a restoration is compared with it. */
      readonly output: string;
    };
  }
}

type BackUpToken = StepOf<'back-up-token'>;

const NOT_THIS_BACK_UP: Bilingual = {
  fr: "ce n'est pas la sauvegarde de ce jeton et de ces clés",
  en: 'not the back-up of this token and these keys',
};
const NOT_THE_COPY_MADE: Bilingual = { fr: "ce n'est pas la copie qui a été faite", en: 'not the copy that was made' };

/**
 * Copies a token and records its keys. A copy of files is on disk before the record, which has its
 * hash. No private key leaves the token unencrypted: in the files of a software token private keys
 * are encrypted, and `publicKey` refuses a key that can be extracted.
 */
export const backUpToken: StepKind<BackUpToken> = {
  do: 'back-up-token',
  schema: {
    description:
      'Copies a token that has exactly these keys, which are read and recorded with their ' +
      'attributes. `files`: copies the files of a software token, in which keys are encrypted ' +
      'under its PINs; the copy leaves the machine, the record stays. `vendor`: the HSM makes the ' +
      'copy with its own tools; `instructions` tells the operator how. The transcript key is ' +
      'generated after this step.',
    required: {
      token: part('id'),
      keys: part('keyLabels'),
      copy: copyMethodSchema('output'),
      output: part('path'),
    },
    optional: {},
  },
  check: (step, context) => [
    ...checksOf(context).token('/token', step.token, ['root', 'ca', 'ocsp', 'platform', 'access']),
    ...copyFaults(step, context),
    ...backUpFaults(step, context),
  ],
  describe: ({ token }) => ({ fr: `sauvegarde du jeton ${token}`, en: `back-up of token ${token}` }),
  artefact: ({ output }) => untranslated(output),
  outputs({ output, copy }) {
    const files = copy.by === 'files' ? [output, copy.output] : [output];
    return { listed: files, newFiles: files, newTokens: [] };
  },
  needs: () => [],
  afterwards: ({ copy, output }) => ({ carry: [], acts: keptApart(copy.by === 'files' ? copy.output : null, output) }),
  newKey: () => null,
  readsOnly: false,
  signs: 'nothing',
  opensToken: false,
  replacesToken: false,
  introducesKey: false,
  async find(context, step) {
    const { files } = context.world;
    const bytes = await files.read(step.output);
    if (bytes === null) return ok(null);
    const record = readBackUp(bytes);
    const wrong = (path: string, detail: Bilingual) => wrongFile(path, detail);
    if (record === null || !(await isBackUpOf(context, step, record))) return wrong(step.output, NOT_THIS_BACK_UP);
    if (step.copy.by === 'files') {
      const copy = await files.read(step.copy.output);
      if (copy === null) return ok(null);
      if (sha256Hex(copy) !== record.copies[0]?.sha256) return wrong(step.copy.output, NOT_THE_COPY_MADE);
    }
    return ok({ artefact: step.output, sha256: sha256Hex(bytes), ...factsOf(record) });
  },
  async make(context, step) {
    const { world, plan } = context;
    const token = await context.token(step.token);
    const keys = await keysOf(token, step);
    if (!keys.ok) return keys;
    const copies = await copy(context, step, token);
    if (!copies.ok) return copies;
    const { label, serialNumber } = await token.info();
    const record: BackUpRecord = {
      form: 1,
      kind: 'token-back-up',
      ceremony: plan.id,
      token: step.token,
      label,
      serialNumber,
      by: step.copy.by,
      keys: keys.value,
      sharing: await sharingsOf(world.files, tokenUse(plan, step.token)),
      copies: copies.value.map((content) => ({ sha256: sha256Hex(content) })),
    };
    await world.files.create(step.output, encodeBackUp(record));
    return ok(undefined);
  },
  verify: {
    isReadable: () => true,
    members: ({ token }) => ({ token }),
    files: (step, plan) => [backUpPaths(plan, step).record],
    inputs: () => [],
    entryFault: () => null,
    fileFault: () => null,
  },
  minutes: () => [],
};

const KEY_COPIED: Bilingual = {
  fr: 'la clé de la cérémonie, qui sera détruite, serait dans la sauvegarde : générez-la après',
  en: 'the key of the ceremony, which is to be destroyed, would be in the back-up: generate it afterwards',
};

function backUpFaults(step: BackUpToken, { plan, before }: CheckContext): readonly Fault[] {
  const faults: Fault[] = [];
  const paths = backUpPaths(plan, step);
  if (step.output !== paths.record) faults.push({ pointer: '/output', message: mustBe(paths.record) });
  if (step.copy.by === 'files' && step.copy.output !== paths.copy)
    faults.push({ pointer: '/copy/output', message: mustBe(paths.copy) });
  const hasTranscriptKey = before.some(
    (other) => other.do === 'generate-key' && other.token === step.token && other.key === transcriptKeyLabel(plan),
  );
  if (hasTranscriptKey) faults.push({ pointer: '', message: KEY_COPIED });
  return faults;
}

async function sharingsOf(files: CeremonyFiles, use: TokenUse): Promise<readonly BackUpSharing[]> {
  if (use.pin.kind !== 'quorum') return [];
  const sharings: BackUpSharing[] = [];
  for (const [of, pinUse] of [['pin', use] as const, ['so-pin', soPinUse(use)] as const]) {
    const sharing = await sharingInForce(files, pinUse);
    if (sharing !== null) sharings.push({ of, generation: sharing.generation, set: toBase64(sharing.set) });
  }
  return sharings;
}

/**
 * Reads the keys of the token, and checks that they are exactly those of the plan. Otherwise the
 * copy would contain a key that nobody knows of.
 */
async function keysOf(token: CeremonyToken, step: BackUpToken): Promise<Result<readonly BackUpKey[], StepFailure>> {
  const stray = (await token.keys()).filter((label) => !step.keys.includes(label));
  if (stray.length > 0) {
    const others = stray.join(', ');
    const detail = { fr: `il a d'autres clés : ${others}`, en: `it has other keys: ${others}` };
    return err({ kind: 'artefact-wrong', artefact: { fr: `jeton ${step.token}`, en: `token ${step.token}` }, detail });
  }
  const keys: BackUpKey[] = [];
  for (const key of step.keys) {
    const publicKey = await token.publicKey(key);
    if (publicKey === null) return err({ kind: 'missing', what: keyOnToken({ key, token: step.token }) });
    keys.push({ key, publicKey: toBase64(publicKey), attributes: attributesAsText(await token.attributes(key)) });
  }
  return ok(keys);
}

export function attributesAsText(attributes: Readonly<Record<string, boolean | string>>): BackUpKey['attributes'] {
  return Object.entries(attributes).map(([name, value]) => ({ name, value: `${value}` }));
}

async function copy(
  context: StepContext,
  { token: name, copy: how }: BackUpToken,
  token: CeremonyToken,
): Promise<Result<readonly Bytes[], StepFailure>> {
  const { files } = context.world;
  if (how.by === 'vendor') {
    const what = { fr: `Sauvegarde du jeton ${name}`, en: `Back-up of token ${name}` };
    const done = await context.operate({ token: name, what, instructions: how.instructions });
    return done.ok ? ok([]) : done;
  }
  // An existing copy is from an interrupted attempt of this step, because none existed when the
  // ceremony began.
  const made = (await files.read(how.output)) ?? encodeCopy(name, await token.copy());
  // Only their owner may read the files of a token, so the same holds for the copy.
  if ((await files.read(how.output)) === null) await files.createSecret(how.output, made);
  return ok([made]);
}

async function isBackUpOf(
  { plan, token: open }: StepContext,
  step: BackUpToken,
  record: BackUpRecord,
): Promise<boolean> {
  if (record.ceremony !== plan.id || record.token !== step.token || record.by !== step.copy.by) return false;
  if (record.keys.map(({ key }) => key).join() !== step.keys.join()) return false;
  const token = await open(step.token);
  const { label, serialNumber } = await token.info();
  if (record.label !== label || record.serialNumber !== serialNumber) return false;
  for (const { key, publicKey } of record.keys) {
    const there = await token.publicKey(key);
    if (there === null || toBase64(there) !== publicKey) return false;
  }
  return true;
}

function factsOf({ token, label, serialNumber, by, keys, sharing, copies }: BackUpRecord): Facts {
  return {
    token,
    label,
    serialNumber,
    by,
    keys: keys.map(({ key }) => key),
    generation: sharing.find(({ of }) => of === 'pin')?.generation ?? null,
    copySha256: copies[0]?.sha256 ?? null,
  };
}

/**
 * Says that people store the copy apart from the token, and write down the hash of the record.
 * `copy`: its file; null: the tools of the vendor have made it.
 */
function keptApart(copy: string | null, record: string): readonly Bilingual[] {
  const [fr, en] = copy === null ? ['la copie', 'the copy'] : [copy, copy];
  return [
    {
      fr: `placer ${fr} dans un coffre, ailleurs que le jeton, et n'en rien laisser sur cette machine`,
      en: `put ${en} into a safe, not where the token is, and leave nothing of it on this machine`,
    },
    {
      fr: `noter sur papier l'empreinte du bordereau de sauvegarde : sha256sum ${record}`,
      en: `write the hash of the back-up record on paper: sha256sum ${record}`,
    },
  ];
}
