import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import { type Bytes, toBase64, utf8 } from '../../kernel/bytes.js';
import { formatInstant } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { canonicalJson } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { parseResponderLabel, responderFileName } from '../../policy/ids.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { type StepFailure, wrongFile } from '../failures.js';
import { keyOnToken, type StepOf, tokenUse } from '../plan/model.js';
import { ceremonyFolder } from '../plan/paths.js';
import { part } from '../plan/schema-parts.js';
import type { Facts } from '../transcript/transcript.js';
import type { StepContext, StepKind } from './kind.js';
import { checksOf, outputFault } from './shared/checks.js';
import { keyRow } from './shared/line-facts.js';

declare module '../plan/model.js' {
  interface StepForms {
    'destroy-key': {
      readonly token: string;
      readonly key: string;
      readonly reason: string;
      /** The reason why the key is destroyed although it is still needed. */
      readonly despite?: string;
      readonly output: string;
    };
  }
}

type DestroyKey = StepOf<'destroy-key'>;

const NOT_THIS_DESTRUCTION = {
  fr: "ce n'est pas la destruction prévue par le plan",
  en: 'not the destruction that the plan requires',
};

/**
 * Destroys a key pair on its token. A record of the key is on disk before; the step is done when
 * nothing of the key pair is left on the token.
 */
export const destroyKey: StepKind<DestroyKey> = {
  do: 'destroy-key',
  schema: {
    description:
      'Destroys a key pair on its token. Its attributes and its public key are recorded before, ' +
      'and its absence is checked after. Copies of the token are not touched. A key with a valid ' +
      'certificate still has a duty, and is destroyed only if the plan says why in `despite`.',
    required: {
      token: part('id'),
      key: part('keyLabel'),
      reason: part('text'),
      output: part('path'),
    },
    optional: {
      despite: part('text'),
    },
  },
  check: (step, context) => [
    ...checksOf(context).token('/token', step.token, ['root', 'ca', 'ocsp', 'platform', 'access']),
    ...outputFault(step.output, `${ceremonyFolder(context.plan)}/destroyed/${step.token}.${step.key}.json`),
  ],
  describe: ({ key, token }) => ({
    fr: `destruction de la bi-clé ${key} sur le jeton ${token}`,
    en: `destruction of key pair ${key} on token ${token}`,
  }),
  artefact: ({ output }) => untranslated(output),
  outputs: ({ output }) => ({ listed: [output], newFiles: [output], newTokens: [] }),
  needs: () => [],
  afterwards: ({ token, key }) => ({ carry: [], acts: [copiesToo(keyOnToken({ token, key }))] }),
  newKey: () => null,
  readsOnly: false,
  signs: 'nothing',
  opensToken: false,
  replacesToken: false,
  introducesKey: false,
  async find(context, step) {
    const record = await context.world.files.read(step.output);
    if (record === null) return ok(null);
    const was = readRecord(record, step);
    if (was === null) return wrongFile(step.output, NOT_THIS_DESTRUCTION);
    const token = await context.token(step.token);
    const publicKey = await token.publicKey(step.key);
    // The key pair must still be destroyed if it is the recorded one, or if only half of it is
    // left: after an interruption, or because somebody removed the other half.
    if (publicKey === null ? await token.isTaken(step.key) : toBase64(publicKey) === was.publicKey) return ok(null);
    if (publicKey !== null)
      return err({ kind: 'artefact-wrong', artefact: keyOnToken(step), detail: NOT_THIS_DESTRUCTION });
    const { publicKeySha256 } = was;
    const destroyed = { token: step.token, key: step.key, publicKeySha256, absent: true };
    return ok({ artefact: step.output, sha256: sha256Hex(record), ...destroyed });
  },
  async make(context, step) {
    const { world } = context;
    const token = await context.token(step.token);
    if ((await world.files.read(step.output)) === null) {
      const publicKey = await token.publicKey(step.key);
      if (publicKey === null) return err({ kind: 'missing', what: keyOnToken(step) });
      const duty = await dutyOf(context, step);
      if (!duty.ok) return duty;
      if (duty.value !== null && step.despite === undefined)
        return err({ kind: 'key-has-duty', key: keyOnToken(step), duty: duty.value });
      await world.files.create(
        step.output,
        encodeRecord(step, await describe(context, { step, publicKey, duty: duty.value })),
      );
    }
    await token.discardKey(step.key);
    return ok(undefined);
  },
  verify: {
    isReadable: () => true,
    members: ({ token, key }) => ({ token, key }),
    files: ({ output }) => [output],
    inputs: () => [],
    entryFault: () => null,
    fileFault: () => null,
  },
  minutes: (entry) => [keyRow(entry, { fr: 'détruite', en: 'destroyed' })],
};

async function describe(
  context: StepContext,
  { step, publicKey, duty }: { readonly step: DestroyKey; readonly publicKey: Bytes; readonly duty: Bilingual | null },
): Promise<Facts> {
  const token = await context.token(step.token);
  const { label, serialNumber } = await token.info();
  return {
    label,
    serialNumber,
    publicKey: toBase64(publicKey),
    publicKeySha256: sha256Hex(publicKey),
    attributes: await token.attributes(step.key),
    duty: duty === null ? null : { ...duty },
    at: formatInstant(context.world.clock()),
  };
}

function encodeRecord({ token, key, reason, despite }: DestroyKey, was: Facts): Bytes {
  return utf8(`${canonicalJson({ token, key, reason, despite: despite ?? null, was })}\n`);
}

/** Reads what the record says about the key; null: the bytes are not the record of this step. */
function readRecord(record: Bytes, step: DestroyKey): { publicKey: string; publicKeySha256: string } | null {
  const text = new TextDecoder().decode(record);
  try {
    const { was } = JSON.parse(text) as { readonly was: Facts };
    const { publicKey, publicKeySha256 } = was;
    if (typeof publicKey !== 'string' || typeof publicKeySha256 !== 'string') return null;
    return new TextDecoder().decode(encodeRecord(step, was)) === text ? { publicKey, publicKeySha256 } : null;
  } catch {
    return null;
  }
}

/**
 * Says what the key is still needed for; null: for nothing. While its certificate is valid, CRLs or
 * OCSP responses must be signed with it. This holds for a revoked CA too: without its key no later
 * CRL can be signed, so the plan must say that this is intended.
 */
async function dutyOf(
  { world, plan }: StepContext,
  { token, key }: DestroyKey,
): Promise<Result<Bilingual | null, StepFailure>> {
  const { kind } = tokenUse(plan, token);
  if (kind === 'platform')
    return ok({ fr: 'elle signe pour toute la plate-forme', en: 'it signs for the whole platform' });
  const responder = kind === 'ocsp' ? parseResponderLabel(key) : null;
  const path = `authorities/${responder?.ok ? responderFileName(responder.value) : `${key}.cer`}`;
  const der = await world.files.read(path);
  if (der === null) return ok(null);
  const read = readCertificate(der);
  if (!read.ok) return wrongFile(path, untranslated(read.error.rule));
  const end = read.value.tbs.notAfter.at;
  if (end < world.clock()) return ok(null);
  const until = formatInstant(end);
  return ok({
    fr: `son certificat ${path} est valide jusqu'au ${until}`,
    en: `its certificate ${path} is valid until ${until}`,
  });
}

function copiesToo({ fr, en }: Bilingual): Bilingual {
  return {
    fr: `${fr} : détruire aussi les copies du jeton, que cette étape ne connaît pas`,
    en: `${en}: destroy the copies of the token too, which this step does not know`,
  };
}
