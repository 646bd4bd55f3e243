/**
 * What the lint costs: all rules over a certificate, each rule by itself, and a list of a million
 * entries as it streams.
 */
import { createHash } from 'node:crypto';
import { frameCrl } from '../../../src/crl/encode.js';
import { createEntryWriter } from '../../../src/crl/entry-writer.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { DAY_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { anySubjectOf, checkCertificate, type LintContext, readLintInput } from '../../../src/lint/certificate/lint.js';
import { CERTIFICATE_RULES } from '../../../src/lint/certificate/lists/platform.js';
import { createCrlLint } from '../../../src/lint/crl/stream.js';
import { checkOcspResponseData } from '../../../src/lint/ocsp/lint.js';
import type { LintSubject } from '../../../src/lint/rule.js';
import type { RevokedEntry } from '../../../src/ports/store/crls.js';
import { BEGINS, goodCertificate } from '../../support/lint/fixtures.js';
import { PROFILES } from '../../support/service/orders.js';
import { CONTEXT, HEADER } from '../../unit/crl/fixture.js';
import { GOOD_ANSWER, OCSP_CONTEXT } from '../../unit/ocsp/answer-fixture.js';
import { median } from '../statistics.js';
import { atMost, type Line, markdownTable, number } from '../table.js';
import type { Part } from './part.js';

const US_MAX = 150;
/**
 * Each its own key and serial number's worth of work; what profiles repeat is repeated, as a
 * service's certificates do.
 */
const CERTIFICATES = 260;
const RULES_SHOWN = 15;
const ENTRIES = 1_000_000;
const BATCH = 1_000;

type Sample = LintContext & { readonly tbs: Bytes; readonly now: number };

export const measureLint: Part = async ({ effort, say }) => {
  say(`lint: ${CERTIFICATES} certificates, ${CERTIFICATE_RULES.length} rules`);
  const samples = samplesOf();
  const seconds = effort.rawSeconds / 2;
  const times = (work: () => void): number =>
    median(Array.from({ length: effort.runs }, () => microseconds(work, seconds)));
  // The first run of anything is slower.
  microseconds(() => checkAll(samples), seconds);
  const whole = times(() => checkAll(samples)) / samples.length;
  const parse = times(() => readAll(samples)) / samples.length;
  const rules = ruleCosts(samples, effort.runs);
  const own = rules.reduce((sum, { us }) => sum + us, 0);
  const answer = times(() => checkOcspResponseData(OCSP_CONTEXT, GOOD_ANSWER));
  say(`lint: a list of ${ENTRIES} entries`);
  return {
    lines: [
      {
        what: `Lint of a certificate, ${CERTIFICATE_RULES.length} rules, processor time`,
        figure: `${number(whole)} us`,
        limit: `${US_MAX} us`,
        ...atMost(whole / US_MAX, 1),
      },
      { what: 'of which parsing the certificate, before any rule', figure: `${number(parse)} us` },
      { what: 'of which the rules themselves', figure: `${number(own)} us` },
      {
        what: 'of which parsing extensions and key when a rule first asks, and the rest',
        figure: `${number(Math.max(0, whole - parse - own))} us`,
      },
      { what: 'Lint of an OCSP response', figure: `${number(answer)} us` },
      listLine(effort.runs),
    ],
    notes: [ruleTable(rules)],
  };
};

function samplesOf(): readonly Sample[] {
  return Array.from({ length: CERTIFICATES }, (_, at) => {
    const profile = PROFILES[at % PROFILES.length] ?? 'fort/cps-signature';
    // RSA keys take their time to make, and the lint of one the same time each.
    const holder = profile.endsWith('/org-conf') ? {} : { holder: `holder-${at}` };
    const { tbs, context } = goodCertificate(profile, holder);
    return { ...context, tbs, now: BEGINS };
  });
}

function checkAll(samples: readonly Sample[]): void {
  for (const sample of samples) {
    const checked = checkCertificate(sample);
    if (!checked.ok) throw new Error(JSON.stringify(checked.error));
  }
}

function readAll(samples: readonly Sample[]): void {
  for (const sample of samples) if (!readLintInput(sample, sample.issuer).ok) throw new Error('a good certificate');
}

/**
 * Processor time of one call, over as many as fit in the time: nothing here waits, and others may
 * want the processor.
 */
