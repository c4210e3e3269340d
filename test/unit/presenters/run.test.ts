import { runJson, runSchema } from '../../../src/presenters/run.ts';
import { aRun } from '../../builders/models.ts';

it('shows the error of a run alike on the command line and over HTTP', () => {
  const error = { code: 'source-failed', message: 'answered 403', forbidden: true } as const;
  const json = runJson(aRun({ status: 'failed', error }), 'acme');
  expect(json.error).toEqual({ code: 'source-failed', message: 'answered 403' });
  expect(runSchema.encode(json)).toEqual(json);
});
