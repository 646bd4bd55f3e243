/**
 * ops/install.md, typed as it is, with the loss of the server before its last step; then
 * ops/upgrade.md, the recovery of ops/postgresql.md, and the three nodes of ops/nodes.md.
 * Without this test an operator would be the first to find out that the way from a bare Debian to
 * a production installation does not work any more. It takes minutes, so `npm test` reads the
 * pages and types nothing. At night ops/install.md is typed twice: on layers over the system of
 * the test, where ops/nodes.md follows, and on a bare Debian, with every package fetched and the
 * native modules compiled.
 *
 * The test replaces: systemd, by a program that runs the commands of the units (without their
 * sandbox); machines, by namespaces; the DNS, by files on them; the HSM, by SoftHSM; people,
 * by a program that types.
 */
import assert from 'node:assert/strict';
import { type Installation, openInstallation } from '../../support/install/installation.js';
import { obstacle } from '../../support/install/machine.js';
import { type Block, blocksOf } from '../../support/install/page.js';
import { until } from '../../support/until.js';

const INSTALLATIONS = Number(process.env.PFCNG_INSTALLATIONS ?? 0);

/** What the screen shows in a section, by the beginning of its title. */
const SHOWN: readonly (readonly [string, RegExp])[] = [
  ['6.', /la politique est cohérente/],
  ['11.', /platform\/transcript\.ndjson: .* verified/],
  ['13.', /"state":"ready"[\s\S]*ok +database [\s\S]*ok +service +ready/],
  ['14.', /card\.pem: OK[\s\S]*card\.pem: good[\s\S]*"status":"revoked"[\s\S]*card\.pem: revoked/],
  ['15.', /"state":"ready"[\s\S]*card\.pem: revoked/],
  ['16.', /"state":"ready"[\s\S]*nginx: 200[\s\S]*forged: 401[\s\S]*card\.pem: revoked/],
  ['17.', /"state":"ready"[\s\S]*ok +backup [\s\S]*ok +service +ready/],
  ['18.', /What cannot be known[\s\S]*"state":"ready"[\s\S]*ok +home-knows [\s\S]*ok +signers-know [\s\S]*ok +backup /],
  ['Point-in-time', /successfully verified[\s\S]*"state":"ready"[\s\S]*ok +home-knows [\s\S]*ok +signers-know /],
  ['4. Redémarrer', /"state":"ready"[\s\S]*0\.1\.1[\s\S]*ok +service +ready/],
  ['5. Revenir', /"state":"ready"[\s\S]*0\.1\.0[\s\S]*ok +service +ready/],
  ['Step 1:', /\|sync/],
  ['Step 2:', /la politique est cohérente[\s\S]*"state":"ready"/],
  ['Step 3:', /"state":"ready"[\s\S]*"state":"ready"[\s\S]*node-1 +live[\s\S]*node-2 +live[\s\S]*node-3 +live/],
];

/**
 * RSA keys of 4096 bits take half of the test's time to make. On a bare Debian they are those of
 * the shipped policies.
 */
const OTHER_KEYS = `sed -i 's/"rsa-4096"/"p-384"/' /etc/pfcng/policies/*/authorities/*.json`;

/** No machine of the test is a directory: the page says what to do then. */
const NO_DIRECTORY = `sed -i 's/"ldap": "[^"]*"/"ldap": null/' /etc/pfcng/policies/environments/*.json`;

/** What the DNS says of the public addresses, on which nginx answers from step 16 on. */
const PUBLIC_ADDRESSES = "echo '127.0.0.1 igc-sante.esante.gouv.fr ocsp.esante.gouv.fr' >> /etc/hosts";

/** The server burns with its disk, and a machine without anything of ours takes its place. */
const LOSE_SERVER = `
systemctl stop pfcng.service pfcng-signers.target
systemctl stop nginx
cd /
runuser -u postgres -- dropdb pfcng
runuser -u postgres -- dropuser pfcng
rm -rf /var/lib/pfcng /etc/pfcng /etc/credstore.encrypted /var/backups/pfcng /run/pfcng-signers /run/pfcng-proxy
rm -rf /etc/systemd/system/pfcng* /usr/local/bin/pfcng
`;

const JUDGES = ['certtool', 'ocsptool', 'zlint'] as const;
/**
 * What a stranger finds out of the card of step 14 with other programs: each address in its
 * certificate answers, and each program says that it is right and revoked. ocsptool builds no
 * chain for the responder, so that the CA itself is trusted.
 */
