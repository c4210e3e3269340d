import {
  maxBulkOperations,
  maxInFlight,
  maxMembers,
  maxPageBytes,
  maxPatchOperations,
  maxPayloadBytes,
  maxPerSecond,
  maxResourceBytes,
  maxResults,
} from './limits.ts';
import { isNamed, readProjection } from './present.ts';
import { coreSchemaOf, enterpriseSchema, schemas, standingSchema } from './schemas.ts';

/** The limits for which RFC 7643 has no attribute. */
const limitsSchema = 'urn:scim:schemas:extension:rollcall:2.0:ServiceProviderConfig';

const limits = {
  maxResourceSize: maxResourceBytes,
  maxMembers,
  maxPatchOperations,
  maxPageSize: maxPageBytes,
  maxRequestsInFlight: maxInFlight,
  maxRequestsPerSecond: maxPerSecond,
};

/** What this service supports (RFC 7643, section 5); its further limits for clients that name them in `attributes`. */
export function serviceProviderConfig(baseUrl: string, attributes: unknown) {
  const { only } = readProjection('User', attributes, undefined);
  const hasLimits = only !== null && isNamed(only, limitsSchema.toLowerCase());
  return {
    schemas: [
      'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
      ...(hasLimits ? [limitsSchema] : []),
    ],
    documentationUri: 'https://www.rfc-editor.org/rfc/rfc7644',
    patch: { supported: true },
    bulk: {
      supported: true,
      maxOperations: maxBulkOperations,
      maxPayloadSize: maxPayloadBytes,
    },
    filter: { supported: true, maxResults },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'SCIM token',
        description: 'The SCIM token of the directory store, as a bearer token.',
        specUri: 'https://www.rfc-editor.org/rfc/rfc6750',
        primary: true,
      },
    ],
    ...(hasLimits && { [limitsSchema]: limits }),
    meta: {
      resourceType: 'ServiceProviderConfig',
      location: `${baseUrl}/ServiceProviderConfig`,
    },
  };
}

/** The kinds of resources (RFC 7643, section 6). */
export function resourceTypes(baseUrl: string) {
  const types = [
    {
      id: 'User',
      name: 'User',
      endpoint: '/Users',
      description: 'A person.',
      schema: coreSchemaOf.User,
      schemaExtensions: [
        { schema: enterpriseSchema, required: false },
        { schema: standingSchema, required: false },
      ],
    },
    {
      id: 'Group',
      name: 'Group',
      endpoint: '/Groups',
      description: 'A group of users.',
      schema: coreSchemaOf.Group,
      schemaExtensions: [],
    },
  ];
  return types.map((type) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    ...type,
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${type.id}` },
  }));
}

/** The schemas (RFC 7643, section 7). */
export function schemaResources(baseUrl: string) {
  return schemas.map((schema) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    ...schema,
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${schema.id}` },
  }));
}
