export { ServicesError } from './errors.ts';
export { startForwarder } from './forwarder.ts';
export { findGivenServices } from './given-services.ts';
export type { ServiceName, ServiceUris } from './instance.ts';
export { openPrivateServices, type PrivateServices } from './private-services.ts';
export { runWithServices } from './run-command.ts';
