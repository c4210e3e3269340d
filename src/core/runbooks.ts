/** The runbooks that messages name; docs/runbooks has them all. */
type Runbook =
  | 'clock-is-off'
  | 'directory-unreachable'
  | 'does-not-start'
  | 'mail-is-not-sent'
  | 'needs-reauthorization'
  | 'nothing-runs'
  | 'run-failed'
  | 'run-held'
  | 'secrets-keys-lost'
  | 'services-lost'
  | 'services-refuse'
  | 'two-versions'
  | 'worker-hangs';

/** A sentence that ends an advice: where the steps are, one after the other. */
export function seeRunbook(name: Runbook): string {
  return `Step by step: docs/runbooks/${name}.md`;
}
