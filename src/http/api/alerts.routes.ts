import { z } from 'zod';
import { alertChannels } from '../../core/model/alert.ts';
import { testAlert } from '../../manage/alerts/test-alert.ts';
import type { Ports } from '../../ports/index.ts';
import { type ApiServer, actorOf, apiPrefix } from './shared.ts';

/** The channels that alerts go to. */
export function addAlertRoutes(
  app: ApiServer,
  ports: Pick<Ports, 'alertSenders' | 'audit' | 'clock'>,
  publicUrl: string,
): void {
  app.route({
    method: 'POST',
    url: `${apiPrefix}/alerts/test`,
    schema: {
      operationId: 'testAlerts',
      summary: 'Send an alert as a test to one channel; the answer says whether it was taken',
      body: z.strictObject({ channel: z.enum(alertChannels) }),
      response: {
        200: z.object({
          channel: z.enum(alertChannels),
          delivered: z.boolean(),
          problem: z.string().nullable().meta({ description: 'Why it was not taken.' }),
        }),
      },
    },
    async handler(request) {
      const { channel } = request.body;
      const problem = await testAlert(ports, { channel, publicUrl }, actorOf(request));
      return { channel, delivered: problem === null, problem };
    },
  });
}
