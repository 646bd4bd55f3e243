/**
 * The shell commands of README.md and of the pages for integrators and relying parties, run as they
 * are written against a service. Without this test a reader would be the first to find out that a
 * command does not work any more.
 */
import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeServiceHome, removeServiceHome } from '../../support/service/home.js';
import { openPageShell, type PageShell } from '../../support/service/page-shell.js';
import { createService, type Service } from '../../support/service/service.js';

describe('the commands of the pages', () => {
  let service: Service;
  let shell: PageShell;

  // Its policy is that of a stranger's installation; the services that tests share have another.
  before(async () => {
    service = createService(await makeServiceHome('p-256'));
    await service.start();
    shell = await openPageShell(service);
  });

  after(async () => {
    await shell.close();
    await service.stop();
    removeServiceHome(service.at);
  });

  it('README.md starts the service by one command, and goes from a new card to a revoked one', async () => {
    const [start = '', play = '', byHand = '', ...others] = await shell.blocksOf('README.md');
    assert.equal(start, 'npm start\n', '.ci/run starts a clone with it');
    assert.equal(play, 'npx pfcng play\n');
    assert.deepEqual(others, [], 'a new block needs a test');
    const said = await shell.run(byHand);
    assert.equal(said.status, 0, said.output);
    assert.match(said.output, /subject=.*DOCTEUR[\s\S]*authentication\.pem: good[\s\S]*authentication\.pem: revoked/);
    const played = await shell.run(play);
    assert.equal(played.status, 0, played.output);
    assert.match(played.output, /OpenSSL confirmed every step/);
  });

  it('ops/api.md issues a certificate that the commands of ops/relying-parties.md accept', async () => {
    const [request = '', ...others] = await shell.blocksOf('ops/api.md');
    assert.deepEqual(others, [], 'a new block needs a test');
    const issued = await shell.run(request);
    assert.equal(issued.status, 0, issued.output);
    assert.match(issued.output, /subject=.*INSI-MANU/);
    await copyFile(join(shell.folder, 'var/insi.pem'), join(shell.folder, 'cert.pem'));
    const [check = '', ...more] = await shell.blocksOf('ops/relying-parties.md');
    assert.deepEqual(more, [], 'a new block needs a test');
    const said = await shell.run(check);
    assert.equal(said.status, 0, said.output);
    assert.match(said.output, /cert\.pem: OK[\s\S]*cert\.pem: good/);
  });

  it('ops/est.md enrols an application by EST', async () => {
    const [enrol = '', ...others] = await shell.blocksOf('ops/est.md');
    assert.deepEqual(others, [], 'a new block needs a test');
    const enrolled = await shell.run(enrol);
    assert.equal(enrolled.status, 0, enrolled.output);
    assert.match(enrolled.output, /subject=.*INSI-MANU/);
  });

  it('ops/orders.md goes from an own account to the results of an order, and a receipt that OpenSSL verifies', async () => {
    const [account = '', file = '', order = '', receipt = '', verify = '', command = '', bureau = '', ...others] =
      await shell.blocksOf('ops/orders.md');
    assert.deepEqual(others, [], 'a new block needs a test');
    const made = await shell.run(`${account}\n${file}`);
    assert.equal(made.status, 0, made.output);
    assert.match(made.output, /^20 var\/night\/order\.ndjson$/m);
    const worked = await shell.run(order);
    assert.equal(worked.status, 0, worked.output);
    assert.match(worked.output, /20 would-issue[\s\S]*"state": "finished"[\s\S]*"issued": 20/);
    const verified = await shell.run(receipt);
    assert.equal(verified.status, 0, verified.output);
    assert.match(verified.output, /Verified OK\n(var\/night\/\w+\.ndjson: OK\n){3}/);
    const genuine = await shell.run(verify);
    assert.equal(genuine.status, 0, genuine.output);
    const repeated = await shell.run(command);
    assert.equal(repeated.status, 0, repeated.output);
    assert.match(repeated.output, /20 of 20 lines \(100 %\), finished: 20 issued/);
    const acknowledged = await shell.run(bureau);
    assert.equal(acknowledged.status, 0, acknowledged.output);
    assert.match(acknowledged.output, /^\{"line":20,"result":"accepted","live":true\}$/m);
    const [client = '', ...more] = await shell.blocksOf('ops/orders.md', 'python');
    assert.deepEqual(more, [], 'a new block needs a test');
    await writeFile(join(shell.folder, 'client.py'), client);
    const python = await shell.run('python3 client.py');
    assert.equal(python.status, 0, python.output);
    assert.match(python.output, /^20 8025000001\/2600301020 issued [0-9a-f]{32} [0-9a-f]{32}$/m);
    const away = client.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1').replace('30 * 60', '0');
    await writeFile(join(shell.folder, 'client.py'), away);
    const refused = await shell.run('python3 client.py');
    assert.equal(refused.status, 1, refused.output);
    assert.match(refused.output, /127\.0\.0\.1:1\/v1\/orders\S*: given up after 0 s: .*refused/);
  });

  it('ops/guides/first-certificate.md goes from nothing to an own account and a revoked certificate, in curl and in Python', async () => {
    const page = 'ops/guides/first-certificate.md';
    const [account = '', certificate = '', mistake = '', end = '', device = '', , ...others] =
      await shell.blocksOf(page);
    assert.deepEqual(others, [], 'a new block needs a test');
    // The commands with estclient are run in test/conformance/est.
    const enrolled = await shell.run(device);
    assert.match(enrolled.output, /^subject=.*CN ?= ?MY-DEVICE$/m);
    assert.equal(enrolled.status, 0, enrolled.output);
    const done = await shell.run(`${account}\n${certificate}\n${mistake}\n${end}`);
    assert.equal(done.status, 0, done.output);
    assert.match(done.output, /elementaire\/org-auth-cli: [\s\S]*subject=.*MY-APPLICATION[\s\S]*\nissued\n/);
    assert.match(done.output, /"rule": "structure-in-scope"[\s\S]*ce compte ne peut pas agir[\s\S]*\nrevoked\n$/);
    const [program = '', ...more] = await shell.blocksOf(page, 'python');
    assert.deepEqual(more, [], 'a new block needs a test');
    await writeFile(join(shell.folder, 'first.py'), program);
    const python = await shell.run('python3 first.py');
    assert.equal(python.status, 0, python.output);
    assert.match(python.output, /^[0-9a-f]{32} issued \S+Z\n1 found\nrevoked\n$/);
  });

  it('ops/guides/cmp-first-certificate.md goes from a registration to a renewed and revoked certificate by CMP', async () => {
    const page = 'ops/guides/cmp-first-certificate.md';
    const blocks = await shell.blocksOf(page);
    assert.equal(blocks.length, 8, 'a new block needs a test');
    const done = await shell.run(blocks.join('\n'));
    assert.equal(done.status, 0, done.output);
    assert.match(done.output, /subject=.*DEVICE-1[\s\S]*subject=.*DEVICE-1[\s\S]*subject=.*MY-APPLICATION/);
    assert.match(done.output, /subject=.*CABINET M DOC0057881.*MY-FIRST/, 'by an account of its own');
    assert.match(done.output, /badCertTemplate[\s\S]*refused\n[\s\S]*badRequest[\s\S]*org-auth-cli[\s\S]*refused\n/);
    assert.match(done.output, /commonName/);
  });

  it('ops/cmp-conformance.md collects the certificate that the suite uses, with its chain', async () => {
    const [collect = '', ...others] = await shell.blocksOf('ops/cmp-conformance.md');
    assert.deepEqual(others, [], 'a new block needs a test');
    const chain = 'var/ra-chain.pem';
    const made = await shell.run(`${collect}openssl verify -CAfile ${chain} ${chain}\ngrep -c BEGIN ${chain}`);
    assert.equal(made.status, 0, made.output);
    assert.match(made.output, /ra-chain\.pem: OK\n3\n$/);
  });

  it('ops/guides/cards-with-registrations.md goes from a registration to a lost card', async () => {
    const blocks = await shell.blocksOf('ops/guides/cards-with-registrations.md');
    assert.equal(blocks.length, 5, 'a new block needs a test');
    const done = await shell.run(blocks.join('\n'));
    assert.equal(done.status, 0, done.output);
    assert.match(done.output, /"state": "open"[\s\S]*subject=.*DOCTEUR[\s\S]*subject=.*DOCTEUR/);
    assert.match(done.output, /"state":"used"[\s\S]*"status":"issued"[\s\S]*refused\n/);
    assert.match(done.output, /"status":"revoked"[\s\S]*authentication\.pem: revoked/);
  });

  it('ops/card-updates.md takes a card through an update, and resumes it after a loss of power', async () => {
    const [card = '', update = '', faults = '', ...others] = await shell.blocksOf('ops/card-updates.md');
    assert.deepEqual(others, [], 'a new block needs a test');
    const made = await shell.run(card);
    assert.equal(made.status, 0, made.output);
    const [program = '', ...more] = await shell.blocksOf('ops/card-updates.md', 'python');
    assert.deepEqual(more, [], 'a new block needs a test');
    const writing = '        if not card.write(';
    const dying = program.replace(writing, `        if card.read_back()[2:]: raise SystemExit("no power")\n${writing}`);
    assert.notEqual(dying, program);
    await writeFile(join(shell.folder, 'update.py'), dying);
    const died = await shell.run(update);
    assert.equal(died.status, 1, died.output);
    assert.match(died.output, /next: none\nupdate \S+ offered\nno power/);
    await writeFile(join(shell.folder, 'update.py'), program);
    const resumed = await shell.run(update);
    assert.equal(resumed.status, 0, resumed.output);
    assert.match(
      resumed.output,
      /next: confirm\nupdate (\S+) writing\nupdate \1 confirmed - the old set: revoke after P7D/,
    );
    const simulated = await shell.run(faults);
    assert.equal(simulated.status, 0, simulated.output);
    assert.match(simulated.output, /lost its power at write 4[\s\S]*the card lost its power[\s\S]*is confirmed/);
  });

  it('ops/ocsp.md gets a response with the algorithm that a request prefers', async () => {
    const [request = '', ...others] = await shell.blocksOf('ops/ocsp.md');
    assert.deepEqual(others, [], 'a new block needs a test');
    const said = await shell.run(request);
    assert.equal(said.status, 0, said.output);
    assert.match(said.output, /Signature Algorithm: sha256WithRSAEncryption[\s\S]*cert\.pem: good/);
  });

  it('ops/keys.md shows, blocks and unblocks a key, and ops/approvals.md decides the requests', async () => {
    const [block = '', ...others] = await shell.blocksOf('ops/keys.md');
    assert.deepEqual(others, [], 'a new block needs a test');
    const [list = '', approve = '', refuse = '', ...more] = await shell.blocksOf('ops/approvals.md');
    assert.deepEqual(more, [], 'a new block needs a test');
    for (const [decide, state] of [
      [approve, 'executed'],
      [refuse, 'refused'],
    ] as const) {
      const said = await shell.run(`openssl ecparam -name prime256v1 -genkey -noout -out leaked.pem\n${block}${list}`);
      assert.equal(said.status, 0, said.output);
      const [, id = ''] = /pfcng approve ([0-9a-f-]{36})/.exec(said.output) ?? [];
      const decided = await shell.run(decide.replaceAll('ID', id));
      assert.equal(decided.status, 0, decided.output);
      assert.match(decided.output, new RegExp(`${id}: ${state}`));
    }
  });
});
