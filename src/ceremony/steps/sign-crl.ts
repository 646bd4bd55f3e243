import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import { type Bytes, equalBytes } from '../../kernel/bytes.js';
import { addYears, formatInstant, type Instant, toSecond } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { DAY_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { createCrlLint } from '../../lint/crl/stream.js';
import type { Policy } from '../../policy/model.js';
import type { RevokedEntry } from '../../ports/store/crls.js';
import { formatName } from '../../x509/certificate/name-reader.js';
import type { Issuer } from '../../x509/model.js';
import { type StepFailure, wrongFile } from '../failures.js';
import type { CheckContext, Fault, StepOf } from '../plan/model.js';
import { crlCopyPath, previousListPath } from '../plan/paths.js';
import { part } from '../plan/schema-parts.js';
import { encodeRootCrl, joinRootCrl, readRootCrl } from '../root-crl.js';
import { forService } from '../sitting/afterwards.js';
import { heading, rowOf } from '../sitting/terminal.js';
import type { Facts } from '../transcript/transcript.js';
import type { StepContext, StepKind } from './kind.js';
import { checksOf, loadIssuer, outputFault, tokenKind } from './shared/checks.js';
import { crlFacts, entriesFault, listRow, type RevokedAuthority } from './shared/crl-record.js';
import { issuerCertificateFile, neededFiles, statedHash } from './shared/line-facts.js';
import {
  copyPreviousList,
  extendedEntries,
  lostEntry,
  readCrlEntries,
  readPreviousCopy,
  sameEntries,
} from './shared/previous-list.js';
import { revocationsFor } from './shared/revocations.js';

declare module '../plan/model.js' {
  interface StepForms {
    'sign-crl': {
      readonly issuer: string;
      readonly token: string;
      readonly number: number;
      /**
       * The last published CRL, which this one continues; left out: this is the first CRL of its
       * issuer.
       */
      readonly previous?: {
        readonly number: number;
        /** SHA-256 of the file in hexadecimal. `*` stands for any list, in development only. */
        readonly sha256: string;
      };
      readonly nextUpdate: NextUpdate;
      readonly output: string;
    };
  }
}

type SignCrl = StepOf<'sign-crl'>;

type CrlOfIssuer = { readonly step: SignCrl; readonly issuer: Issuer };

/**
 * Signs a CRL. The lint reads the to-be-signed list before the token receives it, and the signed
 * list is read back and verified before it is recorded. The list is written twice: first as the
 * ceremony's own copy, which the transcript names and which is never changed, then as the published
 * list, which later lists replace. If the list continues another one, the ceremony also keeps a
 * copy of that list, and the new list has all of its entries.
 */
export const signCrl: StepKind<SignCrl> = {
  do: 'sign-crl',
  schema: {
    description:
      'Signs a CRL with this number (RFC 5280 5.2.3): the first of its issuer, or one with every ' +
      'entry of the previous list and the revocations of this plan.',
    required: {
      issuer: part('id'),
      token: part('id'),
      number: { type: 'integer', minimum: 1, maximum: 1000000 },
      nextUpdate: {
        description:
          'When the next one is due at the latest: years or days after this one, or the period and ' +
          "overlap of the environment's policy.",
        oneOf: [
          {
            type: 'object',
            additionalProperties: false,
            required: ['years'],
            properties: { years: { type: 'integer', minimum: 1, maximum: 2 } },
          },
          {
            type: 'object',
            additionalProperties: false,
            required: ['days'],
            properties: { days: { type: 'integer', minimum: 1, maximum: 400 } },
          },
          { const: 'policy' },
        ],
      },
      output: part('path'),
    },
    optional: {
      previous: {
        description:
          'The last list published, which must lie at `output`: the new one takes its place. Left ' +
          'out: there is none. `sha256`: of the file; `*` in rehearsals only.',
        type: 'object',
        additionalProperties: false,
        required: ['number', 'sha256'],
        properties: {
          number: { type: 'integer', minimum: 1, maximum: 1000000 },
          sha256: { type: 'string', pattern: '^(\\*|[0-9a-f]{64})$' },
          why: part('why'),
        },
      },
    },
  },
  check(step, context) {
    const check = checksOf(context);
    const authority = tokenKind(context, step.token) === 'root' ? 'root' : 'issuing';
    return [
      ...check.key(step.token, step.issuer, ['root', 'ca']),
      ...previousFaults(step, context),
      ...check.authority('/issuer', step.issuer, authority),
      ...outputFault(step.output, `crl/${step.issuer.toUpperCase()}.crl`),
    ];
  },
  describe: ({ number, issuer }) => ({ fr: `LCR n° ${number} de ${issuer}`, en: `CRL number ${number} of ${issuer}` }),
  artefact: ({ output }) => untranslated(output),
  outputs(step, plan) {
    const { output, previous } = step;
    // The published file is new only for a first list. Otherwise it is replaced, and the copy of
    // the previous list is new.
    const published = previous === undefined ? output : previousListPath(plan, step);
    return { listed: [output], newFiles: [crlCopyPath(plan, step), published], newTokens: [] };
  },
  needs: ({ issuer }) => neededFiles(issuerCertificateFile(issuer)),
  afterwards: ({ output }) => forService(output),
  newKey: () => null,
  readsOnly: false,
  signs: 'shown-first',
  opensToken: false,
  replacesToken: false,
  introducesKey: false,
  async find(context, step) {
    const { world, plan } = context;
    const copyPath = crlCopyPath(plan, step);
    const copy = await world.files.read(copyPath);
    const published = await world.files.read(step.output);
    if (copy === null) {
      if (published === null || step.previous !== undefined) return ok(null);
      const detail = {
        fr: `publiée, mais la copie de la cérémonie manque (${copyPath})`,
        en: `published, but the copy of the ceremony is missing (${copyPath})`,
      };
      return wrongFile(step.output, detail);
    }
    const issuer = await loadIssuer(context, step.issuer);
    if (!issuer.ok) return issuer;
    const facts = await checkCopy(context, { step, issuer: issuer.value }, copy);
    if (!facts.ok) return facts;
    // If the step was interrupted between the two files, `make` writes the published one and signs
    // nothing.
    if (published === null || (await isPrevious(context, step, published))) return ok(null);
    if (!equalBytes(published, copy) && !(await isLater({ step, issuer: issuer.value }, { copy, published })))
      return wrongFile(step.output, NOT_LATER);
    return facts;
  },
  async make(context, step) {
    const { world, plan } = context;
    const copyPath = crlCopyPath(plan, step);
    const copy = await world.files.read(copyPath);
    const signed = copy === null ? await sign(context, step) : ok(copy);
    if (!signed.ok) return signed;
    if (copy === null) await world.files.create(copyPath, signed.value);
    if (step.previous === undefined) await world.files.create(step.output, signed.value);
    else await world.files.replace(step.output, signed.value);
    return ok(undefined);
  },
  verify: {
    isReadable: ({ issuer }) => typeof issuer === 'string',
    members: (step, plan) => ({
      token: step.token,
      issuer: step.issuer,
      number: step.number,
      previous: step.previous === undefined ? null : previousListPath(plan, step),
      ...statedHash('previousSha256', step.previous?.sha256),
    }),
    files: (step, plan) => [
      crlCopyPath(plan, step),
      ...(step.previous === undefined ? [] : [previousListPath(plan, step)]),
    ],
    inputs: ({ result: { previous } }) =>
      typeof previous === 'string' ? [{ path: previous, signedBy: 'issuer' }] : [],
    entryFault: () => null,
    fileFault: entriesFault,
  },
  minutes: listRow,
};

type NextUpdate = { readonly years: number } | { readonly days: number } | 'policy';

const MESSAGES = {
  anyPrevious: {
    fr: "`*` est pour les répétitions : indiquez l'empreinte de la dernière LCR",
    en: '`*` is for rehearsals: name the hash of the last list',
  },
  notRising: {
    fr: 'le numéro de la LCR doit être supérieur à celui de la dernière',
    en: 'the number of the list must be above that of the last one',
  },
  servedLists: {
    fr: "les LCR suivantes d'une AC émettrice sont produites par le service",
    en: 'later lists of an issuing CA are made by the service',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

/**
 * Checks the previous list of the plan. An issuing CA has none: the ceremony signs only its first
 * list, and the service numbers and signs the later ones.
 */
function previousFaults({ token, number, previous }: SignCrl, context: CheckContext): readonly Fault[] {
  if (previous === undefined) return [];
  const faults: Fault[] = [];
  if (tokenKind(context, token) === 'ca') faults.push({ pointer: '/previous', message: MESSAGES.servedLists });
  if (previous.number >= number) faults.push({ pointer: '/number', message: MESSAGES.notRising });
  if (previous.sha256 === '*' && context.plan.environment === 'production')
    faults.push({ pointer: '/previous/sha256', message: MESSAGES.anyPrevious });
  return faults;
}

async function checkCopy(context: StepContext, of: CrlOfIssuer, copy: Bytes): Promise<Result<Facts, StepFailure>> {
  const { world, plan } = context;
  const { step, issuer } = of;
  const path = crlCopyPath(plan, step);
  const read = await readRootCrl(copy, { issuer, lifeMsMax: lifeMsMaxOf(step.nextUpdate, world.policy) });
  if (!read.ok) return wrongFile(path, untranslated(read.error));
  const { number, entries, thisUpdate, nextUpdate } = read.value;
  if (number !== step.number)
    return wrongFile(path, {
      fr: `numéro ${number} au lieu de ${step.number}`,
      en: `number ${number} instead of ${step.number}`,
    });
  const expected = await entriesOf(context, of);
  if (!expected.ok) return expected;
  const listed = readCrlEntries(copy);
  if (!listed.ok) return wrongFile(path, untranslated(listed.error));
  if (!sameEntries(listed.value, expected.value.entries))
    return wrongFile(path, {
      fr: `ses ${entries} entrées ne sont pas celles de la LCR précédente et du plan`,
      en: `its ${entries} entries are not those of the previous list and the plan`,
    });
  if (nextUpdate !== nextUpdateOf(step.nextUpdate, world.policy, thisUpdate))
    return wrongFile(path, untranslated(`nextUpdate ${formatInstant(nextUpdate)}`));
  const previous = await readPreviousCopy(context, of);
  if (!previous.ok) return previous;
  return ok({
    artefact: path,
    sha256: sha256Hex(copy),
    published: step.output,
    issuer: step.issuer,
    token: step.token,
    number,
    thisUpdate: formatInstant(thisUpdate),
    nextUpdate: formatInstant(nextUpdate),
    revoked: expected.value.added.map(({ authority, name, entry: { serial } }) => ({ authority, name, serial })),
    ...(previous.value === null
      ? {}
      : { entries, previous: previousListPath(plan, step), previousSha256: sha256Hex(previous.value.der) }),
  });
}

/**
 * Whether the published list is still the previous one, because the new list was not published yet.
 */
async function isPrevious({ world, plan }: StepContext, step: SignCrl, published: Bytes): Promise<boolean> {
  if (step.previous === undefined) return false;
  const copy = await world.files.read(previousListPath(plan, step));
  return copy !== null && equalBytes(copy, published);
}

const NOT_LATER: Bilingual = {
  fr: 'ni la LCR que la cérémonie a signée, ni une LCR plus récente de cette AC qui en reprend les entrées',
  en: 'neither the list that the ceremony signed nor a later one of this authority with its entries',
};

/**
 * Whether the published list is a later one of the same authority, with a higher number (RFC 5280
 * 5.2.3), every entry of the ceremony's copy and a valid signature. If an entry were missing, a CA
 * that this ceremony revoked would be valid again. The lifetime of the list is not checked, because
 * another ceremony or the service decided it.
 */
async function isLater(
  { step, issuer }: CrlOfIssuer,
  { copy, published }: { readonly copy: Bytes; readonly published: Bytes },
): Promise<boolean> {
  const read = await readRootCrl(published, { issuer, lifeMsMax: Number.MAX_SAFE_INTEGER });
  if (!read.ok || read.value.number <= step.number) return false;
  const [own, later] = [readCrlEntries(copy), readCrlEntries(published)];
  return own.ok && later.ok && lostEntry(own.value, later.value) === null;
}

/** The entries of the new list: all of them, those of the previous list, and the added ones. */
type PlannedEntries = {
  readonly entries: readonly RevokedEntry[];
  readonly carried: readonly RevokedEntry[];
  readonly added: readonly RevokedAuthority[];
};

/** Sorts the revocations of the plan as their entries are in the list. */
function inOrderOf(entries: readonly RevokedEntry[], added: readonly RevokedAuthority[]): readonly RevokedAuthority[] {
  return entries.flatMap((entry) => added.filter((one) => one.entry === entry));
}

/**
 * Returns the entries of the new list: all entries of the previous list, and the revocations of
 * this plan. A CA that the previous list revokes already is an error.
 */
async function entriesOf(context: StepContext, of: CrlOfIssuer): Promise<Result<PlannedEntries, StepFailure>> {
  const previous = await readPreviousCopy(context, of);
  if (!previous.ok) return previous;
  const added = await revocationsFor(context, of.step);
  if (!added.ok) return added;
  const carried = previous.value?.entries ?? [];
  const revoked = added.value.map(({ entry }) => entry);
  const entries = extendedEntries(carried, revoked);
  if (entries.ok) return ok({ entries: entries.value, carried, added: inOrderOf(entries.value, added.value) });
  const { listedAlready } = entries.error;
  return wrongFile(crlCopyPath(context.plan, of.step), {
    fr: `${listedAlready} est déjà dans la LCR précédente`,
    en: `${listedAlready} is on the previous list already`,
  });
}

async function sign(context: StepContext, step: SignCrl): Promise<Result<Bytes, StepFailure>> {
  const { world } = context;
  const found = await loadIssuer(context, step.issuer);
  if (!found.ok) return found;
  const issuer = found.value;
  const previous = await copyPreviousList(context, { step, issuer });
  if (!previous.ok) return previous;
  const entries = await entriesOf(context, { step, issuer });
  if (!entries.ok) return entries;
  const thisUpdate = toSecond(world.clock());
  const nextUpdate = nextUpdateOf(step.nextUpdate, world.policy, thisUpdate);
  const tbs = encodeRootCrl(issuer, { number: step.number, thisUpdate, nextUpdate }, entries.value.entries);
  const lint = createCrlLint({ issuer, lifeMsMax: lifeMsMaxOf(step.nextUpdate, world.policy) });
  lint.push(tbs);
  const linted = lint.end();
  if (!linted.ok) {
    const findings = [`${linted.error.rule}: ${linted.error.detail}`];
    return err({ kind: 'lint-failed', artefact: step.output, findings });
  }
  const { carried, added } = entries.value;
  const list = { number: step.number, thisUpdate, nextUpdate };
  const facts = crlFacts({ issuer: formatName(issuer.subject), list, added, carried });
  const lines = [...titleOf(step.output), ...facts.map(({ name, value }) => rowOf(name, value))];
  const shown = await context.confirm({ artefact: step.output, tbs, lines });
  if (!shown.ok) return shown;
  const unchanged = await copyPreviousList(context, { step, issuer });
  if (!unchanged.ok) return unchanged;
  const signature = await (await context.token(step.token)).sign(step.issuer, issuer.keyType, tbs);
  return ok(joinRootCrl(tbs, issuer, signature));
}

function titleOf(path: string) {
  return heading({ fr: `LCR à signer : ${path}`, en: `CRL to be signed: ${path}` });
}

function nextUpdateOf(planned: NextUpdate, { environment }: Policy, thisUpdate: Instant): Instant {
  if (planned === 'policy') return thisUpdate + environment.crl.periodMs + environment.crl.overlapMs;
  return 'years' in planned ? addYears(thisUpdate, planned.years) : thisUpdate + planned.days * DAY_MS;
}

const DAYS_OF_YEAR_MAX = 366;

function lifeMsMaxOf(planned: NextUpdate, { environment }: Policy): number {
  if (planned === 'policy') return environment.crl.periodMs + environment.crl.overlapMs;
  return ('years' in planned ? planned.years * DAYS_OF_YEAR_MAX : planned.days) * DAY_MS;
}
