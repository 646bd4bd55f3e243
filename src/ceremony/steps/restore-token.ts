/**
 * Restores a lost token from its back-up. Nothing is written before the record has been compared
 * with the plan, and a copy of files with the record. Nothing is recorded before every key of the
 * token has the recorded attributes and has signed a challenge that its public key verifies.
 */
import { present } from '../../kernel/assert.js';
import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import { equalBytes, fromBase64, toBase64 } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { missingFile, type StepFailure, wrongFile } from '../failures.js';
import { type CheckContext, type Fault, keyOnToken, type StepOf, type TokenUse, tokenUse } from '../plan/model.js';
import { restoredPath } from '../plan/paths.js';
import { part } from '../plan/schema-parts.js';
import { markerContent, markerFacts, sharingInForce } from '../quorum/in-force.js';
import { warnIfReadableByOthers } from '../quorum/secret-files.js';
import { inForcePath, readSet, setPath } from '../quorum/share-set.js';
import { soPinUse } from '../quorum/so-pin.js';
import { NOTHING_AFTERWARDS } from '../sitting/afterwards.js';
import type { CheckedFile } from '../verify/model.js';
import { attributesAsText } from './back-up-token.js';
import type { StepContext, StepKind } from './kind.js';
import { checksOf, outputFault } from './shared/checks.js';
import { neededFile, neededFiles } from './shared/line-facts.js';
import { CHALLENGE_OCTETS, isProven, proveKey, restorationFault } from './shared/proof.js';
import {
  type BackUpRecord,
  type BackUpSharing,
  copyFaults,
  copyMethodSchema,
  encodeRestored,
  type ProvenKey,
  readBackUp,
  readCopy,
  readRestored,
  type TokenCopyMethod,
  type TokenFiles,
} from './shared/token-records.js';

declare module '../plan/model.js' {
  interface StepForms {
    'restore-token': {
      readonly token: string;
      readonly keys: readonly string[];
      readonly record: string;
      /**
       * SHA-256 of the record, which has the hash of the copy. `*` stands for any record, in
       * development only.
       */
      readonly recordSha256: string;
      readonly copy: TokenCopyMethod<{ readonly from: string }>;
      readonly output: string;
    };
  }
}

type RestoreToken = StepOf<'restore-token'>;

