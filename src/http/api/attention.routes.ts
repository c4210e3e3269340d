import { findAttention } from '../../notify/find-attention.ts';
import type { Ports } from '../../ports/index.ts';
import { attentionJson, attentionSchema } from '../../presenters/attention.ts';
import { mayUse } from '../auth/access.ts';
import { type ApiServer, apiPrefix, listOf } from './shared.ts';

/** What waits for a person, for the first screen of the console. */
export function addAttentionRoute(app: ApiServer, ports: Ports, staleMs: number): void {
  app.route({
    method: 'GET',
    url: `${apiPrefix}/attention`,
    schema: {
      operationId: 'listAttention',
      summary: 'List what waits for a person, the most urgent first; access tokens for owners only',
      response: { 200: listOf(attentionSchema) },
    },
    async handler({ signedIn }) {
      const seesTokens = signedIn !== null && mayUse(signedIn.role, 'owner');
      const all = await findAttention(ports, staleMs);
      const shown = all.filter(({ params }) => seesTokens || params.tokenName === undefined);
      return { items: shown.map(attentionJson), next: null };
    },
  });
}
