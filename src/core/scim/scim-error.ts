/** The keywords of RFC 7644, section 3.12 (table 9), for what was wrong. */
export type ScimErrorType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers';

/** An error of a SCIM client, as in RFC 7644, section 3.12. The message never repeats a value that was sent. */
export class ScimError extends Error {
  readonly status: number;
  readonly scimType: ScimErrorType | null;
  constructor(status: number, scimType: ScimErrorType | null, message: string) {
    super(message);
    this.name = 'ScimError';
    this.status = status;
    this.scimType = scimType;
  }
}

/** An invalid request: status 400 with a keyword. */
export function badRequest(scimType: ScimErrorType, message: string): ScimError {
  return new ScimError(400, scimType, message);
}

/** The body of an error answer. */
export function scimErrorJson({
  status,
  scimType,
  message,
}: Pick<ScimError, 'status' | 'scimType' | 'message'>) {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(status),
    ...(scimType !== null && { scimType }),
    detail: message,
  };
}
