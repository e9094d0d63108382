import { wantedVersion, withVersion } from '#lib/server/platform/http/etag.ts';
import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getAuthConfig', ({ event, services }) =>
	withVersion(event, services.settings.getImmichAuth())
);
export const PUT = endpoint('updateAuthConfig', ({ auth, body, event, services }) =>
	withVersion(event, services.settings.updateImmichAuth(auth, body, wantedVersion(event)))
);
