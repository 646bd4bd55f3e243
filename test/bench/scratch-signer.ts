import { writeFileSync } from 'node:fs';
import { makeServiceHome, removeServiceHome } from '../support/service-home.js';
import { isSignerChild, tokenOf } from '../support/service-processes.js';
import type { KeyType } from '../../src/x509/model.js';
import { attribute } from './attribution.js';
import { profileBySignal } from './inspector.js';
import { buildRawSign, openRawSigning } from './raw-signing.js';
import { openSignerLoad, startSigners } from './signers.js';
import { cpuBetween, sampleCpu } from './cpu-time.js';

const [, , types = 'p-256', runs = '2', seconds = '3', unanswered = '128', prof = ''] = process.argv;
const program = await buildRawSign();
for (const keyType of types.split(',') as KeyType[]) {
  const at = await makeServiceHome(keyType);
  const raw = await openRawSigning(program, at);
  const signers = await startSigners(at);
  try {
    const load = await openSignerLoad(at, { token: 'ca-elementaire', profile: 'elementaire/org-auth-cli' });
    await load.run({ seconds: Number(process.env.WARM ?? 4), unanswered: Number(unanswered) });
    for (let i = 0; i < Number(runs); i++) {
      const r = await raw.measure(Number(seconds));
      const before = sampleCpu(signers.tree());
      const pid = signers.tree().find((p) => isSignerChild(p) && tokenOf(p) === 'ca-elementaire')?.pid ?? 0;
      const p = prof === 'prof' && i === Number(runs) - 1 ? await profileBySignal(pid) : null;
      const s = await load.run({ seconds: Number(seconds), unanswered: Number(unanswered) });
      const cpu = cpuBetween(before, sampleCpu(signers.tree())).slice(0, 2);
      const rate = s.signatures / s.seconds;
      const total = (c0: number) => c0; void total;
      const all = cpu.reduce((t, c) => t + c.ms, 0) / s.signatures + s.cpuMs / s.signatures;
      console.log(keyType, `CPU ${(1000*all).toFixed(0)} us, ${(r.cpuMs / all).toFixed(3)};`, `raw ${r.rate.toFixed(0)} (${r.cpuMs.toFixed(4)} ms) signer ${rate.toFixed(0)} ratio ${(rate / r.rate).toFixed(3)} median ${s.medianMs.toFixed(1)} ms; load ${(1000 * s.cpuMs / s.signatures).toFixed(0)} us;`, cpu.map((c) => `${c.name} ${(1000 * c.ms / s.signatures).toFixed(0)} us (main ${(1000 * c.mainThreadMs / s.signatures).toFixed(0)})`).join(', '));
      if (p) {
        const profile = await p.stop();
        writeFileSync('/tmp/bench-scratch/signer.cpuprofile', JSON.stringify(profile));
        const a = attribute(profile);
        console.log('busy', a.busyMs, 'idle', a.idleMs);
        const show = (l: typeof a.folders, n: number) => { for (const x of l.slice(0, n)) console.log(`${(100 * x.part).toFixed(1).padStart(5)} % ${x.ms.toFixed(0).padStart(6)} ms  ${x.name}`); };
        show(a.folders, 30); console.log('--- functions'); show(a.functions, 40); console.log('--- inclusive'); show(a.inclusive, 40);
      }
    }
    load.close();
  } finally {
    await signers.stop();
    removeServiceHome(at);
  }
}
