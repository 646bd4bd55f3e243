/**
 * Makes the HTTPS listener of the API, with its certificate and key, and the listener for a proxy
 * in front of it.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { prepareSocketFolder } from '../../../hsm/wire/socket-folder.js';
import type { AccessAuthority } from '../../access/break-glass.js';
import { everyTag, type TagKeys } from '../../audit/tags.js';
import { findGroup } from '../../config/groups.js';
import { formKeyFrom } from '../../console/forms.js';
import { createApi } from '../../http/api/api.js';
import { createAuthenticate } from '../../http/api/authenticate.js';
import type { ApiContext } from '../../http/api/handler.js';
import type { CmpServing } from '../../http/cmp/routes.js';
import { createProxyServer } from '../../http/proxy/server.js';
import { type ConnectionObserver, createConnectionLimiter } from '../../http/server/connections.js';
import type { SocketFile } from '../../http/server/listening.js';
import { createApiServer } from '../../http/server/tls.js';
import type { RequestTrail } from '../../http/trail/request-trail.js';
import { sha256Hex } from '../../kernel/digest.js';
import { errorMessage } from '../../kernel/errors.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { CertificateEnd } from '../../observe/certificate-metrics.js';
import type { Metrics } from '../../observe/metrics.js';
import type { World } from '../../operations/world.js';
import { readRunbook } from '../../package/runbook.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { encodePem } from '../../x509/pem.js';
import type { Home } from '../home.js';
import type { HomeIssuers } from '../issuers.js';
import type { Listener } from '../process.js';
import { apiTlsFiles, periodFault } from '../requirements/api.js';
import { createAskStatus } from './ask-status.js';
import { ceremonyFolder } from './ceremony-folder.js';
import { createCertificateText } from './certificate-text.js';
import { otherEnvironment } from './other-environment.js';

type ApiParts = Pick<
  ApiContext,
  'checkAddresses' | 'publishCrl' | 'readiness' | 'startMassRevocations' | 'startOrders' | 'webhooks'
> & {
  readonly home: Home;
  readonly world: World;
  readonly issuers: HomeIssuers;
  readonly access: readonly AccessAuthority[];
  readonly tagKeys: TagKeys;
  readonly platformKey: ApiContext['platformKey'];
  readonly metrics: Metrics;
  readonly trail: RequestTrail;
  readonly connectionsMax: number;
  readonly serves: 'everything' | 'console';
  readonly cmp: CmpServing;
  /** Version of this program. */
  readonly version: string;
};

export type ApiListeners = {
  readonly direct: Listener;
  /** The listener for a proxy; null: there is none. */
  readonly proxy: Listener | null;
};

export function apiListeners(parts: ApiParts): Result<ApiListeners, string> {
  const { home, world, metrics, trail, version, platformKey } = parts;
  const { checkAddresses, publishCrl, readiness, startMassRevocations, startOrders } = parts;
  const { accountAuthorities: authorities, holderAuthorities: holders, listen } = home.config;
  const address = parts.serves === 'console' ? listen.console : listen.api;
  const tls = readTls(parts);
  if (!tls.ok) return tls;
  metrics.setCertificateEnds('tls', [{ name: parts.serves === 'console' ? 'console' : 'api', ...tls.value.end }]);
  const connections = createConnectionLimiter(parts.connectionsMax, connectionObserver(metrics));
  const api = createApi({
    trail,
    context: {
      world,
      serverKeys: [tls.value.keySha256],
      checkAddresses,
      publishCrl,
      readiness,
      runbook: readRunbook,
      startMassRevocations,
      startOrders,
      accountAuthorities: authorities,
      otherEnvironment: otherEnvironment(home.config),
      ceremonies: ceremonyFolder(home.config.paths),
      platformKey,
      countAcknowledgements: (results) => {
        for (const [result, count] of Object.entries(results)) metrics.acknowledgements.inc({ result }, count);
      },
      observeConfirmation: (middleware, ms) => metrics.observeConfirmation(middleware, ms),
      webhooks: parts.webhooks,
      askStatus: createAskStatus(world),
      certificateText: createCertificateText(),
      tagsOf: (kind, value) => everyTag(parts.tagKeys, kind, value),
    },
    authenticate: createAuthenticate(world, { authorities, holders, access: parts.access }),
    metrics,
    version,
    themeFolder: home.config.paths.consoleTheme,
    // Every node has the same tag keys, so that each accepts the forms of the others.
    formKey: formKeyFrom([...parts.tagKeys.values()]),
    serves: parts.serves,
    cmp: parts.cmp,
    url: `https://127.0.0.1:${address.port}`,
    connections,
  });
  const socket = proxySocket(parts);
  if (!socket.ok) return socket;
  return ok({
    direct: { server: createApiServer(api, tls.value, { connections, trail }), address },
    proxy:
      socket.value === null
        ? null
        : {
            server: createProxyServer(api, { connections, cmpConnections: parts.cmp.connections, trail }),
            address: socket.value,
          },
  });
}