const JUDGE = `
command -v ${JUDGES.join(' ')}
cd ~/keys
address() { openssl x509 -in card.pem -noout -text | grep -A3 "$1" | sed -n 's/.*URI:\\(http:.*\\)/\\1/p' | head -n 1; }
curl -sSf "$(address 'CRL Distribution')" | openssl crl -inform DER -out named.crl.pem
curl -sSf "$(address 'CA Issuers')" | openssl x509 -inform DER -out named-ca.pem
cmp named-ca.pem aci-fo-pp.pem
openssl verify -x509_strict -CAfile acr-fo.pem -untrusted named-ca.pem card.pem
openssl verify -crl_check -CAfile acr-fo.pem -untrusted named-ca.pem -CRLfile named.crl.pem card.pem 2>&1 || true
openssl ocsp -issuer named-ca.pem -CAfile acr-fo.pem -cert card.pem -url "$(address 'OCSP - URI')"
ocsptool --ask="$(address 'OCSP - URI')" --load-cert card.pem --load-issuer named-ca.pem --load-trust named-ca.pem || true
cat card.pem named-ca.pem > chain.pem
certtool --verify --load-ca-certificate acr-fo.pem --infile chain.pem
zlint -includeSources RFC5280,RFC5480,RFC5891 card.pem > zlint.json
jq -r '[.[].result | select(. == "error" or . == "fatal")] | "zlint: \\(length) errors"' zlint.json
`;
const JUDGED = [
  /^card\.pem: OK$/m,
  /certificate revoked/,
  /^card\.pem: revoked$/m,
  /Certificate Status: revoked/,
  /Chain verification output: Verified/,
  /^zlint: 0 errors$/m,
] as const;

const missing = obstacle();

/** Pending, with the reason, where no machine can be made. */
const itHere = (title: string, test: () => Promise<void>): void => {
  if (missing === null) it(title, test);
  else it(`${title} (${missing})`);
};

const INSTALL = blocksOf('install.md');
const UPGRADE = blocksOf('upgrade.md');
const NODES = blocksOf('nodes.md');
const RECOVERY = blocksOf('postgresql.md');
const sectionsOf = (blocks: readonly Block[]): readonly string[] => [...new Set(blocks.map(({ section }) => section))];

describe('ops/install.md, ops/upgrade.md, ops/postgresql.md and ops/nodes.md', () => {
  it('have every section of which the test knows what it shows', () => {
    const sections = sectionsOf([...INSTALL, ...UPGRADE, ...NODES, ...RECOVERY]);
    const gone = SHOWN.filter(([begin]) => !sections.some((section) => section.startsWith(begin)));
    assert.deepEqual(gone, []);
  });
});

