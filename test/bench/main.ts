/**
 * `npm run bench`: each figure beside its limit measured in the same run, as a ratio beside its
 * goal (`options.ts` has the options).
 */
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../support/service/home.js';
import { DATABASES } from './databases.js';
import { type Options, type PartName, parseOptions, USAGE } from './options.js';
import { measureBackup } from './parts/backup.js';
import { measureCampaign } from './parts/campaign.js';
import { measureConsole } from './parts/console.js';
import { measureCrl } from './parts/crl.js';
import { measureFloods } from './parts/floods.js';
import { measureHsmDown } from './parts/hsm-down.js';
import { measureCmp } from './parts/issuing/cmp.js';
import { measureEst } from './parts/issuing/est.js';
import { measureIssuance } from './parts/issuing/issuance.js';
import { measureSteps } from './parts/issuing/steps.js';
import { measureLint } from './parts/lint.js';
import { measureNodes } from './parts/nodes.js';
import { measureOcsp } from './parts/ocsp.js';
import { measureOrders } from './parts/orders.js';
import { type Bench, effortOf, type Part, type PartResult } from './parts/part.js';
import { measureScale } from './parts/scale.js';
import { measureServing } from './parts/serving.js';
import { measureSigners } from './parts/signer.js';
import { measureSoak } from './parts/soak.js';
import { measureStart } from './parts/start.js';
import { buildRawSign } from './peers/raw-signing.js';
import { circumstances, renderTable, writeFigures } from './table.js';

const MEASURE: Readonly<Record<PartName, Part>> = {
  start: measureStart,
  lint: measureLint,
  ocsp: measureOcsp,
  serving: measureServing,
  signer: measureSigners,
  'hsm-down': measureHsmDown,
  issuance: measureIssuance,
  steps: measureSteps,
  est: measureEst,
  cmp: measureCmp,
  orders: measureOrders,
  campaign: measureCampaign,
  crl: measureCrl,
  nodes: measureNodes,
  scale: measureScale,
  console: measureConsole,
  soak: measureSoak,
  floods: measureFloods,
  backup: measureBackup,
};

function say(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}

/** Null when it could not be measured, which is said and leaves the other parts alone. */
async function measure(part: PartName, bench: Bench): Promise<PartResult | null> {
  try {
    return await MEASURE[part](bench);
  } catch (error) {
    say(`${part} was not measured: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
    return null;
  }
}

async function measureAll({ parts, quick, write, profile, scale, ...wanted }: Options): Promise<void> {
  const rawSign = await buildRawSign();
  const databases = DATABASES.filter(({ name }) => wanted.databases.includes(name.toLowerCase()));
  const bench: Bench = { effort: effortOf({ quick }), rawSign, profile, databases, scale, say };
  for (const part of parts) {
    const measured = await measure(part, bench);
    if (measured === null) continue;
    const { lines, notes = [] } = measured;
    const figures = `${circumstances(quick)}\n\n${renderTable(lines)}`;
    process.stdout.write(`${[part, figures, ...notes].join('\n\n')}\n\n`);
    if (!write) continue;
    writeFigures(join(PACKAGE_ROOT, 'ops/bench.md'), { part, lines, quick });
    say(`the figures of ${part} are in ops/bench.md`);
  }
}

const options = parseOptions(process.argv.slice(2));
if (typeof options === 'string') {
  process.stderr.write(`bench: ${options}\n\n${USAGE}\n`);
  process.exitCode = 2;
} else await measureAll(options);
