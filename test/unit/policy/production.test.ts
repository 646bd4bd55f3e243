import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPolicy } from '../../../src/config/policy.js';
import { ASSUMED } from '../../../src/policy/checks/marks.js';
import { policyFaultLines } from '../../../src/policy/load/describe-faults.js';
import { decidePolicy, PRODUCTION, productionFiles } from '../../support/ceremony/production.js';
import { POLICIES, policyCopy } from './fixtures.js';

const REFUSED: readonly {
  readonly title: string;
  readonly pointer: string;
  readonly change: Record<string, unknown>;
}[] = [
  {
    title: 'a TEST organizational unit',
    pointer: '/names/organizationalUnit',
    change: { names: { organizationalUnit: 'IGC-SANTE TEST', commonNamePrefix: '' } },
  },
  {
    title: 'a TEST prefix',
    pointer: '/names/commonNamePrefix',
    change: { names: { organizationalUnit: 'IGC-SANTE', commonNamePrefix: 'TEST ' } },
  },
  {
    title: 'a category of test cards',
    pointer: '/cardCategories/card',
    change: { cardCategories: { card: '80', module: '02', software: '03' } },
  },
  {
    title: 'the policy of the TEST hierarchy',
    pointer: '/policyOid',
    change: { policyOid: '1.2.250.1.213.1.7.2.1.1.1.1' },
  },
  {
    title: 'the arc of the TEST hierarchy as a policy',
    pointer: '/policyOid',
    change: { policyOid: '1.2.250.1.213.1.7.2' },
  },
  { title: 'accounts of development', pointer: '/developmentAccounts', change: { developmentAccounts: true } },
  { title: 'unchecked keys of identifiers', pointer: '/luhnChecked', change: { luhnChecked: false } },
  { title: 'cards of several holders', pointer: '/cardsOfOneHolder', change: { cardsOfOneHolder: false } },
  {
    title: 'addresses in server certificates',
    pointer: '/ipAddressNames',
    change: { ipAddressNames: ['127.0.0.1'] },
  },
  { title: 'servers in a special-use domain', pointer: '/specialUseNames', change: { specialUseNames: ['test'] } },
  { title: 'cards that are used again', pointer: '/refusesOpposed', change: { refusesOpposed: false } },
  {
    title: 'a ceiling above the one in code',
    pointer: '/certificatesPerHourCeiling',
    change: { certificatesPerHourCeiling: 5_000_001 },
  },
  { title: 'renewal at any time', pointer: '/renewalAnyTime', change: { renewalAnyTime: true } },
  {
    title: 'silence about where keys were made',
    pointer: '/keyOriginRequired',
    change: { keyOriginRequired: false },
  },
  {
    title: 'suspension against the profiles',
    pointer: '/suspensionAlsoFor',
    change: { suspensionAlsoFor: ['elementaire/org-auth-cli'] },
  },
  {
    title: 'as many certificates an hour as the benches of development sign',
    pointer: '/certificatesPerHourMax',
    change: { certificatesPerHourMax: 20_000_000 },
  },
];

describe('the production environment', () => {
  let copy: ReturnType<typeof policyCopy>;
  beforeEach(() => {
    copy = policyCopy();
  });
  afterEach(() => copy.remove());

  const decideAll = () => decidePolicy(copy.directory);

  it('is rejected with the list of everything that an officer must still decide', () => {
    const expected = productionFiles().flatMap((file) => {
      const { sources } = JSON.parse(readFileSync(join(POLICIES, file), 'utf8')) as { sources: Record<string, string> };
      return Object.keys(sources)
        .filter((pointer) => sources[pointer] === 'assumption')
        .map((pointer) => `${file} ${pointer}`);
    });
    assert.ok(expected.length > 10);
    const loaded = loadPolicy(POLICIES, 'production');
    assert.ok(!loaded.ok);
    const assumptions = loaded.error.filter(({ message }) => message.includes('assumption'));
    assert.deepEqual(assumptions.map(({ file, pointer }) => `${file} ${pointer}`).sort(), [...expected].sort());
    const policyOid = assumptions.find(({ pointer }) => pointer === '/policyOid');
    assert.match(policyOid?.message ?? '', /the certification policy assigns the real one/);
  });

  it('loads when officers have decided', async () => {
    await decideAll();
    assert.deepEqual(copy.load('production'), []);
    const loaded = loadPolicy(copy.directory, 'production');
    assert.ok(loaded.ok);
    assert.deepEqual(loaded.value.environment.cardCategories, { card: '00', module: '02', software: '03' });
  });

  it('rejects a decision without a date, and says to officers how many values are left', async () => {
    await decideAll();
    copy.change('fort/hierarchy.json', (body) => {
      const [at = ''] = Object.entries(body.sources as object).find(([, source]) => source === 'decision') ?? [];
      return { ...body, notes: { ...(body.notes as object), [at]: 'the committee has agreed' } };
    });
    const undated = copy.load('production');
    assert.deepEqual(
      undated.map(({ file }) => file),
      ['fort/hierarchy.json'],
    );
    assert.match(undated[0]?.message ?? '', /does not say when/);
    const lines = policyFaultLines([...undated, { file: 'a', pointer: '/b', message: `${ASSUMED}: x` }]);
    assert.equal(lines.length, 3);
    assert.match(lines[0] ?? '', /^a\/b: is an assumption/);
    assert.match(lines[2] ?? '', /^1 valeurs restent .*production-policy\.md \/ 1 values are left/);
  });

  for (const { title, pointer, change } of REFUSED)
    it(`refuses ${title}`, async () => {
      await decideAll();
      copy.change(PRODUCTION, (body) => ({ ...body, ...change }));
      assert.deepEqual(
        copy.load('production').map((fault) => fault.file + fault.pointer),
        [PRODUCTION + pointer],
      );
    });

  it('rejects a local address, and authorities with RSA keys of less than 3000 bits', async () => {
    await decideAll();
    copy.change(PRODUCTION, (body) => ({
      ...body,
      addresses: { ...(body.addresses as object), publication: 'http://127.0.0.1:8080' },
    }));
    copy.change('fort/authorities/acr-fo.json', (body) => ({ ...body, keyType: 'rsa-2048' }));
    assert.deepEqual(
      copy.load('production').map((fault) => fault.file + fault.pointer),
      [`${PRODUCTION}/addresses/publication`, 'fort/authorities/acr-fo.json/keyType'],
    );
  });
});
