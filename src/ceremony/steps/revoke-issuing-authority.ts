import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { formatInstant, parseInstant, toSecond } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { FINAL_REASONS } from '../../lifecycle/certificate-states.js';
import type { RevocationReason } from '../../ports/store/statuses.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { missingFile, type StepFailure, wrongFile } from '../failures.js';
import type { CheckContext, Fault, StepOf } from '../plan/model.js';
import { ceremonyFolder } from '../plan/paths.js';
import { part } from '../plan/schema-parts.js';
import type { StepContext, StepKind } from './kind.js';
import { isSignedBy } from './shared/certify.js';
import { checksOf, loadIssuer, outputFault } from './shared/checks.js';
import { reasonText } from './shared/crl-record.js';
import { issuerCertificateFile, neededFiles } from './shared/line-facts.js';
import {
  encodeRevocation,
  NOT_AS_PLANNED,
  plannedRevocation,
  type Revocation,
  readRevocation,
} from './shared/revocations.js';

declare module '../plan/model.js' {
  interface StepForms {
    'revoke-issuing-authority': {
      readonly authority: string;
      readonly issuer: string;
      /**
       * The reason of the revocation. A suspension is not possible: only another ceremony could
       * release it, and nobody could rely on the CA meanwhile.
       */
      readonly reason: Exclude<RevocationReason, 'certificateHold'>;
      /** The time of the revocation (RFC 3339); left out: the time of the step. */
      readonly revokedAt?: string;
      readonly invalidityDate?: string;
      readonly output: string;
    };
  }
}

type RevokeIssuingAuthority = StepOf<'revoke-issuing-authority'>;

/**
 * Records the decision to revoke an issuing CA, and signs nothing: a later step of the same plan
 * signs the root's CRL with this revocation.
 */
export const revokeIssuingAuthority: StepKind<RevokeIssuingAuthority> = {
  do: 'revoke-issuing-authority',
  schema: {
    description:
      'Writes the decision to revoke the certificate of an issuing CA. The next `sign-crl` of ' +
      '`issuer` in the plan carries it, and so does every later list. There must be such a step.',
    required: {
      authority: part('id'),
      issuer: part('id'),
      reason: {
        description: 'RFC 5280 5.3.1. A compromised CA is keyCompromise.',
        enum: FINAL_REASONS,
      },
      output: part('path'),
    },
    optional: {
      revokedAt: {
        description: 'Date of the revocation; left out: when the step is done. Never in the future.',
        $ref: '#/definitions/instant',
      },
      invalidityDate: {
        description: 'Since when the key is known or suspected to be compromised (RFC 5280 5.3.2).',
        $ref: '#/definitions/instant',
      },
    },
  },
  check: (step, context) => [...checksOf(context).child(step), ...revocationFaults(step, context)],
  describe: ({ authority, reason }) => ({
    fr: `révocation de l'AC ${authority}, motif : ${reasonText(reason).fr}`,
    en: `revocation of CA ${authority}, reason: ${reasonText(reason).en}`,
  }),
  artefact: ({ output }) => untranslated(output),
  outputs: ({ output }) => ({ listed: [output], newFiles: [output], newTokens: [] }),
  needs: ({ authority, issuer }) => neededFiles(issuerCertificateFile(authority), issuerCertificateFile(issuer)),
  afterwards: ({ authority }) => ({ carry: [], acts: [noLongerIssues(authority)] }),
  newKey: () => null,
  readsOnly: false,
  signs: 'nothing',
  opensToken: false,
  replacesToken: false,
  introducesKey: false,
  async find(context, step) {
    const content = await context.world.files.read(step.output);
    if (content === null) return ok(null);
    const certificate = await certificateOf(context, step);
    if (!certificate.ok) return certificate;
    const read = readRevocation(content, step, certificate.value);
    if (read === null) return wrongFile(step.output, NOT_AS_PLANNED);
    const { authority, serial, certificateSha256, reason, revokedAt } = read;
    return ok({
      artefact: step.output,
      sha256: sha256Hex(content),
      authority,
      revokedBy: step.issuer,
      serial,
      certificateSha256,
      reason,
      revokedAt: formatInstant(revokedAt),
      invalidityDate: step.invalidityDate ?? null,
    });
  },
  async make(context, step) {
    const { world } = context;
    const certificate = await certificateOf(context, step);
    if (!certificate.ok) return certificate;
    const now = toSecond(world.clock());
    const revokedAt = (step.revokedAt === undefined ? null : parseInstant(step.revokedAt)) ?? now;
    if (revokedAt > now)
      return err({
        kind: 'artefact-wrong',
        artefact: untranslated(step.output),
        detail: {
          fr: `la date de révocation, ${formatInstant(revokedAt)}, est dans le futur : il est ${formatInstant(now)}`,
          en: `the date of revocation, ${formatInstant(revokedAt)}, is in the future: it is ${formatInstant(now)}`,
        },
      });
    const revocation: Revocation = { ...plannedRevocation(step), ...certificate.value, revokedAt };
    await world.files.create(step.output, encodeRevocation(revocation));
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
  minutes: () => [],
};

const MESSAGES = {
  noSuchDay: { fr: "ce jour n'existe pas", en: 'there is no such day' },
  notPublished: {
    fr: 'aucune étape sign-crl de cette racine ne suit : la révocation ne serait pas publiée',
    en: 'no step sign-crl of this root follows: the revocation would not be published',
  },
  revokedTwice: { fr: 'révoquée deux fois', en: 'revoked twice' },
} as const satisfies Readonly<Record<string, Bilingual>>;

function revocationFaults(step: RevokeIssuingAuthority, { plan, before }: CheckContext): readonly Fault[] {
  const days = (['revokedAt', 'invalidityDate'] as const).filter((day) => {
    const stated = step[day];
    return stated !== undefined && parseInstant(stated) === null;
  });
  const again = before.some((other) => other.do === step.do && other.authority === step.authority);
  const published = plan.steps
    .slice(before.length)
    .some((other) => other.do === 'sign-crl' && other.issuer === step.issuer);
  return [
    ...days.map((day) => ({ pointer: `/${day}`, message: MESSAGES.noSuchDay })),
    ...(again ? [{ pointer: '/authority', message: MESSAGES.revokedTwice }] : []),
    ...(published ? [] : [{ pointer: '', message: MESSAGES.notPublished }]),
    ...outputFault(step.output, `${ceremonyFolder(plan)}/revoked/${step.authority}.json`),
  ];
}

/** Reads the certificate of the CA in the home folder and checks that this root has signed it. */
async function certificateOf(
  context: StepContext,
  { authority, issuer }: RevokeIssuingAuthority,
): Promise<Result<Pick<Revocation, 'serial' | 'certificateSha256'>, StepFailure>> {
  const path = `authorities/${authority}.cer`;
  const der: Bytes | null = await context.world.files.read(path);
  if (der === null) return missingFile(path);
  const root = await loadIssuer(context, issuer);
  if (!root.ok) return root;
  const read = readCertificate(der);
  if (!read.ok || !isSignedBy(read.value, root.value.spki)) {
    const detail = { fr: `n'est pas signé par la clé de ${issuer}`, en: `not signed with the key of ${issuer}` };
    return wrongFile(path, detail);
  }
  return ok({ serial: read.value.tbs.serial, certificateSha256: sha256Hex(der) });
}

function noLongerIssues(authority: string): Bilingual {
  return {
    fr: `publier la LCR sans attendre : dès son redémarrage, le service n'émet plus rien avec ${authority}`,
    en: `publish the CRL without delay: from its restart on, the service issues nothing with ${authority}`,
  };
}
