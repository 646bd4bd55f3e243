/**
 * Starts the Chromium of the distribution with a home folder of its own, in which an NSS database
 * has the root that it trusts and the certificate that it presents. Playwright's option
 * `clientCertificates` is not used, because it ends TLS in a proxy: the service would see the TLS
 * of Node, and not that of a browser.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { present } from '../../../src/kernel/assert.js';
import { runProgram } from '../machine/programs.js';
import type { ClientCredential } from '../service/client.js';

/**
 * Programs of distributions, and not their shell scripts, which start a second process and read
 * settings of the machine.
 */
const PROGRAMS = [
  '/usr/lib/chromium/chromium',
  '/usr/lib64/chromium-browser/chromium-browser',
  '/usr/bin/chromium-browser',
  '/usr/bin/chromium',
] as const;

/** Ends a browser that hangs. */
const START_MS_MAX = 60_000;

export type ChromiumOptions = {
  /** `https://localhost:PORT`, the only origin to which the certificate is presented. */
  readonly origin: string;
  /** PEM of the root at which the certificate of the server ends. */
  readonly trust: string;
  /** null: the browser has no certificate. */
  readonly credential: ClientCredential;
};

export type Chromium = { readonly context: BrowserContext; readonly close: () => Promise<void> };

export async function startChromium({ origin, trust, credential }: ChromiumOptions): Promise<Chromium> {
  const executablePath = present(
    PROGRAMS.find((path) => existsSync(path)),
    'Chromium, which these tests open: apt-get install --no-install-recommends chromium libnss3-tools',
  );
  const home = mkdtempSync(join(tmpdir(), 'pfcng-browser-'));
  const remove = (): void => rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  try {
    await writeCertificates(home, trust, credential);
    const profile = join(home, 'profile');
    selectCertificateFor(origin, profile);
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      headless: true,
      timeout: START_MS_MAX,
      args: chromiumArguments(),
      env: { PATH: process.env.PATH ?? '', HOME: home, TMPDIR: home },
    });
    return {
      context,
      close: async () => {
        await context.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/**
 * `localhost` is the IPv4 address on which the service listens. Chromium refuses to sandbox what
 * root starts, so that only root has no sandbox.
 */
function chromiumArguments(): string[] {
  const always = ['--host-resolver-rules=MAP localhost 127.0.0.1', '--disable-gpu'];
  return process.getuid?.() === 0 ? [...always, '--no-sandbox'] : always;
}

/** The NSS database that Chromium reads on Linux. */
async function writeCertificates(home: string, trust: string, credential: ClientCredential): Promise<void> {
  const folder = join(home, '.pki', 'nssdb');
  mkdirSync(folder, { recursive: true });
  const database = ['-d', `sql:${folder}`];
  const root = join(home, 'root.pem');
  writeFileSync(root, trust);
  await run('certutil', [...database, '-N', '--empty-password']);
  await run('certutil', [...database, '-A', '-n', 'root', '-t', 'C,,', '-i', root]);
  if (credential === null) return;
  const pem = join(home, 'client.pem');
  const bundle = join(home, 'client.p12');
  writeFileSync(pem, `${credential.key}\n${credential.certificate}`, { mode: 0o600 });
  await run('openssl', ['pkcs12', '-export', '-in', pem, '-out', bundle, '-name', 'client', '-passout', 'pass:client']);
  await run('pk12util', [...database, '-i', bundle, '-W', 'client']);
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const { status, stderr } = await runProgram({ program, args });
  assert.equal(status, 0, `${program}: ${stderr.toString('utf8')}`);
}

/**
 * Presents the certificate to this origin without a dialog. It is the setting that the policy
 * `AutoSelectCertificateForUrls` makes, written into the profile, so that no file of the system
 * changes and several browsers have several certificates.
 */
function selectCertificateFor(origin: string, profile: string): void {
  const exceptions = { auto_select_certificate: { [`${origin},*`]: { setting: { filters: [{}] } } } };
  mkdirSync(join(profile, 'Default'), { recursive: true });
  writeFileSync(
    join(profile, 'Default', 'Preferences'),
    JSON.stringify({ profile: { content_settings: { exceptions } } }),
  );
}
