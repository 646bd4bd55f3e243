/**
 * A process that is to be killed. It plays each of its scenarios on its own place up to one port
 * call, stops there, and sends itself SIGKILL when the last one has stopped. So one kill ends many
 * worlds, which share nothing but the process.
 */
import { readFileSync } from 'node:fs';
import { present } from '../../../src/kernel/assert.js';
import { databaseFrom } from '../../support/db/argument.js';
import { rawDatabase } from '../../support/db/raw.js';
import { NOW } from '../../support/db/records.js';
import { play } from './play.js';
import { SCENARIOS } from './scenarios/all.js';
import { createService, openStoreOn } from './service.js';
import { readStage } from './stage.js';
import { createTap, type Fault } from './tap.js';

export type VictimRun = {
  readonly scenario: string;
  readonly fault: Fault;
  readonly folder: string;
  /** See `support/db/argument.ts`. */
  readonly database: string;
};

const [stageFile = '', condemnedFile = ''] = process.argv.slice(2);
const stage = readStage(stageFile);
const condemned = JSON.parse(readFileSync(condemnedFile, 'utf8')) as readonly VictimRun[];

async function playUntilHalted({ scenario: name, fault, folder, database: argument }: VictimRun): Promise<void> {
  const scenario = present(
    SCENARIOS.find((one) => one.name === name),
    name,
  );
  const database = databaseFrom(argument);
  const tap = createTap(fault);
  let raw: ReturnType<typeof rawDatabase> | null = null;
  const witness = () => {
    raw ??= rawDatabase(database);
    return raw;
  };
  const store = await openStoreOn(database);
  const service = createService({ stage, place: { folder, database }, store, witness, tap, now: NOW });
  const ended = play(service, tap, scenario);
  await Promise.race([tap.halted, ended]);
  if (!tap.isHalted())
    throw new Error(`${name} ended before ${fault.at}, ${fault.name}: ${JSON.stringify(await ended)}`);
}

await Promise.all(condemned.map(playUntilHalted));
process.kill(process.pid, 'SIGKILL');
