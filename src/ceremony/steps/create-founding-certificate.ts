import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import { equalBytes } from '../../kernel/bytes.js';
import { type Instant, parseInstant } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import type { Json } from '../../kernel/json.js';
import { err, ok } from '../../kernel/result.js';
import type { Card, Identity } from '../../policy/model.js';
import { isOwnSigner } from '../../policy/own-signers.js';
import { orderViolations } from '../../policy/plan/plan.js';
import { scopeFaults } from '../../policy/rules/account-scope.js';
import type { KeyOrigin } from '../../ports/store/certificates.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import type { Issuer } from '../../x509/model.js';
import { missingFile, type StepFailure, wrongFile } from '../failures.js';
import {
  accountText,
  chainFault,
  chainOf,
  type FoundingAccount,
  type FoundingOrder,
  isAsOrdered,
  isFoundingAccount,
  orderOf,
  vetFounding,
} from '../founding.js';
import { type CheckContext, type Fault, mustBe, type StepOf } from '../plan/model.js';
import { ceremonyFolder, foundingFiles } from '../plan/paths.js';
import { part } from '../plan/schema-parts.js';
import type { Afterwards } from '../sitting/afterwards.js';
import { rowOf } from '../sitting/terminal.js';
import type { StepContext, StepKind } from './kind.js';
import {
  type Certification,
  certify,
  checkExistingCertificate,
  profileFindings,
  requestInput,
} from './shared/certify.js';
import { anyKeyFaults, checksOf, findAuthority, loadIssuer } from './shared/checks.js';
import { issuerCertificateFile, neededFiles, statedHash } from './shared/line-facts.js';
import { checkExpectedKey } from './shared/requests.js';

declare module '../plan/model.js' {
  interface StepForms {
    'create-founding-certificate': {
      readonly issuer: string;
      readonly token: string;
      readonly profile: string;
      readonly holder: FoundingOrder['holder'];
      readonly card?: Card;
      readonly identity?: Identity;
      readonly keyOrigin?: KeyOrigin;
      readonly request: string;
      /**
       * SHA-256 of the SubjectPublicKeyInfo, hexadecimal. `*` stands for any key: in production
       * only if an earlier step imports the request in a bundle.
       */
      readonly publicKeySha256: string;
      /**
       * The account that authenticates with the certificate; left out: the certificate is for a
       * server.
       */
      readonly account?: FoundingAccount;
      readonly output: string;
    };
  }
}

type CreateFoundingCertificate = StepOf<'create-founding-certificate'>;

/**
 * Signs an ordinary certificate of a policy profile with the key of an issuing CA, for the API's
 * server or for a first account. The service issues all other certificates of holders, but nobody
 * can ask it for one before these exist (ops/decisions/0036). It enters the certificate and the
 * account into its database when it starts next.
 */
