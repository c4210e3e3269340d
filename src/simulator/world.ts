import { type Answer, type ApiRequest, apiError, type Handler, loginPage } from './api/answer.ts';
import { buildApi } from './api/api.ts';
import { Credentials, type ServiceAccount } from './api/credentials.ts';
import { Directory } from './directory/directory.ts';
import { hexDigits, seededRandom } from './directory/random.ts';
import type { Organization } from './directory/system-user.ts';
import { organizationNames } from './directory/workplaces.ts';
import { applyFaults } from './faults/faults.ts';
import { tooManyRequests } from './faults/trouble.ts';
import { limitRate, type RateLimit } from './rate-limit.ts';
import { type LoggedRequest, RequestLog } from './request-log.ts';

/** Another organization behind the same multi-tenant key. */
interface ExtraOrganization extends Organization {
  /** The number of its users; none by default. */
  readonly users?: number;
}

export interface WorldOptions {
  /** The number of users at first (50). */
  readonly users?: number;
  /** The number of groups at first (10). */
  readonly groups?: number;
  /** The same seed gives the same users, groups, key, ids and faults (1). */
  readonly seed?: number;
  /** Faults as `name` or `name=N`; see `FAULTS`. */
  readonly faults?: readonly string[];
  readonly latencyMs?: number;
  /** Above this rate, requests are answered 429. 0, the default: no limit. */
  readonly ratePerSecond?: number;
  readonly organization?: Organization;
  /** With any, the key is a multi-tenant one and `x-org-id` is required. */
  readonly extraOrganizations?: readonly ExtraOrganization[];
  readonly apiKey?: string;
  readonly serviceAccount?: ServiceAccount;
  /** Milliseconds since 1970: the clock of access tokens and of the rate. */
  readonly now?: () => number;
}

/** The simulated world without its server: the directory, the credentials, and the faults. */
export class World {
  /** The live directory: the API answers its present state. */
  readonly people: Directory;
  readonly apiKey: string;
  readonly serviceAccount: ServiceAccount;
  readonly log = new RequestLog();
  readonly #credentials: Credentials;
  readonly #api: Handler;
  readonly #now: () => number;
  readonly #seed: number;
  #faulty: Handler;
  #faults: readonly string[] = [];
  #mayPass: RateLimit = () => true;
  #ratePerSecond = 0;
  #latencyMs = 0;

  constructor(options: WorldOptions) {
    const { seed = 1, users = 50, groups = 10, now = Date.now } = options;
    const defaults = seededDefaults(seed);
    const organization = options.organization ?? defaults.organization;
    this.apiKey = options.apiKey ?? defaults.apiKey;
    this.serviceAccount = options.serviceAccount ?? defaults.serviceAccount;
    this.people = new Directory({ organization, seed, users, groups });
    const extras = (options.extraOrganizations ?? []).map(
      ({ users: size = 0, ...other }, index) => {
        const otherSeed = seed + index + 1;
        return new Directory({ organization: other, seed: otherSeed, users: size, groups: 0 });
      },
    );
    this.#now = now;
    this.#seed = seed;
    const { apiKey, serviceAccount } = this;
    this.#credentials = new Credentials({ apiKey, serviceAccount, now });
    this.#api = buildApi({ credentials: this.#credentials, directories: [this.people, ...extras] });
    this.#faulty = this.#api;
    this.setFaults(options.faults ?? []);
    this.setRate(options.ratePerSecond ?? 0);
    this.setLatency(options.latencyMs ?? 0);
  }

  get organization(): Organization {
    return this.people.organization;
  }

  /** The latest requests to the API, oldest first. */
  get requests(): readonly LoggedRequest[] {
    return this.log.requests;
  }

  clearRequests(): void {
    this.log.clear();
  }

  get faults(): readonly string[] {
    return this.#faults;
  }

  get ratePerSecond(): number {
    return this.#ratePerSecond;
  }

  get latencyMs(): number {
    return this.#latencyMs;
  }

  /** Replaces the faults; with none it answers correctly again. An unknown name is `Refused`. */
  setFaults(names: readonly string[]): void {
    this.#faulty = applyFaults(names, {
      api: this.#api,
      apiOf: (directory) => buildApi({ credentials: this.#credentials, directories: [directory] }),
      directory: this.people,
      seed: this.#seed,
    });
    this.#faults = [...names];
  }

  /** Sets how many requests a second are answered; 0 for any number. */
  setRate(perSecond: number): void {
    this.#mayPass = limitRate({ perSecond, now: this.#now });
    this.#ratePerSecond = perSecond;
  }

  setLatency(ms: number): void {
    this.#latencyMs = ms;
  }

  /** The lifetime of access tokens issued from now on. */
  setTokenLifetime(seconds: number): void {
    this.#credentials.setTokenLifetime(seconds);
  }

  /** Answers a request and logs it. */
  answer(request: ApiRequest): Answer {
    const answer = this.#route(request);
    this.log.add({
      method: request.method,
      path: request.path,
      query: Object.fromEntries(request.query),
      status: answer.delivery === 'never' ? null : answer.status,
    });
    return answer;
  }

  #route(request: ApiRequest): Answer {
    const { path, method } = request;
    if (path === '/login') return loginPage();
    if (path === '/oauth2/token' && method === 'POST') return this.#credentials.issueToken(request);
    if (!path.startsWith('/api/')) return apiError(path, 404, `cannot ${method} ${path}`);
    return this.#mayPass() ? this.#faulty(request) : tooManyRequests();
  }
}

function seededDefaults(seed: number) {
  const random = seededRandom(seed ^ 0x6f7267);
  const name = organizationNames[seed % organizationNames.length]?.name ?? 'Northwind Traders';
  return {
    organization: { id: `5f${hexDigits(random, 22)}`, name },
    apiKey: `jca_${hexDigits(random, 40)}`,
    serviceAccount: { clientId: hexDigits(random, 24), clientSecret: hexDigits(random, 48) },
  };
}
