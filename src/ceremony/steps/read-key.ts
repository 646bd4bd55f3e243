import type { Bilingual } from '../../kernel/bilingual.js';
import { equalBytes, fromBase64 } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { issuerIdOf, parseResponderLabel } from '../../policy/ids.js';
import type { Policy } from '../../policy/model.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { type StepFailure, wrongFile } from '../failures.js';
import { type CheckContext, type Fault, keyOnToken, type StepOf, tokensNamed, tokenUse } from '../plan/model.js';
import { part } from '../plan/schema-parts.js';
import { NOTHING_AFTERWARDS } from '../sitting/afterwards.js';
import type { CheckedFile } from '../verify/model.js';
import type { NeededFile, NeedsContext, StepContext, StepKind } from './kind.js';
import { loadAccessAuthority } from './shared/access.js';
import { isSignedBy } from './shared/certify.js';
import { accessIdFault, authorityOf, checksOf, loadIssuer, tokenKind } from './shared/checks.js';
import {
  issuerCertificateFile,
  keyAttributesRow,
  keyFacts,
  keyRow,
  neededFiles,
  recordedKeyFault,
} from './shared/line-facts.js';
import { readResponderKey, responderCopyPath } from './shared/responder-keys.js';

declare module '../plan/model.js' {
  interface StepForms {
    'read-key': {
      readonly token: string;
      readonly key: string;
      /**
       * The id of the root, with its generation, that signed the certificate of an issuing CA; left
       * out: the first generation.
       */
      readonly issuer?: string;
    };
  }
}

type ReadKey = StepOf<'read-key'>;

const ANOTHER_KEY = { fr: "ce n'est pas la clé de son certificat", en: 'not the key of its certificate' };

/**
 * Compares a key on a token with its certificate, and records it, so that later steps may sign with
 * it. The step writes a file only for a key on an OCSP token: the ceremony's copy of the
 * certificate.
 */
export const readKey: StepKind<ReadKey> = {
  do: 'read-key',
  schema: {
    description:
      'Reads a key that an earlier ceremony generated, and compares it with its certificate in ' +
      'the home folder: later ceremonies of a root begin with this step. A key on an OCSP token ' +
      'is compared with the certificate that approves it; the ceremony keeps a copy of that. ' +
      '`issuer`: the generation of the root that signed the certificate of an issuing CA; left ' +
      'out: the first.',
    required: {
      token: part('id'),
      key: part('keyLabel'),
    },
    optional: {
      issuer: part('id'),
    },
  },
  check: (step, context) => [
    ...checksOf(context).token('/token', step.token, ['root', 'ca', 'ocsp', 'access']),
    ...readFaults(step, context),
  ],
  describe: ({ key, token }) => ({
    fr: `lecture de la clé ${key} sur le jeton ${token}`,
    en: `reading key ${key} on token ${token}`,
  }),
  artefact: keyOnToken,
  outputs(step, plan) {
    const label = parseResponderLabel(step.key);
    const isResponders = tokensNamed(plan, step.token).some(({ kind }) => kind === 'ocsp');
    return {
      listed: [],
      newFiles: isResponders && label.ok ? [responderCopyPath(plan, label.value)] : [],
      newTokens: [],
    };
  },
  needs: neededCertificates,
  afterwards: () => NOTHING_AFTERWARDS,
  newKey: () => null,
  readsOnly: true,
  signs: 'nothing',
  opensToken: false,
  replacesToken: false,
  introducesKey: true,
  async find(context, step) {
    if (isResponders(context, step)) return readResponderKey.find(context, step);
    const publicKey = await (await context.token(step.token)).publicKey(step.key);
    if (publicKey === null) return ok(null);
    const isAccess = tokenUse(context.plan, step.token).kind === 'access';
    const issuer = await (isAccess ? loadAccessAuthority : loadIssuer)(context, step.key);
    if (!issuer.ok) return issuer;
    const { certificate, spki, keyType } = issuer.value;
    if (!equalBytes(spki, publicKey))
      return err({ kind: 'artefact-wrong', artefact: keyOnToken(step), detail: ANOTHER_KEY });
    const fault = isAccess ? ok(undefined) : await checkRootSignature(context, step);
    if (!fault.ok) return fault;
    return ok({
      artefact: `authorities/${step.key}.cer`,
      sha256: sha256Hex(certificate),
      ...(await keyFacts(context, step, { publicKey, keyType })),
    });
  },
  async make(context, step) {
    if (isResponders(context, step)) return readResponderKey.make(context, step);
    return err({ kind: 'missing', what: keyOnToken(step) });
  },
  verify: {
    isReadable: () => true,
    members: ({ token, key }) => ({ token, key }),
    files: ({ token, key }, plan) =>
      tokensNamed(plan, token).flatMap(({ kind }) => (kind === 'ocsp' ? [] : [`authorities/${key}.cer`])),
    inputs: () => [],
    entryFault: (_, entry) => recordedKeyFault(entry),
    fileFault: certificateFault,
  },
  minutes: (entry) => [keyRow(entry, { fr: 'lue', en: 'read' }), keyAttributesRow(entry)],
};

