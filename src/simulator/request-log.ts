/** One request to the API, as tests and people look at it. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Null when nothing was answered. */
  readonly status: number | null;
}

const keptRequests = 20_000;

/** The latest twenty thousand requests or more, and how many there were since the start. */
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

  /** How many requests got which status; `none` for those that got no answer. */
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
