/**
 * The guide to the TypeScript client, compiled as strictly as a project of others may and run
 * against a service; and the examples of the OpenAPI document, compiled with the types of the
 * client. Without this test the package could have types that nobody can compile.
 */
import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPfcngClient } from '../../../src/client/client.js';
import { PfcngError } from '../../../src/client/failure.js';
import { packageRoot } from '../../../src/package/package-root.js';
import { describeService } from '../../support/service/describe-service.js';
import { cardBody } from '../../support/service/orders.js';
import { openPageShell, type PageShell } from '../../support/service/page-shell.js';

const STRICT = '--strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess --noImplicitReturns';

type Media = { readonly examples?: Readonly<Record<string, { readonly value: unknown }>> };
type Operation = { readonly requestBody?: { readonly content: Readonly<Record<string, Media>> } };

describeService('the TypeScript client', { on: 'sqlite' }, (running) => {
  let shell: PageShell;

  before(async () => {
    shell = await openPageShell(running.shared.service);
    const modules = join(shell.folder, 'node_modules');
    await mkdir(modules);
    await symlink(packageRoot(), join(modules, 'pfcng'));
    await symlink(join(packageRoot(), 'node_modules/@types'), join(modules, '@types'));
    await writeFile(join(shell.folder, 'package.json'), '{"type":"module"}');
  });
  after(() => shell.close());

  const compiler = `node ${join(packageRoot(), 'node_modules/typescript/bin/tsc')} ${STRICT}`;

  it('gets a first certificate as its guide says, reads lists and lines, and says what is wrong', async () => {
    const [program = '', ...others] = await shell.blocksOf('ops/guides/typescript-client.md', 'ts');
    const [commands = '', ...more] = await shell.blocksOf('ops/guides/typescript-client.md');
    assert.deepEqual([others, more], [[], []], 'a new block needs a test');
    await writeFile(join(shell.folder, 'first.ts'), program);
    const said = await shell.run(commands.replace('npx tsc', compiler));
    assert.equal(said.status, 0, said.output);
    const [, serial = ''] = /^issued ([0-9a-f]+) until /m.exec(said.output) ?? [];
    assert.match(said.output, new RegExp(`^elementaire/org-auth-cli ${serial} issued$`, 'm'));
    assert.match(said.output, new RegExp(`^${serial} \\d{4}-`, 'm'));
    assert.match(said.output, /^no such card: 404$/m);
    await writeFile(join(shell.folder, 'wrong.ts'), program.replace('GUIDE', 'Ｇ').replace('guide-0001', 'guide-0002'));
    const wrong = await shell.run(
      `${compiler} --module nodenext --target es2023 --types node wrong.ts && node wrong.js`,
    );
    assert.equal(wrong.status, 1, wrong.output);
    assert.match(wrong.output, /^\/holder\/application: /m);
  });

  it('submits an order from a file, which is one order however often it is sent', async () => {
    const { at, urls } = running.shared.service;
    const fileOf = (name: string): string => join(at.home, 'credentials', name);
    const files = {
      certificate: fileOf('card-management.crt.pem'),
      key: fileOf('card-management.key.pem'),
      trust: fileOf('tls-ca.pem'),
    };
    const client = createPfcngClient({ url: urls.api, files });
    const night = join(shell.folder, 'night.ndjson');
    await writeFile(night, [cardBody(), cardBody()].map((card) => `${JSON.stringify(card)}\n`).join(''));
    try {
      const order = await client.submitOrder(night, { reference: 'night', paused: 'true' });
      assert.deepEqual([order.lines, order.reference], [2, 'night']);
      const again = await client.submitOrder(night, { reference: 'night', paused: 'true' });
      assert.equal(again.id, order.id);
      const dry = await client.submitOrder(night, { dryRun: 'true' });
      assert.notEqual(dry.id, order.id);
      const refused = client.submitOrder(night, { bureau: 'nobody' });
      await assert.rejects(refused, (error) => error instanceof PfcngError && error.failure.code !== 'unknown-answer');
      await running.cards.expect('POST', `/v1/orders/${order.id}/cancellation`);
    } finally {
      await client.close();
    }
  });

  it('has types that accept each example of the OpenAPI document', async () => {
    const paths = Object.entries(running.shared.judge.document.paths) as unknown as readonly [
      string,
      Readonly<Record<string, Operation>>,
    ][];
    const bodies = paths.flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { requestBody }]) =>
        Object.values(requestBody?.content['application/json']?.examples ?? {}).map(
          ({ value }) => `const _: BodyOf<'${path}', '${method}'> = ${JSON.stringify(value)};`,
        ),
      ),
    );
    assert.ok(bodies.length > 4, String(bodies.length));
    const numbered = bodies.map((line, index) => line.replace('const _', `export const example${index}`));
    const head = [
      "import type { paths } from 'pfcng/client/generated';",
      "type Json<Content> = Content extends { content: { 'application/json': infer Body } } ? Body : never;",
      'type BodyOf<Path extends keyof paths, Method extends keyof paths[Path]> =',
      '  paths[Path][Method] extends { requestBody?: infer Content } ? Json<NonNullable<Content>> : never;',
    ];
    await writeFile(join(shell.folder, 'examples.ts'), [...head, ...numbered].join('\n'));
    const said = await shell.run(`${compiler} --module nodenext --target es2023 --types node --noEmit examples.ts`);
    assert.equal(said.output, '');
  });
});