const RESPONDER_ISSUER: Bilingual = {
  fr: "la clé d'un répondeur porte le nom de son AC : retirez-le",
  en: 'the key of a responder has the name of its CA: leave it out',
};

function readFaults({ token, key, issuer }: ReadKey, context: CheckContext): readonly Fault[] {
  const kind = tokenKind(context, token);
  if (kind === 'access') return accessIdFault('/key', key);
  const check = checksOf(context);
  if (kind === 'ocsp') {
    const label = parseResponderLabel(key);
    return [
      ...check.authority('/key', label.ok ? label.value.issuer : key, 'issuing'),
      ...(issuer === undefined ? [] : [{ pointer: '/issuer', message: RESPONDER_ISSUER }]),
    ];
  }
  return [
    ...check.authority('/key', key, kind === 'root' ? 'root' : 'issuing'),
    ...(issuer === undefined ? [] : check.child({ authority: key, issuer })),
  ];
}

function neededCertificates({ token, key, issuer }: ReadKey, { plan, policy }: NeedsContext): readonly NeededFile[] {
  switch (tokenUse(plan, token).kind) {
    case 'ocsp': {
      const label = parseResponderLabel(key);
      return label.ok ? neededFiles(issuerCertificateFile(label.value.issuer)) : [];
    }
    case 'ca':
      return neededFiles(issuerCertificateFile(key), issuerCertificateFile(issuer ?? firstIssuer(policy, key)));
    default:
      return neededFiles(issuerCertificateFile(key));
  }
}

function firstIssuer(policy: Policy, authority: string): string {
  return issuerIdOf(authorityOf(policy, authority).definition.issuer, 1);
}

/** Checks that the key of the line is the one in the certificate with which it was compared. */
function certificateFault({ content, entry: { seq, result } }: CheckedFile): Bilingual | null {
  const read = readCertificate(content);
  const publicKey = typeof result.publicKey === 'string' ? fromBase64(result.publicKey) : null;
  const isSame = read.ok && publicKey !== null && equalBytes(read.value.tbs.spki, publicKey);
  return isSame
    ? null
    : {
        fr: `ce n'est pas le certificat de la clé de la ligne ${seq}`,
        en: `not the certificate of the key of line ${seq}`,
      };
}

function isResponders({ plan }: StepContext, { token }: ReadKey): boolean {
  return tokenUse(plan, token).kind === 'ocsp';
}

/**
 * Checks the root's signature over the certificate of an issuing CA. The certificate is not linted
 * again: it stays as it is, while the policy changes during its life.
 */
async function checkRootSignature(
  context: StepContext,
  { key, issuer: signer }: ReadKey,
): Promise<Result<void, StepFailure>> {
  const { policy, files } = context.world;
  if (authorityOf(policy, key).definition.kind === 'root') return ok(undefined);
  const root = await loadIssuer(context, signer ?? firstIssuer(policy, key));
  if (!root.ok) return root;
  const path = `authorities/${key}.cer`;
  const read = readCertificate((await files.read(path)) ?? new Uint8Array(0));
  if (read.ok && isSignedBy(read.value, root.value.spki)) return ok(undefined);
  const detail = {
    fr: `n'est pas signé par la clé de ${root.value.id}`,
    en: `not signed with the key of ${root.value.id}`,
  };
  return wrongFile(path, detail);
}