/**
 * Prepares the socket for a proxy in front of the API. null: there is no proxy, or this process
 * serves the console alone. A proxy then finds the pages at the socket of a process with the role
 * `api`.
 */
function proxySocket({ home, serves }: ApiParts): Result<SocketFile | null, string> {
  const { proxy } = home.config.listen;
  if (proxy === undefined || serves === 'console') return ok(null);
  const { socket: path, group } = proxy;
  const groupId = group === undefined ? undefined : findGroup(group);
  if (groupId === null) return err(`listen/proxy: there is no group ${group}`);
  const folder = prepareSocketFolder(dirname(path), groupId);
  if (!folder.ok) return err(`listen/proxy: ${folder.error.folder}: ${folder.error.detail}`);
  return ok({ path, mode: groupId === undefined ? 0o600 : 0o660 });
}

function connectionObserver({ apiConnections, apiConnectionsClosed }: Metrics): ConnectionObserver {
  return {
    onCountChanged: (kind, connections) => apiConnections.set({ class: kind }, connections),
    onClosed: (kind) => apiConnectionsClosed.inc({ class: kind }),
  };
}

type ServerTls = Parameters<typeof createApiServer>[1] & {
  /** SHA-256 of the SubjectPublicKeyInfo of the server, in hex. */
  readonly keySha256: string;
  readonly end: Omit<CertificateEnd, 'name'>;
};

/**
 * Logs an error if the certificate has expired or is not valid yet. Clients refuse it, but the
 * start goes on, because CRLs and OCSP responses are served without it.
 */
function logPeriodFault({ raw }: X509Certificate, file: string, log: World['log']): void {
  const read = readCertificate(new Uint8Array(raw));
  const fault = read.ok ? periodFault(read.value) : null;
  if (fault !== null) log.error('api.certificate-expired', { file, detail: fault.en });
}

function readTls({ home, issuers, access, world }: ApiParts): Result<ServerTls, string> {
  const { config } = home;
  const files = apiTlsFiles(config);
  const named = [...config.accountAuthorities, ...config.holderAuthorities];
  const vouching = issuers.all().filter(({ authority }) => named.includes(authority));
  const authorities = [...vouching, ...access].map(({ certificate }) => encodePem('CERTIFICATE', certificate));
  try {
    const certificate = readFileSync(files.certificate, 'utf8');
    const read = new X509Certificate(certificate);
    logPeriodFault(read, files.certificate, world.log);
    const { publicKey } = read;
    return ok({
      certificate,
      end: { serial: read.serialNumber.toLowerCase(), notAfter: Date.parse(read.validTo) },
      keySha256: sha256Hex(publicKey.export({ type: 'spki', format: 'der' })),
      key: readFileSync(files.key, 'utf8'),
      authorities,
    });
  } catch (error) {
    const detail = errorMessage(error);
    return err(`the API's certificate or key cannot be read: ${detail}`);
  }
}
