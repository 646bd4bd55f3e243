/**
 * `pfcng lint list`: without these tests an auditor could read a list that lacks a rule, or a
 * clause that names a rule which does not exist.
 */
import assert from 'node:assert/strict';
import { STRICT_DER } from '../../../src/lint/certificate/lint.js';
import { AUTHORITY_RULES, CERTIFICATE_RULES, LINK_RULES } from '../../../src/lint/certificate/lists/platform.js';
import { ANY_CRL_RULES, OWN_CRL_RULES } from '../../../src/lint/crl/lists.js';
import { ANY_OCSP_RULES, OWN_OCSP_RULES } from '../../../src/lint/ocsp/lists.js';
import { STANDARDS } from '../../../src/lint/published/standards.js';
import { ZLINT_LINTS } from '../../../src/lint/published/zlint.js';
import { makeEmptyPlace, runInProcess } from '../../support/machine/in-process.js';

type Row = Readonly<Record<string, string | readonly string[]>>;

/** The rows that the command prints as JSON, of all its listings. */
async function listed(...options: readonly string[]): Promise<readonly Row[]> {
  const place = makeEmptyPlace();
  try {
    const { stdout } = await runInProcess(place, ['lint', 'list', ...options, '--json']);
    return (JSON.parse(stdout) as readonly { readonly rows: readonly Row[] }[]).flatMap(({ rows }) => rows);
  } finally {
    place.remove();
  }
}

const certificateRules = new Map(
  [STRICT_DER, ...CERTIFICATE_RULES, ...AUTHORITY_RULES, ...LINK_RULES].map((rule) => [rule.name as string, rule]),
);

describe('pfcng lint list --standards', () => {
  it('prints every clause with its rules and its note', async () => {
    const clauses = STANDARDS.flatMap((standard) => standard.clauses);
    assert.deepEqual(
      await listed('--standards'),
      clauses.map((clause) => ({ note: '', ...clause })),
    );
  });

  const named = new Set<string>(STANDARDS.flatMap(({ clauses }) => clauses.flatMap(({ rules }) => rules)));

  it('names only rules that exist', () => {
    assert.deepEqual(
      [...named].filter((rule) => !certificateRules.has(rule)),
      [],
    );
  });

  /** RFC 4518 and RFC 9525 require these; the tables cover neither. */
  const elsewhere = ['e_subject_has_no_invisible_characters', 'e_dns_names_begin_with_common_name'];
  for (const rule of certificateRules.keys()) {
    if (rule.startsWith('e_cps_')) continue;
    const isElsewhere = elsewhere.includes(rule);
    it(`${rule}: ${isElsewhere ? 'no clause of the tables' : 'a clause of a public standard'} asks for it`, () => {
      assert.equal(named.has(rule), !isElsewhere, 'src/lint/published/standards.ts has the clauses');
    });
  }
});

describe('pfcng lint list --zlint', () => {
  it('prints every lint of zlint once, with the rules or the reason', async () => {
    const rows = await listed('--zlint');
    assert.deepEqual(
      rows.flatMap(({ lints }) => lints),
      ZLINT_LINTS.flatMap(({ lints }) => lints),
    );
    assert.deepEqual(
      rows.filter(({ rules = [], why = '' }) => rules.length + why.length === 0),
      [],
    );
  });
});

describe('pfcng lint list', () => {
  const others = [ANY_CRL_RULES, OWN_CRL_RULES, ANY_OCSP_RULES, OWN_OCSP_RULES].flatMap((rules) =>
    Object.values(rules).flat(),
  );
  const wanted = new Map([...certificateRules, ...others.map((rule) => [rule.name as string, rule] as const)]);
  let rows: readonly Row[] = [];
  before(async () => {
    rows = await listed();
  });

  for (const [name, { citation, effective }] of wanted) {
    it(`${name}: has its row, with what it requires, its source and its day`, () => {
      const [row, ...more] = rows.filter(({ rule }) => rule === name);
      assert.deepEqual([row?.source, row?.from, more], [citation, effective, []]);
      assert.match(String(row?.requires), /^[^*]{20,}$/);
    });
  }

  it('has no other row than those of the readers of CRLs and OCSP responses', () => {
    const readers = rows.map(({ rule }) => String(rule)).filter((rule) => !wanted.has(rule));
    assert.deepEqual(readers.length, 5, readers.join());
  });
});