export const restoreToken: StepKind<RestoreToken> = {
  do: 'restore-token',
  schema: {
    description:
      'Restores a lost token from its back-up, where there is none: `record` with its SHA-256 ' +
      '(`*` in rehearsals only), and the copy that the record names. The quorum of the day of the ' +
      'back-up opens it. Every key is read, must have the attributes that it had, and signs a ' +
      'challenge.',
    required: {
      token: part('id'),
      keys: part('keyLabels'),
      record: part('path'),
      recordSha256: { type: 'string', pattern: '^(\\*|[0-9a-f]{64})$' },
      copy: copyMethodSchema('from'),
      output: part('path'),
    },
    optional: {},
  },
  check: (step, context) => [
    ...checksOf(context).token('/token', step.token, ['root', 'ca', 'ocsp', 'platform', 'access']),
    ...copyFaults(step, context),
    ...restoreFaults(step, context),
  ],
  describe: ({ token }) => ({ fr: `restauration du jeton ${token}`, en: `restoration of token ${token}` }),
  artefact: ({ output }) => untranslated(output),
  outputs: ({ output, token, copy }) => ({
    listed: [output],
    newFiles: [output],
    // The tools of an HSM's vendor make the token, and clone the back-up into it.
    newTokens: copy.by === 'files' ? [token] : [],
  }),
  needs: ({ record, recordSha256, copy }) => [
    neededFile(record, recordSha256),
    ...(copy.by === 'files' ? neededFiles(copy.from) : []),
  ],
  afterwards: ({ copy }) => (copy.by === 'files' ? { carry: [], acts: [copyErased(copy.from)] } : NOTHING_AFTERWARDS),
  newKey: () => null,
  readsOnly: false,
  signs: 'nothing',
  opensToken: true,
  replacesToken: true,
  introducesKey: false,
  async find(context, step) {
    const bytes = await context.world.files.read(step.output);
    if (bytes === null) return ok(null);
    const backUp = await openBackUp(context, step);
    if (!backUp.ok) return backUp;
    const restored = readRestored(bytes);
    const token = await context.token(step.token);
    const { serialNumber } = await token.info();
    const names = { ceremony: context.plan.id, token: step.token, backUp: backUp.value.sha256, serialNumber };
    const isAsPlanned =
      restored !== null &&
      Object.entries(names).every(([member, value]) => restored[member as keyof typeof names] === value) &&
      sameKeys(restored.keys, backUp.value.record.keys) &&
      restored.keys.every(isProven);
    if (!isAsPlanned) return wrongFile(step.output, ANOTHER);
    for (const { key, publicKey } of restored.keys) {
      const there = await token.publicKey(key);
      if (there === null || toBase64(there) !== publicKey) return wrongKey(step, key, OTHER_KEY);
    }
    const written = await sharingFilesOf(context, step, backUp.value.record);
    if (!written.ok) return written;
    const { label, keys } = restored;
    const files = { [step.record]: backUp.value.sha256, ...written.value };
    return ok({
      artefact: step.output,
      sha256: sha256Hex(bytes),
      record: step.record,
      files,
      token: step.token,
      label,
      serialNumber,
      keys: keys.map(({ key }) => key),
      proven: true,
    });
  },
  async make(context, step) {
    const { world, plan } = context;
    const backUp = await openBackUp(context, step);
    if (!backUp.ok) return backUp;
    const { record, sha256 } = backUp.value;
    const written = await restore(context, step, record);
    if (!written.ok) return written;
    const proven = await proveKeys(context, step, record);
    if (!proven.ok) return proven;
    const { label, serialNumber } = await (await context.token(step.token)).info();
    const restored = { form: 1, kind: 'token-restored', ceremony: plan.id, token: step.token } as const;
    await world.files.create(
      step.output,
      encodeRestored({ ...restored, label, serialNumber, backUp: sha256, keys: proven.value }),
    );
    return ok(undefined);
  },
  verify: {
    isReadable: () => true,
    members: ({ token }) => ({ token }),
    files: (step, plan) => [restoredPath(plan, step), step.record],
    inputs: () => [],
    entryFault: () => null,
    fileFault: provenFault,
  },
  minutes: () => [],
};

