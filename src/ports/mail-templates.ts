import type { TemplateKind } from '../core/mail/template.ts';
import type { StoredTemplate } from '../core/model/mail-template.ts';

/** The templates that administrators wrote. */
export interface TemplateStore {
  /** Null where the default is used. */
  get(kind: TemplateKind): Promise<StoredTemplate | null>;
  list(): Promise<readonly StoredTemplate[]>;
  put(template: Omit<StoredTemplate, 'updatedAt'>): Promise<StoredTemplate>;
  /** False when the default was used already. */
  remove(kind: TemplateKind): Promise<boolean>;
}
