/** One request to the API, for tests and people. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Null when nothing was answered. */
  readonly status: number | null;
}

const keptRequests = 20_000;

/** The latest twenty thousand requests or more, and the number of requests since the start. */
export class RequestLog {
  #requests: LoggedRequest[] = [];
  #total = 0;
  readonly #statuses = new Map<string, number>();

  /** Oldest first. */
  get requests(): readonly LoggedRequest[] {
    return this.#requests;
  }

  get total(): number {
    return this.#total;
  }

  /** The number of requests by status; `none` for those without an answer. */
  get byStatus(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#statuses);
  }

  add(request: LoggedRequest): void {
    const status = String(request.status ?? 'none');
    this.#total += 1;
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    this.#requests.push(request);
    if (this.#requests.length >= keptRequests * 2) {
      this.#requests = this.#requests.slice(-keptRequests);
    }
  }

  clear(): void {
    this.#requests = [];
    this.#total = 0;
    this.#statuses.clear();
  }
}
