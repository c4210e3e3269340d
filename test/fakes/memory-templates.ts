import type { TemplateKind } from '../../src/core/mail/template.ts';
import type { StoredTemplate } from '../../src/core/model/mail-template.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { TemplateStore } from '../../src/ports/mail-templates.ts';

/** The templates of mails in memory. */
export class MemoryTemplates implements TemplateStore {
  readonly all = new Map<TemplateKind, StoredTemplate>();
  readonly #clock: Clock;
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async get(kind: TemplateKind) {
    return this.all.get(kind) ?? null;
  }
  async list() {
    return [...this.all.values()].sort((a, b) => (a.kind < b.kind ? -1 : 1));
  }
  async put(template: Omit<StoredTemplate, 'updatedAt'>) {
    const stored = { ...template, updatedAt: this.#clock.now() };
    this.all.set(stored.kind, stored);
    return stored;
  }
  async remove(kind: TemplateKind) {
    return this.all.delete(kind);
  }
}
