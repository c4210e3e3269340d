import { NotFound } from '../../core/errors.ts';
import {
  checkTemplate,
  defaultTemplates,
  renderTemplate,
  sampleValues,
  type Template,
  type TemplateKind,
  templateKinds,
} from '../../core/mail/template.ts';
import type { Actor } from '../../core/model/audit.ts';
import type { StoredTemplate } from '../../core/model/mail-template.ts';
import type { Ports } from '../../ports/index.ts';
import { audited } from '../audit/audited.ts';

type TemplatePorts = Pick<Ports, 'mailTemplates' | 'audit'>;

/** A template as it is used now. */
export interface UsedTemplate extends Template {
  readonly kind: TemplateKind;
  /** What an administrator wrote; null for the default. */
  readonly stored: StoredTemplate | null;
}

export async function listTemplates({
  mailTemplates,
}: Pick<TemplatePorts, 'mailTemplates'>): Promise<readonly UsedTemplate[]> {
  const written = new Map((await mailTemplates.list()).map((one) => [one.kind, one]));
  return templateKinds.map((kind) => {
    const stored = written.get(kind) ?? null;
    const { subject, text } = stored ?? defaultTemplates[kind];
    return { kind, subject, text, stored };
  });
}

/** Replaces a template. `InvalidInput` with all that is wrong in it. */
export async function writeTemplate(
  ports: TemplatePorts,
  { kind, subject, text }: Template & { readonly kind: TemplateKind },
  actor: Actor,
): Promise<UsedTemplate> {
  checkTemplate(kind, { subject, text });
  const changes = [{ path: 'template', from: null, to: kind }];
  const stored = await audited(ports, { actor, action: 'template-changed', changes }, () =>
    ports.mailTemplates.put({ kind, subject, text, by: actor.by }),
  );
  return { kind, subject, text, stored };
}

/** Goes back to the default. `NotFound` when that is used already. */
export async function resetTemplate(
  ports: TemplatePorts,
  kind: TemplateKind,
  actor: Actor,
): Promise<void> {
  const changes = [{ path: 'template', from: kind, to: null }];
  await audited(ports, { actor, action: 'template-changed', changes }, async () => {
    if (await ports.mailTemplates.remove(kind)) return;
    throw new NotFound(`The template ${kind} is the default already.`, {
      hint: 'Nothing needs to be done.',
    });
  });
}

/** The mail that a template makes of sample values. Nothing is stored or sent. */
export function previewTemplate(kind: TemplateKind, template: Template): Template {
  checkTemplate(kind, template);
  const rendered = renderTemplate(template, sampleValues);
  if (rendered === null) throw new Error('sample values have no control characters');
  return rendered;
}
