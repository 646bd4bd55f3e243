import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  anyOf,
  hasFile,
  hasModule,
  hasOpencryptokiPackage,
  hasPkcs11Module,
  hasVersionedPostgresql,
} from './installed.mjs';

/**
 * What the system must have, as a table: how to find it, and the name of its package on each
 * system. `when`: `run` for `npm start`, `bench` for `npm run bench`, `compile` whenever native
 * modules must be built. `tests`: the folders of tests that use it; `npm test -- FOLDER`
 * installs nothing else. A test compares them with what the test files import. Where a system has
 * no package, it is `null`, and `elsewhere` says how to get the program.
 *
 * @typedef {'run' | 'bench' | 'compile'} Purpose
 * @typedef {{ purposes: readonly Purpose[], tests?: readonly string[] }} WantedTools
 * @typedef {'debian' | 'fedora' | 'alpine' | 'macos'} System
 * @typedef {object} Need
 * @property {string} what
 * @property {readonly Purpose[]} when
 * @property {readonly string[]} [tests]
 * @property {() => boolean} isThere
 * @property {Readonly<Record<System, string | null>>} packages
 * @property {string} [elsewhere]
 */

/** @type {readonly Need[]} */
export const NEEDS = [
  {
    what: 'SoftHSM (PKCS#11 tokens for development)',
    when: ['run'],
    tests: [
      'test/conformance',
      'test/fault',
      'test/integration/attack',
      'test/integration/backup',
      'test/integration/campaigns',
      'test/integration/cards',
      'test/integration/ceremony',
      'test/integration/console',
      'test/integration/enrolment',
      'test/integration/hsm',
      'test/integration/install',
      'test/integration/jobs',
      'test/integration/monitoring',
      'test/integration/restore',
      'test/integration/service',
      'test/integration/updates',
      'test/scale',
      'test/unit/hsm',
    ],
    isThere: hasPkcs11Module,
    packages: { debian: 'softhsm2', fedora: 'softhsm', alpine: 'softhsm', macos: 'softhsm' },
  },
  {
    what: 'openssl (checks what was issued)',
    when: ['run'],
    tests: ['test'],
    isThere: anyOf('openssl'),
    packages: { debian: 'openssl', fedora: 'openssl', alpine: 'openssl', macos: 'openssl@3' },
  },
  {
    what: 'a C++ compiler (sqlite3, pkcs11js and the PKCS#11 loader are built from source)',
    when: ['compile'],
    isThere: anyOf('c++', 'g++', 'clang++'),
    packages: { debian: 'g++', fedora: 'gcc-c++', alpine: 'g++', macos: null },
    elsewhere: 'xcode-select --install',
  },
  {
    what: 'make',
    when: ['compile'],
    isThere: anyOf('make', 'gmake'),
    packages: { debian: 'make', fedora: 'make', alpine: 'make', macos: 'make' },
  },
  {
    what: 'python3 (node-gyp runs on it)',
    when: ['compile'],
    tests: ['test/fault', 'test/integration/ceremony', 'test/integration/install', 'test/integration/service'],
    isThere: anyOf('python3'),
    packages: { debian: 'python3', fedora: 'python3', alpine: 'python3', macos: 'python3' },
  },
  {
    what: 'curl (the other client of the tests)',
    when: [],
    tests: [
      'test/conformance',
      'test/fault',
      'test/integration/attack',
      'test/integration/backup',
      'test/integration/campaigns',
      'test/integration/cards',
      'test/integration/ceremony',
      'test/integration/console',
      'test/integration/enrolment',
      'test/integration/install',
      'test/integration/monitoring',
      'test/integration/orders',
      'test/integration/publish',
      'test/integration/restore',
      'test/integration/service',
      'test/integration/updates',
      'test/integration/webhooks',
      'test/scale',
      'test/unit/backup',
    ],
    isThere: anyOf('curl'),
    packages: { debian: 'curl', fedora: 'curl', alpine: 'curl', macos: 'curl' },
  },
  {
    what: 'jq (the commands of README.md use it)',
    when: [],
    tests: ['test/integration/install', 'test/integration/service'],
    isThere: anyOf('jq'),
    packages: { debian: 'jq', fedora: 'jq', alpine: 'jq', macos: 'jq' },
  },
  {
    what: 'zsh (completes commands)',
    when: [],
    tests: ['test/unit/cli'],
    isThere: anyOf('zsh'),
    packages: { debian: 'zsh', fedora: 'zsh', alpine: 'zsh', macos: 'zsh' },
  },
  {
    what: 'fish (completes commands)',
    when: [],
    tests: ['test/unit/cli'],
    isThere: anyOf('fish'),
    packages: { debian: 'fish', fedora: 'fish', alpine: 'fish', macos: 'fish' },
  },
  {
    what: 'pdftotext (reads the minutes of ceremonies)',
    when: [],
    tests: ['test/integration/ceremony', 'test/unit/ceremony'],
    isThere: anyOf('pdftotext'),
    packages: { debian: 'poppler-utils', fedora: 'poppler-utils', alpine: 'poppler-utils', macos: 'poppler' },
  },
  {
    what: 'GnuTLS certtool and ocsptool (second judge of chains and answers)',
    when: [],
    tests: ['test/conformance', 'test/integration/install'],
    isThere: anyOf('ocsptool'),
    packages: { debian: 'gnutls-bin', fedora: 'gnutls-utils', alpine: 'gnutls-utils', macos: 'gnutls' },
  },
  {
    what: 'opencryptoki (second PKCS#11 implementation)',
    when: [],
    tests: ['test/integration/hsm'],
    isThere: () => hasModule('pkcs11/libopencryptoki.so') || !hasOpencryptokiPackage(),
    packages: { debian: 'opencryptoki', fedora: 'opencryptoki', alpine: null, macos: null },
  },
  {
    what: 'p11-kit (an HSM that can be killed)',
    when: [],
    tests: ['test/integration/hsm'],
    isThere: anyOf('p11-kit'),
    packages: { debian: 'p11-kit', fedora: 'p11-kit-server', alpine: 'p11-kit-server', macos: 'p11-kit' },
  },
  {
    what: "p11-kit's client module",
    when: [],
    tests: ['test/integration/hsm'],
    isThere: () => hasModule('pkcs11/p11-kit-client.so'),
    packages: { debian: 'p11-kit-modules', fedora: 'p11-kit-server', alpine: 'p11-kit-server', macos: 'p11-kit' },
  },
  {
    what: 'the PostgreSQL server (tests and bench start clusters of their own)',
    when: ['bench'],
    tests: [
      'test/conformance',
      'test/fault',
      'test/integration/approvals',
      'test/integration/attack',
      'test/integration/backup',
      'test/integration/campaigns',
      'test/integration/cards',
      'test/integration/ceremony',
      'test/integration/console',
      'test/integration/counts',
      'test/integration/crl',
      'test/integration/db',
      'test/integration/enrolment',
      'test/integration/hsm',
      'test/integration/install',
      'test/integration/jobs',
      'test/integration/monitoring',
      'test/integration/ocsp',
      'test/integration/orders',
      'test/integration/restore',
      'test/integration/service',
      'test/integration/updates',
      'test/integration/webhooks',
      'test/scale',
      'test/unit/console',
    ],
    isThere: () => anyOf('initdb')() || hasVersionedPostgresql(),
    packages: { debian: 'postgresql', fedora: 'postgresql-server', alpine: 'postgresql', macos: 'postgresql@16' },
  },
  {
    what: 'debootstrap (makes the bare Debian of an installation)',
    when: [],
    tests: ['test/integration/install'],
    isThere: () => hasFile('/usr/sbin/debootstrap') || !existsSync('/etc/debian_version'),
    packages: { debian: 'debootstrap', fedora: null, alpine: null, macos: null },
  },
  {
    what: 'systemd (its units, users and credentials; it need not run)',
    when: [],
    tests: ['test/integration/install'],
    isThere: () => anyOf('systemd-creds')() || !existsSync('/etc/debian_version'),
    packages: { debian: 'systemd', fedora: null, alpine: null, macos: null },
  },
  {
    what: 'ip (makes the networks of tests with several hosts)',
    when: [],
    tests: ['test/fault', 'test/integration/install'],
    isThere: () => anyOf('ip')() || hasFile('/usr/sbin/ip', '/sbin/ip') || process.platform !== 'linux',
    packages: { debian: 'iproute2', fedora: 'iproute', alpine: 'iproute2', macos: null },
  },
  {
    what: 'HAProxy (the balancer before several nodes)',
    when: [],
    tests: ['test/integration/install'],
    isThere: () => hasFile('/usr/sbin/haproxy') || !existsSync('/etc/debian_version'),
    packages: { debian: 'haproxy', fedora: null, alpine: null, macos: null },
  },
  {
    what: 'strace (shows that what is promised was written to the disk first)',
    when: [],
    tests: ['test/fault'],
    isThere: () => anyOf('strace')() || process.platform !== 'linux',
    packages: { debian: 'strace', fedora: 'strace', alpine: 'strace', macos: null },
  },
  {
    what: 'zlint (judge of profiles)',
    when: [],
    tests: ['test/conformance', 'test/integration/install'],
    isThere: anyOf('zlint'),
    packages: { debian: 'zlint', fedora: null, alpine: null, macos: 'zlint' },
    elsewhere: 'go install github.com/zmap/zlint/v3/cmd/zlint@latest',
  },
  {
    what: 'certificates that others made to try readers with (NIST PKITS and pyca)',
    when: [],
    tests: ['test/conformance'],
    isThere: () => existsSync('/usr/lib/python3/dist-packages/cryptography_vectors/x509'),
    packages: { debian: 'python3-cryptography-vectors', fedora: null, alpine: null, macos: null },
    elsewhere: 'put the folder cryptography_vectors of pyca/cryptography into /usr/lib/python3/dist-packages',
  },
  {
    what: 'NSS vfychain, certutil, crlutil and cmsutil (third judge of chains; the certificates of browsers)',
    when: [],
    tests: ['test/conformance', 'test/integration/console'],
    isThere: anyOf('vfychain'),
    packages: { debian: 'libnss3-tools', fedora: 'nss-tools', alpine: 'nss-tools', macos: 'nss' },
  },
  {
    what: 'Chromium (opens the console)',
    when: [],
    tests: ['test/integration/console'],
    isThere: () => anyOf('chromium', 'chromium-browser')() || process.platform !== 'linux',
    packages: { debian: 'chromium', fedora: 'chromium', alpine: 'chromium', macos: null },
    elsewhere: 'the tests of the console run on Linux only',
  },
  {
    what: 'a JDK (fourth judge of chains)',
    when: [],
    tests: ['test/conformance'],
    isThere: anyOf('javac'),
    packages: {
      debian: 'default-jdk-headless',
      fedora: 'java-latest-openjdk-devel',
      alpine: 'openjdk21-jdk',
      macos: 'openjdk',
    },
  },
  {
    what: 'Bouncy Castle (fifth judge of chains, an EST client, and a judge of CMP messages)',
    when: [],
    tests: ['test/conformance'],
    isThere: () => ['bcprov', 'bcpkix', 'bcutil'].every((name) => existsSync(`/usr/share/java/${name}.jar`)),
    packages: { debian: 'libbcpkix-java', fedora: 'bouncycastle-pkix', alpine: null, macos: null },
    elsewhere: 'put bcprov.jar, bcpkix.jar and bcutil.jar of https://www.bouncycastle.org into /usr/share/java',
  },
  {
    what: 'estclient of libest (an EST client)',
    when: [],
    tests: ['test/conformance'],
    isThere: anyOf('estclient'),
    packages: { debian: 'libest-utils', fedora: null, alpine: null, macos: null },
    elsewhere: 'build https://github.com/cisco/libest',
  },
  {
    what: 'pki of strongSwan (an EST client)',
    when: [],
    tests: ['test/conformance'],
    isThere: anyOf('pki'),
    packages: { debian: 'strongswan-pki', fedora: 'strongswan', alpine: 'strongswan', macos: 'strongswan' },
  },
  {
    what: 'pyca/cryptography (sixth judge of lists)',
    when: [],
    tests: ['test/conformance'],
    isThere: () => spawnSync('python3', ['-c', 'import cryptography']).status === 0,
    packages: {
      debian: 'python3-cryptography',
      fedora: 'python3-cryptography',
      alpine: 'py3-cryptography',
      macos: 'python-cryptography',
    },
  },
  {
    what: 'slapd (an LDAP directory to publish into)',
    when: [],
    tests: ['test/fault', 'test/integration/publish', 'test/integration/service'],
    isThere: () => anyOf('slapd')() || hasFile('/usr/sbin/slapd', '/opt/homebrew/opt/openldap/libexec/slapd'),
    packages: { debian: 'slapd', fedora: 'openldap-servers', alpine: 'openldap', macos: 'openldap' },
  },
  {
    what: 'ldapsearch (a relying party that asks a directory)',
    when: [],
    tests: ['test/integration/service'],
    isThere: anyOf('ldapsearch'),
    packages: { debian: 'ldap-utils', fedora: 'openldap-clients', alpine: 'openldap-clients', macos: 'openldap' },
  },
  {
    what: 'nginx (a relying party that checks clients against a list, and the limit of serving)',
    when: ['bench'],
    tests: ['test/conformance', 'test/integration/client', 'test/integration/install', 'test/integration/service'],
    isThere: () => anyOf('nginx')() || hasFile('/usr/sbin/nginx'),
    packages: { debian: 'nginx-light', fedora: 'nginx', alpine: 'nginx', macos: 'nginx' },
  },
  {
    what: 'Prometheus and promtool (evaluate the alerts and the dashboard)',
    when: [],
    tests: ['test/integration/monitoring'],
    isThere: anyOf('promtool'),
    packages: { debian: 'prometheus', fedora: 'golang-github-prometheus', alpine: 'prometheus', macos: 'prometheus' },
  },
  {
    what: 'wrk (load on the OCSP responder)',
    when: ['bench'],
    isThere: anyOf('wrk'),
    packages: { debian: 'wrk', fedora: 'wrk', alpine: 'wrk', macos: 'wrk' },
  },
  {
    what: 'cfssl (a peer of the bench: issuance and OCSP)',
    when: ['bench'],
    isThere: anyOf('cfssl'),
    packages: { debian: 'golang-cfssl', fedora: null, alpine: 'cfssl', macos: 'cfssl' },
    elsewhere: 'go install github.com/cloudflare/cfssl/cmd/...@latest',
  },
  {
    what: "pkcs11-provider (a peer of the bench: OpenSSL's OCSP responder with a key in a token)",
    when: ['bench'],
    isThere: () => hasModule('ossl-modules/pkcs11.so'),
    packages: { debian: 'pkcs11-provider', fedora: 'pkcs11-provider', alpine: 'pkcs11-provider', macos: null },
    elsewhere: 'build https://github.com/latchset/pkcs11-provider',
  },
  {
    what: 'a C compiler (the raw PKCS#11 signing rate is measured by a C program)',
    when: ['bench'],
    tests: ['test/fault', 'test/integration/hsm', 'test/integration/service'],
    isThere: anyOf('cc'),
    packages: { debian: 'gcc', fedora: 'gcc', alpine: 'gcc', macos: null },
    elsewhere: 'xcode-select --install',
  },
];

/**
 * What is needed for these purposes and for the tests below these paths, and is not there.
 * @param {WantedTools} wanted
 */
export function missing(wanted) {
  return needed(wanted).filter((need) => !need.isThere());
}

/** @param {WantedTools} wanted @returns {readonly Need[]} */
export function needed({ purposes, tests = [] }) {
  return NEEDS.filter(
    ({ when, tests: users = [] }) =>
      when.some((purpose) => purposes.includes(purpose)) ||
      users.some((folder) => tests.some((path) => isBelow(path, folder) || isBelow(folder, path))),
  );
}

/** @param {string} path @param {string} folder */
function isBelow(path, folder) {
  return path === folder || path.startsWith(`${folder}/`);
}
