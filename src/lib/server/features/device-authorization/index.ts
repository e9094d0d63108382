export { createDeviceAuthorization } from './feature.ts';
export { deviceAuthorizationRepositories } from './repositories.ts';
