/**
 * ops/install.md, typed as it is. Without this test an operator would be the first to find out that
 * the way from a bare Debian to a production installation does not work any more. It takes minutes,
 * so `npm test` reads the page and types nothing. At night it is typed twice: on layers over the
 * system of the test, and on a bare Debian, with every package fetched and the program compiled.
 *
 * The test replaces: systemd, by a program that runs the commands of the units (without their
 * sandbox); two machines, by namespaces; the HSM, by SoftHSM; people, by a program that types.
 */
import assert from 'node:assert/strict';
import { type Installation, openInstallation } from '../../support/install/installation.js';
import { obstacle } from '../../support/install/machine.js';
import { blocksOfPage } from '../../support/install/page.js';

const INSTALLATIONS = Number(process.env.PFCNG_INSTALLATIONS ?? 0);

/** What the screen shows in a section, by its number. */
const SHOWN = {
  '6': /la politique est cohérente/,
  '11': /platform\/transcript\.ndjson: .* verified/,
  '13': /"state":"ready"[\s\S]*ok +database [\s\S]*ok +service +ready/,
  '14': /card\.pem: OK[\s\S]*card\.pem: good[\s\S]*"status":"revoked"[\s\S]*card\.pem: revoked/,
  '15': /"state":"ready"[\s\S]*card\.pem: revoked/,
  '16': /"state":"ready"[\s\S]*ok +home-knows [\s\S]*ok +signers-know [\s\S]*card\.pem: revoked/,
} as const satisfies Readonly<Record<string, RegExp>>;

/**
 * RSA keys of 4096 bits take half of the test's time to make. On a bare Debian they are those of
 * the shipped policies.
 */
const OTHER_KEYS = `sed -i 's/"rsa-4096"/"p-384"/' /etc/pfcng/policies/*/authorities/*.json`;

const missing = obstacle();

/** Pending, with the reason, where no machine can be made. */
const itHere = (title: string, test: () => Promise<void>): void => {
  if (missing === null) it(title, test);
  else it(`${title} (${missing})`);
};

const SECTIONS = [...new Set(blocksOfPage().map(({ section }) => section))];
const numberOf = (section: string): string => section.split('.')[0] ?? '';

describe('ops/install.md', () => {
  it('has every section of which the test knows what it shows', () => {
    const numbers = SECTIONS.map(numberOf);
    assert.deepEqual(
      Object.keys(SHOWN).filter((number) => !numbers.includes(number)),
      [],
    );
  });
});

for (const bare of [false, true].slice(0, INSTALLATIONS))
  describe(`an installation that is typed from ops/install.md on ${bare ? 'a bare Debian' : 'this Debian'}`, function () {
    this.timeout(bare ? 3_600_000 : 600_000);
    // What comes after a section that failed could only fail too.
    this.bail(true);
    let installation: Installation | null = null;

    before(async function openMachines() {
      if (missing === null) installation = await openInstallation({ bare });
    });
    after(() => installation?.close());

    const typedHere = blocksOfPage().filter(({ online }) => bare || !online);
    for (const section of new Set(typedHere.map((block) => block.section)))
      itHere(section, async () => {
        assert.ok(installation);
        let seen = '';
        for (const block of installation.blocks.filter((one) => one.section === section))
          seen += await installation.type(block);
        if (!bare && numberOf(section) === '6') await installation.look('server', OTHER_KEYS);
        const shown: RegExp | undefined = (SHOWN as Readonly<Record<string, RegExp>>)[numberOf(section)];
        if (shown !== undefined) assert.match(seen, shown);
      });

    itHere('leaves no PIN in a file, and no key that others can read', async () => {
      assert.ok(installation);
      const pins = await installation.look('server', 'ls -A /var/lib/pfcng/pins');
      assert.equal(pins.trim(), '');
      const key = await installation.look('server', "stat -c '%U %a' /etc/pfcng/tls/server.key.pem");
      assert.equal(key.trim(), 'pfcng 400');
    });
  });
