import type { Template, TemplateKind } from '../mail/template.ts';

/** A template that an administrator wrote in the place of the default. */
export interface StoredTemplate extends Template {
  readonly kind: TemplateKind;
  readonly updatedAt: Date;
  /** The actor who wrote it. */
  readonly by: string;
}