export const createFoundingCertificate: StepKind<CreateFoundingCertificate> = {
  do: 'create-founding-certificate',
  schema: {
    description:
      'Signs, with the key of the issuing CA on `token`, a certificate of `profile` for `holder` from ' +
      "a `request`: that of the API's server, and those of the first accounts, or of accounts that " +
      'have lost all of their certificates. The service registers it at its next start, and creates ' +
      'the `account` with it, or adds it to the account if that exists with the same rights. Next to ' +
      'the output, whose place is ceremony/<id>/founding/NAME.cer, the step writes NAME.chain.pem: ' +
      'the certificate followed by that of its CA. The request is requests/NAME.csr.pem.',
    required: {
      issuer: part('id'),
      token: part('id'),
      profile: part('profile'),
      holder: part('holder'),
      request: part('path'),
      publicKeySha256: part('expectedKey'),
      output: part('path'),
    },
    optional: {
      card: part('card'),
      identity: part('identity'),
      keyOrigin: part('keyOrigin'),
      account: part('account'),
    },
  },
  check: (step, context) => [
    ...checksOf(context).key(step.token, step.issuer, ['ca']),
    ...checksOf(context).authority('/issuer', step.issuer, 'issuing'),
    ...orderFaults(step, context),
    ...placeFaults(step, context),
    ...anyKeyFaults({ pointer: '', ...step }, context),
    ...accountFaults(step, context),
    ...repeatedFaults(step, context),
  ],
  describe: ({ profile, output, account }) => ({
    fr: `certificat d'amorçage ${profile} ${output}${account === undefined ? '' : `, compte ${account.id}`}`,
    en: `founding certificate ${profile} ${output}${account === undefined ? '' : `, account ${account.id}`}`,
  }),
  artefact: ({ output }) => untranslated(output),
  outputs(step, plan) {
    const { output } = step;
    const files = [output, ...chainFile(step, plan)];
    return { listed: files, newFiles: files, newTokens: [] };
  },
  needs: ({ issuer, request }) => neededFiles(issuerCertificateFile(issuer), request),
  afterwards: (step, { plan }) => registeredAfterwards(step, plan),
  newKey: () => null,
  readsOnly: false,
  signs: 'shown-first',
  opensToken: false,
  replacesToken: false,
  introducesKey: false,
  async find(context, step) {
    const { files } = context.world;
    const [chainPath = ''] = chainFile(step, context.plan);
    const [der, chain] = [await files.read(step.output), await files.read(chainPath)];
    if (der === null) return chain === null ? ok(null) : wrongFile(chainPath, NOT_THE_CHAIN);
    const read = readCertificate(der);
    const found = await foundingCertification(
      context,
      step,
      read.ok ? read.value.tbs.notBefore.at : context.world.clock(),
    );
    if (!found.ok) return found;
    const { issuer, what, vetted } = found.value;
    const facts = checkExistingCertificate(what, der);
    if (!facts.ok) return facts;
    if (!read.ok || !isAsOrdered(vetted, issuer, read.value)) return wrongFile(step.output, NOT_AS_ORDERED);
    // If the step was interrupted between the two files, `make` writes the second and signs
    // nothing.
    if (chain === null) return ok(null);
    if (!equalBytes(chain, chainOf(der, issuer))) return wrongFile(chainPath, NOT_THE_CHAIN);
    const recorded = { ...(facts.value.files as object), [chainPath]: sha256Hex(chain) };
    return ok({ ...facts.value, files: recorded, ...certifiedFacts(step) });
  },
  async make(context, step) {
    const { files, clock } = context.world;
    const found = await foundingCertification(context, step, clock());
    if (!found.ok) return found;
    if ((await files.read(step.output)) === null) {
      const made = await certify(context, found.value.what);
      if (!made.ok) return made;
    }
    const der = await files.read(step.output);
    if (der === null) return missingFile(step.output);
    for (const path of chainFile(step, context.plan)) await files.create(path, chainOf(der, found.value.issuer));
    return ok(undefined);
  },
  verify: {
    isReadable: ({ output, request, profile, publicKeySha256, account }) =>
      [output, request, profile, publicKeySha256].every((member) => typeof member === 'string') &&
      (account === undefined || isFoundingAccount(account)),
    members: (step) => ({
      token: step.token,
      issuer: step.issuer,
      request: step.request,
      ...statedHash('publicKeySha256', step.publicKeySha256),
      ...certifiedFacts(step),
    }),
    files: (step, plan) => [step.output, step.request, ...chainFile(step, plan)],
    inputs: (entry) => [...requestInput(entry), ...chainInput(entry.result.files)],
    entryFault: () => null,
    fileFault: ({ path, content, others, entry }) =>
      isChain(path)
        ? chainFault(content, others.find((one) => one.path === entry.result.artefact)?.content ?? null)
        : null,
  },
  minutes: ({ result }) => {
    const { account, profile, artefact } = result;
    return isFoundingAccount(account)
      ? [{ table: 'accounts', cells: [account.id, account.roles.join(', '), `${profile}\n${artefact}`] }]
      : [];
  },
};

/**
 * Says that the files are copied to the service, with the whole folder of the ceremony, because the
 * service verifies the whole ceremony when it starts.
 */
function registeredAfterwards(step: CreateFoundingCertificate, plan: { readonly id: string }): Afterwards {
  const folder = ceremonyFolder(plan);
  return {
    carry: [step.output, ...chainFile(step, plan), step.request],
    acts: [
      {
        fr: `laisser tout ${folder} dans le dossier du service, qui y lit les certificats d'amorçage à son démarrage`,
        en: `leave the whole ${folder} in the home folder of the service, which reads the founding certificates there`,
      },
    ],
  };
}

/**
 * Returns the path of the chain file. Empty: the output is outside of the folder of founding
 * certificates, which the check of the plan refuses.
 */
function chainFile(step: CreateFoundingCertificate, plan: { readonly id: string }): readonly string[] {
  const files = foundingFiles(plan, step);
  return files === null ? [] : [files.chain];
}

function isChain(path: string): boolean {
  return path.endsWith('.chain.pem');
}

function chainInput(files: Json | undefined) {
  const paths = typeof files === 'object' && files !== null ? Object.keys(files) : [];
  return paths.filter(isChain).map((path) => ({ path, signedBy: 'other' as const }));
}

/** Returns what the plan says about the certificate; the transcript repeats it. */
function certifiedFacts({ profile, holder, card, identity, keyOrigin, account }: CreateFoundingCertificate) {
  return {
    profile,
    holder: holder as unknown as Json,
    card: card ?? null,
    identity: identity ?? null,
    keyOrigin: keyOrigin ?? null,
    account: account === undefined ? null : (account as unknown as Json),
  };
}

const NOT_THE_CHAIN: Bilingual = {
  fr: "ce n'est pas ce certificat, suivi de celui de son AC",
  en: 'not this certificate followed by that of its CA',
};

