import fc from 'fast-check';
import {
  checkTemplate,
  defaultTemplates,
  renderTemplate,
  sampleValues,
  templateKinds,
} from '../../../../src/core/mail/template.ts';

const text = 'Hello {{name}}\n';

describe('a template', () => {
  it.each(templateKinds)('has a default that can be used: %s', (kind) => {
    expect(() => checkTemplate(kind, defaultTemplates[kind])).not.toThrow();
    const rendered = renderTemplate(defaultTemplates[kind], sampleValues);
    expect(JSON.stringify(rendered)).not.toMatch(/\{\{|\}\}|undefined/);
  });

  it.each([
    ['a line break in the subject', { subject: 'Hi\r\nBcc: eve@evil.test', text }],
    ['an empty subject', { subject: ' ', text }],
    ['an empty text', { subject: 'Hi', text: '\n' }],
    ['an unknown variable', { subject: 'Hi', text: '{{password}}' }],
    ['a variable of another template', { subject: '{{link}}', text }],
    ['a helper', { subject: 'Hi', text: '{{#each members}}{{/each}}' }],
    ['a triple brace', { subject: 'Hi', text: '{{{name}}}' }],
    ['an open brace', { subject: 'Hi {{', text }],
    ['too long a text', { subject: 'Hi', text: 'x'.repeat(10_001) }],
  ])('is refused with %s', (_what, template) => {
    expect(() => checkTemplate('welcome', template)).toThrow(/subject|text|variable/);
  });

  it('has its values put in once, on one line each', () => {
    const values = { name: '{{email}}\r\nBcc: eve@evil.test', email: 'ada@acme.test' };
    expect(
      renderTemplate({ subject: 'Hi {{ name }}', text: '{{name}}|{{email}}' }, values),
    ).toEqual({
      subject: 'Hi {{email}} Bcc: eve@evil.test',
      text: '{{email}} Bcc: eve@evil.test|ada@acme.test',
    });
  });

  it('never has a line break or a control character in its subject, whatever the values are', () => {
    const value = fc.string({ unit: 'binary', maxLength: 300 });
    const property = fc.property(
      fc.string({ unit: 'binary' }),
      value,
      value,
      (subject, name, email) => {
        const template = { subject: `${subject}{{name}}{{email}}`, text };
        const rendered = renderTemplate(template, { name, email, store: name });
        expect(rendered?.subject ?? '').not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      },
    );
    expect(() => fc.assert(property)).not.toThrow();
  });

  it('is not rendered with a subject that was stored with a line break', () => {
    expect(renderTemplate({ subject: 'Hi\nBcc: x', text }, sampleValues)).toBeNull();
  });
});