const MESSAGES = {
  usedBefore: { fr: 'une étape précédente utilise déjà ce jeton', en: 'an earlier step uses this token already' },
  anyRecord: {
    fr: "`*` est pour les répétitions : indiquez l'empreinte du bordereau de sauvegarde",
    en: '`*` is for rehearsals: name the hash of the record of the back-up',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

function restoreFaults(step: RestoreToken, { plan, before }: CheckContext): readonly Fault[] {
  const isUsed = before.some((other) => 'token' in other && other.token === step.token);
  const isAny = step.recordSha256 === '*' && plan.environment === 'production';
  return [
    ...outputFault(step.output, restoredPath(plan, step)),
    ...(isUsed ? [{ pointer: '/token', message: MESSAGES.usedBefore }] : []),
    ...(isAny ? [{ pointer: '/recordSha256', message: MESSAGES.anyRecord }] : []),
  ];
}

/** Checks that the record of the restoration proves the keys of the back-up. */
function provenFault({ path, content, entry, others }: CheckedFile): Bilingual | null {
  const { artefact, record } = entry.result;
  if (path !== artefact) return null;
  const backUpRecord = others.find((one) => one.path === record);
  return restorationFault(content, backUpRecord?.content ?? new Uint8Array(0));
}

const ANOTHER: Bilingual = {
  fr: "ce n'est pas la restauration prévue par le plan",
  en: 'not the restoration that the plan requires',
};
const OTHER_KEY: Bilingual = { fr: "ce n'est pas celle de la sauvegarde", en: 'not the one of the back-up' };
const NO_RECORD: Bilingual = { fr: "ce n'est pas un bordereau de sauvegarde", en: 'not the record of a back-up' };
const NO_COPY: Bilingual = {
  fr: "ce n'est pas la copie de cette sauvegarde : elle est abîmée, ou vient d'une autre sauvegarde",
  en: 'not the copy of this back-up: it is damaged, or of another back-up',
};

function wrongKey({ token }: RestoreToken, key: string, detail: Bilingual): Result<never, StepFailure> {
  return err({ kind: 'artefact-wrong', artefact: keyOnToken({ key, token }), detail });
}

type OpenedBackUp = { readonly record: BackUpRecord; readonly sha256: string };

/** Reads the record of the back-up, which must be of this token and these keys. */
async function openBackUp({ world }: StepContext, step: RestoreToken): Promise<Result<OpenedBackUp, StepFailure>> {
  const bytes = await world.files.read(step.record);
  if (bytes === null) return missingFile(step.record);
  const sha256 = sha256Hex(bytes);
  if (step.recordSha256 !== '*' && step.recordSha256 !== sha256)
    return wrongFile(step.record, { fr: `son empreinte est ${sha256}`, en: `its SHA-256 is ${sha256}` });
  const record = readBackUp(bytes);
  if (record === null) return wrongFile(step.record, NO_RECORD);
  const { token, by } = record;
  if (token !== step.token)
    return wrongFile(step.record, { fr: `il est celui du jeton ${token}`, en: `it is that of token ${token}` });
  if (by !== step.copy.by) return wrongFile(step.record, { fr: `copie faite par ${by}`, en: `copied by ${by}` });
  const keys = record.keys.map(({ key }) => key).join(', ');
  if (keys !== step.keys.join(', '))
    return wrongFile(step.record, { fr: `ses clés : ${keys}`, en: `its keys: ${keys}` });
  return ok({ record, sha256 });
}

/**
 * Writes the share sets of the token, then the token. After an interruption between the two, the
 * resumed ceremony writes the token.
 */
async function restore(
  context: StepContext,
  step: RestoreToken,
  record: BackUpRecord,
): Promise<Result<void, StepFailure>> {
  const { world, plan } = context;
  const use = tokenUse(plan, step.token);
  const writeSharings = async (): Promise<Result<void, StepFailure>> => {
    for (const sharing of record.sharing) {
      const written = await writeSharing(context, sharing.of === 'pin' ? use : soPinUse(use), sharing);
      if (!written.ok) return written;
    }
    return ok(undefined);
  };
  if (step.copy.by === 'vendor') {
    const shared = await writeSharings();
    if (!shared.ok) return shared;
    const what = { fr: `Restauration du jeton ${step.token}`, en: `Restoration of token ${step.token}` };
    return context.operate({ token: step.token, what, instructions: step.copy.instructions });
  }
  if (await world.tokens.exists(use)) return ok(undefined);
  const files = await copyOf(context, { step, record, path: step.copy.from });
  if (!files.ok) return files;
  const shared = await writeSharings();
  if (!shared.ok) return shared;
  await world.tokens.restore(use, files.value);
  return ok(undefined);
}

async function copyOf(
  { world }: StepContext,
  { step, record, path }: { readonly step: RestoreToken; readonly record: BackUpRecord; readonly path: string },
): Promise<Result<TokenFiles, StepFailure>> {
  const bytes = await world.files.read(path);
  if (bytes === null) return missingFile(path);
  await warnIfReadableByOthers(world, path, 'home');
  const files = sha256Hex(bytes) === record.copies[0]?.sha256 ? readCopy(bytes, step.token) : null;
  return files === null ? wrongFile(path, NO_COPY) : ok(files);
}

/**
 * Writes one share set of the back-up record, and the markers that say that its sharing is in
 * force. The copy of the token has the PIN of the day of the back-up. If a later re-sharing is
 * known, nothing is written: shares that must not open anything any more would open the copy.
 */
async function writeSharing(
  { world }: StepContext,
  use: TokenUse,
  { generation, set: encodedSet }: BackUpSharing,
): Promise<Result<void, StepFailure>> {
  const set = fromBase64(encodedSet);
  const read = set === null ? null : readSet(set);
  const path = setPath(use, generation);
  if (set === null || read?.generation !== generation || read.token !== use.name) return wrongFile(path, NO_RECORD);
  const there = await sharingInForce(world.files, use);
  if (there !== null && there.generation > generation)
    return wrongFile(path, outdatedSharingText(generation, there.generation));
  const found = await world.files.read(path);
  if (found !== null && !equalBytes(found, set)) return wrongFile(path, OTHER_SET);
  if (found === null) await world.files.create(path, set);
  for (let mark = 2; mark <= generation; mark += 1)
    if ((await world.files.read(inForcePath(use, mark))) === null)
      await world.files.create(inForcePath(use, mark), markerContent(mark));
  return ok(undefined);
}

/**
 * Returns path -> SHA-256 of the share sets in the record and of their markers, which must exist.
 */
async function sharingFilesOf(
  { world, plan }: StepContext,
  step: RestoreToken,
  { sharing }: BackUpRecord,
): Promise<Result<Readonly<Record<string, string>>, StepFailure>> {
  let written: Readonly<Record<string, string>> = {};
  for (const { of, generation, set } of sharing) {
    const use = of === 'pin' ? tokenUse(plan, step.token) : soPinUse(tokenUse(plan, step.token));
    const path = setPath(use, generation);
    const found = await world.files.read(path);
    if (found === null) return missingFile(path);
    if (toBase64(found) !== set) return wrongFile(path, OTHER_SET);
    const later = Array.from({ length: generation - 1 }, (_, at) => at + 2);
    const marks = await markerFacts(
      world.files,
      later.map((mark) => ({ path: inForcePath(use, mark), generation: mark })),
    );
    if (!marks.ok) return marks;
    written = { ...written, [path]: sha256Hex(found), ...marks.value };
  }
  return ok(written);
}

const OTHER_SET: Bilingual = {
  fr: "ce n'est pas le jeu de parts de la sauvegarde",
  en: 'not the share set of the back-up',
};

function outdatedSharingText(then: number, now: number): Bilingual {
  return {
    fr: `la sauvegarde date du partage ${then}, remplacé depuis par le partage ${now} : il en faut une plus récente`,
    en: `the back-up is of sharing ${then}, which sharing ${now} has replaced since: a later one is needed`,
  };
}

async function proveKeys(
  context: StepContext,
  step: RestoreToken,
  record: BackUpRecord,
): Promise<Result<readonly ProvenKey[], StepFailure>> {
  const token = await context.token(step.token);
  const { label, serialNumber } = await token.info();
  // If the back-up was cloned into another HSM, the restored token has another serial number.
  const isSame = step.copy.by === 'vendor' || serialNumber === record.serialNumber;
  if (!isSame || label !== record.label) return wrongFile(step.record, ofAnother(label, serialNumber));
  const stray = (await token.keys()).find((key) => !step.keys.includes(key));
  if (stray !== undefined)
    return wrongKey(step, stray, { fr: 'le plan ne la nomme pas', en: 'the plan does not name it' });
  const proven: ProvenKey[] = [];
  for (const backUpKey of record.keys) {
    const publicKey = await token.publicKey(backUpKey.key);
    if (publicKey === null)
      return err({ kind: 'missing', what: keyOnToken({ key: backUpKey.key, token: step.token }) });
    if (toBase64(publicKey) !== backUpKey.publicKey) return wrongKey(step, backUpKey.key, OTHER_KEY);
    const attributes = attributesAsText(await token.attributes(backUpKey.key));
    const changed = attributes.find(({ name, value }) =>
      backUpKey.attributes.some((was) => was.name === name && was.value !== value),
    );
    if (changed !== undefined || attributes.length !== backUpKey.attributes.length)
      return wrongKey(step, backUpKey.key, changedAttribute(changed?.name ?? '?'));
    const proof = await proveKey(token, backUpKey, context.world.random(CHALLENGE_OCTETS));
    if (proof === null) return wrongKey(step, backUpKey.key, NOT_PROVEN);
    proven.push(proof);
  }
  return ok(proven);
}

const NOT_PROVEN: Bilingual = {
  fr: "sa signature n'est pas valide avec la clé publique de la sauvegarde",
  en: 'its signature does not verify with the public key of the back-up',
};

function ofAnother(label: string, serialNumber: string): Bilingual {
  return {
    fr: `le jeton restauré est ${label}, numéro ${serialNumber}`,
    en: `the restored token is ${label}, number ${serialNumber}`,
  };
}

function changedAttribute(name: string): Bilingual {
  return { fr: `son attribut ${name} a changé`, en: `its attribute ${name} has changed` };
}

function sameKeys(proven: readonly ProvenKey[], inBackUp: BackUpRecord['keys']): boolean {
  return (
    proven.length === inBackUp.length &&
    proven.every(({ key, publicKey }, at) => {
      const was = present(inBackUp[at], 'as many keys');
      return was.key === key && was.publicKey === publicKey;
    })
  );
}

function copyErased(copy: string): Bilingual {
  return { fr: `effacer de cette machine la copie ${copy}`, en: `erase the copy ${copy} from this machine` };
}
