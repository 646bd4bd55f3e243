/**
 * Run as a process of its own and killed in the middle: writes intents, signatures and audit
 * entries as fast as it can, and says on stdout what was acknowledged, one id a line, after the
 * commit.
 */
import { openStore } from '../../../src/db/open.js';
import { databaseFrom } from './argument.js';
import { AUDIT_ORIGIN, intent, intentEventOf, issuedEventOf } from './records.js';
import { insertIntents, storeSignatures } from './unaudited.js';

const [databaseText = '', startText] = process.argv.slice(2);
const opened = await openStore({
  database: databaseFrom(databaseText),
  environmentMark: 'development',
  auditOrigin: AUDIT_ORIGIN,
  clock: Date.now,
  newId: '0123456789abcdef',
});
if (!opened.ok) throw new Error(JSON.stringify(opened.error));
const store = opened.value;

async function issue(number: number): Promise<void> {
  const record = intent(number);
  const born = await store.transaction(async (tx) => {
    await insertIntents(tx, [record]);
    await tx.appendAudit([intentEventOf(record)]);
  });
  if (!born.ok) throw new Error(born.error.detail);
  process.stdout.write(`intent ${record.id}\n`);
  const signed = await store.transaction(async (tx) => {
    await storeSignatures(tx, [{ id: record.id, signature: Uint8Array.of(number % 256) }]);
    await tx.appendAudit([issuedEventOf(record)]);
  });
  if (!signed.ok) throw new Error(signed.error.detail);
  process.stdout.write(`issued ${record.id}\n`);
}

const start = Number(startText);
await Promise.all(
  Array.from({ length: 8 }, async (_, lane) => {
    for (let number = start + lane; ; number += 8) await issue(number);
  }),
);
