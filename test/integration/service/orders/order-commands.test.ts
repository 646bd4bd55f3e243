/** `pfcng order` as a card management system types it, against a running service. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ShownOrder } from '../../../../src/cli/order/order-view.js';
import { sit } from '../../../support/ceremony/typist.js';
import { makeSelfSigned } from '../../../support/servers/self-signed.js';
import { describeService } from '../../../support/service/describe-service.js';
import { PROGRAM } from '../../../support/service/home.js';
import { cardBody } from '../../../support/service/orders.js';
import { runPfcng, serviceEnvironment } from '../../../support/service/service.js';

const ORDER = /^order ([0-9a-f-]{36}): (\d+) lines, (\w+)$/m;

type ResultLine = {
  readonly line: number;
  readonly card: string;
  readonly outcome: string;
  readonly certificates?: readonly { readonly sha256: string; readonly certificate?: string }[];
};

describeService('pfcng order', { on: 'sqlite' }, (running) => {
  const order = (...args: readonly string[]) => runPfcng(running.shared.service.at, 'order', ...args);
  const fileOf = (name: string, lines: readonly string[]): string => {
    const file = join(running.shared.service.at.folder, name);
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
    return file;
  };
  const cards = (count: number): readonly string[] => Array.from({ length: count }, () => JSON.stringify(cardBody()));
  const linesOf = (stdout: string): readonly ResultLine[] =>
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ResultLine);

  it('submit hands a file over once, however often it is called, and follows it to its end', async () => {
    const file = fileOf('night.ndjson', cards(2));
    const dry = await order('submit', file, '--dry-run', '--follow');
    assert.equal(dry.status, 0, dry.stderr);
    assert.match(dry.stdout, /2 of 2 lines \(100 %\), finished: 2 would be issued/);
    const first = await order('submit', file, '--reference', 'night 12', '--follow');
    assert.equal(first.status, 0, first.stderr);
    assert.match(first.stdout, /^Idempotency-Key: order-[0-9a-f]{64}$/m);
    assert.match(first.stdout, /2 of 2 lines \(100 %\), finished: 2 issued/);
    const again = await order('submit', file, '--reference', 'night 12');
    const [, id = ''] = ORDER.exec(first.stdout) ?? [];
    assert.equal(ORDER.exec(again.stdout)?.[1], id, again.stderr);
    const listed = await order('list', '--state', 'finished');
    assert.match(listed.stdout, new RegExp(`^${id} +finished +.* 2 issued +night 12$`, 'm'));
    assert.match(
      (await order('show', id)).stdout,
      new RegExp(`^ORDER +STATE +RECEIVED .*\n${id} +finished .*\n2 of 2 lines \\(100 %\\), finished: 2 issued\n$`),
    );
    const shown = JSON.parse((await order('show', id, '--json')).stdout) as ShownOrder;
    assert.deepEqual([shown.state, shown.counts.issued, shown.counts.open], ['finished', 2, 0]);
  });

  it('results, receipt and bundle print what became of it, and acknowledge what was written on cards', async () => {
    const file = fileOf('bureau.ndjson', cards(1));
    const submitted = await order('submit', file, '--follow');
    const [, id = ''] = ORDER.exec(submitted.stdout) ?? [];
    const [result] = linesOf((await order('results', id, '--certificates')).stdout);
    assert.equal(result?.certificates?.length, 2);
    assert.ok(result.certificates.every(({ certificate = '' }) => certificate.length > 500));
    assert.match(
      (await order('bundle', id)).stdout,
      /^\{.*"form":"pfcng-card-bundle-1"[\s\S]*\{"end":true,"lines":1\}\n$/,
    );
    const { line, card, certificates = [] } = result;
    const onCard = certificates.map(({ sha256 }) => sha256);
    const written = { line, card, outcome: 'written', onCard, at: new Date().toISOString() };
    const differs = { ...written, line: 7 };
    const acks = fileOf('acknowledged.ndjson', [JSON.stringify(written), JSON.stringify(differs)]);
    const acknowledged = await order('acknowledge', id, acks);
    assert.match(acknowledged.stdout, /"accepted"[\s\S]*"unknown-line"/);
    assert.deepEqual([acknowledged.status, acknowledged.stderr], [1, 'pfcng: 1 lines were not accepted\n']);
  });

  it('pause, resume and cancel change an order, and submit --follow exits with 1 if a line has no certificates', async () => {
    const file = fileOf('paused.ndjson', [...cards(1), '{"broken"']);
    const submitted = await order('submit', file, '--paused');
    const [, id = '', , state] = ORDER.exec(submitted.stdout) ?? [];
    assert.equal(state, 'paused');
    assert.match((await order('pause', id)).stdout, /^0 of 2 lines \(0 %\), paused/);
    assert.match((await order('resume', id)).stdout, /^\d of 2 lines/);
    const followed = await order('show', id, '--follow');
    assert.match(followed.stdout, /2 of 2 lines \(100 %\), finished: 1 issued, 1 refused/);
    assert.equal(followed.status, 1);
    assert.match(followed.stderr, /1 of 2 lines have no certificates; their problems are in: pfcng order results/);
    const other = await order('submit', fileOf('cancelled.ndjson', cards(1)), '--paused');
    const [, cancelled = ''] = ORDER.exec(other.stdout) ?? [];
    assert.match((await order('cancel', cancelled)).stdout, /cancel/);
  });

  describe('show --follow', () => {
    let certificate: string;
    let url: string;
    let close: () => void;
    /** null: the connection is lost. */
    let answers: ((() => { readonly status: number; readonly body: object }) | null)[];

    before(async () => {
      const { folder } = running.shared.service.at;
      const key = join(folder, 'fake.key.pem');
      certificate = join(folder, 'fake.crt.pem');
      const files = { key, certificate, subject: '/CN=localhost' };
      await makeSelfSigned(files, '-addext', 'subjectAltName=IP:127.0.0.1');
      const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (asked, answer) => {
        const next = answers.shift()?.() ?? null;
        if (next === null) asked.socket.destroy();
        else answer.writeHead(next.status, { 'content-type': 'application/json' }).end(JSON.stringify(next.body));
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
      close = () => server.close();
    });
    after(() => close());

    const counts = { issued: 0, duplicate: 0, refused: 0, notIssued: 0, cancelled: 0, open: 2 };
    const shown = { id: 'night', lines: 2, waitingFor: [], pausedBy: null };
    const working = () => {
      const estimatedEnd = new Date(Date.now() + 30_000).toISOString();
      return { status: 200, body: { ...shown, state: 'working', linesPerSecond: 402.4, estimatedEnd, counts } };
    };
    const finished = () => {
      const body = { ...shown, state: 'finished', linesPerSecond: null, estimatedEnd: null };
      return { status: 200, body: { ...body, counts: { ...counts, issued: 2, open: 0 } } };
    };
    const unavailable = () => ({ status: 503, body: { status: 503, title: 'the database cannot be used' } });
    const args = () => ['order', 'show', 'night', '--follow', '--url', url, '--trust', certificate];
    const PROGRESS = '0 of 2 lines \\(0 %\\), working: nothing yet; 402 lines/s, \\d+ s left';
    const END = '2 of 2 lines (100 %), finished: 2 issued\n';

    it('goes on after a lost connection and a failure, and writes plain lines into a pipe', async () => {
      answers = [working, null, unavailable, finished];
      const { status, stdout, stderr } = await runPfcng(running.shared.service.at, ...args());
      assert.equal(status, 0, stderr);
      assert.match(stdout, new RegExp(`^${PROGRESS}\n`));
      assert.ok(stdout.endsWith(`\n${END}`) && !stdout.includes('\u001b'), JSON.stringify(stdout));
      assert.deepEqual(answers, []);
    });

    it('replaces one line with progress, rate and time left at a terminal', async () => {
      answers = [working, finished];
      const env = serviceEnvironment(running.shared.service.at);
      const { code, seen } = await sit([process.execPath, PROGRAM, ...args()], { rules: [], env });
      assert.equal(code, 0, seen);
      const shownLines = seen.replaceAll('\r\n', '\n').split('\r\u001b[K');
      assert.ok(
        shownLines.some((line) => new RegExp(`^${PROGRESS}$`).test(line)),
        JSON.stringify(seen),
      );
      assert.equal(shownLines.at(-1), END);
    });
  });

  it('prints the error of the API, and exits with 1', async () => {
    const empty = await order('submit', fileOf('empty.ndjson', []));
    assert.equal(empty.status, 1);
    assert.match(empty.stderr, /order/);
    const none = await order('show', '01890000-0000-7000-8000-000000000001', '--follow');
    assert.equal(none.status, 1);
    assert.match(none.stderr, /request [0-9a-f-]{36}/);
  });
});
