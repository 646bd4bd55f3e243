import { guardsOf, type Mutants } from './mutant.js';

const refusals = guardsOf('src/http/trail/refusals.ts', 'test/unit/http/request-trail.test.ts');
const mass = guardsOf(
  'src/operations/revocation/mass-revocation.ts',
  'test/integration/service/revocation/mass-revocations.test.ts',
);

const LOCKED_OUT = 'test/integration/service/revocation/locked-out.test.ts';

/** Guards of the traces that requests leave, and of orders that could lock people out. */
export const REQUESTS: Mutants = {
  'requests/refusal-recorded': guardsOf('src/http/trail/exchange.ts', 'test/integration/attack/requests.test.ts')(
    'Every refused request is in the audit log.',
    {
      find: 'await trail.recordRefusal({',
      replace: 'void ({',
      title: 'left a trace of each refused request',
      whole: true,
    },
  ),
  'requests/invalidity-date-of-a-list': guardsOf(
    'src/operations/revocation/revoke.ts',
    'test/integration/attack/requests.test.ts',
  )('No client can give an invalidity date that makes a list of its CA impossible.', {
    find: 'invalidityDate >= INVALIDITY_DATE_MIN && ',
    replace: '',
    title: 'cannot suspend with a date in the future, nor with one that no list could have',
  }),
  'requests/refusals-bounded': refusals('Refusals of one account for one reason are counted after the tenth.', {
    find: 'before < RECORDED_PER_MINUTE_MAX && ',
    replace: '',
    title: 'is part of a count after the tenth refusal',
  }),
  'requests/overload-costs-nothing': refusals('A refusal in an overload costs no transaction.', {
    find: ' && !COUNTED_ONLY.includes(failure.kind)',
    replace: '',
    title: 'costs no transaction in an overload',
  }),
  'requests/search-keys': guardsOf('src/audit/chain.ts', 'test/unit/audit/chain.test.ts')(
    'An entry cannot be hidden from searches.',
    {
      find: 'if (canonicalJson(read.keys) !== canonicalJson(entry.keys)) return',
      replace: 'if (read.seq < 0) return',
      title: 'an entry that a search would not find',
    },
  ),
  'requests/every-checkpoint': guardsOf('src/audit/chain.ts', 'test/unit/audit/chain.test.ts')(
    'Two different checkpoints of one entry are both compared.',
    {
      find: 'if (!checkpoints.every(',
      replace: 'if (!checkpoints.slice(-1).every(',
      title: 'two checkpoints of one entry that differ are both compared',
    },
  ),
  'requests/lock-out-explained': guardsOf('src/access/client-certificate.ts', LOCKED_OUT)(
    'People of an account whose certificate was revoked learn what to do.',
    {
      find: "if (state?.status === 'revoked')",
      replace: "if (state?.status === 'open')",
      title: 'learns when its certificate was revoked, and whom to ask',
      whole: true,
    },
  ),
  'requests/certify-locked-out-only': guardsOf('src/operations/accounts/certify-account.ts', LOCKED_OUT)(
    'An officer certifies an account only if it has no certificate in force.',
    {
      find: "if (status === 'revoked' || status === 'expired' || lostKeys.has(record.spkiSha256)) continue;",
      replace: 'if (status !== null) continue;',
      title: 'gets the same certificate for the same request, and no second one while that is in force',
      whole: true,
    },
  ),
  'requests/certify-binds': guardsOf('src/operations/accounts/certify-account.ts', LOCKED_OUT)(
    'The account authenticates with its new certificate.',
    {
      find: 'const bound = await changeAccount(world, { id: accountId, change }, { officer: officer.id });',
      replace: 'const bound = await Promise.resolve({ ok: true, value: change, error: { kind: "" } });',
      title: 'works again after the commands of ops/mass-revocation.md',
      whole: true,
    },
  ),
  'requests/count-as-expected': mass('An order that hits another number than expected is refused.', {
    find: 'matched === expected.count ? []',
    replace: 'matched > 0 ? []',
    title: 'unless they say how many certificates they hit',
  }),
  'requests/accounts-named': mass('An order that locks out accounts names them.', {
    find: 'const isSame = expected.length === new Set(named).size && expected.every((name) => named.includes(name));',
    replace: 'const isSame = named.length >= 0;',
    title: 'unless they name the accounts',
  }),
};