for (const bare of [false, true].slice(0, INSTALLATIONS))
  describe(`an installation that is typed from ops/install.md on ${bare ? 'a bare Debian' : 'this Debian'}`, function () {
    this.timeout(bare ? 3_600_000 : 900_000);
    // What comes after a section that failed could only fail too.
    this.bail(true);
    let opened: Installation | null = null;
    const installation = (): Installation => {
      assert.ok(opened);
      return opened;
    };

    before(async function openMachines() {
      if (missing === null) opened = await openInstallation({ bare });
    });
    after(() => opened?.close());

    async function type(blocks: readonly Block[], section: string): Promise<void> {
      let seen = '';
      for (const block of blocks.filter((one) => one.section === section)) seen += await installation().type(block);
      for (const [begin, shown] of SHOWN) if (section.startsWith(begin)) assert.match(seen, shown);
    }

    const typedHere = (blocks: readonly Block[]) => blocks.filter(({ online }) => bare || !online);
    const sectionOf = (begin: string): string =>
      sectionsOf(INSTALL).find((one) => one.startsWith(begin)) ?? assert.fail(begin);
    const again = async (begin: string): Promise<void> => {
      const offline = INSTALL.filter(({ online }) => !online);
      await type(offline, sectionOf(begin));
    };
    for (const section of sectionsOf(typedHere(INSTALL)))
      itHere(section, async () => {
        const isRestore = section.startsWith('18.');
        if (isRestore) {
          await installation().look('server', LOSE_SERVER);
          for (const begin of ['3.', '4.']) await again(begin);
        }
        await type(typedHere(INSTALL), section);
        if (isRestore) await again('16.');
        if (section.startsWith('16.')) await installation().look('server', PUBLIC_ADDRESSES);
        if (section.startsWith('6.')) await installation().look('server', NO_DIRECTORY);
        if (!bare && section.startsWith('6.')) await installation().look('server', OTHER_KEYS);
      });

    itHere('leaves no PIN in a file, and no key that others can read', async () => {
      const pins = await installation().look('server', 'ls -A /var/lib/pfcng/pins');
      assert.equal(pins.trim(), '');
      const key = await installation().look('server', "stat -c '%U %a' /etc/pfcng/tls/server.key.pem");
      assert.equal(key.trim(), 'pfcng 400');
    });

    if (!bare)
      itHere('issues what other programs find right, at the addresses that its certificates name', async () => {
        const judged = await installation().look('client', JUDGE);
        for (const words of JUDGED) assert.match(judged, words);
      });

    itHere('has all that its ceremonies are verified with, also after the restore', async () => {
      const log = await installation().look('server', 'cat /run/units/pfcng.service.log');
      assert.doesNotMatch(log, /founding\.not-registered/);
    });

    describe('and an upgrade that is typed from ops/upgrade.md, and taken back', () => {
      before(async function addLaterVersion() {
        if (missing === null) await installation().addLaterVersion();
      });

      for (const section of sectionsOf(typedHere(UPGRADE)))
        itHere(section, async () => {
          await type(typedHere(UPGRADE), section);
          // The page says so: units may have changed.
          const units = INSTALL.filter((block) => block.section.startsWith('3.'));
          if (section.startsWith('3.')) for (const block of units) await installation().type(block);
        });
    });

    for (const section of sectionsOf(RECOVERY))
      itHere(section, async () => {
        await type(RECOVERY, section);
        await again('15.');
      });

    if (!bare) describe('and three nodes that are typed from ops/nodes.md', () => threeNodes(installation, type));
  });

function threeNodes(
  installation: () => Installation,
  type: (blocks: readonly Block[], section: string) => Promise<void>,
): void {
  const blocks = NODES.filter(({ online }) => !online);
  const beginning = (begin: string): string => {
    const section = sectionsOf(blocks).find((one) => one.startsWith(begin));
    assert.ok(section, `no section begins with ${begin}`);
    return section;
  };

  before(async function addMachines() {
    if (missing === null) await installation().addMachines();
  });

  for (const section of ['Step 1:', 'Step 2:'].map(beginning)) itHere(section, () => type(blocks, section));

  itHere(beginning('Step 3:'), async () => {
    const program = INSTALL.filter(({ section, online }) => /^[123]\./.test(section) && !online);
    for (const block of program) await installation().type({ ...block, places: ['node-2', 'node-3'] });
    await type(blocks, beginning('Step 3:'));
  });

  itHere(beginning('Step 4:'), async () => {
    await type(blocks, beginning('Step 4:'));
    const inTheDns = `sed "s/^127.0.0.1 igc/$(getent hosts balancer | cut -d' ' -f1) igc/" /etc/hosts > hosts && cat hosts > /etc/hosts`;
    await installation().look('client', inTheDns);
  });

  itHere('Step 5: a node is lost, and a client that repeats each request once sees no error', async () => {
    const { look, type: typeBlock, pullPlug } = installation();
    const count = async (): Promise<number> =>
      Number(
        await look(
          'database-1',
          "cd / && runuser -u postgres -- psql -Atc 'select count(*) from certificates' pfcng | cat",
        ),
      );
    const before = await count();
    const [ordering, looking] = blocks.filter(({ section }) => section === beginning('Step 5:'));
    assert.ok(ordering && looking);
    const ordered = typeBlock(ordering);
    await until('five cards have certificates', async () => {
      const files = await look('client', 'find ~/keys -name "card-10*.json" | wc -l');
      return Number(files) >= 5;
    });
    await pullPlug('node-3');
    const ids = (await ordered).match(/^[0-9a-f]{8}-[0-9a-f-]{27}$/gm) ?? [];
    assert.equal(new Set(ids).size, 30);
    assert.equal((await count()) - before, 60);
    await until('node-3 is lost', async () =>
      /node-3 +lost/.test(await look('server', 'runuser -u pfcng -- pfcng nodes')),
    );
    assert.match(await typeBlock(looking), /ok +service +(ready|degraded)/);
  });
}