const NOT_AS_ORDERED: Bilingual = {
  fr: "ce n'est pas le certificat que la politique fait de ce plan",
  en: 'not the certificate that the policy makes of this plan',
};

const MESSAGES = {
  repeated: { fr: 'une étape précédente le nomme déjà', en: 'an earlier step names it already' },
  notForClients: {
    fr: "ce profil n'authentifie pas de compte : un serveur n'a pas de compte",
    en: 'this profile does not authenticate accounts: a server has no account',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

function orderFaults(step: CreateFoundingCertificate, { plan, policy }: CheckContext): readonly Fault[] {
  const profile = policy.profiles.get(step.profile);
  const authority = findAuthority(policy, step.issuer);
  if (profile === undefined || authority === null || profile.authority !== authority.id) {
    const ids = [...policy.profiles.values()].filter(
      (one) => one.authority === authority?.id && !isOwnSigner(one.holder),
    );
    return [{ pointer: '/profile', message: mustBe(ids.map(({ id }) => id).join(', ')) }];
  }
  // The time of the ceremony is not known yet, so the end of its window is used. The rules are
  // applied again when the ceremony signs.
  const now = parseInstant(plan.window.notAfter) ?? Number.POSITIVE_INFINITY;
  return orderViolations({ policy, profile, order: orderOf(step), purpose: 'issue', now }).map(
    ({ pointer, rule, message }) => ({
      pointer,
      message: { fr: `${message.fr} (${rule})`, en: `${message.en} (${rule})` },
    }),
  );
}

function placeFaults(step: CreateFoundingCertificate, { plan }: CheckContext): readonly Fault[] {
  const files = foundingFiles(plan, step);
  if (files === null) return [{ pointer: '/output', message: mustBe(`${ceremonyFolder(plan)}/founding/NAME.cer`) }];
  return step.request === files.request ? [] : [{ pointer: '/request', message: mustBe(files.request) }];
}

function accountFaults({ account, profile }: CreateFoundingCertificate, { policy }: CheckContext): readonly Fault[] {
  if (account === undefined) return [];
  const { holder, extendedKeyUsage = [] } = policy.profiles.get(profile) ?? {};
  const isForClients = holder !== 'server' && extendedKeyUsage.includes('clientAuth');
  return [
    ...(isForClients ? [] : [{ pointer: '/account', message: MESSAGES.notForClients }]),
    ...scopeFaults(policy, account.scope).map(({ list, value, message }) => ({
      pointer: `/account/scope/${list}/${account.scope[list].indexOf(value)}`,
      message,
    })),
  ];
}

/**
 * Checks that each account and each key occurs once. Where two officers must agree, two accounts
 * count as two people, so each account has a key of its own.
 */
function repeatedFaults(step: CreateFoundingCertificate, { before }: CheckContext): readonly Fault[] {
  const earlier = before.flatMap((one) => (one.do === step.do ? [one] : []));
  const { account, publicKeySha256 } = step;
  const isNamed = account !== undefined && earlier.some((one) => one.account?.id === account.id);
  const isCertified = publicKeySha256 !== '*' && earlier.some((one) => one.publicKeySha256 === publicKeySha256);
  return [
    ...(isNamed ? [{ pointer: '/account/id', message: MESSAGES.repeated }] : []),
    ...(isCertified ? [{ pointer: '/publicKeySha256', message: MESSAGES.repeated }] : []),
  ];
}

async function foundingCertification(context: StepContext, step: CreateFoundingCertificate, now: Instant) {
  const { policy, files } = context.world;
  const path = step.request;
  const content = await files.read(path);
  if (content === null) return err<StepFailure>({ kind: 'missing', what: untranslated(path) });
  const found = await loadIssuer(context, step.issuer);
  if (!found.ok) return found;
  const issuer: Issuer = found.value;
  const vetted = await vetFounding(policy, { order: step, request: { path, content }, issuer, now });
  if (!vetted.ok) return vetted;
  const { plan } = vetted.value;
  const { spki } = vetted.value.key;
  const expected = checkExpectedKey(path, { spki, expected: step.publicKeySha256 });
  if (!expected.ok) return expected;
  const { subject, validity, extensions, profile } = plan;
  const what: Certification = {
    output: step.output,
    issuer: { id: issuer.id, token: step.token, keyType: issuer.keyType, spki: issuer.spki },
    subject: { key: path, spki, request: { path, sha256: sha256Hex(content) } },
    tbs: { issuerDer: issuer.subjectDer, validity, subject, extensions },
    use: [rowOf({ fr: 'compte', en: 'account' }, accountText(step.account))],
    lint: (linting) => profileFindings(policy, profile, { ...linting, issuer }),
  };
  return ok({ issuer, vetted: vetted.value, what });
}
