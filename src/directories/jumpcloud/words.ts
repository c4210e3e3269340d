import type { DirectoryWords } from '../../ports/directory.ts';

export const words: DirectoryWords = {
  examples: [
    'rollcall store add acme --directory jumpcloud --api-key-stdin < key-file',
    'rollcall store add acme-eu --directory jumpcloud --region eu --api-key-stdin < key-file',
    'rollcall store add acme --directory jumpcloud --client-id ID --client-secret-stdin < secret-file',
    'rollcall store add acme --directory jumpcloud --via scim',
  ],
  fields: {
    region: { summary: 'where the organization lives' },
    apiKey: {
      summary: 'read the API key of an administrator from standard input',
      name: 'API key',
    },
    clientId: { summary: 'sign in as a service account (region us)' },
    clientSecret: {
      summary: "read the service account's secret from standard input",
      name: 'client secret',
    },
  },
  signIns: {
    'api-key': { noun: 'an API key', needs: 'its text' },
    'client-credentials': { noun: 'a service account', needs: 'its id and its secret' },
  },
};
