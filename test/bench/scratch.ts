import { writeFileSync } from 'node:fs';
import { createService } from '../support/service.js';
import { makeServiceHome, removeServiceHome } from '../support/service-home.js';
import type { KeyType } from '../../src/x509/model.js';
import { attribute } from './attribution.js';
import { profileBySignal } from './inspector.js';
import { runIssuance } from './issuance.js';
import { isSignerChild, tokenOf } from '../support/service-processes.js';

const keyType = (process.argv[2] ?? 'p-256') as KeyType;
const who = process.argv[3] ?? 'none';
const at = await makeServiceHome(keyType);
const service = createService(at);
await service.start();
try {
  await runIssuance(service, { name: 'WARM', seconds: null, prepared: 600 });
  const pid = who === 'signer' ? service.tree().find((p) => isSignerChild(p) && tokenOf(p) === 'ca-elementaire')?.pid : service.pid();
  const run = await runIssuance(service, {
    name: 'RUN', seconds: null, prepared: Number(process.argv[4] ?? 2500),
    ...(who === 'none' ? {} : { during: async () => {
      const profiling = await profileBySignal(pid ?? 0);
      return async () => {
        const profile = await profiling.stop();
        writeFileSync('/tmp/bench-scratch/last.cpuprofile', JSON.stringify(profile));
        const a = attribute(profile);
        console.log('busy', a.busyMs, 'idle', a.idleMs);
        const show = (l: typeof a.folders, n: number) => { for (const s of l.slice(0, n)) console.log(`${(100 * s.part).toFixed(1).padStart(5)} % ${s.ms.toFixed(0).padStart(6)} ms  ${s.name}`); };
        show(a.folders, 30); console.log('--- functions'); show(a.functions, 45); console.log('--- inclusive'); show(a.inclusive, 60);
      };
    } }),
  });
  const { certificates: _c, ...rest } = run;
  console.log(JSON.stringify({ ...rest, perCert: run.cpu.map(({ name, ms, mainThreadMs }) => `${name} ${(ms / run.issued).toFixed(3)} (main ${(mainThreadMs / run.issued).toFixed(3)})`).slice(0, 4) }, null, 1));
} finally {
  await service.stop();
  removeServiceHome(at);
}
