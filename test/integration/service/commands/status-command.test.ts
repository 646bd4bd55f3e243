/**
 * `pfcng status --at` beside a running service, over the life of a certificate that was suspended,
 * released and revoked.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IssuedCertificate } from '../../../support/service/client.js';
import { bodyOf } from '../../../support/service/orders.js';
import { runPfcng } from '../../../support/service/service.js';
import { type SharedService, sharedService } from '../../../support/service/shared.js';

type StatusOutput = {
  readonly status: string | null;
  readonly ocsp: string;
  readonly events: readonly { readonly status: string; readonly actor: string; readonly reason?: string }[];
};

describe('pfcng status', () => {
  let shared: SharedService;
  let issued: IssuedCertificate;
  /** Times between the events, in order. */
  const times: string[] = [];

  before(async function live() {
    shared = await sharedService('p-256');
    const officer = shared.as('officer-1');
    await mark();
    issued = await shared.as('card-management').expect<IssuedCertificate>('POST', '/v1/certificates', {
      body: bodyOf('elementaire/org-auth-cli'),
    });
    await mark();
    const invalidityDate = new Date(Date.now() - 3_600_000).toISOString().replace(/\.\d+/, '');
    for (const [method, verb, body] of [
      ['POST', 'suspension', {}],
      ['DELETE', 'suspension', undefined],
      ['POST', 'revocation', { reason: 'keyCompromise', invalidityDate }],
    ] as const) {
      await officer.expect(method, `/v1/certificates/${issued.id}/${verb}`, body === undefined ? {} : { body });
      await mark();
    }
  });

  async function mark(): Promise<void> {
    await sleep(20);
    times.push(new Date().toISOString());
    await sleep(20);
  }
  const run = (...args: readonly string[]) => runPfcng(shared.service.at, 'status', ...args);
  const statusOutput = async (...args: readonly string[]): Promise<StatusOutput> => {
    const { status, stdout, stderr } = await run('--json', ...args);
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout) as StatusOutput;
  };

  it('reports the status at each time', async () => {
    const seen = await Promise.all(
      times.map(async (at) => {
        const { status, ocsp } = await statusOutput('--at', at, issued.serialNumber);
        return [status, ocsp];
      }),
    );
    assert.deepEqual(seen, [
      [null, 'unknown'],
      ['issued', 'good'],
      ['suspended', 'revoked'],
      ['issued', 'good'],
      ['revoked', 'revoked'],
    ]);
  });

  it('rejects a time in the future', async () => {
    const { status, stdout, stderr } = await run('--at', '2099-01-01T10:00Z', issued.serialNumber);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /dans le futur \(il est 20.*\) .* \/ in the future \(it is 20.*\); give a time in the past/);
  });

  it('reports the current status and all events without a time', async () => {
    const { status, events } = await statusOutput(issued.serialNumber);
    assert.equal(status, 'revoked');
    assert.deepEqual(
      events.map((event) => [event.status, event.actor, event.reason]),
      [
        ['suspended', 'account:officer-1', 'certificateHold'],
        ['issued', 'account:officer-1', undefined],
        ['revoked', 'account:officer-1', 'keyCompromise'],
      ],
    );
  });

  it('accepts a serial number in the format of OpenSSL, with colons, and reports in both languages', async () => {
    const upper = issued.serialNumber.toUpperCase();
    for (const form of [`serial=${upper}`, `0x${upper}`, upper.replace(/..(?=.)/g, '$&:')]) {
      const { status, stdout, stderr } = await run(form);
      assert.equal(status, 0, stderr);
      assert.match(stdout, /révoqué \(OCSP : revoked\).*\/.*: revoked \(OCSP: revoked\)/);
    }
  });

  it('rejects an invalid serial number or time as wrong usage with advice, and an unknown serial number', async () => {
    for (const [args, exits, says] of [
      [['xyz'], 2, /hexadecimal of at most 40 digits is expected/],
      [['--at', 'yesterday', '4d'], 2, /a time in UTC is expected, such as 2026-03-01T10:00Z/],
      [['--at', '2026-02-30T10:00Z', '4d'], 2, /a time in UTC is expected/],
      [['4d'], 1, /no certificate with the serial number 4d was issued here/],
      [['--issuer', 'aci-fo-pp', issued.serialNumber], 1, /was issued here by aci-fo-pp/],
    ] as const) {
      const { status, stderr } = await run(...args);
      assert.equal(status, exits);
      assert.match(stderr, says);
    }
  });
});
