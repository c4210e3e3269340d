import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { loadConfig } from '../../../config/load.ts';
import { settingsSchema } from '../../../config/schema.ts';
import { accessTable } from '../../../src/http/auth/access.ts';
import { namedFiles, stopsWithinSeconds } from './orchestration.ts';

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly timeoutSeconds?: number;
}
interface Container {
  readonly args: readonly string[];
  readonly image: string;
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly lifecycle?: { readonly preStop: { readonly exec: { readonly command: string[] } } };
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}
interface Pod {
  readonly terminationGracePeriodSeconds: number;
  readonly containers: readonly Container[];
  readonly volumes: readonly object[];
}
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data: Readonly<Record<string, string>>;
  readonly spec: {
    readonly replicas: number;
    readonly strategy?: object;
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly ports: readonly { readonly targetPort: string }[];
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: Pod;
    };
  };
}

const text = readFileSync('deploy/kubernetes/rollcall.yaml', 'utf8');
const documents = parseAllDocuments(text);
const manifests = documents.map((document) => document.toJS() as Manifest);
const deployments = manifests.filter(({ kind }) => kind === 'Deployment');
const settings = manifests.find(({ kind }) => kind === 'ConfigMap')?.data ?? {};
const [, workerPort] = /WORKER_HTTP_PORT=(\d+)/.exec(readFileSync('Dockerfile', 'utf8')) ?? [];

describe('deploy/kubernetes/rollcall.yaml', () => {
  it('is well-formed, and has a deployment each for the API and the worker', () => {
    expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
    const roles = deployments.map(({ spec }) => spec.template.spec.containers[0]?.args);
    expect(roles).toEqual([
      ['serve', 'api'],
      ['serve', 'worker'],
    ]);
  });

  it('gives settings that there are, and that Rollcall takes', () => {
    const names = Object.keys(settings).map((name) => name.replace(/_FILE$/, ''));
    expect(Object.keys(settingsSchema.shape)).toEqual(expect.arrayContaining(names));
    expect(loadConfig(settings, readSecret)).toMatchObject({ publicUrl: settings['PUBLIC_URL'] });
  });

  it('replaces the workers of an earlier release before it starts new ones', () => {
    const [, worker] = deployments;
    expect(worker?.spec.strategy).toEqual({ type: 'Recreate' });
  });

  it('sends requests to the API', () => {
    const service = manifests.find(({ kind }) => kind === 'Service');
    const [api] = deployments;
    expect(api?.spec.template.metadata.labels).toEqual(service?.spec.selector);
    const ports = api?.spec.template.spec.containers[0]?.ports.map(({ name }) => name);
    expect(ports).toContain(service?.spec.ports[0]?.targetPort);
  });

  describe.each(deployments.map((each) => [each.metadata.name, each.spec] as const))(
    '%s',
    (name, { replicas, selector, template }) => {
      const pod = template.spec;
      const [container] = pod.containers as readonly [Container];

      it('runs more than once, under its own labels', () => {
        expect(replicas).toBeGreaterThanOrEqual(2);
        expect(template.metadata.labels).toEqual(selector.matchLabels);
      });

      it('is asked for its health where it answers', () => {
        expect(container.ports).toEqual([
          { name: 'http', containerPort: name.endsWith('worker') ? Number(workerPort) : 3000 },
        ]);
        expect(container.startupProbe.httpGet).toEqual({ path: '/healthz', port: 'http' });
        expect(container.livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'http' });
        expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' });
        for (const path of ['/healthz', '/readyz'])
          expect(accessTable[`GET ${path}`]).toBe('public');
        // The checks of /readyz take up to three seconds.
        expect(container.readinessProbe.timeoutSeconds).toBeGreaterThan(3);
      });

      it('has more time to stop than it takes', () => {
        const pause = Number(container.lifecycle?.preStop.exec.command[1] ?? 0);
        expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(pause + stopsWithinSeconds());
      });

      it('is not root, has no capability and no token, and writes to /tmp alone', () => {
        expect(pod).toMatchObject({
          automountServiceAccountToken: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 1000,
            seccompProfile: { type: 'RuntimeDefault' },
          },
        });
        expect(container).toMatchObject({
          resources: {
            requests: { cpu: expect.any(String), memory: expect.any(String) },
            limits: { memory: expect.any(String) },
          },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        });
        expect(pod.volumes).toContainEqual({ name: 'tmp', emptyDir: {} });
      });

      it('has its secrets as files, where the settings say', () => {
        const mount = container.volumeMounts.find((each) => each.name === 'secrets')?.mountPath;
        expect(namedFiles(settings).map((path) => path.startsWith(`${mount}/`))).toEqual([
          true,
          true,
          true,
        ]);
        expect(pod.volumes).toContainEqual({
          name: 'secrets',
          secret: { secretName: 'rollcall', defaultMode: 0o440 },
        });
      });
    },
  );

  it('has the files of the secret that docs/deployment.md makes', () => {
    const docs = readFileSync('docs/deployment.md', 'utf8');
    const made = [...docs.matchAll(/--from-file=(\S+)/g)].map(([, file = '']) => file);
    expect(namedFiles(settings).map((path) => path.split('/').at(-1))).toEqual(made);
  });
});

function readSecret(path: string): string {
  const name = path.split('/').at(-1) ?? '';
  const secrets: Readonly<Record<string, string>> = {
    'mongodb-uri': 'mongodb://rollcall:password@mongo/?authSource=rollcall',
    'redis-url': 'redis://rollcall:password@redis:6379',
    'secrets-keys': `k1:${Buffer.alloc(32).toString('base64')}`,
  };
  return secrets[name] ?? '';
}
