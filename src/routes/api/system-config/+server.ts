import { wantedVersion, withVersion } from '#lib/server/platform/http/etag.ts';
import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getConfig', ({ event, services }) => withVersion(event, services.settings.getSystem()));
export const PUT = endpoint('updateConfig', ({ auth, body, event, services }) =>
	withVersion(event, services.settings.updateSystem(auth, body, wantedVersion(event)))
);
