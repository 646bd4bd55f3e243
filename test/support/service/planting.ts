/**
 * A service of the real composition, with real signers on real SoftHSM, whose writers make the
 * faults that a test plants. A test takes the world that was composed and puts other writers into a
 * copy of it: no configuration, no argument and no frame can do that.
 */
import { join } from 'node:path';
import { createDatabase } from '../../../src/compose/database/create.js';
import { loadPolicyFor } from '../../../src/compose/home.js';
import { readOcspAuthorities } from '../../../src/compose/issuers.js';
import { WHOLE_SERVICE_ROLES } from '../../../src/compose/roles.js';
import { composeServiceCore, type ServiceCore } from '../../../src/compose/service.js';
import { awaitSigners } from '../../../src/compose/signers/reports.js';
import { loadConfig } from '../../../src/config/load.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import type { Json } from '../../../src/kernel/json.js';
import type { OcspAuthority } from '../../../src/ocsp/responder.js';
import { publishCrl } from '../../../src/operations/crl/publish-crl.js';
import type { CrlWorld } from '../../../src/operations/crl/world.js';
import { relearnRevocations } from '../../../src/operations/restored/relearn.js';
import { createOcspResponder, type OcspResponder } from '../../../src/operations/status/answer-ocsp.js';
import type { World } from '../../../src/operations/world.js';
import { WRITERS, type Writers } from '../../../src/operations/writers.js';
import { createFileOutlet } from '../../../src/publish/file-outlet.js';
import type { Issuer } from '../../../src/x509/model.js';
import { developmentHome } from '../ceremony/hierarchy.js';
import { createShim } from '../hsm/shim.js';
import { SOFTHSM_MODULE } from '../hsm/signers.js';
import { collect, SILENT_LOG } from '../status/authority.js';
import { PROGRAM } from './home.js';

/** What becomes of to-be-signed bytes. */
export type Break = (tbs: Bytes) => Bytes;

export type PlantedFaults = {
  readonly core: ServiceCore;
  /** Operations whose writers err. */
  readonly world: World;
  readonly publish: (issuer: Issuer['id']) => ReturnType<typeof publishCrl>;
  readonly responder: OcspResponder;
  readonly authorities: readonly OcspAuthority[];
  /** From now on; null: nothing is broken. */
  readonly plant: (how: Break | null) => void;
  /** Everything that was logged as an error or a warning since the last time, as text. */
  readonly said: () => string;
  /** How often a PKCS#11 module was asked to sign, by any signer. */
  readonly signatures: () => number;
  readonly stop: () => Promise<void>;
};

const START_MS_MAX = 60_000;

export async function createPlanting(): Promise<PlantedFaults> {
  const home = await developmentHome();
  const shim = createShim(join(home, 'shim'), SOFTHSM_MODULE);
  const config = loadConfig({ home });
  if (!config.ok) throw new Error(config.error.faults.join('\n'));
  const { pkcs11 } = config.value;
  const own = { ...config.value, pkcs11: { ...pkcs11, module: shim.modulePath } };
  const policy = loadPolicyFor(own);
  if (!policy.ok) throw new Error(policy.error.faults.join('\n'));
  const at = { config: own, policy: policy.value };
  const created = await createDatabase(at, { afterLoss: false, log: SILENT_LOG });
  if (!created.ok) throw new Error(created.error.lines.join('\n'));
  const composed = await composeServiceCore(at, WHOLE_SERVICE_ROLES, {
    program: PROGRAM,
    logFile: join(home, 'planting.log'),
  });
  if (!composed.ok) throw new Error(composed.error);
  const core = composed.value;
  const missing = await awaitSigners(core, START_MS_MAX);
  if (missing.size > 0) throw new Error(JSON.stringify([...missing]));
  shim.inject([{ act: 'latency', in: 'C_Sign', ms: 0, times: 0 }]);
  return { ...breakWriters(core), core, signatures: () => shim.applied(0), stop: () => core.close() };
}

function breakWriters(core: ServiceCore): Omit<PlantedFaults, 'core' | 'signatures' | 'stop'> {
  let broken: Break | null = null;
  let lines: string[] = [];
  const apply: Break = (tbs) => (broken === null ? tbs : broken(tbs));
  const writers: Writers = {
    certificate: (content) => apply(WRITERS.certificate(content)),
    async *list(frame, entries) {
      yield apply(await collect(WRITERS.list(frame, entries)));
    },
    answer: (content) => apply(WRITERS.answer(content)),
  };
  const say = (event: string, fields: Readonly<Record<string, Json>> = {}): void => {
    lines.push(`${event} ${JSON.stringify(fields)}`);
  };
  const world: World = { ...core.world, writers, log: { ...core.world.log, warn: say, error: say } };
  const outlet = createFileOutlet({ directory: core.home.config.paths.crl });
  const crlWorld: CrlWorld = {
    ...world,
    outlet,
    relearn: (issuer) => relearnRevocations({ ...world, outlet }, issuer),
  };
  const answers = core.home.policy.environment.ocspAnswers;
  const authorities = readOcspAuthorities(core.issuers, core.home.policy);
  if (!authorities.ok) throw new Error(authorities.error);
  return {
    world,
    publish: (issuer) => publishCrl(crlWorld, issuer),
    responder: createOcspResponder({ ...world, authorities: () => authorities.value, answers, writers }),
    authorities: authorities.value,
    plant: (how) => {
      broken = how;
    },
    said: () => {
      const text = lines.join('\n');
      lines = [];
      return text;
    },
  };
}