function microseconds(work: () => void, seconds: number): number {
  let [calls, used] = [0, 0];
  const before = process.cpuUsage();
  while (used < seconds * 1e6) {
    work();
    calls += 1;
    const { user, system } = process.cpuUsage(before);
    used = user + system;
  }
  return used / calls;
}

type Cost = { readonly name: string; readonly us: number };

/** Each over certificates whose extensions and keys are read already: what it costs by itself. */
function ruleCosts(samples: readonly Sample[], runs: number): readonly Cost[] {
  const subjects = samples.map((sample): LintSubject => {
    const read = readLintInput(sample, sample.issuer);
    if (!read.ok) throw new Error('a good certificate');
    const { issuer, profile, environment, now } = sample;
    return { ...anySubjectOf(read.value), issuer, profile, environment, now };
  });
  const costs = CERTIFICATE_RULES.map(({ name, appliesTo, check }) => {
    const run = (): void => {
      for (const subject of subjects) if (appliesTo === undefined || appliesTo(subject)) check(subject);
    };
    microseconds(run, 0.01);
    return { name, us: median(Array.from({ length: runs }, () => microseconds(run, 0.02))) / subjects.length };
  });
  return costs.sort((a, b) => b.us - a.us);
}

function ruleTable(costs: readonly Cost[]): string {
  const rows = costs.slice(0, RULES_SHOWN).map(({ name, us }) => [`\`${name}\``, `${us.toFixed(2)} us`]);
  return [
    `The ${RULES_SHOWN} costliest of ${costs.length} rules of certificates:`,
    markdownTable([['Rule', 'Mean'], ...rows]),
  ].join('\n\n');
}

/** Beside SHA-256 of the same octets, which the lint makes on the way. */
function listLine(runs: number): Line {
  const chunks = listOf();
  const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
  const hashed: number[] = [];
  const linted: number[] = [];
  let riseMb = 0;
  for (let run = 0; run <= runs; run += 1) {
    hashed.push(msOf(() => hashAll(chunks)));
    linted.push(
      msOf(() => {
        riseMb = Math.max(run === 0 ? 0 : riseMb, lintAll(chunks));
      }),
    );
  }
  const ms = median(linted.slice(1));
  const hashMs = median(hashed.slice(1));
  return {
    what: `Lint of a CRL of ${number(ENTRIES)} entries (${number(bytes / 1e6)} MB) as it streams`,
    figure: `${number((ENTRIES / ms) * SECOND_MS)} entries/s, resident memory up by ${number(riseMb)} MB`,
    limit: `${number((ENTRIES / hashMs) * SECOND_MS)} entries/s of SHA-256 alone`,
    ratio: `${((100 * hashMs) / ms).toFixed(0)} %`,
  };
}

function msOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

function listOf(): readonly Bytes[] {
  const header = { ...HEADER, nextUpdate: HEADER.thisUpdate + DAY_MS };
  const writer = createEntryWriter();
  const chunks: Bytes[] = [];
  for (let from = 0; from < ENTRIES; from += BATCH)
    chunks.push(...writer.write(Array.from({ length: BATCH }, (_, at) => entryOf(from + at, header.thisUpdate))));
  const last = writer.flush();
  const { prefix, suffix } = frameCrl(header, writer.totals());
  return [prefix, ...chunks, ...(last === null ? [] : [last]), suffix];
}

/** Half of them with a reason, a quarter with an invalidityDate. */
function entryOf(at: number, thisUpdate: number): RevokedEntry {
  return {
    serial: `10${(at * 4_096).toString(16).padStart(30, '0')}`,
    at: thisUpdate - at * SECOND_MS,
    reason: at % 2 === 0 ? 'unspecified' : 'keyCompromise',
    invalidityDate: at % 4 === 0 ? thisUpdate - DAY_MS : null,
  };
}

function hashAll(chunks: readonly Bytes[]): void {
  const digest = createHash('sha256');
  for (const chunk of chunks) digest.update(chunk);
  digest.digest();
}

/** By how much resident memory rose meanwhile, in MB. */
function lintAll(chunks: readonly Bytes[]): number {
  const before = process.memoryUsage.rss();
  let most = before;
  const lint = createCrlLint(CONTEXT);
  for (const chunk of chunks) {
    lint.push(chunk);
    most = Math.max(most, process.memoryUsage.rss());
  }
  const ended = lint.end();
  if (!ended.ok || ended.value.entries !== ENTRIES) throw new Error(JSON.stringify(ended));
  return (most - before) / 1e6;
}
